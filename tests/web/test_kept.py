"""看过的先记下再给 · Reads are in the audit before the answer leaves; what cannot be kept is not shown."""

from pathlib import Path

import pytest
from sqlalchemy import select

from heng.app.desk import Desk
from heng.app.region import Region
from heng.core.errors import DeskError
from heng.desk.schema import Audit
from tests.web.conftest import Enter

TABLE = "/costing/full_cost?org=H01"


def reads(folder: Path, login: str) -> list[str]:
    """The tables that the audit keeps of the reads of a person."""
    desk = Desk(Region(folder))
    with desk.db.reading() as session:
        rows = session.scalars(select(Audit).where(Audit.login == login, Audit.action == "see").order_by(Audit.id)).all()
    desk.db.close()
    return [a.object for a in rows]


def test_a_page_notes_each_table_once(enter: Enter, served: Path) -> None:
    browser = enter("caiwu")
    before = len(reads(served, "caiwu"))
    assert browser.get(TABLE).status_code == 200
    noted = reads(served, "caiwu")[before:]
    assert "DeptCost" in noted
    assert len(noted) == len(set(noted))


def test_a_page_whose_reads_cannot_be_kept_is_not_given(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = enter("caiwu")

    def full(_: object) -> None:
        raise DeskError("案头数据库写不进去", "the desk's database cannot be written")

    monkeypatch.setattr("heng.serve.web.kept.keep", full)
    page = browser.get(TABLE)
    assert page.status_code == 400
    assert "案头数据库写不进去" in page.text
    assert "<table" not in page.text
    answer = browser.get("/api/v1/tables/DeptCost/rows?org=H01")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
