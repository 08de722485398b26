"""DuckDB 的 SQL 译成 Spark 的 · DuckDB's SQL in the words of Spark: the same SELECT, the same rows.

sqlglot knows both dialects; here stand the meanings on which they differ, and the macros, which Spark has not. What
comes out is one statement without parameters: the values of rules are written into it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import sqlglot
from sqlglot import exp

from heng.core.errors import TableError
from heng.store.engine import MACROS

Tree = Any
"""语法树的节点 · A node of a syntax tree: sqlglot is there only with the extra `spark`, so its types are not named."""

SECONDS = {"second": 1, "minute": 60, "hour": 3600}
WHOLE = "decimal(38, 0)"


def translated(select: str, values: Mapping[str, Any], files: Callable[[list[str]], str]) -> str:
    """译成一条 Spark SQL · One Spark statement; `files` gives the name of a view over Parquet files."""
    whole = exp.Subquery(this=sqlglot.parse_one(select, read="duckdb"))
    _expand(whole)
    for kind, meaning in MEANINGS.items():
        _each(whole, kind, meaning)
    _each(whole, exp.Cast, lambda cast: _typed(cast, values))
    _each(whole, exp.Placeholder, lambda found: _literal(values[found.name]))
    _each(whole, exp.ReadParquet, lambda found: exp.to_identifier(files([p.name for p in found.find_all(exp.Literal)])))
    return str(whole.this.sql("spark", identify=True))


def _each(whole: Tree, kind: type, meaning: Callable[[Tree], Tree]) -> None:
    for node in reversed(list(whole.find_all(kind))):  # the innermost first: what is around it may copy it
        node.replace(meaning(node))


# ---------------------------------------------------------------- macros


@cache
def _macros() -> dict[str, tuple[list[str], Tree]]:
    made = [m for m in sqlglot.parse(MACROS, read="duckdb") if m]
    bodies = {m.this.this.name: ([p.name for p in m.this.expressions], exp.Paren(this=m.expression)) for m in made}
    for _, body in bodies.values():
        _each(body, exp.IntDiv, _quotient)
    return bodies


def _quotient(node: Tree) -> Tree:
    # DIV would end at 64 bits, and / of whole numbers is a float; a multiple divided as a decimal is exact.
    return _said(f"((n - n % d) / d)::{WHOLE}", n=exp.cast(node.this, WHOLE), d=exp.cast(node.expression, WHOLE))


def _expand(whole: Tree) -> None:
    macros = _macros()
    while calls := [n for n in whole.find_all(exp.Anonymous) if n.name.lower() in macros]:
        names, body = macros[calls[-1].name.lower()]
        calls[-1].replace(_filled(body, dict(zip(names, calls[-1].expressions, strict=True))))


def _said(words: str, **parts: Tree) -> Tree:
    """用 DuckDB 的话写一个式子 · An expression in words, its parts filled in."""
    return _filled(sqlglot.parse_one(f"({words})", read="duckdb"), parts)


def _filled(body: Tree, parts: Mapping[str, Tree]) -> Tree:
    def part(node: Tree) -> Tree:
        own = isinstance(node, exp.Column) and not node.table and node.name in parts
        return exp.Paren(this=parts[node.name].copy()) if own else node

    return body.transform(part)


# ---------------------------------------------------------------- meanings on which the two differ


def _inlined(node: Tree) -> Tree:
    # unnest(…, recursive := true) makes columns of a list of records.
    return exp.Anonymous(this="inline", expressions=[node.this]) if node.expressions else node


def _one_list(node: Tree) -> Tree:
    # DuckDB walks several lists side by side, Spark would pair every element with every other.
    if sum(isinstance(e.unalias(), exp.Explode) or e.unalias().name == "inline" for e in node.expressions) > 1:
        raise TableError("一个 SELECT 里的几个 unnest 不能在 Spark 上运行", "several unnest in one SELECT do not run on Spark")
    return node


def _qualified(node: Tree) -> Tree:
    # Spark has no QUALIFY; the condition becomes a column of an inner SELECT and is taken out again.
    if not (found := node.args.get("qualify")):
        return node
    node.set("qualify", None)
    inner = node.copy().select(exp.alias_(found.this.copy(), "_qualified"))
    return exp.select("* except (_qualified)", dialect="spark").from_(inner.subquery("_t")).where(exp.column("_qualified"))


def _months(node: Tree) -> Tree:
    # DuckDB counts the boundaries crossed, Spark the whole units that fit in between.
    unit = node.text("unit").lower()
    if unit == "month":
        return _said("(year(b) - year(a)) * 12 + month(b) - month(a)", a=node.expression, b=node.this)
    if unit in SECONDS:
        whole = f"(unix_seconds(date_trunc('{unit}', b)) - unix_seconds(date_trunc('{unit}', a))) // {SECONDS[unit]}"
        return _said(whole, a=node.expression, b=node.this)
    if unit == "day":
        return exp.Anonymous(this="datediff", expressions=[exp.cast(node.this, "date"), exp.cast(node.expression, "date")])
    raise TableError(f"datediff 的单位 {unit} 不能在 Spark 上运行", f"datediff in {unit} does not run on Spark")


def _listed(node: Tree) -> Tree:
    # LISTAGG with DISTINCT fails beside other distinct sums in Spark 4.3: collect, sort, join. No row gives NULL, not "".
    given, condition = (node.this, node.expression) if isinstance(node, exp.Filter) else (node, None)
    distinct = given.find(exp.Distinct) if isinstance(given, exp.GroupConcat) else None
    if not distinct:
        return node
    words = exp.Anonymous(this="collect_set", expressions=distinct.expressions)
    words = exp.Filter(this=words, expression=condition) if condition else words
    return _said("case when array_length(w) > 0 then array_join(list_sort(w), s) end", w=words, s=given.args["separator"])


def _replaced(node: Tree) -> Tree:
    # Spark's * leaves columns out but replaces none: the new ones come last.
    fresh = [r for s in node.find_all(exp.Star) if s.find_ancestor(exp.Select) is node for r in s.args.get("replace") or ()]
    for star in [s for s in node.find_all(exp.Star) if s.args.get("replace")]:
        star.set("except_", [*(star.args.get("except_") or ()), *(exp.to_identifier(r.alias) for r in star.args["replace"])])
        star.set("replace", None)
    return node.select(*fresh, copy=False) if fresh else node


def _element(node: Tree) -> Tree:
    # Beyond the end of a list is NULL, not an error. sqlglot has counted a number from 0 already, a column it has not.
    place = node.expressions[0]
    return exp.Anonymous(this="get", expressions=[node.this, _said("n - 1", n=place) if isinstance(place, exp.Column) else place])


def _joined(node: Tree) -> Tree:
    # Texts are joined as texts: beside a number Spark would take an absent text for a number.
    node.set("expressions", [e if isinstance(e, exp.Literal) else exp.cast(e, "varchar") for e in node.expressions])
    return node


def _length(node: Tree) -> Tree:
    # DuckDB measures texts and lists by one word; a list is told by its type.
    return exp.ArraySize(this=node.this) if isinstance(node.this, exp.Cast) and node.this.to.this == exp.DataType.Type.ARRAY else node


def _position(node: Tree) -> Tree:
    if node.name.lower() != "list_position":
        return node
    return _said("nullif(p, 0)", p=exp.Anonymous(this="array_position", expressions=node.expressions))


MEANINGS: dict[type, Callable[[Tree], Tree]] = {
    exp.Explode: _inlined,
    exp.Sign: lambda n: _said("case when x > 0 then 1 when x < 0 then -1 when x = 0 then 0 end", x=n.this),
    exp.DataType: lambda n: exp.DataType.build(WHOLE) if n.this == exp.DataType.Type.INT128 else n,
    exp.DateDiff: _months,
    exp.Length: _length,
    exp.Anonymous: _position,
    exp.Bracket: _element,
    exp.Concat: _joined,
    exp.Filter: _listed,
    exp.GroupConcat: _listed,
    exp.Select: lambda n: _qualified(_replaced(_one_list(n))),
}


# ---------------------------------------------------------------- values of rules


def _typed(cast: Tree, values: Mapping[str, Any]) -> Tree:
    """带类型的清单或记录 · A typed list or record: written as JSON whose leaves are words, then cast."""
    if not (isinstance(cast.this, exp.Placeholder) and cast.to.args.get("nested")):
        return cast
    said = json.dumps(_words(values[cast.this.name]), ensure_ascii=False)
    shape = exp.Literal.string(_shape(cast.to))
    cast.set("this", exp.Anonymous(this="from_json", expressions=[exp.Literal.string(said), shape]))
    return cast


def _shape(kind: Tree) -> str:
    inner = kind.expressions
    if kind.this == exp.DataType.Type.STRUCT:
        return "struct<" + ",".join(f"`{f.name}`:{_shape(f.args['kind'])}" for f in inner) + ">"
    return f"array<{_shape(inner[0])}>" if kind.this == exp.DataType.Type.ARRAY else "string"


def _words(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _words(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_words(v) for v in value]
    return None if value is None else _word(value)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _literal(value: Any) -> Tree:
    if value is None or isinstance(value, bool):
        return exp.convert(value)
    if isinstance(value, list):
        made = exp.Array(expressions=[_literal(v) for v in value])
        return made if value else exp.cast(made, "array<varchar>", dialect="spark")
    if isinstance(value, Decimal | int):
        number = exp.Literal.number(_word(abs(value)))
        return exp.Paren(this=exp.Neg(this=number)) if value < 0 else number
    word = exp.Literal.string(_word(value))
    return exp.cast(word, "date") if isinstance(value, date) else word
