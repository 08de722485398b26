"""官方工作簿 · The official DRG workbook: read as it was published, every correction told once, broken structure refused."""

from datetime import date
from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.opened import opened
from heng.intake.packs.corrections import facts
from heng.intake.packs.folding import code, rule
from heng.intake.packs.official import is_official, official
from heng.methods.grouping.engine import Grouper, Record
from heng.methods.grouping.pack import Group, Pack
from tests.intake.made import workbook
from tests.payment.broken import Broken
from tests.payment.official_fixture import NAME, sheets, written


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The fixture with all its defects, as it is read."""
    return official(opened(written(tmp_path_factory.mktemp("official"))), "abc")


def groups(pack: Pack, level: str) -> list[str]:
    return [g.code for g in pack.groups if g.level == level]


def told(pack: Pack, *words: str) -> list[str]:
    """The notes that hold all these words."""
    return [zh for zh, _ in pack.notes if all(w in zh for w in words)]


def test_the_edition_stands_in_the_title_and_brings_its_date_and_source(pack: Pack) -> None:
    assert (pack.name, pack.since, pack.sha256) == ("chs-drg-3.0", date(2027, 1, 1), "abc")
    assert "医保发〔2026〕22号" in pack.source


def test_groups_keep_the_official_order_and_rows_for_nothing_hit_are_no_groups(pack: Pack) -> None:
    assert groups(pack, "mdc") == ["MDCA", "MDCP", "MDCG", "MDCO"]
    assert groups(pack, "adrg") == ["AH3", "GD2", "GU1", "OB1", "OR1", "OZ1", "PV1"]
    assert [g.code for g in pack.level("drg") if g.parent == "GU1"] == ["GU1C", "GU13", "GU15"]
    assert told(pack, "3 行兜底", "不是病组") == ["ADRG：3 行兜底（如 B00、000）表示未入组，不是病组"]


def test_what_a_rule_asks_for_tells_surgery_from_medicine(pack: Pack) -> None:
    assert {g.code: g.kind for g in pack.level("adrg")} == {
        **dict.fromkeys(("AH3", "GD2", "OB1"), "surgery"),
        **dict.fromkeys(("GU1", "OR1", "OZ1", "PV1"), "medical"),
    }


def test_qy_rows_become_the_white_list_with_their_rule(pack: Pack) -> None:
    assert pack.qy == {"MDCG": "ZYSS in OP_ALL", "MDCO": "ZYSS in OP_ALL"}
    assert len(told(pack, "2 行 QY", "白名单")) == 1


def test_the_misplaced_fallback_is_told_with_sheet_row_and_what_it_would_swallow(pack: Pack) -> None:
    assert told(pack, "已移到末位") == ["ADRG!10：O00 的规则为空却排在 OR1、OZ1 之前，会吞掉它们，已移到末位"]


def test_a_group_without_a_rule_swallows_none_of_its_siblings(tmp_path: Path) -> None:
    hasty = sheets()
    hasty["ADRG"][9][1:4] = ["OY1", "妊娠其他", None]  # order 3, before OR1 and OZ1
    hasty["DRG"][14][0::3] = ["OY19", "OY1"]
    hasty["DRG"][6][5] = 0  # GD25, which always holds, before GD20 and GD21
    read = official(opened(written(tmp_path, hasty)))
    assert [g.code for g in read.level("adrg") if g.parent == "MDCO"] == ["OB1", "OR1", "OZ1", "OY1"]
    assert [g.code for g in read.level("drg") if g.parent == "GD2"] == ["GD20", "GD21", "GD25"]
    assert [n.partition("：")[0] for n in told(read, "已移到末位")] == ["ADRG!10", "DRG!7"]


def test_a_rule_written_over_lines_in_full_width_is_folded_and_told_once(pack: Pack) -> None:
    (folded,) = [g for g in pack.groups if g.code == "GD2"]
    assert folded.rule == "(ZYSS in OP_GD2) OR (ZYSS in OP2_GD2 and {ZYSS, QTSS} in OP_GD2)"
    assert told(pack, "已折叠") == ["ADRG：1 条规则含换行符、全角或不可见字符，已折叠"]


def test_members_named_twice_count_once_and_are_told_with_their_rows(pack: Pack) -> None:
    assert pack.sets["OP_ALL"] == {"47.0100", "54.2100", "74.1x01", "81.5400"}
    assert told(pack, "成员重复") == ["集合：2 行成员重复，只计一次（OP_ALL 2；集合!19、集合!20）"]


def test_rows_that_the_workbook_lacks_are_added_where_their_table_is_there(pack: Pack) -> None:
    assert {dx: t for dx, t in pack.exclusions.items() if t == "EX_103"} == dict.fromkeys(
        ("P22.000", "P24.000", "P22.100", "P24.100"), "EX_103"
    )
    assert len(told(pack, "EX_103 漏了 P22.100")) == len(told(pack, "EX_103 漏了 P24.100")) == 1
    assert not told(pack, "EX_128")


def test_a_file_that_has_the_missing_rows_is_left_alone(tmp_path: Path) -> None:
    full = sheets()
    full["排除表"] += [["EX_103", "P22.100", None], ["EX_103", "P24.100", None]]
    assert not told(official(opened(written(tmp_path, full))), "漏了")


def test_counts_that_differ_from_the_edition_are_told_with_both_numbers(pack: Pack) -> None:
    assert told(pack, "DRG 组：本文件", "应为 825") == ["DRG 组：本文件 12，3.0 版应为 825"]
    assert told(pack, "排除表成员（补录后）") == ["排除表成员（补录后）：本文件 7，3.0 版应为 21,043"]
    wanted = facts()["editions"]["3.0"]["counts"]
    assert len([zh for zh, _ in pack.notes if "版应为" in zh]) == len(wanted)


def test_every_note_is_said_once_in_both_languages(pack: Pack) -> None:
    assert len(set(pack.notes)) == len(pack.notes)
    assert all(zh and en for zh, en in pack.notes)


def case(dx: str, *ops: str, sex: int = 1, age: int = 40, days: int | None = None) -> Record:
    first, *others = dx.split("|")
    return Record((first, *others), ops, sex, age, days, 3000 if days else None)


@pytest.mark.parametrize(
    ("record", "status", "drg"),
    [
        (case("K35.900", "47.0100"), "grouped", "GD25"),
        (case("K35.900", "54.2100", "47.0100"), "grouped", "GD25"),
        (case("K35.900", "47.0100", "17.4200"), "grouped", "GD20"),
        (case("K35.900|J96.000", "47.0100"), "grouped", "GD21"),
        (case("K25.900|K66.000"), "grouped", "GU15"),  # K66 is excluded by K25: table EX_60
        (case("K25.900|I50.900"), "grouped", "GU13"),
        (case("K25.900", age=5), "grouped", "GU1C"),
        (case("K25.900", "81.5400"), "qy", "GQY"),
        (case("K63.500"), "ungrouped", "0000"),
        (case("K35.900", "96.7201"), "grouped", "AH39"),
        (case("O80.900", sex=2), "grouped", "OR19"),
        (case("O21.000", sex=2), "grouped", "OZ19"),
        (case("K63.500", age=0, days=3), "grouped", "PV15"),
        (case("P59.900", age=0, days=40), "grouped", "PV15"),
        (case("K25.900", age=0, days=40), "grouped", "GU1C"),
    ],
)
def test_the_imported_pack_groups_cases(pack: Pack, record: Record, status: str, drg: str) -> None:
    found = Grouper(pack).group(record)
    assert (found.status, found.drg) == (status, drg)


def test_columns_are_found_by_their_text_and_not_by_their_place(tmp_path: Path, pack: Pack) -> None:
    moved = sheets()
    moved["ADRG"] = [[line[3], line[1], line[5], line[4], line[2]] for line in moved["ADRG"]]
    moved["ADRG"][0][2] = "排序"
    moved["CC"] = [["注：共 3 行"], [], *[[line[3], line[2], line[0]] for line in moved["CC"]]]
    moved["CC"][2] = ["类型编号", "排除表", "ICD编码"]
    read = official(opened(written(tmp_path, moved)))
    assert (read.groups, read.severity) == (pack.groups, pack.severity)


def test_without_an_edition_nothing_is_counted_or_added(tmp_path: Path) -> None:
    unnamed = sheets()
    unnamed["MDC"][0] = ["分组方案配置信息"]
    read = official(opened(written(tmp_path, unnamed, "方案.xlsx")))
    assert (read.name, read.since) == ("chs-drg", None)
    assert told(read, "没有写明版本")
    assert not told(read, "应为") + told(read, "漏了")


BROKEN = {
    "a sheet is missing": Broken(lambda s: s.pop("排除表"), NAME, "缺少工作表「排除表」"),
    "a header is missing": Broken(lambda s: s["DRG"][0].__setitem__(3, "所属组"), "DRG", "所属ADRG编码"),
    "a DRG does not lie under its ADRG": Broken(lambda s: s["DRG"][5].__setitem__(3, "GU1"), "DRG!6", "GD21"),
    "a DRG names an ADRG that is not there": Broken(lambda s: s["DRG"][5].__setitem__(3, "GD3"), "DRG!6", "GD3"),
    "an ADRG names an MDC that is not there": Broken(lambda s: s["ADRG"][3].__setitem__(4, "MDCZ"), "ADRG!4", "MDCZ"),
    "an ADRG has no DRG": Broken(lambda s: s["DRG"].pop(12), "ADRG!8", "OB1"),
    "a code stands twice": Broken(lambda s: s["DRG"].append(s["DRG"][4]), "DRG!5, DRG!19", "GD20"),
    "a rule names a set that is not there": Broken(lambda s: s["ADRG"][5].__setitem__(3, "ZYZD in DI_GU9"), "ADRG!6", "DI_GU9"),
    "a rule cannot be read": Broken(lambda s: s["ADRG"][5].__setitem__(3, "ZYZD in (DI_GU1"), "ADRG!6", "读不懂"),
    "a rule of QY cannot be read": Broken(lambda s: s["ADRG"][4].__setitem__(3, "ZYSS in"), "ADRG!5", "读不懂"),
    "a severity is neither MCC nor CC": Broken(lambda s: s["CC"][2].__setitem__(3, "轻"), "CC!3", "「轻」"),
    "the list of valid procedures is missing": Broken(
        lambda s: s.__setitem__("集合", [line for line in s["集合"] if line[0] != "OP_ALL"]), NAME, "OP_ALL"
    ),
}


@pytest.mark.parametrize("defect", BROKEN, ids=str)
def test_broken_structure_is_refused_with_sheet_and_row(tmp_path: Path, defect: str) -> None:
    BROKEN[defect].is_refused(sheets(), lambda broken: official(opened(written(tmp_path, broken))))


def test_conflicting_rows_keep_the_first_and_say_so(tmp_path: Path) -> None:
    doubtful = sheets()
    doubtful["CC"].append(["I50.900", None, "EX_40", "MCC"])
    doubtful["排除表"].append(["EX_60", "I50.900", None])
    read = official(opened(written(tmp_path, doubtful)))
    assert (read.severity["I50.900"], read.exclusions["I50.900"]) == (("CC", "EX_40"), "EX_40")
    assert told(read, "以前者为准") == [
        "CC：1 行与前面同一编码所写的不同，以前者为准（CC!5 I50.900）",
        "排除表：1 行与前面同一编码所写的不同，以前者为准（排除表!7 I50.900）",
    ]


def test_a_place_in_the_order_that_cannot_be_read_is_told_and_the_row_stays_where_it_is(tmp_path: Path, pack: Pack) -> None:
    vague = sheets()
    vague["ADRG"][5][5] = "第三"
    vague["DRG"][5][5] = None
    read = official(opened(written(tmp_path, vague)))
    assert read.groups == pack.groups
    assert told(read, "排序") == [
        "ADRG：1 行的排序为空或不是整数，按工作表里的先后排在上一行之后（ADRG!6 GU1「第三」）",
        "DRG：1 行的排序为空或不是整数，按工作表里的先后排在上一行之后（DRG!6 GD21「」）",
    ]
    assert told(read, "已移到末位") == told(pack, "已移到末位")  # nothing else was moved for it
    assert not told(pack, "排序")


def test_codes_are_spelled_alike_in_every_sheet(tmp_path: Path, pack: Pack) -> None:
    careless = sheets()
    careless["集合"][14][1] = "74.1×01"
    careless["CC"][2][0:4] = ["ｉ50.900", None, "EX_40", "cc"]
    careless["排除表"][1][1] = "k25.900."
    read = official(opened(written(tmp_path, careless)))
    assert (read.sets, read.severity, read.exclusions) == (pack.sets, pack.severity, pack.exclusions)


def test_a_huge_sheet_meets_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CELLS", 50)
    with pytest.raises(FileError, match="过大"):
        opened(written(tmp_path))


def test_a_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    with pytest.raises(FileError, match="密码"):
        opened(path)


def test_another_workbook_is_not_taken_for_the_official_one(tmp_path: Path) -> None:
    assert is_official(opened(written(tmp_path)))
    assert not is_official(opened(workbook(tmp_path / "b.xlsx", {"MDC": [["x"]], "科室": [["y"]]})))


@pytest.mark.parametrize(
    ("written_as", "folded"),
    [("ＺＹＺＤ　in DI_A", "ZYZD in DI_A"), ("a _x000D_\n or b", "a or b"), ("NL\u00a0<\u200b6", "NL <6"), ("{ZYSS，QTSS}", "{ZYSS,QTSS}")],
)
def test_rules_are_folded_to_one_line_of_half_width(written_as: str, folded: str) -> None:
    assert rule(written_as) == folded


def test_codes_keep_their_case_and_lose_blanks() -> None:
    assert code(" 45.4200ｘ003\u200b ") == "45.4200x003"


def test_a_group_of_the_pack_is_what_the_sheet_says(pack: Pack) -> None:
    assert next(g for g in pack.groups if g.code == "OB1") == Group("adrg", "OB1", "剖宫产", "MDCO", 4, "ZYSS in OP_OB1", "surgery")
