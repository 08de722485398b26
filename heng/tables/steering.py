"""监测与预警 · Watched figures, what broke a line, the signal with its cause in yuan, and what people decided about it."""

from heng.core.table import Table, code, day, measured, money, rate, text

RULE = {
    "static": ("静态线", "static line"),
    "growth": ("动态增幅", "growth"),
    "budget": ("连续超线", "months in a row beyond the target"),
    "chart": ("控制图", "control chart"),
    "cusum": ("累积和", "cumulative sum"),
    "p": ("率控制图", "p chart"),
    "u": ("单位率控制图", "u chart"),
    "p_funnel": ("率漏斗图", "funnel of shares"),
    "u_funnel": ("单位率漏斗图", "funnel of rates"),
    "ewma": ("指数加权移动平均", "exponentially weighted moving average"),
}
LEVEL = {"yellow": ("黄色", "yellow"), "red": ("红色", "red")}
STATE = {
    "new": ("新发", "new"),
    "lasting": ("持续", "goes on"),
    "acknowledged": ("已确认", "acknowledged"),
    "muted": ("已静音", "muted"),
}
SEASON = {
    "adjusted": ("已去除季节", "season taken out"),
    "too_short": ("历史不足两个整年，未去除季节", "less than two whole years: season not taken out"),
}
ELEMENT = {
    "volume": ("业务量", "volume"),
    "case": ("病例", "cases of a group"),
    "material": ("卫生材料", "consumables"),
    "drug": ("药品", "drugs"),
    "staff": ("人员", "staff"),
    "equipment": ("折旧与摊销", "depreciation and amortisation"),
    "other": ("其他直接成本", "other direct cost"),
    "indirect": ("分摊来的成本", "cost allocated to it"),
}
DECISION = {
    "acknowledge": ("确认收到", "acknowledged"),
    "mute": ("静音", "muted"),
    "unmute": ("取消静音", "mute taken back"),
    "baseline": ("确认新基线", "new baseline confirmed"),
    "real": ("属实", "real"),
    "not_real": ("不属实", "not real"),
}


class Figure(Table, zh="监测指标值", en="figure", key="indicator dept"):
    """受监测指标每科室每月的值；没有分母就没有值 · A watched indicator of a department, or of the whole hospital (empty)."""

    indicator = code("指标", "indicator")
    dept = code("科室", "department; empty for the hospital", of="dept")
    numerator = measured("分子", "numerator, or the amount itself", unit="按指标", optional=True)
    denominator = measured("分母", "denominator; empty where the indicator is no ratio", unit="按指标", optional=True)
    value = rate("指标值", "value", unit="按指标", optional=True)


class Beyond:
    """越线与预警共有的列 · What a breach and the signal made of it both say."""

    watch = code("监测", "watch")
    dept = code("科室", "department; empty for the hospital", of="dept")
    indicator = code("指标", "indicator")
    rule = code("规则", "rule", RULE)
    level = code("级别", "level", LEVEL)
    value = rate("指标值", "value", unit="按指标")
    line = rate("对照值", "what it is held against", unit="按指标")
    deviation = rate("偏离", "value ÷ line − 1", unit="1")
    clears_at = rate("解除值", "value at which the alert ends", unit="按指标")
    since = text("起始月份", "month in which the episode began")
    settled = text(
        "稳定于新水平的起始月份", "month since which it has stayed at a new level: a new baseline may be confirmed", optional=True
    )
    season = code("季节调整", "season; empty where none is asked for", SEASON, optional=True)


class Breach(Beyond, Table, zh="越线", en="breach", key="watch dept"):
    """哪个监测越了哪条线、从何时起、与哪些月比 · Which line a watched figure lies beyond, since when, held against which months."""

    factor = rate("季节系数", "what the season makes of the months compared with; empty where none is taken out", unit="1", optional=True)
    base = text("对照月份", "months it is compared with, separated by spaces")


class CostElement(Table, zh="成本动因数据", en="cost element", key="dept element detail"):
    """每科室每月的业务量、病例、材料与成本：原因分解的依据 · What a department used and did in a month: ground of the causes."""

    dept = code("科室", "department", of="dept")
    element = code("要素", "element", ELEMENT)
    detail = text("明细", "material or group; empty for the whole, or for what has no detail")
    quantity = measured("数量", "quantity: volume, cases or pieces", unit="按要素", optional=True)
    amount = money("金额", "amount; empty for volume", optional=True)


class Signal(Beyond, Table, zh="预警信号", en="signal", key="watch dept"):
    """一条预警：值、线、级别、责任人，以及以元计的原因，分毫不差 · One alert with its cause in yuan; nothing is left over."""

    state = code("状态", "state", STATE)
    owners = text("责任角色", "roles that own it, separated by spaces")
    before = money("对照月成本", "cost in the months compared with, on average", optional=True)
    seasonality = money("季节影响", "due to the time of the year; empty where no season is taken out", optional=True)
    volume = money("业务量影响", "due to volume", optional=True)
    mix = money("病例组合影响", "due to case mix; empty where cases are not known", optional=True)
    usage = money("用量影响", "due to use beyond volume and mix", optional=True)
    price = money("价格影响", "due to prices", optional=True)
    drug = money("药品影响", "due to drugs beyond volume and mix", optional=True)
    staff = money("人员影响", "due to staff", optional=True)
    equipment = money("设备影响", "due to depreciation and amortisation", optional=True)
    indirect = money("分摊影响", "due to what is allocated", optional=True)
    other = money("其他影响", "due to other direct cost", optional=True)
    amount = money("本月成本", "cost of the month", optional=True)
    cause_zh = text("原因", "cause in Chinese")
    cause_en = text("原因（英文）", "cause in English")


class SignalDecision(Table, zh="预警决定", en="signal decision", key="watch dept kind file row", source=True, version=2):
    """人对预警的决定，从该月起算：确认、静音、新基线、是否属实 · Decisions about a signal, with the reason, from the month on."""

    watch = code("监测", "watch")
    dept = code("科室编码", "department code; empty for the hospital", of="dept", optional=True)
    about = text("所指月份", "month of the signal it is about; empty for the same month, another one where that was closed", optional=True)
    kind = code("决定", "decision", DECISION)
    until = day("静音至", "muted until", optional=True)
    reason = text("理由", "reason")


class AlertPrecision(Table, zh="预警精度", en="alert precision", key="watch"):
    """近十二个月发出多少预警、多少属实 · Alerts of the last twelve months, and how many of those judged were real."""

    watch = code("监测", "watch")
    raised = measured("发出", "episodes raised", unit="次", stock=True)
    confirmed = measured("属实", "judged real", unit="次", stock=True)
    dismissed = measured("不属实", "judged not real", unit="次", stock=True)
    precision = rate(
        "精度", "real ÷ judged; empty where none is judged", unit="1", optional=True, derived="ratio(confirmed, confirmed + dismissed)"
    )
