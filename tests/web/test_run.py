"""计算与结账 · Running and closing through the pages: what is out of date, worked out, closed, reopened by another with a reason."""

from pathlib import Path

import pytest

from heng.app.compute import outdated
from heng.app.load import load
from heng.app.region import Region
from heng.intake.delivery import Place
from tests.store.tiny import PAY, tiny_files
from tests.web.conftest import Enter
from tests.web.test_load import worked

LATE = {**PAY, "0402": "220000.05"}


def corrected(served: Path, files: Path) -> None:
    """A corrected delivery of February, not worked out yet."""
    paths = [p for p in tiny_files(files, ["2026-02"], LATE) if "成本归集" in p.name or "总账" in p.name]
    assert not load(Region(served), [("H01", p) for p in paths], Place("H01", "", {}, "")).refused


def test_what_is_out_of_date_is_told_and_worked_out(enter: Enter, served: Path, tmp_path: Path) -> None:
    browser = enter("kuaiji")
    assert "都算好了" in browser.get("/run").text
    corrected(served, tmp_path / "files")
    assert "要算的 1 个院月" in browser.get("/run").text
    page = browser.post("/run", data={"due": ""})
    assert "1 个院月" in page.text
    worked(served)
    told = browser.get(page.url).text
    assert "算完了" in told
    assert outdated(Region(served), ("H01", "2026-02")) == []
    assert "都算好了" in browser.get("/run").text


def test_closed_by_one_and_reopened_by_another_with_a_reason(enter: Enter, served: Path) -> None:
    accountant, finance = enter("kuaiji"), enter("caiwu")
    page = accountant.post("/run/close", data={"org": "H01", "month": "2026-01", "reason": "差额已查清"})
    worked(served)
    assert "已结账" in accountant.get(page.url).text
    closed = Region(served).manifest.is_closed("H01", "2026-01")
    assert closed
    assert closed.by == "kuaiji"
    form = {"org": "H01", "month": "2026-01", "act": "reopen"}
    same = accountant.post("/run/close", data=form | {"reason": "自己改"})
    worked(served)
    assert "须由另一人反结账" in accountant.get(same.url).text
    assert "反结账须写明原因" in finance.post("/run/close", data=form).text
    finance.post("/run/close", data=form | {"reason": "补记折旧"})
    worked(served)
    assert Region(served).manifest.is_closed("H01", "2026-01") is None
    assert "补记折旧" in finance.get("/run").text


def test_a_month_that_is_out_of_date_is_not_closed(enter: Enter, served: Path, tmp_path: Path) -> None:
    corrected(served, tmp_path / "files")
    browser = enter("kuaiji")
    page = browser.post("/run/close", data={"org": "H01", "month": "2026-02"})
    worked(served)
    assert "结果已过时" in browser.get(page.url).text
    assert Region(served).manifest.is_closed("H01", "2026-02") is None


def test_another_month_in_the_form_one_went_back_to_is_closed_too(enter: Enter) -> None:
    browser = enter("kuaiji")
    form = {"org": "H01", "act": "close", "once": "form-1"}
    months = [browser.post("/run/close", data=form | {"month": m}).url.path for m in ("2026-02", "2026-03", "2026-03")]
    assert months[0] != months[1] == months[2]


@pytest.mark.parametrize(("login", "status"), [("weijian", 200), ("caiwu", 200), ("yuanzhang", 403), ("xitong", 403)])
def test_the_page_is_for_who_may_run_or_close(enter: Enter, login: str, status: int) -> None:
    assert enter(login).get("/run").status_code == status


@pytest.mark.parametrize(
    ("login", "path", "data"),
    [
        ("caiwu", "/run", {"cell": "H01 2026-01"}),
        ("weijian", "/run/close", {"org": "H01", "month": "2026-01"}),
        ("yuanzhang", "/run", {"cell": "H01 2026-01"}),
    ],
)
def test_each_deed_needs_its_own_right(enter: Enter, served: Path, login: str, path: str, data: dict[str, str]) -> None:
    assert enter(login).post(path, data=data).status_code == 403
    worked(served)
    assert Region(served).manifest.is_closed("H01", "2026-01") is None


@pytest.mark.parametrize("data", [{"cell": "H01 2031-01"}, {"cell": "H99 2026-01"}, {"due": ""}])
def test_no_month_to_work_out_is_said(enter: Enter, data: dict[str, str]) -> None:
    assert enter("kuaiji").post("/run", data=data).status_code == 400
