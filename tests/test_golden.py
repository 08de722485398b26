"""黄金算例：给定这些行，恰好得出那些行 · Golden cases: given these rows, exactly those rows come out.

`golden/<room>/<capability>.yaml` holds a list of cases: name, source, given (rows by table), policy (values laid on
top), expect (rows by table: only the columns named are compared, all rows must be there unless `contains: true`).
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import heng.app.region  # noqa: F401 - registers tables and capabilities
from heng.app.trial import Trial
from heng.core.table import table
from heng.store.engine import Engine
from heng.store.policy_files import read_policy

ROOMS = Path(__file__).parents[1] / "golden"
CASES = [
    pytest.param(case, id=f"{p.parent.name}.{p.stem}: {case['name']}")
    for p in sorted(ROOMS.glob("*/*.yaml"))
    if p.parent.name not in {"methods", "intake", "desk"}
    for case in yaml.load(p.read_text("utf8"), Loader=yaml.CSafeLoader)
]


@pytest.mark.parametrize("case", CASES)
def test_golden(case: dict[str, Any]) -> None:
    hold(case)


def hold(case: dict[str, Any], engine: Engine | None = None) -> None:
    """Work a case out on an engine (DuckDB by default) and compare."""
    policy = read_policy().scenario(case.get("policy", {}))
    cells = [tuple(c) for c in case.get("cells", [["H01", "2026-03"]])]
    trial = Trial({table(n): rows for n, rows in case["given"].items()}, policy, cells, engine)
    for name, rows in case["expect"].items():
        got = trial.compute(table(name)).to_dicts()
        columns = list(rows[0]) if rows else []
        have = sorted(tuple(plain(r[c]) for c in columns) for r in got)
        want = sorted(tuple(plain(r[c]) for c in columns) for r in rows)
        if case.get("contains"):
            assert not [w for w in want if w not in have], f"missing in {name}"
        else:
            assert have == want


def plain(value: object) -> str:
    """比较用的写法 · How a value is compared: decimals without trailing zeros, absence as —."""
    if value is None:
        return "—"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return format(Decimal(str(value)).normalize(), "f")
    return str(value)
