"""案头命令：整改与项目 · The desk on the command line: failed checks to set right, and improvement projects."""

from pathlib import Path

import polars as pl

from heng.app.region import Region
from heng.store.parts import write_part
from heng.tables.quality import CheckResult
from tests.app.test_corrections import ROW
from tests.serve.desk_people import Office, hands, office

__all__ = ["hands", "office"]  # fixtures of this page


def failing(region: Path) -> None:
    """A check that fails in February."""
    held = Region(region)
    with held.writing("test"):
        frame = pl.DataFrame([ROW | {"month": "2026-02"}], schema=CheckResult.schema())
        held.publish("test", [write_part(held.path, CheckResult, frame, ("H01", "2026-02", ""))])


def test_a_failing_check_is_set_right_by_its_owner(office: Office, region: Path) -> None:
    failing(region)
    code, out, _ = office.desk("cases", "correct", "2026-02")
    assert (code, "没有责任人" in out) == (1, True)
    office.hire("qian", "钱会计", "accountant", "--org", "H01")
    assert [c["step"] for c in office.data("cases", "correct", "2026-02", as_="wang")["cases"]] == ["correct"]
    assert office.data("cases", "correct", "2026-02", as_="wang")["cases"] == []
    assert [w["due"] for w in office.data("work", as_="qian")["work"]] == ["2026-03-10"]
    assert "不能做 cases.correct" in office.refused("cases", "correct", "2026-02", as_="qian")


def test_a_project_is_opened_by_a_head(office: Office) -> None:
    office.hire("zhang", "张主任", "head", "--org", "H01", "--dept", "0402")
    office.hire("qian", "钱会计", "accountant", "--org", "H01")
    words = ("cases", "project", "缩短平均住院日", "--org", "H01", "--dept", "0402")
    assert [(c["type"], c["month"], c["step"]) for c in office.data(*words, as_="zhang")["cases"]] == [("project", "2026-03", "charter")]
    assert "改进项目：缩短平均住院日" in office.desk(*words, as_="zhang")[1]
    assert [w["step"] for w in office.data("work", as_="zhang")["work"]] == ["charter"]
    assert "不能在 H01 立项" in office.refused(*words, as_="qian")
