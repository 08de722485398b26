"""事项的依据 · The ground of a case: the cause of its alert in yuan and the months before, as far as the visitor may see them."""

from dataclasses import dataclass

from heng.core.errors import AccessError, HengError
from heng.core.indicator import INDICATORS
from heng.desk.schema import Case
from heng.serve.web.bridge import Bridge, bridge
from heng.serve.web.charts import Option
from heng.serve.web.drill import Place, address
from heng.serve.web.indicated import Told
from heng.serve.web.shown import told as said
from heng.serve.web.told import trend_told
from heng.serve.web.visit import Visit
from heng.tables.quality import CheckResult


@dataclass(frozen=True)
class Ground:
    """依据 · What a case rests on; where something cannot be shown, `reason` says why. `ways`: words and links to look further."""

    bridge: Bridge | None = None
    trend: Option | None = None
    title: str = ""
    reason: str = ""
    ways: tuple[tuple[str, str], ...] = ()


def ground(visit: Visit, case: Case) -> Ground:
    """一件事项的依据 · For an alert its bridge and its trend; for a correction the check and the table that it is about."""
    pick = visit.voice.pick
    if case.data.get("indicator") in INDICATORS:
        return _measured(visit, case)
    if check := case.data.get("check"):
        here = Place(case.month, case.org)
        failed = address(CheckResult) + Place(case.month, case.org, "", (f"check={check}",)).query
        rows = f"/table/{case.data['table']}{here.query}"
        return Ground(ways=((pick("这项检查的结果", "result of the check"), failed), (pick("被检查的表", "the table it checks"), rows)))
    return Ground()


def alerted(visit: Visit, place: tuple[str, str, str], indicator: str, watch: str) -> Ground:
    """一条预警的依据 · The bridge and the trend of a watch in a month at a hospital and department (empty: the whole hospital)."""
    month, org, dept = place
    at, pick = Place(month, org, dept), visit.voice.pick
    ways: tuple[tuple[str, str], ...] = ((pick("看这个指标", "see the indicator"), f"/indicator/{indicator}{at.query}"),)
    try:
        told = Told(visit, INDICATORS[indicator], at)
        mine = [s for s in told.measured.own_signals if s["watch"] == watch and s["month"] == month]
        found = [bridge(s, told.labels, told.scale) for s in mine]
        title = trend_told(told.measured, told.held, visit.voice)
        trend = told.trend() if told.measured.trend else None
    except AccessError:
        return Ground(reason=pick("以现在的身份看不到这里的数", "in the present role these figures are out of your scope"))
    except HengError as e:
        return Ground(reason="；".join(said(e, visit.voice)), ways=ways)
    ways += ((pick("为什么：逐笔追到文件的行", "why: line by line to the row of the file"), f"/why/{indicator}{at.query}"),)
    return Ground(found[0] if found else None, trend, title, ways=ways)


def _measured(visit: Visit, case: Case) -> Ground:
    data = case.data
    place = (data.get("seen", case.month), case.org, case.dept or "")
    return alerted(visit, place, data["indicator"], data.get("watch", ""))
