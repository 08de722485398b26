"""预警信号 · `heng desk signals`: the alerts that stand, and what their owners decide about them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from heng.core.errors import AccessError, HengError, did_you_mean
from heng.serve.cli.command import Dept, Month, Org, command
from heng.serve.cli.console import say
from heng.serve.cli.desk_group import group
from heng.serve.cli.desk_open import At, DeskOptions, opened, until
from heng.serve.cli.desk_show import done, give

if TYPE_CHECKING:
    from heng.app.inputs import Cell
    from heng.app.reader import Reader
    from heng.desk.schema import Decision

signals = group("signals", "预警信号：确认、静音、是否属实、新基线 · signals, and what their owners decide")
SHOWN = ("org", "dept", "month", "watch", "level", "standing", "rule", "value", "line", "since", "owners", "cause_zh", "cause_en")


@dataclass(kw_only=True)
class ListOptions(DeskOptions):
    """预警一览的选项 · Options of `heng desk signals list`."""

    org: Org = ""
    month: Month = ""


@dataclass(kw_only=True)
class DecideOptions(DeskOptions):
    """决定的选项 · Options of what an owner decides."""

    watch: Annotated[str, Argument(metavar="WATCH", help="监测 · the watch, see list")]
    org: Annotated[str, Option("--org", help="医院编码或名称 · hospital code or name")]
    reason: Annotated[str, Option("--reason", help="理由 · reason")]
    dept: Dept = ""
    month: Month = ""


@dataclass(kw_only=True)
class MuteOptions(DecideOptions):
    """静音的选项 · Options of `heng desk signals mute`."""

    until: Annotated[str, Option("--until", metavar="2026-06-30", help="到哪一天为止，当天仍静音 · the last day of it")]


@command("list", ListOptions, signals)
def list_signals(asked: ListOptions) -> None:
    """看得到的预警；不写月份就看最近一月 · The signals that I see, of the latest month unless one is named."""
    with opened(asked) as at:
        found = _standing(at, at.org(asked.org), asked.month)
        give([{n: row[n] for n in SHOWN} for row in found], as_data=asked.json, name="signals")


def _decision(name: str, kind: str, about: str) -> Callable[[DecideOptions], int | None]:
    options = MuteOptions if kind == "mute" else DecideOptions

    def decide_on(asked: DecideOptions) -> None:
        from heng.app.decided import counts_from

        with opened(asked) as at:
            made = _decide(at, asked, kind)
            told = {n: getattr(made, n) for n in ("kind", "watch", "org", "dept", "month")}
            counts = counts_from(at.desk.region.manifest, made.org, made.month)
            done("signals_decide", as_data=asked.json, **told, **({"counts_from": counts} if asked.json else {}))
            if counts != made.month and not asked.json:
                say("desk.counts_from" if counts else "desk.counts_later", month=made.month, counts=counts)

    decide_on.__doc__ = about
    return command(name, options, signals)(decide_on)


acknowledge = _decision("acknowledge", "acknowledge", "确认收到：知道了，正在办 · Acknowledge: it is known, and being dealt with")
mute = _decision("mute", "mute", "静音到某一天：期间不再立案 · Mute until a day: no case is opened meanwhile")
unmute = _decision("unmute", "unmute", "取消静音：又照常立案 · Take a mute back: cases are opened again")
real = _decision("real", "real", "属实 · The alert was real")
not_real = _decision("not-real", "not_real", "不属实：误报 · The alert was false")
rebaseline = _decision("rebaseline", "baseline", "确认程序建议的新基线 · Confirm the new baseline that the program proposes")


def _decide(at: At, asked: DecideOptions, kind: str) -> "Decision":
    from heng.serve.deciding import Decider, Deciding, decided, watched

    org, dept = at.org(asked.org), asked.dept or None
    if kind == "unmute":
        row = watched(at.desk, asked.watch, org, asked.month, (m for _, cells in _held(at, org) for _, m in cells))
    else:
        row = _signal(at, asked, org)
    last = until(asked.until) if isinstance(asked, MuteOptions) else None
    return decided(at.desk, Decider(at.by, at.roles), Deciding(kind, asked.watch, org, dept, asked.reason, last), row)


def _signal(at: At, asked: DecideOptions, org: str) -> dict[str, Any]:
    """The signal that is meant."""
    standing = _standing(at, org, asked.month)
    row = next((r for r in standing if (r["watch"], r["dept"] or None) == (asked.watch, asked.dept or None)), None)
    if row is None:
        near = did_you_mean(asked.watch, {r["watch"] for r in standing} - {asked.watch})
        raise HengError(
            f"{org} {asked.dept} 没有预警 {asked.watch}",
            f"{org} {asked.dept} has no signal {asked.watch}",
            where="heng desk signals",
            mend=near
            if near[0]
            else ("heng desk signals list 列出监测、科室与月份", "heng desk signals list tells watch, department and month"),
        )
    return row


def _held(at: At, org: str) -> "Iterator[tuple[Reader, list[Cell]]]":
    """The region in each of the roles held today, with the months whose signals it sees."""
    from heng.tables.steering import Signal

    for reader in at.readers():
        try:
            cells = [c for c in reader.cells(Signal, [org] if org else []) if c in reader.held(Signal)]
        except AccessError:  # in another role perhaps
            cells = []
        yield reader, cells


def _standing(at: At, org: str, month: str) -> list[dict[str, Any]]:
    """The signals seen in any of the roles held today, of one month, each once."""
    from heng.app.held import held
    from heng.core.period import period
    from heng.tables.steering import Signal

    found = dict[tuple[str, ...], dict[str, Any]]()
    for reader, cells in _held(at, org):
        months = period(month).months if month else tuple(sorted({m for _, m in cells}))[-1:]
        for row in held(reader, Signal, [c for c in cells if c[1] in months]).iter_rows(named=True) if cells else ():
            found[row["org"], row["month"], row["watch"], row["dept"]] = row | {"standing": row["state"]}
    return [found[k] for k in sorted(found)]
