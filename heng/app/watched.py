"""带案头的运行 · A run with the desk: people's decisions go into it, and what it finds becomes cases."""

from collections.abc import Iterable
from typing import NamedTuple

from heng.app.alerts import open_cases
from heng.app.compute import Progress, RunReport, run
from heng.app.corrections import open_corrections
from heng.app.decided import publish_decisions
from heng.app.desk import Desk, place_of
from heng.app.inputs import Cell
from heng.app.opening import CaseReport
from heng.app.region import Region
from heng.app.return_cases import open_returns


class Watched(NamedTuple):
    """运行的结果 · What the run did, and the cases of its alerts, of its failed data checks, and of the insurer's returns."""

    done: RunReport
    alerts: CaseReport
    corrections: CaseReport
    returns: CaseReport


def run_watched(region: Region, cells: Iterable[Cell], progress: Progress, engine: str) -> Watched:
    """运行并立案 · Run with the desk's decisions, then open the cases; a region without a desk just runs."""
    wanted = list(cells)
    place = place_of(region)
    if not isinstance(place, str) and not place.exists():
        return Watched(run(region, wanted, progress=progress, engine=engine), CaseReport(), CaseReport(), CaseReport())
    desk = Desk(region)
    try:
        publish_decisions(region, desk)
        done = run(region, wanted, progress=progress, engine=engine)
        return Watched(done, *(opening(region, desk, wanted) for opening in (open_cases, open_corrections, open_returns)))
    finally:
        desk.db.close()
