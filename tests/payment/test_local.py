"""地方调整 · Local packs: rows that add, replace or remove, laid over a national pack, each traceable to its row."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.intake.packs.reading import read_pack
from heng.methods.grouping.engine import Grouper, Record
from heng.methods.grouping.pack import Pack

Files = Mapping[str, list[str]]
NATIONAL: Files = {
    "manifest.yaml": ["scheme: chs-drg", "edition: '2.0'", "source: 国家方案"],
    "mdc.csv": ["code,name,parent,order,rule,kind", "MDCG,消化道,,1,ZYZD in DX_G,"],
    "adrg.csv": [
        "code,name,parent,order,rule,kind",
        "GD2,阑尾切除,MDCG,1,ZYSS in OP_GD2,surgery",
        "GU1,溃疡,MDCG,2,ZYZD in DX_GU1,medical",
    ],
    "drg.csv": [
        "code,name,parent,order,rule,kind",
        "GD21,阑尾切除伴,GD2,1,QTZD in MCC,",
        "GD25,阑尾切除不伴,GD2,2,,",
        "GU19,溃疡,GU1,1,,",
    ],
    "sets.csv": ["set,code", "DX_G,K25.900", "DX_G,K35.900", "DX_G,K63.500", "DX_GU1,K25.900", "OP_GD2,47.0100", "OP_ALL,47.0100"],
    "severity.csv": ["code,level,table", "J96.000,MCC,1", "I50.900,CC,2"],
    "exclusion.csv": ["code,table", "K35.900,3"],
    "qy.csv": ["mdc,rule", "MDCG,"],
    "weights.csv": ["group,insurance,since,weight,primary", "GD25,employee,2026-01-01,0.9,", "GU19,employee,2026-01-01,0.5,1"],
}
LOCAL: Files = {
    "manifest.yaml": [
        "scheme: shili-drg",
        "edition: '2026'",
        "since: 2026-01-01",
        "over: chs-drg-2.0",
        "source: 示例市医保局 2026 年 1 号文",
    ],
    "adrg.csv": ["change,code,name,parent,order,rule,kind", "remove,GU1,,,,,", "add,GV1,消化其他,MDCG,3,ZYZD in DX_GV1,medical"],
    "drg.csv": [
        "change,code,name,parent,order,rule,kind",
        "remove,GU19,,,,,",
        "add,GV1A,消化其他，甲,GV1,1,NL >= 70,",
        "add,GV19,消化其他,GV1,2,,",
        "replace,GD25,阑尾切除，不伴严重合并症,GD2,2,,",
    ],
    "sets.csv": ["change,set,code", "add,DX_GV1,K25.900", "add,DX_GV1,K63.500", "remove,DX_GU1,K25.900", "replace,OP_GD2,47.0901"],
    "severity.csv": ["change,code,level,table", "replace,I50.900,MCC,2", "add,E11.900,CC,4", "remove,J96.000,,"],
    "exclusion.csv": ["change,code,table", "replace,K35.900,2"],
    "qy.csv": ["change,mdc,rule", "remove,MDCG,"],
    "ungroupable.csv": ["change,kind,code", "add,dx,Z99.900", "add,op,89.5000"],
    "dx_map.csv": ["change,code,to", "add,K25.901,K25.900"],
    "weights.csv": [
        "change,group,insurance,since,weight",
        "replace,GD25,employee,2026-01-01,1.0",
        "add,GV1A,employee,2026-01-01,0.8",
        "add,GV1A,resident,2026-01-01,0.7",
    ],
}


def put(folder: Path, files: Files) -> Path:
    """A folder of text files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def laid(folder: Path, **changed: list[str]) -> Pack:
    """The local pack beside the national one, with some files changed (their names without the suffix)."""
    put(folder / "chs-drg-2.0", NATIONAL)
    files = {**LOCAL, **{f"{name}.csv": lines for name, lines in changed.items()}}
    return read_pack(put(folder / "shili-drg-2026", files))


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """The national pack with the local changes laid over it."""
    return laid(tmp_path)


def test_the_local_pack_has_its_own_name_day_and_source(pack: Pack) -> None:
    assert (pack.name, str(pack.since), pack.source) == ("shili-drg-2026", "2026-01-01", "示例市医保局 2026 年 1 号文")


def test_groups_are_added_with_any_fourth_character_replaced_and_removed(pack: Pack) -> None:
    assert [g.code for g in pack.level("adrg")] == ["GD2", "GV1"]
    assert {g.code: g.name for g in pack.level("drg")} == {
        "GD21": "阑尾切除伴",
        "GV1A": "消化其他，甲",
        "GD25": "阑尾切除，不伴严重合并症",
        "GV19": "消化其他",
    }


def test_sets_severity_exclusions_and_qy_are_changed_row_by_row(pack: Pack) -> None:
    assert pack.sets["DX_GV1"] == {"K25.900", "K63.500"}
    assert (pack.sets["DX_GU1"], pack.sets["OP_GD2"]) == (frozenset(), {"47.0901"})
    assert pack.severity == {"I50.900": ("MCC", "2"), "E11.900": ("CC", "4")}
    assert (pack.exclusions, pack.qy) == ({"K35.900": "2"}, {})


def test_what_a_workbook_leaves_out_is_laid_over_it(pack: Pack) -> None:
    assert (pack.no_dx, pack.no_op, pack.dx_map) == ({"Z99.900"}, {"89.5000"}, {"K25.901": "K25.900"})
    assert Grouper(pack).group(Record(("Z99.900",), (), 1, 40, None, None)).why == "BARRED=Z99.900"
    assert Grouper(pack, "国临").group(Record(("K25.901",), (), 1, 40, None, None)).drg == "GV19"


def test_weights_are_changed_and_those_of_a_removed_group_go_with_it(pack: Pack) -> None:
    assert {(w.group, w.insurance): w.weight for w in pack.weights} == {
        ("GD25", "employee"): Decimal("1.0"),
        ("GV1A", "employee"): Decimal("0.8"),
        ("GV1A", "resident"): Decimal("0.7"),
    }
    assert [zh for zh, _ in pack.notes if "一并去掉" in zh] == ["删去的组一并去掉权重：GU19"]


def test_cases_are_grouped_by_what_was_laid(pack: Pack) -> None:
    def drg(dx: str, *ops: str, age: int = 40) -> str:
        first, *others = dx.split("|")
        return Grouper(pack).group(Record((first, *others), ops, 1, age, None, None)).drg

    assert drg("K25.900") == "GV19"
    assert drg("K63.500", age=70) == "GV1A"
    assert drg("K35.900", "47.0901") == "GD25"
    assert drg("K35.900|I50.900", "47.0901") == "GD25"  # now in the exclusion table of K35


def test_every_change_can_be_traced_to_its_row(pack: Pack) -> None:
    assert pack.origins["drg GV1A"] == "shili-drg-2026/drg.csv!3 add"
    assert pack.origins["adrg GU1"] == "shili-drg-2026/adrg.csv!2 remove"
    assert pack.origins["severity I50.900"] == "shili-drg-2026/severity.csv!2 replace"
    assert pack.origins["set OP_GD2 47.0901"] == "shili-drg-2026/sets.csv!5 replace"
    assert pack.origins["weight GV1A resident 2026-01-01"] == "shili-drg-2026/weights.csv!4 add"
    assert len(pack.origins) == sum(len(lines) - 1 for name, lines in LOCAL.items() if name.endswith(".csv"))
    assert "drg GD21" not in pack.origins
    assert any(zh == "在 chs-drg-2.0 上：新增 11、替换 5、删去 5" for zh, _ in pack.notes)


def test_a_local_pack_may_lie_on_another(tmp_path: Path, pack: Pack) -> None:
    county = {
        "manifest.yaml": ["scheme: county", "edition: '1'", "over: shili-drg-2026"],
        "severity.csv": ["change,code,level,table", "remove,E11.900,,"],
    }
    read = read_pack(put(tmp_path / "county", county))
    assert (read.name, sorted(read.severity)) == ("county-1", ["I50.900"])
    assert set(read.origins) == {*pack.origins}
    assert read.origins["severity E11.900"] == "county/severity.csv!2 remove"


def test_the_fingerprint_hangs_on_both_packs(tmp_path: Path) -> None:
    first = laid(tmp_path / "a").sha256
    assert laid(tmp_path / "b").sha256 == first
    assert laid(tmp_path / "c", qy=["change,mdc,rule"]).sha256 != first


WRONG = {
    "replacing a group that is not there": (
        {"drg": ["change,code,name,parent,order,rule,kind", "replace,GD23,x,GD2,1,,"]},
        "drg.csv!2",
        "GD23",
    ),
    "removing a group that is not there": ({"adrg": ["change,code,name,parent,order,rule,kind", "remove,GU9,,,,,"]}, "adrg.csv!2", "GU9"),
    "adding a group that is there": ({"drg": ["change,code,name,parent,order,rule,kind", "add,GD25,x,GD2,1,,"]}, "drg.csv!2", "已有"),
    "removing a member that is not there": ({"sets": ["change,set,code", "remove,DX_G,Z99.900"]}, "sets.csv!2", "Z99.900"),
    "replacing a set that is not there": ({"sets": ["change,set,code", "replace,DX_X,Z99.900"]}, "sets.csv!2", "DX_X"),
    "adding a member that is there": ({"sets": ["change,set,code", "add,DX_G,K25.900"]}, "sets.csv!2", "已有"),
    "replacing a severity that is not there": (
        {"severity": ["change,code,level,table", "replace,A41.900,MCC,9"]},
        "severity.csv!2",
        "A41.900",
    ),
    "a weight of a group that is not there": (
        {"weights": ["change,group,insurance,since,weight", "add,GD23,employee,2026-01-01,1"]},
        "weights.csv!2",
        "GD23",
    ),
    "replacing a weight that is not there": (
        {"weights": ["change,group,insurance,since,weight", "replace,GD25,resident,2026-01-01,1"]},
        "weights.csv!2",
        "resident",
    ),
    "a kind of code that nobody knows": ({"ungroupable": ["change,kind,code", "add,诊断,Z99.900"]}, "ungroupable.csv!2", "「诊断」"),
    "a set that a rule would take for another": ({"sets": ["change,set,code", "add,CC,Z99.900"]}, "sets.csv!2", "CC"),
    "a weight of an insurance that is not": (
        {"weights": ["change,group,insurance,since,weight", "add,GD25,resitent,2026-01-01,1"]},
        "weights.csv!2",
        "resitent",
    ),
    "a change that nobody knows": ({"qy": ["change,mdc,rule", "改,MDCG,"]}, "qy.csv!2", "「改」"),
    "a file without the column": ({"qy": ["mdc,rule", "MDCG,"]}, "qy.csv!1", "change"),
    "a DRG left under a removed ADRG": (
        {"drg": ["change,code,name,parent,order,rule,kind"], "weights": ["change,group,insurance,since,weight"]},
        "GU19",
        "GU1",
    ),
}


@pytest.mark.parametrize("mistake", WRONG, ids=str)
def test_a_change_that_does_not_fit_is_refused_with_file_and_row(tmp_path: Path, mistake: str) -> None:
    files, where, what = WRONG[mistake]
    with pytest.raises(FileError) as refusal:
        laid(tmp_path, **files)
    assert where in refusal.value.where
    assert what in refusal.value.zh
    assert refusal.value.en
    assert all(refusal.value.mend)


@pytest.mark.parametrize("over", ["../chs-drg-2.0", "./shili-drg-2026", "/etc", "."])
def test_what_it_is_laid_over_is_a_name_and_no_path(tmp_path: Path, over: str) -> None:
    put(tmp_path / "chs-drg-2.0", NATIONAL)
    with pytest.raises(FileError, match="over 不能作名字"):
        read_pack(put(tmp_path / "shili-drg-2026", {**LOCAL, "manifest.yaml": ["scheme: shili-drg", f"over: {over}"]}))


def test_the_sums_of_its_manifest_are_compared_too(tmp_path: Path) -> None:
    put(tmp_path / "chs-drg-2.0", NATIONAL)
    said = [*LOCAL["manifest.yaml"], "files: {drg.csv: '00'}"]
    with pytest.raises(FileError, match="sha256"):
        read_pack(put(tmp_path / "shili-drg-2026", {**LOCAL, "manifest.yaml": said}))


def test_without_the_pack_below_the_error_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"chs-drg-2\.0") as refusal:
        read_pack(put(tmp_path / "shili-drg-2026", LOCAL))
    assert "chs-drg-2.0.xlsx" in refusal.value.mend[0]


def test_a_folder_of_the_right_name_with_another_edition_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "chs-drg-2.0", {**NATIONAL, "manifest.yaml": ["scheme: chs-drg", "edition: '1.1'"]})
    with pytest.raises(FileError, match=r"不是 chs-drg-1\.1"):
        read_pack(put(tmp_path / "shili-drg-2026", LOCAL))


def test_packs_laid_over_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "a-1", {"manifest.yaml": ["scheme: a", "edition: '1'", "over: b-1"]})
    with pytest.raises(FileError, match="旁边没有"):
        read_pack(put(tmp_path / "b-1", {"manifest.yaml": ["scheme: b", "edition: '1'", "over: a-1"]}))
