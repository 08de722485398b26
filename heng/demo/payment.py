"""示范区域的付费规则 · How the pretended region pays by groups: rates, coefficients, a fund; nobody's real figures."""

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from heng.demo.hospitals import Hospital

LEVEL_OF = {"三级": "tertiary", "二级": "secondary"}
LEVEL = """# 本院级别决定费率、系数与倍率界限 · The level decides rates, coefficients and limits.
level:
  values:
    2026-01-01: {value: %s, source: "%s等级评审（示范）"}
"""
REGION = {
    "payment/grouping.yaml": """# 教学方案，不是官方方案 · Schemes for teaching; no official ones.
pack:
  values:
    2025-10-01: {value: teach-1, source: 示范区域分组方案（自编教学方案）}
beside:
  values:
    2025-10-01: {value: [teach-2], source: 示范区域下年分组方案（自编教学方案）}
""",
    "payment/pay_cases.yaml": """# 示范数据，不是任何地方的费率 · Made up: the rates of no place.
rates:
  values:
    2026-01-01:
      source: 示范区域 2026 年费率（自编）
      value: [{insurance: employee, rate: 12900}, {insurance: resident, rate: 12500}, {insurance: other, rate: 12500}]
coefficients:
  values:
    2026-01-01:
      source: 示范区域 2026 年医院系数（自编）
      value: [{level: tertiary, coefficient: "1.03"}, {level: secondary, coefficient: "0.96"}]
""",
    "payment/point_values.yaml": """# 示范数据 · Made up.
funds:
  values:
    2026-01-01:
      source: 示范区域 2026 年按病组付费基金（自编）
      value: [{insurance: employee, amount: 400000000}, {insurance: resident, amount: 330000000}]
""",
}
"""全区的规则，按区域政策中的位置 · The region's rules by their place under its policy folder."""


def packs() -> list[Path]:
    """教学用的分组方案 · The folders of the grouping schemes of the demo."""
    return sorted(p for p in (Path(__file__).parent / "pack").iterdir() if p.is_dir())


def payment_policy(hospital: Hospital) -> dict[str, str]:
    """付费规则 · The rules of the region and of one of its hospitals, by their place under the region's policy folder."""
    return REGION | {f"{hospital.code}/payment/pay_cases.yaml": LEVEL % (LEVEL_OF[hospital.level], hospital.name)}


def rates(insurance: str, level: str) -> tuple[Fraction, Fraction]:
    """费率与系数 · Yuan of a weight of 1.0 for an insurance, and the coefficient of hospitals of a level."""
    rate = next(r["rate"] for r in _rule("rates") if r["insurance"] == insurance)
    return Fraction(rate), Fraction(next(c["coefficient"] for c in _rule("coefficients") if c["level"] == level))


@cache
def _rule(name: str) -> list[dict[str, Any]]:
    """The records of the one value that the region's rule of a name has."""
    (told,) = yaml.load(REGION["payment/pay_cases.yaml"], Loader=yaml.CSafeLoader)[name]["values"].values()
    found: list[dict[str, Any]] = told["value"]
    return found
