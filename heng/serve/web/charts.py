"""图：每张回答一个问题 · Charts, one question each: options for ECharts in one style, and the same numbers as a table.

Each builder gives an option for the macro `chart(option, title)`; the title is the answer, and the caller's. `table` in it is
drawn beside the picture for who cannot see it. Colour is never alone: alerts have a shape of their own, what is negative is
hatched, limits are dashed, cells carry their value. A point with `href` is a link. Floats are for drawing; tables are exact.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from heng.serve.voice import Voice
from heng.serve.web.series import Flow, Grid, Limits, Number, Point, Scale, Spot

Option = dict[str, Any]

BLUE, INK, SOFT, LINE, RED, YELLOW, GREEN = "#1d4f91", "#1f2937", "#5b6675", "#dfe4ea", "#b42318", "#c98a00", "#2f7d5b"
SHADES = ("#f1f5fb", "#c3d4ea", "#86a8d3", "#3f6fae", "#173e73")
"""由浅到深，一种颜色 · One colour from light to dark: it reads in black and white."""
ALERT = {"red": (RED, "triangle", " ▲"), "yellow": (YELLOW, "diamond", " ◆")}
"""预警的颜色与形状 · An alert's colour, its shape in a line, its sign beside a bar."""
HATCH = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": -0.785, "color": "rgba(255,255,255,0.65)"}
ROWS = 15
"""横条至多几条 · Bars that one chart shows at most."""


def trend(points: Sequence[Point], scale: Scale, limits: Limits | None = None) -> Option:
    """趋势 · A series over months with its control limits, the line of its watch, and a mark on every month of an alert."""
    pick, lines = scale.voice.pick, limits or Limits()
    known = (
        (pick("中线", "centre"), lines.centre, "dashed", SOFT),
        (pick("上限", "upper"), lines.upper, "dotted", SOFT),
        (pick("下限", "lower"), lines.lower, "dotted", SOFT),
        (pick("监测线", "watch"), lines.watch, "solid", RED),
    )
    # The line of the watch may lie upon a limit: its name stands at the other end.
    place = {"solid": "insideStartTop"}
    drawn = [
        {
            "name": name,
            "yAxis": _float(value),
            "lineStyle": {"type": kind, "color": colour},
            "label": {"color": colour, "formatter": "{b}", "position": place.get(kind, "end")},
        }
        for name, value, kind, colour in known
        if value is not None
    ]
    series = {
        "type": "line",
        "name": scale.name,
        "data": [_marked(p) for p in points],
        "symbolSize": 6,
        "lineStyle": {"width": 2, "color": BLUE},
        "itemStyle": {"color": BLUE},
        "markLine": {"silent": True, "symbol": "none", "data": drawn, "label": {"fontSize": 11}},
    }
    axes = {
        "xAxis": _names([p.name for p in points]),
        "yAxis": {**_values(scale, ends=False), "scale": True, "min": _edge(points, known, min), "max": _edge(points, known, max)},
    }
    told = [[p.name, scale.text(p.value), _alert(p, scale.voice)] for p in points]
    rows = [*told, *([name, scale.text(value), ""] for name, value, _, _ in known if value is not None)]
    head = [pick("月份", "month"), scale.name, pick("预警", "alert")]
    return {"grid": {**_grid(), "right": 60}, "tooltip": _tooltip(scale, "axis"), **axes, "series": [series], "table": _table(head, rows)}


def bars(points: Iterable[Point], scale: Scale, line: Number = None, most: int = ROWS) -> Option:
    """横条 · Horizontal bars, the longest value on top; beyond the first and last few only the table tells all."""
    ordered = sorted((p for p in points if p.value is not None), key=lambda p: p.value or 0, reverse=True)
    shown = ordered if len(ordered) <= most else [*ordered[: most // 2], *ordered[-(most - most // 2) :]]
    mark = {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "data": [{"xAxis": _float(line)}],
        "lineStyle": {"type": "dashed", "color": SOFT},
    }
    series = {
        "type": "bar",
        "name": scale.name,
        "data": [_bar(p) for p in reversed(shown)],
        "barMaxWidth": 18,
        "label": {"show": True, "position": "right", "formatter": f"value:{scale.form}", "color": INK, "fontSize": 11},
        **({"markLine": mark} if line is not None else {}),
    }
    axes = {"xAxis": {**_values(scale), "splitNumber": 4}, "yAxis": _side([p.name for p in reversed(shown)])}
    rows = [[p.name, scale.text(p.value), _alert(p, scale.voice)] for p in ordered]
    head = [scale.voice.pick("名称", "name"), scale.name, scale.voice.pick("预警", "alert")]
    return {"grid": _beside(scale), "tooltip": _tooltip(scale, "item"), **axes, "series": [series], "table": _table(head, rows)}


def waterfall(start: Point, steps: Sequence[Point], end: Point, scale: Scale) -> Option:
    """变动桥 · From one value to another by its causes, from top to bottom; the steps add up, and the table shows that they do."""
    level, floor, rises, falls, ends = Decimal(start.value or 0), list[Any](), list[Any](), list[Any](), list[Any]()
    lowest = highest = level
    for p in (start, *steps, end):
        change, total = Decimal(p.value or 0), p is start or p is end
        floor.append(0.0 if total else float(min(level, level + change)))
        ends.append(_linked(p, _float(change)) if total else "-")
        rises.append(_linked(p, _float(change)) if not total and change >= 0 else "-")
        falls.append({**_linked(p, _float(-change)), "told": _float(change)} if not total and change < 0 else "-")
        level = change if total else level + change
        lowest, highest = min(lowest, level), max(highest, level)
    pick, stack = scale.voice.pick, {"type": "bar", "stack": "bridge", "barMaxWidth": 22}
    label = {"show": True, "position": "right", "formatter": f"told:{scale.form}", "fontSize": 11, "color": INK}
    series = [
        {**stack, "name": "", "data": floor, "itemStyle": {"color": "transparent"}, "silent": True, "tooltip": {"show": False}},
        {**stack, "name": pick("合计", "total"), "data": ends, "itemStyle": {"color": BLUE}, "label": label},
        {**stack, "name": pick("增加", "more"), "data": rises, "itemStyle": {"color": YELLOW}, "label": label},
        {**stack, "name": pick("减少", "less"), "data": falls, "itemStyle": {"color": GREEN, "decal": HATCH}, "label": label},
    ]
    # Where the causes are small beside the whole the axis begins near them: the causes are what is asked for.
    near = {"min": float(lowest - (highest - lowest))} if lowest > 2 * (highest - lowest) else {}
    axes = {
        "xAxis": {**_values(scale, ends=not near), **near, "splitNumber": 4},
        "yAxis": _side([p.name for p in (start, *steps, end)], inverse=True),
    }
    rows = [[p.name, scale.text(p.value)] for p in (start, *steps, end)]
    table = _table([pick("原因", "cause"), scale.name], rows)
    return {"grid": _beside(scale), "tooltip": _tooltip(scale, "item"), **axes, "series": series, "table": table}


UPRIGHT = [
    {
        "query": {"maxWidth": 560},
        "option": {"series": [{"orient": "vertical", "left": 44, "right": 44, "top": 24, "label": {"position": "top"}}]},
    },
    {"option": {"series": [{"orient": "horizontal", "left": 8, "right": 130, "top": 8, "label": {"position": "right"}}]}},
]
"""窄屏上从上往下流 · In a narrow place what flows in several steps flows downwards: one name to a level, none over another."""


def sankey(flows: Iterable[Flow], scale: Scale) -> Option:
    """流向 · Where amounts go; flows of nothing are left out."""
    kept = [f for f in flows if f.value]
    names = dict.fromkeys(n for f in kept for n in (f.source, f.target))
    series = {
        "type": "sankey",
        "data": [{"name": n} for n in names],
        "links": [{"source": f.source, "target": f.target, "value": _float(f.value)} for f in kept],
        "nodeGap": 6,
        "nodeWidth": 14,
        "left": 8,
        "right": 130,
        "top": 8,
        "bottom": 8,
        "draggable": False,
        "emphasis": {"focus": "adjacency"},
        "lineStyle": {"color": "source", "opacity": 0.35},
        "label": {"color": INK, "fontSize": 12, "width": 120, "overflow": "break"},
    }
    pick = scale.voice.pick
    table = _table([pick("从", "from"), pick("到", "to"), scale.name], [[f.source, f.target, scale.text(f.value)] for f in kept])
    option: Option = {"tooltip": {"valueFormatter": scale.form}, "series": [series], "table": table}
    if {f.source for f in kept} & {f.target for f in kept}:
        option["media"] = UPRIGHT
    return option


def heat(grid: Grid, scale: Scale) -> Option:
    """热图 · One value in each cell of rows and columns, the darker the larger; what is not known stays empty."""
    cells, known = [], [float(v) for row in grid.values for v in row if v is not None]
    middle = (min(known, default=0.0) + max(known, default=0.0)) / 2
    for y, row in enumerate(grid.values):
        for x, value in enumerate(row):
            href = grid.hrefs[y][x] if grid.hrefs else ""
            # Dark cells carry light figures.
            light = {"label": {"color": "#fff"}} if value is not None and float(value) > middle else {}
            cells.append({"value": [x, y, "-" if value is None else float(value)], **light, **({"href": href} if href else {})})
    series = {
        "type": "heatmap",
        "name": scale.name,
        "data": cells,
        "label": {"show": len(grid.columns) <= 14, "formatter": f"cell:{scale.form}", "fontSize": 10, "color": INK},
        "labelLayout": {"hideOverlap": True},
        "itemStyle": {"borderColor": "#fff", "borderWidth": 1},
    }
    shade = {
        "min": min(known, default=0.0),
        "max": max(known, default=1.0),
        "inRange": {"color": list(SHADES)},
        "show": False,
    }
    axes = {
        "xAxis": _names(list(grid.columns)),
        "yAxis": {**_names(list(grid.rows)), "inverse": True, "axisLabel": {"color": INK, "interval": 0}},
    }
    rows = [[name, *(scale.text(v) for v in row)] for name, row in zip(grid.rows, grid.values, strict=True)]
    table = _table([scale.name, *grid.columns], rows)
    return {"grid": _grid(), "tooltip": {"valueFormatter": scale.form}, **axes, "visualMap": shade, "series": [series], "table": table}


def quadrants(spots: Sequence[Spot], x: Scale, y: Scale, at: tuple[Number, Number] = (None, None)) -> Option:
    """四象限 · Two measures of the same things, parted at `at` (the middle one of each where none is given)."""
    known = [s for s in spots if s.x is not None and s.y is not None]
    cross = [_float(a) if a is not None else _middle(v) for a, v in zip(at, ([s.x for s in known], [s.y for s in known]), strict=True)]
    parted = [{"xAxis": cross[0]}, {"yAxis": cross[1]}] if known else []
    series = {
        "type": "scatter",
        "data": [{"name": s.name, "value": [_float(s.x), _float(s.y)], **({"href": s.href} if s.href else {})} for s in known],
        "symbolSize": 11,
        "itemStyle": {"color": BLUE, "opacity": 0.85},
        "label": {"show": True, "formatter": "{b}", "position": "right", "fontSize": 11, "color": INK},
        "labelLayout": {"hideOverlap": True},
        "markLine": {
            "silent": True,
            "symbol": "none",
            "label": {"show": False},
            "lineStyle": {"type": "dashed", "color": SOFT},
            "data": parted,
        },
    }
    named = {"nameLocation": "middle", "nameGap": 30, "scale": True}
    axes = {"xAxis": {**_values(x), **named, "name": x.name}, "yAxis": {**_values(y), "scale": True, "name": y.name}}
    rows = [[s.name, x.text(s.x), y.text(s.y)] for s in spots]
    table = _table([x.voice.pick("名称", "name"), x.name, y.name], rows)
    return {
        "grid": {**_grid(), "top": 34, "bottom": 34, "right": 90},
        "tooltip": {"formatter": "{b}"},
        **axes,
        "series": [series],
        "table": table,
    }


def _float(value: Number) -> float | None:
    return None if value is None else float(value)


def _middle(values: Sequence[Number]) -> float | None:
    ordered = sorted(float(v) for v in values if v is not None)
    return ordered[len(ordered) // 2] if ordered else None


def _linked(p: Point, value: float | None) -> dict[str, Any]:
    return {"name": p.name, "value": "-" if value is None else value, **({"href": p.href} if p.href else {})}


def _marked(p: Point) -> dict[str, Any]:
    colour, shape, _ = ALERT.get(p.level, ("", "", ""))
    return _linked(p, _float(p.value)) | ({"symbol": shape, "symbolSize": 13, "itemStyle": {"color": colour}} if shape else {})


def _bar(p: Point) -> dict[str, Any]:
    colour = ALERT[p.level][0] if p.level in ALERT else RED if (p.value or 0) < 0 else BLUE
    hatched = {"decal": HATCH} if (p.value or 0) < 0 else {}
    mark = {"mark": ALERT[p.level][2]} if p.level in ALERT else {}
    return _linked(p, _float(p.value)) | {"itemStyle": {"color": colour, **hatched}} | mark


def _alert(p: Point, voice: Voice) -> str:
    return {"red": voice.pick("红色", "red"), "yellow": voice.pick("黄色", "yellow")}.get(p.level, "")


def _edge(points: Sequence[Point], lines: Iterable[tuple[str, Number, str, str]], which: Any) -> float | None:
    # The lines are to be seen too, with a little room beyond them.
    values = [float(v) for v in (*(p.value for p in points), *(line[1] for line in lines)) if v is not None]
    if not values:
        return None
    room = (max(values) - min(values)) * 0.08 or abs(values[0]) * 0.08
    return float(which(values)) + (room if which is max else -room)


def _names(names: list[str]) -> dict[str, Any]:
    plain = {"axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": LINE}}, "axisLabel": {"color": INK, "hideOverlap": True}}
    return {"type": "category", "data": names, **plain}


def _values(scale: Scale, *, ends: bool = True) -> dict[str, Any]:
    label = {"formatter": f"short:{scale.form}", "color": SOFT, "hideOverlap": True}
    # Where the edges are set to hold the lines they are no round figures, and not told.
    edges = {} if ends else {"showMinLabel": False, "showMaxLabel": False}
    return {"type": "value", "axisLabel": label | edges, "splitLine": {"lineStyle": {"color": "#edf0f3"}}}


def _side(names: list[str], *, inverse: bool = False) -> dict[str, Any]:
    # Names at the left of bars; one that is too long is cut, and whole in the table.
    label = {"color": INK, "width": 132, "overflow": "truncate", "fontSize": 12, "interval": 0}
    return {**_names(names), "axisLabel": label, "inverse": inverse}


def _beside(scale: Scale) -> dict[str, Any]:
    # Room at the right for the values: words for money take more of it in English.
    return {"left": 8, "right": 84 if scale.voice.lang == "zh" else 112, "top": 8, "bottom": 8, "containLabel": True}


def _grid() -> dict[str, Any]:
    return {"left": 8, "right": 16, "top": 24, "bottom": 8, "containLabel": True}


def _tooltip(scale: Scale, trigger: str) -> dict[str, Any]:
    return {"trigger": trigger, "valueFormatter": scale.form}


def _table(head: list[str], rows: list[list[str]]) -> dict[str, Any]:
    # A column that says nothing is not read out.
    used = [n for n in range(len(head)) if n == 0 or any(row[n] for row in rows)] or [0]
    return {"head": [head[n] for n in used], "rows": [[row[n] for n in used] for row in rows]}
