"""分组的定律 · Laws of grouping, on a small pack of our own: they hold for every case, not for chosen ones."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from heng.methods.grouping.engine import Grouper, Record
from heng.methods.grouping.pack import Group, Pack
from heng.methods.grouping.reach import reaching, unreachable
from heng.methods.grouping.words import named, trace

DX = [f"D{n}" for n in range(8)]
OPS = [f"9{n}" for n in range(6)]
SPLITS = (("1", "QTZD in MCC"), ("3", "QTZD in {MCC,CC}"), ("5", ""))


def adrg(code: str, parent: str, order: int, rule: str) -> list[Group]:
    """An ADRG with the three national splits."""
    return [
        Group("adrg", code, f"{code} 组", parent, order, rule),
        *(Group("drg", code + s, "", code, n, r) for n, (s, r) in enumerate(SPLITS)),
    ]


PACK = Pack(
    "law",
    "1",
    groups=(
        Group("mdc", "MDCA", "先期", "", 1, "ZYSS in OP_ALL"),
        Group("mdc", "MDCP", "新生儿", "", 2, "ZYZD in P and NL = 0"),
        Group("mdc", "MDCN", "女性", "", 3, "ZYZD in N and XB = 2"),
        Group("mdc", "MDCB", "神经", "", 4, "ZYZD in {B,N,P}"),
        *adrg("AA1", "MDCA", 1, "ZYSS in EARLY"),
        *adrg("PS1", "MDCP", 1, "XSRTZ < 1500"),
        *adrg("PV1", "MDCP", 2, ""),
        *adrg("NB1", "MDCN", 1, "ZYSS in CUT"),
        *adrg("NR1", "MDCN", 2, "not ZYZD in B"),
        *adrg("BB1", "MDCB", 1, "{ZYSS,QTSS} in CUT and {ZYSS,QTSS} in SEW"),
        *adrg("BB2", "MDCB", 2, "ZYSS in CUT or length(SEW ∩ {ZYSS,QTSS}) >= 2"),
        *adrg("BR1", "MDCB", 3, "ZYZD in B"),
        *adrg("BZ1", "MDCB", 4, "1"),
    ),
    sets={
        "OP_ALL": frozenset(OPS[:5]),
        "EARLY": frozenset(OPS[:1]),
        "CUT": frozenset(OPS[1:3]),
        "SEW": frozenset(OPS[2:5]),
        "P": frozenset(DX[:2]),
        "N": frozenset(DX[1:4]),
        "B": frozenset(DX[3:6]),
    },
    severity={"D0": ("MCC", "1"), "D2": ("CC", "1"), "D4": ("MCC", "2"), "D6": ("CC", "2"), "D7": ("CC", "")},
    exclusions={"D1": "1", "D3": "2", "D5": "1"},
)
QY = replace(PACK, qy={"MDCB": "", "MDCN": "", "MDCP": "XSRTL < 29"})
codes = st.lists(st.sampled_from([*DX, "D9"]), min_size=1, max_size=5)
ops = st.lists(st.sampled_from(OPS), max_size=4)
whole = st.one_of(st.none(), st.sampled_from((0, 10, 28, 29, 40, 1499, 1500)))
records = st.builds(Record, codes, ops, st.sampled_from((1, 2, None)), whole, whole, whole)
GROUPERS = [Grouper(PACK), Grouper(QY)]
RANK = {"none": 0, "cc": 1, "mcc": 2}


@given(records)
def test_every_case_has_one_status_and_a_group_only_where_it_is_grouped(record: Record) -> None:
    for grouper in GROUPERS:
        got = grouper.group(record)
        assert (got.status in ("grouped", "qy")) == (got.drg != "0000")
        assert got.why
        assert (got.status == "qy") <= bool(grouper.pack.qy)
        if got.status == "grouped":
            assert got.drg.startswith(got.adrg)


@given(records, st.sampled_from(sorted(PACK.severity)))
def test_an_excluded_diagnosis_never_raises_severity_and_is_told(record: Record, more: str) -> None:
    grouper = GROUPERS[0]
    with_it = record._replace(dx=[*record.dx, more])
    before, after = grouper.group(record), grouper.group(with_it)
    if after.status == "invalid":
        return
    table = PACK.severity[more][1]
    if table and PACK.exclusions.get(record.dx[0]) == table:
        assert (after.severity, after.drg) == (before.severity, before.drg)
        assert more in after.why.partition("EX=")[2].split("/")
    assert RANK[after.severity] >= RANK[before.severity]


@given(records, st.randoms(use_true_random=False))
def test_the_order_of_other_diagnoses_and_procedures_does_not_matter(record: Record, chance: object) -> None:
    dx, done = list(record.dx[1:]), list(record.ops[1:])
    chance.shuffle(dx)
    chance.shuffle(done)
    shuffled = record._replace(dx=[record.dx[0], *dx], ops=[*record.ops[:1], *done])
    for grouper in GROUPERS:
        assert grouper.group(shuffled)[:5] == grouper.group(record)[:5]


@given(records)
def test_the_first_group_that_holds_takes_the_case(record: Record) -> None:
    """Taking away the groups behind the one that took a case changes nothing; taking itself away gives a later one, or none."""
    got = GROUPERS[0].group(record)
    if got.status != "grouped":
        return
    siblings = [g for g in PACK.level("adrg") if g.parent == got.mdc]
    mine = next(g for g in siblings if g.code == got.adrg)
    before = Grouper(without(PACK, {g.code for g in siblings if g.order > mine.order}))
    assert before.group(record) == got
    after = Grouper(without(PACK, {mine.code})).group(record)
    later = {g.code for g in siblings if g.order > mine.order}
    assert after.mdc != got.mdc or after.adrg in later | {""}


def without(pack: Pack, gone: set[str]) -> Pack:
    """The pack without some ADRG and their splits."""
    return replace(pack, groups=tuple(g for g in pack.groups if g.code not in gone and g.parent not in gone))


@given(records)
def test_where_any_procedure_counts_their_order_does_not_matter(record: Record) -> None:
    grouper = Grouper(replace(PACK, any_op=True))
    turned = record._replace(ops=list(record.ops)[::-1])
    assert grouper.group(turned)[:5] == grouper.group(record)[:5]


@given(records)
def test_reasons_can_always_be_told_in_words(record: Record) -> None:
    for grouper in GROUPERS:
        for zh, en in trace(named(grouper.pack), grouper.group(record).why):
            assert zh
            assert en


@given(st.text(max_size=12))
def test_any_text_is_a_code_of_no_group(text: str) -> None:
    got = GROUPERS[0].group(Record([text], [text], 1, 40, None, None))
    assert got.status in ("invalid", "grouped")
    assert (got.status == "grouped") <= (text.strip().upper() in DX)


def test_every_group_of_the_pack_is_reached_and_a_shadowed_one_is_told() -> None:
    assert {code: GROUPERS[0].group(case).drg for code, case in reaching(PACK).items() if case} == {
        g.code: g.code for g in PACK.level("drg")
    }
    shadowed = replace(PACK, groups=(*PACK.groups, *adrg("BZ2", "MDCB", 5, "ZYZD in B")))
    assert unreachable(shadowed) == ["BZ21", "BZ23", "BZ25"]
