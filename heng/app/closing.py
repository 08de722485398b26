"""结账：锁住一个月；反结账须另一人说明原因 · Closing a month: lock it; a second person reopens it, with a reason."""

import polars as pl

from heng.app.compute import outdated
from heng.app.region import Region, now
from heng.core.errors import HengError
from heng.store.manifest import Closing
from heng.tables.costing import DeptCost, TieOut


def close(region: Region, org: str, month: str, by: str = "", reason: str = "") -> Closing:
    """结账 · Lock a hospital's month at a new generation.

    Raises HengError when the month was not worked out, or not since its files, policy or code changed, or when its
    tie-out shows a difference and no reason is given.
    """
    with region.writing("heng close"):
        if region.manifest.is_closed(org, month):
            raise HengError(
                f"{org} {month} 已经结账", f"{org} {month} is closed already", mend=("要改动请先 --reopen", "reopen it first: --reopen")
            )
        _complete(region, org, month, reason)
        made = Closing(org, month, by or region.by, now(), region.manifest.generation + 1, reason)
        region.manifest = region.manifest.with_closings((*region.manifest.closed, made), region.manifest.reopened)
        region.publish(f"close {org} {month}")
    return made


def reopen(region: Region, org: str, month: str, by: str, reason: str) -> Closing:
    """反结账 · Reopen a month: another person than the one who closed it, with a reason. The closed figures stay beside."""
    with region.writing("heng close --reopen"):
        closed = region.manifest.is_closed(org, month)
        if not closed:
            raise HengError(f"{org} {month} 没有结账", f"{org} {month} is not closed")
        if not by or by == closed.by:
            raise HengError(
                f"{closed.by} 结的账须由另一人反结账",
                f"what {closed.by} closed must be reopened by another person",
                mend=("用 --by 写明是谁", "say who with --by"),
            )
        if not reason.strip():
            raise HengError("反结账须写明原因", "reopening needs a reason", mend=("用 --reason 写明", "give it with --reason"))
        made = Closing(org, month, by, now(), closed.generation, reason)
        still = [c for c in region.manifest.closed if c != closed]
        region.manifest = region.manifest.with_closings(still, (*region.manifest.reopened, made))
        region.publish(f"reopen {org} {month}")
    return made


def _complete(region: Region, org: str, month: str, reason: str) -> None:
    if not region.manifest.part(DeptCost.__name__, org, month):
        raise HengError(
            f"{org} {month} 还没有算完",
            f"{org} {month} has not been worked out",
            mend=("请重新计算（网页「计算」，或 heng run）", "work it out again (the page Run, or heng run)"),
        )
    if stale := outdated(region, (org, month)):
        raise HengError(
            f"{org} {month} 算完以后又有改动，结果已过时：{stale[0].zh}",
            f"{org} {month} has changed since it was worked out; out of date: {stale[0].en}",
            mend=("先运行 heng run，看过再结账", "run heng run, look again, then close"),
        )
    part = region.manifest.part(TieOut.__name__, org, month)
    tie = pl.read_parquet(region.path / part.file) if part else pl.DataFrame({"difference": []})
    open_ = tie.filter(pl.col("difference") != 0)
    if open_.height and not reason:
        raise HengError(
            f"{org} {month} 勾稽有差额：{open_['arrow_zh'][0]} {open_['difference'][0]}",
            f"{org} {month} does not tie: {open_['arrow_en'][0]} {open_['difference'][0]}",
            mend=("查清差额，或用 --reason 写明为何仍结账", "find the difference, or say with --reason why it is closed all the same"),
        )
