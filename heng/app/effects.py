"""效果核对的数值 · Answering a case with the figure of the month as the region worked it out."""

from decimal import Decimal

import polars as pl

from heng.app.desk import Desk
from heng.app.region import Region
from heng.desk.answering import must_answer_case
from heng.desk.cases import Answer, answer
from heng.desk.schema import Case
from heng.tables.steering import Figure


def answered(desk: Desk, case: int, reply: Answer) -> Case:
    """答复 · Answer the current step of a case; where it asks for a figure of its indicator, that of the region's books.

    AccessError for whose step it is, where the templates of rights give no right to answer there.
    """
    must_answer_case(desk.db, desk.rights, case, reply.person)
    return answer(desk.db, case, reply, desk.workdays, lambda about, month: figure(desk.region, about, month))


def figure(region: Region, case: Case, month: str) -> Decimal | None:
    """某月数值 · The indicator of a case in a month; None where the month is not worked out, or has no value."""
    part = region.manifest.part(Figure.__name__, case.org, month)
    if part is None or not part.rows:
        return None
    place = {"indicator": case.data["indicator"], "dept": case.dept or ""}
    found = pl.read_parquet(region.path / part.file).filter(**place)["value"].to_list()
    return found[0] if found else None
