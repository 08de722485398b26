"""合并症指数 · The weights and codes of the comorbidity index against the published tables, typed in a second time.

Weights: Charlson 1987, J Chronic Dis 40:373, table 3. Codes: Quan 2005, Med Care 43:1130, table 1, ICD-10.
"""

from datetime import date
from itertools import product

from heng.store.policy_files import read_policy

PUBLISHED: dict[int, str] = {
    1: """I21 I22 I25.2
        I09.9 I11.0 I13.0 I13.2 I25.5 I42.0 I42.5-I42.9 I43 I50 P29.0
        I70 I71 I73.1 I73.8 I73.9 I77.1 I79.0 I79.2 K55.1 K55.8 K55.9 Z95.8 Z95.9
        G45 G46 H34.0 I60-I69
        F00-F03 F05.1 G30 G31.1
        I27.8 I27.9 J40-J47 J60-J67 J68.4 J70.1 J70.3
        M05 M06 M31.5 M32-M34 M35.1 M35.3 M36.0
        K25-K28
        B18 K70.0-K70.3 K70.9 K71.3-K71.5 K71.7 K73 K74 K76.0 K76.2-K76.4 K76.8 K76.9 Z94.4
        E10.0 E10.1 E10.6 E10.8 E10.9 E11.0 E11.1 E11.6 E11.8 E11.9 E12.0 E12.1 E12.6 E12.8 E12.9
        E13.0 E13.1 E13.6 E13.8 E13.9 E14.0 E14.1 E14.6 E14.8 E14.9""",
    2: """E10.2-E10.5 E10.7 E11.2-E11.5 E11.7 E12.2-E12.5 E12.7 E13.2-E13.5 E13.7 E14.2-E14.5 E14.7
        G04.1 G11.4 G80.1 G80.2 G81 G82 G83.0-G83.4 G83.9
        I12.0 I13.1 N03.2-N03.7 N05.2-N05.7 N18 N19 N25.0 Z49.0-Z49.2 Z94.0 Z99.2
        C00-C26 C30-C34 C37-C41 C43 C45-C58 C60-C76 C81-C85 C88 C90-C97""",
    3: "I85.0 I85.9 I86.4 I98.2 K70.4 K71.1 K72.1 K72.9 K76.5-K76.7",
    6: "C77-C80 B20-B22 B24",
}
SPANS = [(low, high or low, weight) for weight, text in PUBLISHED.items() for low, _, high in (s.partition("-") for s in text.split())]
CONDITIONS = read_policy().value("payment.dip_severity.conditions", date(2026, 1, 1)).value


def test_every_code_weighs_what_is_published() -> None:
    known = [(tuple(c["codes"].split()), c["weight"]) for c in CONDITIONS]
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        spans, mine = [s for s in SPANS if s[0][0] == letter], [k for k in known if any(c[0] == letter for c in k[0])]
        for n, last in product(range(100), range(10)):
            code = f"{letter}{n:02}.{last}"
            want = {weight for low, high, weight in spans if low <= code[: len(low)] <= high}
            assert max((w for codes, w in mine if code.startswith(codes)), default=0) == max(want, default=0), code


def test_seventeen_conditions_of_which_the_worse_of_a_family_counts() -> None:
    assert len(CONDITIONS) == 17
    assert {
        c["family"]: sorted(o["weight"] for o in CONDITIONS if o["family"] == c["family"]) for c in CONDITIONS if c["weight"] in (3, 6)
    } == {
        "肝病": [1, 3],
        "肿瘤": [2, 6],
        "艾滋病": [6],
    }
