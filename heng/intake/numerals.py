"""读数字：快路整列，慢路逐个，从不暗中四舍五入 · Reads numbers: plain ones column-wise, odd ones one by one, none rounded in secret."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from unicodedata import category, normalize

import polars as pl

from heng.intake.parsed import Parsed, each

EXACT = Context(prec=60)
NOISE = Decimal("1e-8")
"""小于此差即二进制噪声 · A difference to the nearest hundredth below this is what binary fractions leave behind."""
ULPS = Decimal(2) ** -50
"""大数的噪声 · The same for large amounts, as a share of them: a few last places of a binary fraction."""
MARKS = re.compile(r"[\s\u200b\ufeff]|^'+|[¥￥$]|CNY|RMB|人民币")
UNITS = re.compile(r"(元整?|人次|床日|平方米|平米|M2|㎡|小时|分钟|人|张|件|例|次|个|年|岁|天|克)$")
SQUARE = re.compile(r"(?<=[mM米])²")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
PLAIN = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:E[+-]?\d{1,3})?")
PERCENT = re.compile(r"[%％﹪]")
MONEY = 2
"""金额的小数位 · Decimals of an amount, which is exact: neither rounded nor a share of something."""
SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "△": "-", "▲": "-", "，": ","})


def read_numbers(text: pl.Series, places: int, scale: int = 1) -> Parsed:
    """读一列数 · A text column as exact decimals of `places` places (whole numbers when 0), multiplied by `scale`.

    Problems: `not_a_number`, `too_precise` (money), `not_whole`, `too_large`; remarks `scientific`, `rounded` (measures).
    """
    kind: pl.DataType = pl.Decimal(18, places) if places else pl.Int64()
    fraction = rf"(?:\.[0-9]{{1,{places}}})?" if places else ""
    plain = text.str.contains(rf"^-?[0-9]{{1,{17 - places}}}{fraction}$")
    if scale != 1:
        plain = pl.repeat(value=False, n=len(text), eager=True)
    fast = pl.select(pl.when(plain).then(text)).to_series().cast(kind)
    if bool(plain.fill_null(value=True).all()):
        return Parsed(fast, None)
    slow = each(pl.select(pl.when(~plain).then(text)).to_series(), lambda t: one(t, places, scale), kind)
    values = pl.select(pl.coalesce(fast, slow.values)).to_series()
    return Parsed(values, slow.problems)


def one(text: str, places: int, scale: int = 1) -> tuple[Decimal | int | None, str]:
    """读一个数 · One number and what is odd about it ("" when nothing), None when it cannot be taken."""
    value = numeral(text)
    if value is None:
        return None, "not_a_number"
    if places in (0, MONEY) and PERCENT.search(text):
        return None, "percent"
    exact = EXACT.multiply(value, Decimal(scale))
    kept, problem = _fitted(exact, places)
    if kept is None:
        return None, problem
    if abs(kept) >= Decimal(10) ** (18 - places):
        return None, "too_large"
    odd = problem or ("scientific" if re.search(r"\d[Ee][+-]?\d", normalize("NFKC", text)) else "")
    return (int(kept), odd) if not places else (kept, odd)


def numeral(text: str) -> Decimal | None:
    """数的原值 · The exact value of a number as people write it; None when it is none.

    `1,234.50` `￥1 234.50` `１２３` `(1,234.50)` `1,234.50-` `△5` `12.5%` `1.2E+05` `元`.
    """
    if any(category(c) == "No" for c in SQUARE.sub("", text)):
        return None  # ², ①, ½: footnotes and marks, which are no digits of the number beside them
    plain = MARKS.sub("", normalize("NFKC", text).upper().strip()).translate(SIGNS)
    negative = plain.startswith("(") and plain.endswith(")")
    plain = UNITS.sub("", plain[1:-1] if negative else plain)
    if plain.startswith("-") != plain.endswith("-") and not negative:
        negative, plain = True, plain[1:] if plain.startswith("-") else plain[:-1]
    plain = MARKS.sub("", plain.removeprefix("+"))
    percent = plain.endswith("%")
    plain = UNITS.sub("", plain.removesuffix("%"))
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if not PLAIN.fullmatch(plain) or len(plain) > 60:
        return None
    value = Decimal(plain)
    if not -40 < value.adjusted() < 40:
        return None
    return EXACT.multiply(-value if negative else value, Decimal("0.01") if percent else Decimal(1))


def _fitted(value: Decimal, places: int) -> tuple[Decimal | None, str]:
    """放进小数位 · The value at `places` places: exact, or free of binary noise, or refused, or (measures) rounded aloud."""
    near = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN, context=EXACT)
    if abs(value - near) <= max(NOISE, EXACT.multiply(abs(value), ULPS)):
        return near, ""
    if not places:
        return None, "not_whole"
    return (None, "too_precise") if places == MONEY else (near, "rounded")
