"""科目 · The chart of accounts of a hospital: government chart of 2019, or the chart of 2010 that some still keep."""

from datetime import date
from typing import Any

import polars as pl

from heng.demo.catalogue import catalogue
from heng.demo.hospitals import Hospital

SINCE = date(2020, 1, 1)
ITEM_OF_FEED = {"Salary": "staff", "Material": "material", "DrugUse": "drug"}
COLUMNS = ["subject", "name", "item", "behaviour", "excluded", "leaf", "since"]


def account(hospital: Hospital, item: str, category: str, fund: str = "own") -> str:
    """记入哪个科目 · Account of a cost item (or of a running cost, by its Chinese name) in a class of departments."""
    lists = catalogue("charts")
    chart = lists[hospital.charts]
    root = chart["admin"] if category == "admin" else chart["business"]
    if item in lists["excluded"]:
        return str(chart["outside"] + lists["excluded"][item]["code"])
    if item in ("depreciation", "amortisation"):
        root = chart.get(fund, root)
    return str(root + (lists["items"].get(item) or lists["running"][item])["code"])


def subjects(hospital: Hospital) -> pl.DataFrame:
    """成本项目字典 · Columns of Subject: every account of the chart, roots first; roots are not leaves."""
    lists = catalogue("charts")
    chart = lists[hospital.charts]
    rows: list[tuple[Any, ...]] = [(root, name, None, None, None, False, SINCE) for root, name in chart["roots"].items()]
    for root in (chart["business"], chart["admin"]):
        rows += [_leaf(chart, root, item, entry) for item, entry in lists["items"].items() if _kept(root, chart, item)]
        rows += [_leaf(chart, root, name, {**entry, "name": name}) for name, entry in lists["running"].items()]
    for fund in ("fiscal", "research"):
        wear = ("depreciation", "amortisation") if fund in chart else ()
        rows += [_leaf(chart, chart[fund], item, lists["items"][item]) for item in wear]
    for name, entry in lists["excluded"].items():
        rows.append((chart["outside"] + entry["code"], name, "other", "fixed", entry["reason"], True, SINCE))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row", infer_schema_length=None).sort("subject")


def _kept(root: str, chart: dict[str, Any], item: str) -> bool:
    return root == chart["business"] or item in ("staff", "depreciation", "amortisation")


def _leaf(chart: dict[str, Any], root: str, item: str, entry: dict[str, Any]) -> tuple[Any, ...]:
    name = f"{chart['roots'][root]}—{entry['name'] or chart['staff']}"
    known = item if item in catalogue("charts")["items"] else "other"
    return root + entry["code"], name, known, entry["behaviour"], None, True, SINCE
