"""待核查线索 · Signs for a review queue. A sign is never a verdict: each tells what was seen, against what, and an innocent reason."""

from heng.core.table import Table, code, count, money, number, rate, text

SIGN = {
    "severity_mix": ("合并症并发症占比偏高（高编可能）", "more complications coded than before and elsewhere (possible upcoding)"),
    "weight_drift": ("同一 ADRG 内权重上移（高编可能）", "heavier groups inside the same ADRG (possible upcoding)"),
    "split_stay": ("短期内同组再住院（分解住院可能）", "admitted again soon in the same group (possibly one stay split in two)"),
    "readmission": ("短期内同病再住院", "readmitted soon with the same diagnosis"),
    "low_standard": ("费用远低于病组均值（低标准入院可能）", "fees far below the mean of the group (possibly a needless admission)"),
    "transfer_out": ("亏损病组转院偏多（推诿可能）", "transferred out more often where groups lose money (possible patient dumping)"),
}


class SeverityMix(Table, zh="合并症并发症占比", en="severity mix", key="org adrg", grain="region_month"):
    """每院每个 ADRG 本月有合并症并发症的占比，与本院前十一个月、与全区其他医院相比 · Share with CC or MCC."""

    org = code("医疗机构", "hospital", of="org")
    adrg = code("ADRG", "ADRG")
    cases = count("例数", "cases", unit="例")
    severe = count("有合并症并发症", "with MCC or CC", unit="例")
    own_cases = count("本院此前例数", "cases of the eleven months before", unit="例", stock=True)
    own_severe = count("本院此前有合并症并发症", "of them with MCC or CC", unit="例", stock=True)
    other_cases = count("其他医院例数", "cases of the other hospitals, twelve months", unit="例", stock=True)
    other_severe = count("其他医院有合并症并发症", "of them with MCC or CC", unit="例", stock=True)
    share = rate("占比", "share", unit="1", derived="ratio(severe, cases)")
    own_share = rate("本院此前占比", "share before", unit="1", optional=True, derived="ratio(own_severe, own_cases)")
    other_share = rate("其他医院占比", "share elsewhere", unit="1", optional=True, derived="ratio(other_severe, other_cases)")
    own_chance = rate("与此前相比的偶然性", "chance of so many, were it as before", unit="1", optional=True)
    other_chance = rate("与其他医院相比的偶然性", "chance of so many, were it as elsewhere", unit="1", optional=True)


class GamingSign(Table, zh="待核查线索", en="sign for review", key="sign dept group visit"):
    """供人工核查的线索，不是结论：看到什么、与什么相比、可能的正当原因 · Seen, against what, innocent reason."""

    sign = code("线索", "sign", SIGN)
    dept = code("科室", "department; empty for the hospital", of="dept")
    group = code("病组", "group or ADRG; empty for all")
    visit = text("就诊号", "number of the visit; empty where the sign is not of one case", private=True)
    encounter = number("就诊序号", "number of the encounter", local=True, optional=True)
    related = text("相关就诊号", "the earlier visit it is held against", private=True, optional=True)
    cases = count("例数", "cases looked at", unit="例")
    events = count("其中", "of them with what the sign tells of", unit="例")
    value = rate("数值", "share, mean weight, days or ratio, as the sign says", unit="按线索")
    against = rate("对照", "what it is held against", unit="按线索", optional=True)
    chance = rate("偶然性", "chance of as much or more, were nothing the matter; empty where nothing is tested", unit="1", optional=True)
    stake = money("涉及金额", "payment concerned", optional=True)
    evidence_zh = text("依据", "evidence, in Chinese")
    evidence_en = text("依据（英文）", "evidence, in English")
    innocent_zh = text("可能的正当原因", "an innocent reason, in Chinese")
    innocent_en = text("可能的正当原因（英文）", "an innocent reason, in English")
