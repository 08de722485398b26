"""纸上的图 · Drawings for paper: a series with its limits, bars in order, the bridge of causes. Readable in black and white.

Each is an SVG of plain shapes and text; its figures stand beside the marks, so that nothing must be read off an axis.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from itertools import accumulate, pairwise

from heng.serve.excel.width import places
from heng.serve.web.series import Limits, Point

FONT, LETTER = "Noto Sans SC", 9
INK, QUIET, LINE, BLUE, RED, GREEN = "#1f2937", "#6b7280", "#d1d5db", "#1d4f91", "#b42318", "#3f6f4f"
ALERTS = {"red": RED, "yellow": "#a15c00"}
Told = Callable[[Decimal], str]
"""数怎样写 · How a value is written."""


@dataclass(frozen=True)
class Words:
    """图上的字 · The words of a drawing that are not figures: of the limits, and of an axis that does not begin at nothing."""

    centre: str
    limits: str
    watch: str
    cut: str


def _text(spot: tuple[float, float], said: str, *, at: str = "start", ink: str = INK, bold: bool = False) -> str:
    (x, y), weight = spot, ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{at}" fill="{ink}" font-family="{FONT}" font-size="{LETTER}"{weight}>'
        f"{escape(said)}</text>"
    )


def _line(ends: tuple[float, float, float, float], ink: str = LINE, dash: str = "", width: float = 1) -> str:
    x1, y1, x2, y2 = ends
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{ink}" stroke-width="{width}"{dashed}/>'


def _svg(width: float, height: float, parts: Sequence[str]) -> str:
    box = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box} role="img">{"".join(parts)}</svg>'


def trend(points: Sequence[Point], limits: Limits, told: Told, words: Words) -> str:
    """趋势 · The months as a line, broken where one is not known; limits dashed, alerts marked by a triangle, ends and alerts told."""
    width, height, left, right, top, bottom = 340.0, 170.0, 8.0, 74.0, 22.0, 24.0
    known = [Decimal(p.value) for p in points if p.value is not None]
    lines = [(Decimal(v), name, dash) for v, name, dash in _levels(limits, words) if v is not None]
    low, high = min([*known, *(v for v, _, _ in lines)]), max([*known, *(v for v, _, _ in lines)])
    span = (high - low) or abs(high) or Decimal(1)
    step = (width - left - right) / max(1, len(points) - 1)

    def y(value: Decimal) -> float:
        return top + (height - top - bottom) * float((high - value) / span)

    parts = [_line((left, y(v), width - right, y(v)), QUIET, dash) for v, _, dash in lines]
    beside = [(y(v) + 3, f"{name} {told(v)}", False) for v, name, _ in lines]
    if points[-1].value is not None:
        beside.append((y(Decimal(points[-1].value)) + 3, told(Decimal(points[-1].value)), True))
    parts += _apart(beside, width - right + 6)
    spots = [(left + n * step, y(Decimal(p.value))) if p.value is not None else None for n, p in enumerate(points)]
    parts += [_line((*a, *b), BLUE, width=1.6) for a, b in pairwise(spots) if a and b]
    for point, spot in zip(points, spots, strict=True):
        parts += _mark(point, spot) if spot else []
    if spots[0]:
        parts.append(_text((left, spots[0][1] - 7), told(Decimal(points[0].value or 0))))
    for n in sorted({0, len(points) // 2, len(points) - 1}):
        at = "start" if n == 0 else "end" if n == len(points) - 1 else "middle"
        parts.append(_text((left + n * step, height - 6), points[n].name, at=at, ink=QUIET))
    return _svg(width, height, parts)


def _levels(limits: Limits, words: Words) -> list[tuple[Decimal | int | None, str, str]]:
    return [
        (limits.centre, words.centre, "1 3"),
        (limits.lower, words.limits, "4 3"),
        (limits.upper, words.limits, "4 3"),
        (limits.watch, words.watch, "8 3"),
    ]


def _apart(told: list[tuple[float, str, bool]], x: float) -> list[str]:
    """What is said of lines that lie close to each other, one below the other."""
    placed, below = list[str](), 0.0
    for y, said, bold in sorted(told):
        below = max(y, below + LETTER + 1)
        placed.append(_text((x, below), said, ink=INK if bold else QUIET, bold=bold))
    return placed


def _mark(point: Point, spot: tuple[float, float]) -> list[str]:
    x, y = spot
    if not point.level:
        return [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{BLUE}"/>']
    corners = f"{x:.1f},{y - 5:.1f} {x - 4.5:.1f},{y + 3:.1f} {x + 4.5:.1f},{y + 3:.1f}"
    return [f'<polygon points="{corners}" fill="{ALERTS[point.level]}"/>']


def bars(points: Sequence[Point], told: Told) -> str:
    """排名 · Bars in the order given, each with its name and figure; what is below nothing goes to the left, and is hollow."""
    width, row = 700.0, 18.0
    left = min(230.0, 12 + LETTER / 2 * max(places(p.name) for p in points))
    low = min(Decimal(0), *(Decimal(p.value or 0) for p in points)) if points else Decimal(0)
    high = max(Decimal(0), *(Decimal(p.value or 0) for p in points))
    room, span = width - left - 170, float((high - low) or 1)
    shift = left + (80 if low < 0 else 0)
    zero = shift + room * float(-low) / span
    parts = [_line((zero, 0, zero, row * len(points)), QUIET)]
    for n, point in enumerate(points):
        value, y = Decimal(point.value or 0), n * row
        long = room * abs(float(value)) / span
        x, fill, edge = (zero, BLUE, BLUE) if value >= 0 else (zero - long, "#ffffff", RED)
        parts.append(_text((left - 6, y + 12), point.name, at="end"))
        parts.append(f'<rect x="{x:.1f}" y="{y + 3:.1f}" width="{long:.1f}" height="11" fill="{fill}" stroke="{edge}"/>')
        end, at = (zero + long + 5, "start") if value >= 0 else (zero - long - 5, "end")
        parts.append(_text((end, y + 12), told(value), at=at, ink=INK if value >= 0 else RED))
    return _svg(width, row * len(points) + 4, parts)


def bridge(ends: tuple[Point, Point], steps: Sequence[Point], told: Told, words: Words) -> str:
    """变动桥 · From the first amount to the last, cause by cause; each cause begins where the one before ended."""
    width, row = 700.0, 18.0
    first, last = (Decimal(p.value or 0) for p in ends)
    reached = list(accumulate((Decimal(s.value or 0) for s in steps), initial=first))
    low, high = min(*reached, last), max(*reached, last)
    base = low - (high - low) / 4 if low > 0 and low > (high - low) else min(Decimal(0), low)
    left = min(230.0, 12 + LETTER / 2 * max(places(p.name) for p in (*ends, *steps)))
    room, span = width - left - 120, float((high - base) or 1)

    def x(value: Decimal) -> float:
        return left + room * float(value - base) / span

    parts = list[str]()
    for n, point in enumerate((ends[0], *steps, ends[1])):
        whole, y = n in (0, len(steps) + 1), n * row
        value = Decimal(point.value or 0)
        begin, end = (base, value) if whole else (reached[n - 1], reached[n])
        fill = INK if whole else RED if value > 0 else GREEN
        a, b = sorted((x(begin), x(end)))
        hollow = not whole and value < 0
        shape = f'x="{a:.1f}" y="{y + 3:.1f}" width="{max(b - a, 0.8):.1f}" height="11"'
        parts.append(f'<rect {shape} fill="{"#ffffff" if hollow else fill}" stroke="{fill}"/>')
        parts.append(_text((left - 6, y + 12), point.name, at="end", bold=whole))
        parts.append(_text((b + 5, y + 12), ("" if whole or value < 0 else "+") + told(value), bold=whole))
        if n <= len(steps):
            joint = x(reached[min(n, len(steps))])
            parts.append(_line((joint, y + 14, joint, y + row + 3), QUIET, "2 2"))
    height = row * (len(steps) + 2) + 4
    if base > 0:
        parts.append(_text((left, height + 8), words.cut, ink=QUIET))
        height += 14
    return _svg(width, height, parts)
