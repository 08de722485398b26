"""同一句 SQL 在两个引擎上的含义 · What the two engines must agree on, sentence by sentence: digits, absence, order, time."""

from decimal import Decimal
from itertools import product

import polars as pl
import pytest

from heng.core.errors import TableError
from heng.store.engine import DuckDB
from heng.store.spark import Spark

EDGES = [Decimal(s) for s in ("0", "0.01", "-0.01", "1", "3", "-7", "0.05", "99999.99", "-123456789.01", "100000000000.00")]
VALUES = {
    "records": [{"name": 'it\'s \\ "x"\n。', "rate": "1.235", "words": ["a", "b"], "on": True}, {"name": 2}],
    "empty": [],
    "listed": ["b", "c"],
    "limit": Decimal("-1.50"),
}
RECORDS = 'unnest($records::struct(name varchar, rate decimal(18,2), words varchar[], "on" boolean)[], recursive := true)'
ROWS = "(values (1, 'b', 2.00), (1, 'a', null), (2, null, -1.00), (2, '', 3.00), (3, '乙', 0.10)) as t(k, word, n)"
TIMES = "(values (timestamp '2026-01-31 23:59:59', timestamp '2026-03-01 00:00:01')) as t(a, b)"
SENTENCES = [
    f"select {RECORDS}",
    "select unnest($empty::struct(name varchar)[], recursive := true)",
    "select place, ($records::struct(name varchar)[])[place].name as name from (select unnest(range(1, 4)) as place)",
    f"select k, string_agg(distinct word, '、' order by word) filter (word <> '') as words from {ROWS} group by all",
    f"select k, string_agg(word, ',' order by n desc) as words, count(distinct word) as n from {ROWS} group by all",
    f"select * from {ROWS} qualify row_number() over (partition by k order by n) = 1",
    f"select k, word, n from (select * replace (k + 1 as k) from {ROWS})",
    f"select k, sum(n) filter (n > 0) as s, any_value(word) as w from {ROWS} group by all having sum(n) <> 0",
    f"select word || '!' as a, concat(word, '!', n) as b, concat_ws('/', word, k) as c, rtrim(n::varchar, '0') as d from {ROWS}",
    f"select list_contains($listed, word) as a, list_position($listed, word) as p, n > $limit as b, sign(n) as s from {ROWS}",
    f"select greatest(n, 1.00) as g, least(n, null) as l, contains(word, 'b') as c, starts_with(word, '乙') as s from {ROWS}",
    f"select k from {ROWS} semi join (select 1 as k) a using (k)",
    f"select date_diff('month', a, b) as m, date_diff('day', a, b) as d, date_diff('second', a, b) as s, a::date as x from {TIMES}",
    f"select a + interval 1 day as later, date_diff('minute', a, b) as m, date_diff('hour', a, b) as h, a from {TIMES}",
    "with recursive r as (select 1 as n union all select distinct n + 1 from r where n < 5) select n from r",
    "select 1.005::decimal(18,2) as up, (-1.005)::decimal(18,2) as down, '2.345'::decimal(18,2) as said, 7 // 2 as whole",
]


@pytest.fixture(scope="module")
def first() -> DuckDB:
    return DuckDB()


@pytest.mark.parametrize("sentence", SENTENCES)
def test_both_engines_say_the_same(sentence: str, first: DuckDB, engine: Spark) -> None:
    one, other = (e.rows(f"select * from ({sentence}) order by all", VALUES) for e in (first, engine))
    assert [plain(r) for r in other.select(one.columns).rows()] == [plain(r) for r in one.rows()]


def plain(row: tuple[object, ...]) -> tuple[object, ...]:
    """Numbers by value: 2 and 2.00 are the same."""
    return tuple(Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in row)


def test_every_macro_gives_the_same_digits(first: DuckDB, engine: Spark) -> None:
    rows = pl.DataFrame(list(product(EDGES, EDGES, EDGES[:6])), schema={n: pl.Decimal(18, 2) for n in "abc"}, orient="row")
    sums = {
        "ratio": "ratio(a, b)",
        "muldiv": "muldiv(a, c, b)",
        "fine": "case when abs(a) < 1000000 then fine(a, b) end",
        "volume": "breakeven_volume(a, b, c, 1.0000)",
        "income": "breakeven_income(a, b, c)",
    }
    found = []
    for e in (first, engine):
        e.table("edges", rows)
        found.append(e.rows(f"select a, b, c, {', '.join(f'{s} as {n}' for n, s in sums.items())} from edges order by a, b, c"))
    for name in sums:
        assert found[0][name].to_list() == found[1][name].to_list(), name


def test_what_does_not_fit_is_refused_by_both(first: DuckDB, engine: Spark) -> None:
    for e in (first, engine):
        with pytest.raises(TableError):
            e.rows("select (a * 1000000)::decimal(18,2) as x from (select 12345678901234.56::decimal(18,2) as a)")


def test_lists_side_by_side_are_refused_rather_than_crossed(engine: Spark) -> None:
    with pytest.raises(TableError, match="unnest"):
        engine.rows("select unnest([1, 2]) as a, unnest([3, 4]) as b")


def test_decimals_dates_and_absence_pass_both_doors_unchanged(engine: Spark) -> None:
    rows = pl.DataFrame(
        {"a": [Decimal("9999999999999999.99"), None], "n": [1, None], "w": ["x", None], "ok": [True, None], "on": [None, None]},
        schema={"a": pl.Decimal(18, 2), "n": pl.Int64, "w": pl.String, "ok": pl.Boolean, "on": pl.Date},
    )
    engine.table("given_rows", rows)
    assert engine.rows("select * from given_rows order by a").equals(rows)
    assert engine.columns('select a, n, w, ok, "on", 1 as i from given_rows') == {
        "a": "decimal(18,2)", "n": "bigint", "w": "varchar", "ok": "boolean", "on": "date", "i": "integer",
    }  # fmt: skip
