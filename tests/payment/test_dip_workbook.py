"""官方 DIP 工作簿 · The official DIP workbook: read sheet by sheet, and cases find their disease in the order of the scheme."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from heng.intake.opened import opened
from heng.intake.packs.corrections import facts
from heng.intake.packs.dip_workbook import dip_workbook, is_dip
from heng.methods.dip.matcher import DipCase, DipMatcher
from heng.methods.dip.pack import EVERY, Bar, DipPack, Entry, Span, meant, ways
from heng.methods.dip.words import words
from tests.intake.made import workbook
from tests.payment.broken import Broken
from tests.payment.dip_fixture import NAME, sheets, written
from tests.payment.official_fixture import written as drg_workbook


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> DipPack:
    """The fixture as it is read."""
    return dip_workbook(opened(written(tmp_path_factory.mktemp("dip"))), "abc")


def entry(pack: DipPack, code: str) -> Entry:
    return next(e for e in pack.entries if e.code == code)


def told(pack: DipPack, *said: str) -> list[str]:
    """The notes that hold all these words."""
    return [zh for zh, _ in pack.notes if all(w in zh for w in said)]


def matched(pack: DipPack, case: DipCase) -> str:
    """The code of the disease a case finds, else its status."""
    found = DipMatcher(pack).match(case)
    return found.entry.code if found.entry else found.status


def test_every_sheet_and_block_gives_its_diseases_in_the_order_of_the_scheme(pack: DipPack) -> None:
    assert pack.name == "dip-3.0"
    parts = [(e.part, e.code) for e in pack.entries]
    assert [code for part, code in parts if part == "early"] == [f"XQ-{n}" for n in range(1, 7)]
    assert [code for part, code in parts if part == "division"] == [f"FZ-{n}" for n in range(10, 16)]
    assert [code for part, code in parts if part in ("merged", "basic")] == [
        "BX-7",
        "BX-8",
        "BX-9",
        "JC-16",
        "JC-17",
        "JC-18",
        "JC-19",
        "JC-20",
    ]
    assert entry(pack, "JC-19").where == "四、基础规则下的核心病种!6"


def test_a_block_inside_a_sheet_is_read_under_its_own_header(pack: DipPack) -> None:
    small = entry(pack, "XQ-6")
    assert (small.dx, small.ops, small.any_dx) == (("P07",), None, True)
    assert (small.age_days, small.weight) == (Span(0, 28), Span(1000, 1499))
    assert entry(pack, "XQ-1").dx == (EVERY,)


def test_keys_are_diagnosis_procedure_related_and_difference(pack: DipPack) -> None:
    assert entry(pack, "BX-8").key == "K80.1-51.2300|51.2301-51.8800x001|51.8801"
    assert entry(pack, "JC-17").key == "J18-保守治疗-"
    assert entry(pack, "FZ-13").key == "Z51.1-99.2503+99.2800x005--C00-C75"
    assert entry(pack, "FZ-14").key == "A15-A16-保守治疗--是"
    assert entry(pack, "XQ-5").key == "P07-保守治疗--<29天|出生体重0-999克"


def test_what_does_not_group_is_read_with_its_remark_folded(pack: DipPack) -> None:
    assert pack.no_dx == {"K80.000", "Y17.900x092"}
    assert pack.no_op == {"89.5000": Bar(), "99.0400": Bar(conservative=False), "45.1300x004": Bar(unless=("A00-A09", "K20-K93"))}


def test_resistance_comes_from_the_annex_and_the_remarks(pack: DipPack) -> None:
    assert (pack.resistant, pack.resistant_other) == (("A15.000x011",), ("U84.300",))


def test_primary_diseases_are_marked_and_one_without_a_match_is_told(pack: DipPack) -> None:
    assert [e.code for e in pack.entries if e.primary] == ["JC-17"]
    assert told(pack, "基层病种 K63.5") == ["六、基层病种!4：基层病种 K63.5 在目录中没有对应的病种"]


def test_counts_that_differ_are_told_with_both_numbers(pack: DipPack) -> None:
    assert told(pack, "并项规则：") == ["并项规则：本文件 3，3.0 版应为 1,725"]
    assert len(told(pack, "版应为")) == len(facts("dip_workbook")["editions"]["3.0"]["counts"])


def test_codes_that_lost_their_point_or_grew_together_are_told_with_their_row(tmp_path: Path) -> None:
    torn = sheets()
    torn["二、并项规则下的核心病种"][2][4] = "512300|51.2301"
    torn["四、基础规则下的核心病种"][3][2] = "U84.700U84.800"
    read = dip_workbook(opened(written(tmp_path, torn)))
    assert [n.partition("：")[0] for n in told(read, "丢了小数点")] == ["二、并项规则下的核心病种!3", "四、基础规则下的核心病种!4"]


def test_the_same_combination_twice_is_told(tmp_path: Path) -> None:
    twice = sheets()
    twice["四、基础规则下的核心病种"].append(["JC", 21, "J18", "肺炎", None, None])
    assert len(told(dip_workbook(opened(written(tmp_path, twice))), "JC-21", "组合与", "相同")) == 1


def test_a_remark_that_cannot_be_read_is_told_and_counts_as_conservative(tmp_path: Path) -> None:
    odd = sheets()
    odd["五、不纳入分组的主要手术操作"][2][2] = "视情况"
    read = dip_workbook(opened(written(tmp_path, odd)))
    assert read.no_op["89.5000"] == Bar()
    assert [n.partition("：")[0] for n in told(read, "「视情况」")] == ["五、不纳入分组的主要手术操作!3"]


def test_a_sheet_is_found_by_the_title_above_its_header(tmp_path: Path, pack: DipPack) -> None:
    renamed = {f"Sheet{n}": lines for n, lines in enumerate(sheets().values(), 1)}
    renamed["Sheet8"][0] = ["五、不纳入分组的主要手术操作"]
    renamed["Sheet10"][0] = ["附表—结核耐药诊断"]
    read = dip_workbook(opened(written(tmp_path, renamed)))
    assert [e.code for e in read.entries] == [e.code for e in pack.entries]
    assert (read.no_dx, read.no_op, read.resistant) == (pack.no_dx, pack.no_op, pack.resistant)


def case(dx: str, *ops: str, **more: Any) -> DipCase:
    return DipCase(tuple(dx.split("|")), ops, **more)


@pytest.mark.parametrize(
    ("record", "found"),
    [
        (case(""), "invalid"),
        (case("K80.000", "51.2300"), "invalid"),
        (case("K80.000x002"), "ungrouped"),  # the list names whole codes: another one of the same head is not barred
        (case("J18.900", "55.6901"), "XQ-1"),
        (case("J18.900", "51.2300", "55.6901"), "ungrouped"),  # a transplant counts as the principal procedure only
        (case("J18.900", "33.2400x001", "39.6500"), "XQ-2"),  # ECMO counts wherever it stands
        (case("J18.900", "39.9500x007", "96.7201"), "XQ-3"),  # more of its procedures than ventilation alone
        (case("J18.900", "96.7201"), "XQ-4"),
        (case("J18.900|P07.000", age_days=3, weight=1200), "XQ-6"),
        (case("P07.100", age_days=28, weight=999), "XQ-5"),
        (case("P07.100", age_days=29, weight=999), "ungrouped"),
        (case("P07.100", age_days=3), "needs_data"),
        (case("T21.300|T31.300"), "FZ-10"),
        (case("T21.300|T31.300", "86.2201", "86.6902"), "FZ-11"),
        (case("T21.300|T31.300", "86.2201"), "ungrouped"),
        (case("T21.300"), "ungrouped"),
        (case("Z51.100|C34.900", "99.2503"), "FZ-12"),
        (case("Z51.100|C34.900", "99.2800x005", "99.2503"), "FZ-13"),
        (case("Z51.100|C90.000", "99.2503"), "ungrouped"),
        (case("A15.000x011"), "FZ-14"),
        (case("A15.000|U84.300"), "FZ-14"),
        (case("A15.000"), "FZ-15"),
        (case("A16.200|A15.000x011"), "FZ-15"),  # the annex is about the principal diagnosis
        (case("M51.101+G55.1*"), "JC-20"),  # a head with a dagger stands for its codes
        (case("K80.100", "51.2300"), "BX-7"),
        (case("K80.100", "51.2301", "51.8801"), "BX-8"),
        (case("K80.100"), "JC-16"),
        (case("K80.100", "54.1100"), "ungrouped"),  # a procedure of another disease is no conservative treatment
        (case("I25.100", "36.0602"), "BX-9"),
        (case("I25.100", "36.0601"), "ungrouped"),
        (case("I25.100", "00.4500", "36.0601"), "BX-9"),
        (case("J18.900", "33.2400x001"), "JC-18"),
        (case("J18.900", "89.5000", "33.2400x001"), "JC-17"),  # treated without, by the list
        (case("J18.900", "99.0400", "33.2400x001"), "JC-18"),  # the next one is principal
        (case("J18.900", "99.0400"), "JC-17"),
        (case("K63.500", "45.4200X003 "), "JC-19"),
        (case("J18.900", "45.1300x004"), "JC-17"),
        (case("K63.500", "45.1300x004"), "ungrouped"),  # within K20–K93 it is a principal procedure like any
    ],
    ids=str,
)
def test_a_case_finds_its_disease_in_the_order_of_the_scheme(pack: DipPack, record: DipCase, found: str) -> None:
    assert matched(pack, record) == found


def pair(**changed: Any) -> DipPack:
    """Two diseases that one case fits, the second one changed."""
    first = Entry("A", "basic", "", ("J18",), (("33.2400",),))
    return DipPack("own", "1", (first, replace(first, code="B", **changed)))


@pytest.mark.parametrize(
    ("changed", "fits", "why"),
    [
        ({"ops": (("33.2400", "96.0400"),)}, ["B"], "basic:B/ops>A"),
        ({"related": (("96.0400",),)}, ["B"], "basic:B/ops>A"),
        ({"primary": True}, ["A", "B"], "basic:A/kind>B"),
        ({}, ["A", "B"], "basic:A/order>B"),
    ],
)
def test_among_several_the_one_with_most_procedures_then_core_then_the_first(changed: dict[str, Any], fits: list[str], why: str) -> None:
    matcher, record = DipMatcher(pair(**changed)), case("J18.000", "33.2400", "96.0400")
    offer = matcher.offer(record)
    assert [e.code for e in offer.fits] == fits
    assert matcher.match(record).why.endswith(why)
    assert offer.why.endswith(why if len(fits) == 1 else "MANY=A+B")


def test_a_primary_disease_that_comes_first_in_the_catalogue_stands_behind_a_core_one() -> None:
    first, second = pair().entries
    offer = DipMatcher(DipPack("own", "1", (replace(first, primary=True), second))).offer(case("J18.000", "33.2400"))
    assert [e.code for e in offer.fits] == ["B", "A"]
    assert words(offer.why)[-1][0].startswith("B、A 都符合")


def test_local_comprehensive_diseases_come_last(pack: DipPack) -> None:
    local = Entry("ZH-1", "comprehensive", "呼吸综合", ("J00-J99",), None)
    full = replace(pack, entries=(*pack.entries, local))
    assert matched(full, case("J18.900", "54.1100")) == "ZH-1"
    assert matched(full, case("J18.900")) == "JC-17"
    assert matched(full, case("K35.900")) == "ungrouped"


def test_the_trace_tells_every_step_in_both_languages(pack: DipPack) -> None:
    told = words(DipMatcher(pack).match(case("K80.100", "99.0400", "51.2301", "51.8801")).why)
    assert [zh for zh, _ in told] == [
        "99.0400 不可作为主要手术操作",
        "先期分组：没有命中",
        "诊断辅助细分：没有命中",
        "并项规则下的核心病种：命中 BX-8（对上的手术操作最多；BX-7 也符合）",
    ]
    assert told[-1][1] == "core diseases by merging rules: BX-8 fits (it accounts for the most procedures; so do BX-7)"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (case(""), "没有主要诊断"),
        (case("K80.000"), "不纳入分组"),
        (case("J18.900", "89.5000"), "按保守治疗入组"),
        (case("P07.100", age_days=3), "缺少出生体重"),
        (case("K35.900"), "没有合适的病种"),
    ],
    ids=str,
)
def test_every_outcome_has_words(pack: DipPack, record: DipCase, said: str) -> None:
    steps = words(DipMatcher(pack).match(record).why)
    assert any(said in zh for zh, _ in steps)
    assert all(zh and en for zh, en in steps)


@pytest.mark.parametrize(
    ("code", "spec", "yes"),
    [
        ("C34.900", "C00-C75", True),
        ("C75.900", "C00-C75", True),
        ("C76.000", "C00-C75", False),
        ("A09.000", "A09.0", True),
        ("A09.900", "A09.0", False),
        ("M51.100", "M51.1+", True),
        ("Z", "*", True),
    ],
)
def test_heads_and_ranges_of_codes(code: str, spec: str, yes: bool) -> None:  # noqa: FBT001 - a table of truth
    assert meant(code, spec) is yes


def test_ways_are_any_of_and_all_of() -> None:
    assert ways("36.0601+00.4500|36.0602") == (("36.0601", "00.4500"), ("36.0602",))
    assert ways("") == ()


BROKEN = {
    "a sheet is missing": Broken(lambda s: s.pop("六、基层病种"), NAME, "基层病种"),
    "a header is missing": Broken(lambda s: s["二、并项规则下的核心病种"].pop(1), "并项规则", "序号"),
    "a number stands twice": Broken(lambda s: s["四、基础规则下的核心病种"][3].__setitem__(1, 16), "四、基础规则下的核心病种!4", "JC-16"),
    "there is no diagnosis": Broken(lambda s: s["四、基础规则下的核心病种"][3].__setitem__(2, None), "四、基础规则下的核心病种!4", "为空"),
    "a weight cannot be read": Broken(lambda s: s["一、先期分组"][8].__setitem__(6, "很轻"), "一、先期分组!9", "很轻"),
    "resistance is neither yes nor no": Broken(
        lambda s: s["三、诊断辅助细分-结核类病种"][2].__setitem__(6, "也许"), "三、诊断辅助细分-结核类病种!3", "也许"
    ),
}


@pytest.mark.parametrize("defect", BROKEN, ids=str)
def test_broken_structure_is_refused_with_sheet_and_row(tmp_path: Path, defect: str) -> None:
    BROKEN[defect].is_refused(sheets(), lambda broken: dip_workbook(opened(written(tmp_path, broken))))


def test_each_kind_of_workbook_is_told_from_the_others(tmp_path: Path) -> None:
    assert is_dip(opened(written(tmp_path)))
    assert not is_dip(opened(drg_workbook(tmp_path)))
    assert not is_dip(opened(workbook(tmp_path / "b.xlsx", {"先期": [["序号", "主要诊断编码"]]})))
