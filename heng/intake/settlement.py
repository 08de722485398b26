"""医保结算清单 4101（JSON）→ 各表 · Settlement lists of interface 4101, in JSON, as one sheet for each table that they fill.

A file holds one list, many, or a wrapper around them. A sheet's row numbers are those of the settlement lists in the file,
so that a finding says which one it means.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl

from heng.core.errors import FileError
from heng.intake import limits
from heng.intake.kind import damaged, too_large
from heng.intake.numerals import numeral
from heng.intake.sheet import Cell, Sheet, grid

Document = dict[str, Any]
Row = dict[str, Cell]

JSON = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
WRAPPERS = ("input", "output", "data", "result", "list", "rows", "records")
HEAD = ("setl_id", "mdtrt_id", "medcasno", "psn_no", "setl_begn_date", "setl_end_date", "hi_paymtd")
PAID = ("psn_selfpay", "psn_ownpay", "acct_pay", "psn_cashpay")
FEE = {"med_chrgitm": "med_chrgitm_type", "amt": "item_sumamt"}
"""收费项目的两种字段名 · The fields of a fee and how they are called in a list that was fetched back (4103)."""
FEE_PARTS = ("claa_sumfee", "clab_amt", "fulamt_ownpay_amt", "oth_amt")
PROCEDURE = ("oprn_oprt_code", "oprn_oprt_name", "oprn_oprt_date", "oper_dr_code", "anst_way")
CARE = {"1": "住院", "2": "日间"}
"""住院医疗类型 · ipt_med_type: an ordinary stay, or day surgery."""
EDITION = "医保版"
"""清单所用编码 · Settlement lists carry diagnoses and procedures in the insurer's edition of the codes."""


def is_json(start: bytes) -> bool:
    """是不是 JSON · Whether a file starts as JSON does."""
    return JSON.match(start.removeprefix(b"\xef\xbb\xbf")) is not None


def read_settlements(content: bytes, encoding: str, name: str) -> list[Sheet]:
    """读结算清单 · The sheets of a JSON file of settlement lists; FileError when it is not JSON or holds none."""
    if len(content) > limits.JSON_BYTES:
        raise too_large(name, f"{limits.JSON_BYTES >> 20} MiB")
    try:
        text = content.decode(encoding).lstrip("\ufeff")
        told = json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_object)
        lists = list(_lists(told, name))
    except (ValueError, RecursionError) as why:
        raise damaged(name, f"JSON: {str(why)[:120]}") from why
    if not lists:
        raise _none(name)
    parts: dict[str, list[tuple[int, Row]]] = {}
    for number, one in enumerate(lists, 1):
        for part, row in _rows(one):
            parts.setdefault(part, []).append((number, row))
    return [_sheet(part, index, rows, name) for index, (part, rows) in enumerate(parts.items(), 1)]


def _object(pairs: list[tuple[str, Any]]) -> Document:
    found = {k.lower(): v for k, v in pairs}
    if len(found) < len(pairs):
        raise ValueError(f"重复的字段 repeated field in {sorted(k for k, _ in pairs)[:5]}")
    return found


def _no_number(text: str) -> str:
    raise ValueError(f"{text} 不是数 is no number")


def _lists(told: Any, name: str) -> Iterator[Document]:
    """拆开包装 · Every settlement list within a file, whatever is wrapped around them; FileError at a thing that is none."""
    if isinstance(told, list):
        for number, one in enumerate(told, 1):
            found = list(_lists(one, name))
            if not found:
                raise _none(name, f"第 {number} 项：", f"item {number}: ")
            yield from found
    elif isinstance(told, dict):
        if isinstance(told.get("setlinfo"), dict):
            yield told
        elif "setl_id" in told or "mdtrt_id" in told:
            yield {**told, "setlinfo": told}
        else:
            for wrapper in WRAPPERS:
                yield from _lists(told.get(wrapper), name)


def _rows(told: Document) -> Iterator[tuple[str, Row]]:
    """一份清单的各行 · The rows that one settlement list gives to each part."""
    head, fees = told["setlinfo"], _part(told, "iteminfo")
    ids = {n: _cell(head.get(n)) for n in ("setl_id", "mdtrt_id")}
    yield (
        "setlinfo",
        {
            **{n: _cell(head.get(n)) for n in (*HEAD, *PAID)},
            "就诊类型": CARE.get(_cell(head.get("ipt_med_type")) or "", _cell(head.get("ipt_med_type"))),
            "medfee_sumamt": _cell(head.get("medfee_sumamt")) or _sum([f.get("amt", f.get("item_sumamt")) for f in fees]),
            "fund_pay_sumamt": _cell(head.get("fund_pay_sumamt")) or _sum([p.get("fund_payamt") for p in _part(told, "payinfo")]),
        },
    )
    month = {"年月": _cell(head.get("setl_end_date"))}
    for fee in fees:
        row = {n: _cell(fee.get(n, fee.get(again))) for n, again in FEE.items()} | {n: _cell(fee.get(n)) for n in FEE_PARTS}
        yield "iteminfo", {**month, **ids, **row, "med_chrgitm": (row["med_chrgitm"] or "").zfill(2) if row["med_chrgitm"] else None}
    stay = {**month, "病案号": _cell(head.get("medcasno")) or ids["mdtrt_id"]}
    for rank, one in enumerate(_ranked(_part(told, "diseinfo"), "maindiag_flag"), 1):
        row = {n: _cell(one.get(n)) for n in ("diag_code", "diag_name", "adm_cond_type")}
        yield "diseinfo", {**stay, "诊断序号": str(rank), **row, "编码版本": EDITION}
    for rank, one in enumerate(_ranked(_part(told, "oprninfo"), "oprn_oprt_type"), 1):
        yield "oprninfo", {**stay, "手术操作序号": str(rank), **{n: _cell(one.get(n)) for n in PROCEDURE}, "编码版本": EDITION}
    for one in _part(told, "icuinfo"):
        yield "icuinfo", {**stay, "所在科室编码": _ward(_cell(one.get("scs_cutd_ward_type"))), **_times(one)}


def _part(told: Document, name: str) -> list[Document]:
    found = told.get(name) or []
    return [one for one in ([found] if isinstance(found, dict) else found) if isinstance(one, dict) and any(map(_cell, one.values()))]


def _ranked(rows: list[Document], flag: str) -> list[Document]:
    """主要的在先 · The principal one (flag 1) first, the others in their order."""
    return sorted(rows, key=lambda one: _cell(one.get(flag)) != "1")


def _times(one: Document) -> Row:
    return {n: _cell(one.get(f"scs_cutd_{n}", one.get(n))) for n in ("inpool_time", "exit_time")}


def _ward(kind: Cell) -> Cell:
    # The list tells the kind of intensive care, not the ward: it must not be taken for a department of that code or name.
    return f"重症监护{kind}" if kind else None


def _sum(amounts: list[Any]) -> Cell:
    """合计 · The sum of amounts; the first that is no number, so that it is told as such; None when there are none."""
    cells = [c for a in amounts if (c := _cell(a))]
    numbers = {c: numeral(c) for c in cells}
    if wrong := next((c for c, n in numbers.items() if n is None), None):
        return wrong
    return str(sum((n for c in cells if (n := numbers[c]) is not None), Decimal(0))) if cells else None


def _cell(value: Any) -> Cell:
    if value is None or value in ("", [], {}):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _sheet(part: str, index: int, rows: list[tuple[int, Row]], name: str) -> Sheet:
    headers = list(rows[0][1])
    cells = grid([headers, *([row[h] for h in headers] for _, row in rows)], name)
    return Sheet(part, index, cells, numbers=pl.Series("row", [0, *(n for n, _ in rows)], dtype=pl.Int32))


def _none(name: str, zh: str = "", en: str = "") -> FileError:
    return FileError(
        f"{zh}没有结算清单（setlinfo）",
        f"{en}there is no settlement list (setlinfo)",
        where=name,
        mend=("请导出医保接口 4101 的入参，一份或多份清单都可以", "export the input of interface 4101, one list or many"),
    )
