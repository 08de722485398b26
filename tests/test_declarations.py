"""申明须齐全 · What tables, parameters, capabilities and indicators owe the reader: names, units, sources, golden cases."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import heng.desk.forms
import heng.desk.rights
import heng.rooms
import heng.serve.excel.wording
import heng.serve.paper.told
import heng.serve.web.cockpit
import heng.tables
from heng.core.capability import CAPABILITIES, Capability
from heng.core.indicator import INDICATORS
from heng.core.params import Params
from heng.core.table import TABLES, Column
from heng.store.policy_files import read_policy

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = ("decimal", "bigint", "double", "hugeint")  # `integer` is a name written in digits: a row, a step
LATIN, CHINESE = re.compile(r"[A-Za-z]"), re.compile(r"[\u4e00-\u9fff]")
MONEY = re.compile(r"(^|_)(amount|cost|income|price|fee|budget|salary|profit)($|_)")

for package in (heng.tables, heng.rooms):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)

# Read after the declarations are in: each is registered where it is declared. Tables that tests declare are not the house's.
COLUMNS = {f"{t.__name__}.{n}": c for t in TABLES.values() if t.__module__.startswith("heng.") for n, c in t.columns.items()}
OURS = [c for c in CAPABILITIES.values() if c.run.__module__.startswith("heng.rooms.")]


def both(zh: str, en: str) -> bool:
    """Whether a thing has a Chinese and an English name (an abbreviation of the trade may stand in for Chinese)."""
    return bool(zh.strip() and (CHINESE.search(zh) or zh.isupper()) and LATIN.search(en))


def column_offences(name: str, c: Column) -> Iterator[str]:
    """What a column lacks."""
    if not both(c.zh, c.en):
        yield f"{name}: zh {c.zh!r}, en {c.en!r}"
    if c.type.startswith(NUMBERS) and not c.unit:
        yield f"{name}: a number without a unit"
    if ("元" in c.unit or MONEY.search(name.rpartition(".")[2])) and c.type.startswith(("double", "float", "real")):
        yield f"{name}: money as {c.type}"


def test_every_column_has_both_names_a_unit_and_no_float_money() -> None:
    assert COLUMNS
    assert [offence for name, c in COLUMNS.items() for offence in column_offences(name, c)] == []


@pytest.mark.parametrize(
    "bad",
    [
        Column(zh="amount", en="amount", type="varchar"),
        Column(zh="金额", en="", type="varchar"),
        Column(zh="人数", en="people", type="bigint"),
        Column(zh="金额", en="amount", type="double", unit="万元"),
    ],
)
def test_a_poor_column_is_caught(bad: Column) -> None:
    assert list(column_offences("T.x", bad))


def test_every_table_has_both_names_and_a_singular_noun() -> None:
    ours = [t for t in TABLES.values() if t.__module__.startswith("heng.")]
    assert [t.__name__ for t in ours if not both(t.zh, t.en)] == []
    assert [t.__name__ for t in ours if re.search(r"[^su]s$", t.__name__)] == []


@pytest.mark.parametrize("c", OURS, ids=lambda c: c.name)
def test_a_capability_is_complete(c: Capability) -> None:
    assert both(c.zh, c.en)
    assert len(inspect.getsource(inspect.getmodule(c.run) or c.run).splitlines()) <= 150
    path = c.name.replace(".", "/")
    cases = yaml.safe_load((ROOT / f"golden/{path}.yaml").read_text("utf8"))
    assert cases, "at least one golden case"
    if any(rule.at == c.name for rule in c.rules.values()):
        assert (ROOT / f"heng/policy/{path}.yaml").is_file()


def policy_offences(where: str, said: Any) -> Iterator[str]:
    """Dated values without a source, wherever they stand: `{since: …, value: …, source: …}` or `date: {value: …, source: …}`."""
    if isinstance(said, dict):
        if "value" in said and not str(said.get("source") or "").strip():
            yield f"{where}: a value without its source document"
        for key, inner in said.items():
            if key != "value":
                yield from policy_offences(f"{where}: {key}", inner)
    elif isinstance(said, list):
        for inner in said:
            yield from policy_offences(where, inner)


def test_every_value_of_policy_names_its_document() -> None:
    files = sorted((ROOT / "heng/policy").rglob("*.yaml"))
    assert [o for p in files for o in policy_offences(p.relative_to(ROOT).as_posix(), yaml.safe_load(p.read_text("utf8")))] == []


def test_a_value_without_a_document_is_caught() -> None:
    assert list(policy_offences("x", {"costing.x.y": {"values": [{"since": "2021-01-01", "value": 1}]}}))
    assert list(policy_offences("x", {"costing.x.y": {"2021-01-01": {"value": 1, "source": ""}}}))


def test_every_parameter_that_a_capability_reads_stands_in_policy() -> None:
    keys = {f"{rule.at}.{name}" for c in OURS for rule in c.rules.values() for name in rule.kinds()}
    assert sorted(keys - set(read_policy().values)) == []


def test_every_parameter_of_policy_has_a_reader() -> None:
    read = {f"{rule.at}.{name}" for rule in Params.__subclasses__() for name in rule.kinds()}
    assert sorted(set(read_policy().values) - read) == []


def test_every_indicator_says_its_unit_direction_and_formula() -> None:
    for i in INDICATORS.values():
        assert both(i.zh, i.en), i.key
        assert i.unit, i.key
        assert i.better in ("higher", "lower", "neither"), i.key
        assert both(*i.formula), i.key
