"""成本流向 · The flow of cost over a period: between the classes of departments, or into one of them; the same numbers as a table."""

from dataclasses import replace
from typing import Any, Literal

import polars as pl
from fastapi import APIRouter, Request, Response

from heng.core.table import money
from heng.serve.excel.rows import write_rows
from heng.serve.excel.shown import Words
from heng.serve.labels import Labels
from heng.serve.web.charts import Option, bars, sankey
from heng.serve.web.downloads import as_file, as_json
from heng.serve.web.drill import Place, Placing, Step, address, looked_at
from heng.serve.web.figures import figure
from heng.serve.web.flows import DIRECT, Flows, Leg, between_classes, clinical, grouped, into, told
from heng.serve.web.naming import cautions, labels_of
from heng.serve.web.series import Flow, Point, Scale
from heng.serve.web.shown import page
from heng.serve.web.visit import Visit, Visiting
from heng.tables.codes import CATEGORY
from heng.tables.costing import Allocation, DeptCost, DirectCost

router = APIRouter()
COLOUR = {DIRECT: "#6b7280", "admin": "#7a4fb5", "support": "#0e7490", "medtech": "#c98a00", "clinical": "#1d4f91"}
"""各类的颜色 · What has a colour has it in every picture of the flow."""


class Flowing:
    """成本流向 · The flow at a place, for one visitor."""

    def __init__(self, visit: Visit, at: Place, action: str = "see") -> None:
        """看哪里、看何时 · Where and when; where she sees one hospital only, that one."""
        self.reader, self.voice = visit.reader(action), visit.voice
        orgs = self.reader.orgs(Allocation)
        at = replace(at, org=orgs[0]) if not at.org and len(orgs) == 1 else at
        dept = looked_at(self.reader, DeptCost, at)
        self.seen = replace(dept, where=())
        code = next((v for n, v in dept.where if n == "dept"), "")
        self.at = Place(dept.period.name, next(iter(dept.orgs), ""), code)
        self.labels: Labels = labels_of(self.reader, self.voice, self.seen.period.months)
        self.flows: Flows = into(self.reader, self.seen, code) if code else between_classes(self.reader, self.seen)
        self.scale = Scale(money("金额", "amount"), self.voice)
        self.narrow = self.reader.sight(Allocation, self.seen.orgs).narrow

    def named(self, code: str) -> str:
        """叫什么 · A class, direct cost, or a department in words."""
        if code == DIRECT or code in CATEGORY:
            return self.voice.pick(*told(code))
        return self.labels.dept(code, self.at.org)

    def drawn(self) -> Option:
        """图 · Between classes; into one department, by the class of who gives."""
        legs = grouped(self.flows.drawn) if self.at.dept else self.flows.drawn
        option = sankey([Flow(self.named(leg.giver), self.named(leg.receiver), leg.amount) for leg in legs], self.scale)
        option["series"][0]["nodeGap"] = 24  # room for a name beside the smallest
        colours = {self.named(code): colour for code, colour in COLOUR.items()}
        for node in option["series"][0]["data"]:
            node["itemStyle"] = {"color": colours.get(node["name"], COLOUR["clinical"])}
        return option

    def givers(self) -> Option | None:
        """谁给得多 · The departments that gave to this one, as bars; none between classes."""
        points = [Point(self.named(leg.giver), leg.amount, self.href(leg)) for leg in self.flows.drawn if leg.group]
        return bars(points, self.scale) if points else None

    def href(self, leg: Leg) -> str:
        """再往下 · Where a leg leads: the rows of the allocation from that giver."""
        if not leg.group:
            return ""
        return address(Allocation) + replace(self.at, where=(f"giver={leg.giver}",)).query

    def sentence(self) -> str:
        """答案 · What the picture says: how much of the full cost came through allocation, most of it from where."""
        given = [leg for leg in self.flows.drawn if leg.receiver in (self.at.dept, "clinical") and leg.giver != DIRECT]
        yuan = money("金额", "amount")
        whole, passed = self.flows.full, sum(leg.amount for leg in given)
        if not whole or not given:
            return self.voice.pick("这一期间没有分摊结果", "nothing has been allocated in this period")
        most = max(given, key=lambda leg: leg.amount)
        full = figure(whole, yuan, self.voice)
        said = self.voice.pick(
            "全成本 {} {}，其中 {:.1%} 由分摊而来，最多来自 {}", "full cost {} {}: {:.1%} of it was allocated, most of it from {}"
        )
        return said.format(full.text, full.unit, passed / whole, self.named(most.giver))

    def rows(self) -> pl.DataFrame:
        """同样的数 · The same numbers as rows."""
        kind = {True: self.voice.pick("平级", "among peers"), False: self.voice.pick("逐级", "step by step")}
        named = [(self.named(leg.giver), self.named(leg.receiver), kind[leg.peer], leg.amount) for leg in self.flows.legs]
        return pl.DataFrame(
            named,
            orient="row",
            schema={"giver": pl.String, "receiver": pl.String, "kind": pl.String, "amount": pl.Decimal(18, 2)},
        )


HEADERS = {"giver": ("从", "from"), "receiver": ("到", "to"), "kind": ("方式", "how"), "amount": ("金额（元）", "amount (yuan)")}


@router.get("/flow")
def flow(request: Request, visit: Visiting, at: Placing) -> Response:
    """成本流向 · The flow as a page."""
    return page(request, "flow.html", visit, **_values(Flowing(visit, at)))


@router.get("/flow.{kind}")
def taken(visit: Visiting, kind: Literal["json", "csv", "xlsx"], at: Placing) -> Response:
    """带走 · The flow as JSON, or as a file of its legs."""
    found = Flowing(visit, at, "see" if kind == "json" else "export")
    if kind == "json":
        return as_json(_data(found))
    name = f"{visit.voice.pick('成本流向', 'flow of cost')} {found.at.period}"
    return as_file(name, f".{kind}", lambda path: write_rows(found.rows(), None, path, Words(visit.voice.lang, {}, HEADERS)))


def _data(found: Flowing) -> dict[str, Any]:
    flows = found.flows
    legs = [{"from": leg.giver, "to": leg.receiver, "amount": leg.amount, "peer": leg.peer} for leg in flows.legs]
    place = {"period": found.at.period, "org": found.at.org, "dept": found.at.dept, "generation": found.reader.region.manifest.generation}
    return {**place, "legs": legs, "direct": flows.direct, "full": flows.full, "difference": flows.difference}


def _values(found: Flowing) -> dict[str, Any]:
    voice, yuan, flows = found.voice, money("金额", "amount"), found.flows
    months = sorted({m for _, m in found.reader.cells(DeptCost, found.seen.orgs)}, reverse=True)
    known = cautions(found.reader, found.seen, DeptCost, Allocation, DirectCost)
    return {
        "at": found.at,
        "trail": _trail(found),
        "months": months,
        "option": found.drawn() if any(leg.amount for leg in flows.legs) else None,
        "givers": found.givers(),
        "sentence": found.sentence(),
        "legs": [
            (found.named(leg.giver), found.named(leg.receiver), leg.peer, figure(leg.amount, yuan, voice), found.href(leg))
            for leg in flows.legs
        ],
        "direct": figure(flows.direct, yuan, voice),
        "full": figure(flows.full, yuan, voice),
        "difference": figure(flows.difference, yuan, voice),
        "departments": _departments(found),
        "narrow": found.narrow,
        "cautions": [voice.say(key, **values) for key, values in known.phrases()],
    }


def _trail(found: Flowing) -> list[Step]:
    at, labels = found.at, found.labels
    steps = [Step(found.reader.region.name, f"/flow{Place(at.period).query}")]
    steps += [Step(labels.org(at.org), f"/flow{replace(at, dept='').query}")] if at.org else []
    steps += [Step(labels.dept(at.dept, at.org))] if at.dept else []
    return [*steps[:-1], replace(steps[-1], href="")]


def _departments(found: Flowing) -> list[Step]:
    """The departments or hospitals that can be chosen next."""
    at = found.at
    if not at.org:
        return [Step(found.labels.org(o), f"/flow{replace(at, org=o).query}") for o in found.reader.orgs(Allocation)]
    if at.dept:
        return []
    return [Step(found.labels.dept(d, at.org), f"/flow{replace(at, dept=d).query}") for d in clinical(found.reader, found.seen)]
