"""线索的话 · What a sign says, in both languages: the evidence, and an innocent reason. No patient is named in it."""

from fractions import Fraction
from typing import Any

from heng.core.errors import Say
from heng.methods.rounding import decimal

EVIDENCE: dict[str, Say] = {
    "severity_mix": (
        "{group} 本月 {cases} 例中 {events} 例有合并症并发症（{share}%）；本院此前 {own}%，其他医院 {other}%",
        "{events} of {cases} cases of {group} this month have complications ({share} %); {own} % before, {other} % in other hospitals",
    ),
    "weight_drift": (
        "{cases} 例平均权重 {value}；同样的 ADRG 按前十一个月应为 {expected}，高出 {errors} 个标准差",
        "mean weight {value} over {cases} cases; the same ADRG gave {expected} in the eleven months before: {errors} standard errors above",
    ),
    "split_stay": (
        "上次出院 {days} 天后再住院，两次同为 {group}",
        "admitted {days} days after the last discharge, both stays in {group}",
    ),
    "readmission": (
        "上次出院 {days} 天后再住院，主要诊断同为 {diagnosis}",
        "admitted {days} days after the last discharge with the same principal diagnosis, {diagnosis}",
    ),
    "low_standard": (
        "费用 {fee} 元，是 {group} 均值 {mean} 元的 {ratio}%，低于 {line}%",
        "fees of {fee} yuan are {ratio} % of the mean of {group}, {mean} yuan: below {line} %",
    ),
    "transfer_out": (
        "近十二个月亏损病组 {cases} 例中转院 {events} 例（{share}%），其他病组 {others} 例中 {other_events} 例（{other}%）",
        "in a year {events} of {cases} cases of losing groups ({share} %) transferred, of others {other_events} of {others} ({other} %)",
    ),
}
LOW_STANDARDS: Say = (
    "{cases} 例中费用低于病组均值 {lines} 的有 {counts} 例",
    "of {cases} cases, fees below {lines} of the mean of the group: {counts} cases",
)
"""一个科室的低标准入院 · Of a department: how many lie below each line."""
INNOCENT: dict[str, Say] = {
    "severity_mix": (
        "收治了更重的病人、新开专科，或以前漏编、现在补上，都会如此",
        "sicker patients, a new service, or coding that used to miss complications would look the same",
    ),
    "weight_drift": (
        "病情更重、新技术开展或病案质量改进，都会如此",
        "sicker patients, a new technique or better coding would look the same",
    ),
    "split_stay": ("复发、分期手术或约定的下一疗程，都会如此", "a relapse, staged surgery or an agreed next course would look the same"),
    "readmission": (
        "并发症、病情进展或慢性病急性发作，都会如此",
        "a complication, progression or a flare of chronic illness would look the same",
    ),
    "low_standard": (
        "恢复快、排除诊断后出院或患者要求出院，都会如此",
        "a quick recovery, a diagnosis ruled out or the patient's wish to leave would look the same",
    ),
    "transfer_out": (
        "超出本院诊疗能力、下级转诊协作或患者意愿，都会如此",
        "cases beyond the hospital's means, agreed referral or the patient's wish would look the same",
    ),
}


def told(sign: str, facts: dict[str, Any], evidence: Say = ("", "")) -> dict[str, str]:
    """写成话 · The words of a sign with its facts; `evidence` stands in for the usual words."""
    zh, en = (text.format(**facts) for text in (evidence if any(evidence) else EVIDENCE[sign]))
    return {"evidence_zh": zh, "evidence_en": en, "innocent_zh": INNOCENT[sign][0], "innocent_en": INNOCENT[sign][1]}


def percent(part: int, whole: int) -> str:
    """百分数 · A share in percent, to one decimal; a dash where there is nothing to share."""
    return f"{decimal(Fraction(100 * part, whole), 1)}" if whole else "—"
