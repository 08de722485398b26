"""医保结算返回与事后核对 · What the insurer's monthly return says, and what follows from laying it beside the hospital's own cases.

A settlement is named by the insurer's number; the visit by the hospital's. `0000` is a case in no group, on both sides.
"""

from heng.core.table import Table, code, count, day, flag, money, number, rate, text
from heng.tables.codes import OUTLIER

DIFFERENCE = {
    "equal": ("一致", "equal"),
    "missing_in_return": ("返回中没有", "missing in the return"),
    "missing_at_hospital": ("本院没有", "missing at the hospital"),
    "group": ("分组不同", "the group differs"),
    "weight": ("权重不同", "the weight differs"),
    "standard": ("费率或支付标准不同", "the rate or the payment standard differs"),
    "outlier": ("结算类别不同", "the outlier class differs"),
    "amount": ("仅金额不同", "only amounts differ"),
    "unknown": ("无可比项目", "nothing to compare"),
}
"""差异类别，前面的先说 · Classes of difference; the first that holds is told, as it explains those after it."""
DISPUTED = ("missing_in_return", "group", "weight", "standard", "outlier", "amount")
"""可申诉的差异 · Differences that may be appealed."""
FIELD = {
    "group": ("病组", "group"),
    "weight": ("权重", "weight"),
    "standard": ("支付标准", "payment standard"),
    "outlier": ("结算类别", "outlier class"),
    "fee": ("医疗总费用", "all fees"),
    "fund_pay": ("基金支付", "paid by the funds"),
    "own_pay": ("个人负担", "borne by the patient"),
}
APPEAL = {"special_review": ("特例单议", "special review"), "appeal": ("申诉", "appeal")}
CAUSE = {
    "high_cost": ("费用超过支付标准较多", "fees far above the standard"),
    "long_stay": ("住院时间长", "a long stay"),
    "ungrouped": ("未入组或歧义组", "in no group, or an ambiguous one"),
    **{n: DIFFERENCE[n] for n in DISPUTED},
}
"""申请的理由 · Why a case is put forward: facts of the stay, or what differs from the return."""
BY = {"hospital": ("全院", "hospital"), "mdc": ("MDC", "MDC"), "adrg": ("ADRG", "ADRG")}
DEPARTS = {
    "mdc": ("MDC 不同", "another MDC"),
    "adrg": ("ADRG 不同", "another ADRG"),
    "drg": ("同 ADRG，细分组不同", "the same ADRG, another group"),
}


class Returned:
    """医保返回的数 · What a return says of a settlement."""

    weight = rate("权重", "weight or score", unit="权重", optional=True)
    standard = money("支付标准", "payment standard", optional=True)
    outlier = code("结算类别", "outlier class", OUTLIER, optional=True)
    total = money("医疗总费用", "all fees", optional=True)
    fund_pay = money("基金支付", "paid by the funds", optional=True)
    own_pay = money("个人负担", "borne by the patient", optional=True)


class SettlementReturn(Returned, Table, zh="医保结算返回", en="settlement return", key="settlement file row", source=True):
    """医保局按月返回的一行结算 · One line of the insurer's monthly return; its month is that of settlement."""

    settlement = text("结算编号", "number of the settlement", private=True)
    visit = text("就诊号", "number of the visit, as the hospital writes it", private=True, optional=True)
    patient = text("患者编号", "number of the patient", private=True, optional=True)
    insurance = text("险种", "kind of insurance", optional=True)
    settled = day("结算日期", "settled on", optional=True)
    discharged = day("出院日期", "discharged on", optional=True)
    pack = text("分组版本", "edition that grouped; empty: the one that pays", optional=True)
    group = code("病组", "DRG or DIP group", optional=True)


class ReturnMatch(Returned, Table, zh="返回对应病例", en="case of a return", key="pack named"):
    """每个返回的就诊对应本院哪个病例；冲正与重结相加，重复行不计 · The case of every visit returned; reversals add up, repeats do not."""

    pack = text("分组版本", "edition that grouped; empty: the one that pays")
    named = text("返回中的就诊", "the visit as the return names it", private=True)
    settlement = text("结算编号", "number of the last settlement", private=True)
    case_month = text("病例月份", "month of the case; empty when the hospital knows no such case", optional=True)
    encounter = number("就诊序号", "number of the encounter in that month", local=True, optional=True)
    lines = count("返回行数", "lines of the return", unit="行")
    repeated = count("其中重复行", "of which repeated; they count nothing", unit="行")
    group = code("返回病组", "group in the return", optional=True)


class ReturnCheck(Table, zh="返回核对", en="check of the return", key="visit"):
    """本院与返回逐例对照 · Every case returned or due, ours beside theirs, and the class of its difference."""

    visit = text("就诊号", "number of the visit", private=True)
    settlement = text("结算编号", "number of the settlement", private=True, optional=True)
    case_month = text("病例月份", "month of the case", optional=True)
    encounter = number("就诊序号", "number of the encounter in that month", local=True, optional=True)
    dept = code("科室", "department", of="dept", optional=True)
    difference = code("差异类别", "class of difference", DIFFERENCE)
    group = code("本院病组", "our group", optional=True)
    their_group = code("返回病组", "their group", optional=True)
    weight = rate("本院权重", "our weight", unit="权重", optional=True)
    their_weight = rate("返回权重", "their weight", unit="权重", optional=True)
    standard = money("本院支付标准", "our standard", optional=True)
    their_standard = money("返回支付标准", "their standard", optional=True)
    outlier = code("本院结算类别", "our outlier class", OUTLIER, optional=True)
    their_outlier = code("返回结算类别", "their outlier class", OUTLIER, optional=True)
    fee = money("本院总费用", "our fees", optional=True)
    their_fee = money("返回总费用", "their fees", optional=True)
    fund_pay = money("本院测算基金支付", "fund payment by our rules", optional=True)
    their_fund_pay = money("返回基金支付", "fund payment returned", optional=True)
    own_pay = money("本院个人负担", "borne by the patient, by our figures", optional=True)
    their_own_pay = money("返回个人负担", "borne by the patient, by the return", optional=True)
    shortfall = money("少付", "paid less than by our rules", optional=True, derived="fund_pay - their_fund_pay")


class ReturnTrace(Table, zh="差异追溯单", en="tracing sheet", key="visit what"):
    """有差异的病例逐项对照 · A case that differs, item by item."""

    visit = text("就诊号", "number of the visit", private=True)
    what = code("项目", "item", FIELD)
    ours = text("本院", "ours", optional=True)
    theirs = text("返回", "theirs", optional=True)
    gap = rate("本院减返回", "ours minus theirs", unit="按项目", optional=True)
    same = flag("一致", "the same within the tolerance; empty when one side is not known", optional=True)


class AppealItem(Table, zh="特例单议与申诉清单", en="special reviews and appeals", key="kind rank"):
    """可申请特例单议或申诉的病例，按损失排序 · Candidates ranked by loss; only those within the quota are put forward."""

    kind = code("类别", "kind", APPEAL)
    rank = number("名次", "rank by loss")
    visit = text("就诊号", "number of the visit", private=True)
    case_month = text("病例月份", "month of the case")
    encounter = number("就诊序号", "number of the encounter in that month", local=True)
    dept = code("科室", "department", of="dept", optional=True)
    group = code("病组", "group", optional=True)
    cause = code("理由", "reason", CAUSE)
    fee = money("医疗总费用", "all fees", optional=True)
    paid = money("支付或返回金额", "what is paid for the case, or was returned", optional=True)
    loss = money("损失", "loss; empty where the payment is not known", optional=True)
    quota = number("本年名额", "quota of the year so far, in cases")
    used = number("前月已用", "used by the months before, in cases")
    within = flag("名额以内", "within the quota")


class BackTest(Table, zh="分组回测", en="back-test", key="by group"):
    """本院分组与返回一致的例数与占比，与上月相比 · How many cases our grouping puts where the return does, against the month before."""

    by = code("层级", "seen by", BY)
    group = code("返回的组", "group of that level in the return; empty for the hospital")
    cases = count("比较例数", "cases compared", unit="例")
    adrg_equal = count("ADRG 一致", "equal in ADRG", unit="例")
    drg_equal = count("病组一致", "equal in the group", unit="例")
    adrg_share = rate("ADRG 一致率", "agreement in ADRG", unit="1", derived="ratio(adrg_equal, cases)")
    drg_share = rate("病组一致率", "agreement in the group", unit="1", derived="ratio(drg_equal, cases)")
    before = rate("上月病组一致率", "agreement of the month before", unit="1", optional=True)
    alarm = flag("骤降", "fell by the limit or more since the month before")


class Confusion(Table, zh="分组混淆表", en="confusion of groups", key="group their_group"):
    """本院分到哪组、返回是哪组 · Which group of ours became which of theirs, where they differ."""

    group = code("本院病组", "our group")
    their_group = code("返回病组", "their group")
    departs = code("从哪层起不同", "level from which they differ", DEPARTS)
    cases = count("例数", "cases", unit="例")
    shortfall = money("少付", "paid less than by our rules", optional=True)
