"""总账 · The general ledger: for every account and fund exactly what the feeds booked in the month."""

import polars as pl

from heng.demo.accounts import ITEM_OF_FEED, account
from heng.demo.departments import Dept
from heng.demo.hospitals import Hospital


def ledger(hospital: Hospital, depts: tuple[Dept, ...], feeds: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """总账发生额 · Columns subject, fund, amount in fen, from the feeds of one month."""
    category = {d.code: d.category for d in depts}
    booked = [feeds["OtherCost"].select("subject", "fund", "amount")]
    for feed, item in (*ITEM_OF_FEED.items(), ("Depreciation", "")):
        lines = feeds[feed].with_columns(pl.col("dept").replace_strict(category).alias("category"))
        wear = pl.when(pl.col("intangible")).then(pl.lit("amortisation")).otherwise(pl.lit("depreciation"))
        named = lines.with_columns((pl.lit(item) if item else wear).alias("item"))
        keys = ["item", "category", "fund"]
        for found, part in sorted(named.group_by(keys), key=lambda pair: pair[0]):
            subject = account(hospital, *map(str, found))
            booked.append(part.select(pl.lit(subject).alias("subject"), "fund", "amount"))
    return pl.concat(booked).group_by("subject", "fund").agg(pl.col("amount").sum()).sort("subject", "fund")
