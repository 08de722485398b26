"""医保按病组付费：账单、每例支付、高倍率限额、月预结、点值、年终清算 · Payment by groups, from a bill to the clearing of a year."""

from heng.core.table import Table, code, count, day, flag, measured, money, number, text
from heng.core.table import rate as figure  # a column here is called rate
from heng.tables.codes import CARE, CLEARING, GROUPING, INSURANCE, OUTLIER, PAY


class SpecialReview(Table, zh="特例单议结果", en="special review", key="visit file row", grain="org", source=True):
    """经办机构同意特例单议的一例 · A stay that the insurer agreed to settle by special review."""

    visit = text("病案号", "number of the stay", private=True)
    decided = day("核准日期", "agreed on")
    payment = money("核准支付金额", "payment agreed; empty: paid as the rule for special review says", optional=True)
    document = text("依据文件", "document", optional=True)


class CaseBill(Table, zh="病例账单", en="bill of a case", key="encounter"):
    """每个出院病例由谁付费、费用多少、患者已付多少 · Of every finished stay: which insurance, what fee, what the patient bore."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    payer = text("医疗付款方式", "who pays, as the record says", optional=True)
    insurance = code("险种", "insurance", INSURANCE)
    fee = money("住院总费用", "all fees: of the settlement list, else of the record, else of the fee lines", optional=True)
    paid = money("患者及他方已付", "paid by the patient and by others than the fund", optional=True)
    outside = money("全自费", "outside the scheme", optional=True)
    class_b = money("乙类费用", "class B", optional=True)
    special = flag("是否特例单议", "whether settled by special review")
    agreed = money("核准支付金额", "payment agreed in a special review", optional=True)


class PayCase(Table, zh="病例支付", en="payment of a case", key="encounter"):
    """每例的支付标准、结算类别与应付 · The standard of every case, how it stands against it, and what is paid for it."""

    encounter = number("就诊序号", "number of the encounter", local=True)
    dept = code("科室", "department", of="dept", optional=True)
    doctor = code("医生", "doctor in charge", optional=True)
    care = code("就诊类型", "inpatient or day case", CARE)
    insurance = code("险种", "insurance", INSURANCE)
    pack = code("分组方案", "grouping scheme and edition")
    mdc = code("主要诊断大类", "major category", optional=True)
    adrg = code("核心病组", "ADRG", optional=True)
    group = code("病组", "group", optional=True)
    status = code("入组状态", "status of grouping", GROUPING)
    days = count("住院天数", "days in hospital", unit="天", optional=True)
    primary = flag("是否基层病组", "whether the same in hospitals of every level")
    weight = figure("权重", "weight", "权重", optional=True)
    rate = figure("费率或点值", "yuan of a weight or point", "元", optional=True)
    coefficient = figure("系数", "coefficient of hospital and group", "倍", optional=True)
    standard = money("支付标准", "payment standard", optional=True)
    fee = money("住院总费用", "all fees", optional=True)
    ratio = figure("费用与标准之比", "fee against the standard", "倍", optional=True, derived="ratio(fee, standard)")
    outlier = code("结算类别", "how the case is settled", OUTLIER)
    excess = money("超出高倍率界限", "above the limit of a high-cost case", optional=True)
    over_cap = flag("是否超出高倍率名额", "a high-cost case beyond the quota, paid by the standard")
    way = code("支付办法", "way of paying", PAY, optional=True)
    points = measured("结算点数", "points paid: payment ÷ value of a point", unit="点", optional=True)
    payment = money("应付金额", "payment by the rule, fund and patient together", optional=True)
    patient_share = money("患者负担", "borne by the patient and others", optional=True, derived="payment - fund_pay")
    fund_pay = money("基金应付", "borne by the fund", optional=True)
    fund_fee = money("按项目时基金应付", "what the fund would bear of the fee itself", optional=True)
    fund_standard = money("按标准时基金应付", "what the fund would bear of the standard", optional=True)
    overpaid = flag("患者及他方已付超过应付", "patient and others have paid more than is due; empty: not known", optional=True)


class OutlierCap(Table, zh="高倍率名额", en="quota of high-cost cases", key="case_month encounter"):
    """本年至今的高倍率病例由高到低，名额以外的按标准结算 · High-cost cases of the year so far, the largest excess first."""

    case_month = text("出院月份", "month of discharge")
    encounter = number("就诊序号", "number of the encounter in that month", local=True)
    insurance = code("险种", "insurance", INSURANCE)
    group = code("病组", "group", optional=True)
    excess = money("超出高倍率界限", "above the limit")
    rank = number("名次", "rank by the excess")
    places = number("名额", "how many cases may be paid as high-cost cases")
    inside = flag("是否在名额内", "within the quota")
    cut = money("核减金额", "taken off at clearing; 0 within the quota, or where it is of the month; empty: not known", optional=True)
    fund_cut = money("其中基金核减", "of which the fund's", optional=True)
    point_cut = measured("核减点数", "points taken off", unit="点", optional=True)


class FundMonth(Table, zh="医保月预结", en="monthly advance", key="insurance"):
    """一月一险种应付、预付与质量保证金 · What is due for a month, what is advanced, what is withheld as a deposit for quality."""

    insurance = code("险种", "insurance", INSURANCE)
    cases = count("例数", "cases", unit="例")
    unknown = count("应付不明例数", "cases of which payment or the fund's part is not known", unit="例")
    points = measured("结算点数", "points paid", unit="点", optional=True)
    fee = money("住院总费用", "all fees", optional=True)
    payment = money("应付金额", "payment by the rule", optional=True)
    fund_fee = money("按项目时基金应付", "what the fund would bear of the fees", optional=True)
    fund_pay = money("基金应付", "borne by the fund", optional=True)
    patient_share = money("患者负担", "borne by patients and others", optional=True, derived="payment - fund_pay")
    advance = money("预付金额", "advanced for the month", optional=True)
    deposit = money("质量保证金", "withheld as a deposit for quality", optional=True)
    special = count("特例单议例数", "cases of special review", unit="例")
    special_places = count("特例单议名额", "how many cases may be put to special review", unit="例")
    aside = count("不按病组付费例数", "cases not paid by group; they are in no other figure here", unit="例")
    aside_fund = money("不按病组付费的基金应付", "what the fund bears of the cases not paid by group", optional=True)


class PointValue(Table, zh="点值", en="value of a point", key="insurance", grain="region_month"):
    """全区本年至今的点值：基金与患者负担 ÷ 总点数 · The value of a point in the year so far: fund and patients' shares ÷ points."""

    insurance = code("险种", "insurance", INSURANCE)
    months = count("月数", "months of the year so far", unit="月")
    hospitals = count("医院数", "hospitals", unit="家")
    cases = count("例数", "cases", unit="例")
    unknown = count("应付不明例数", "cases of which payment or the fund's part is not known", unit="例")
    points = measured("总点数", "points", unit="点", optional=True)
    patient_share = money("患者负担", "borne by patients and others", optional=True)
    fund = money("可分配基金", "the fund of these months", optional=True)
    value = figure("点值", "yuan of a point", "元", optional=True)


class YearClearing(Table, zh="年终清算", en="clearing of a year", key="org insurance", grain="region_month"):
    """各院本年至今的清算；十二月为全年 · The clearing of every hospital for the year so far; of December, for the year.

    advanced + balance + withheld = settled.
    """

    org = code("医疗机构", "hospital", of="org")
    insurance = code("险种", "insurance", INSURANCE)
    months = count("月数", "months held of the year so far", unit="月")
    final = flag("是否全年", "whether all twelve months are held")
    way = code("清算办法", "how the year is cleared", CLEARING)
    unknown = count("应付不明例数", "cases of which payment or the fund's part is not known: what they enter is empty", unit="例")
    points = measured("结算点数", "points paid", unit="点", optional=True)
    due = money("按标准基金应付", "due by the standards, high-cost cases beyond a yearly quota taken off", optional=True)
    actual = money("按项目时基金应付", "what the fund would bear of the fees", optional=True)
    ratio = figure("实际与标准之比", "actual against what is due", "1", optional=True, derived="ratio(actual, due)")
    settled = money("清算应付", "what the fund owes for the months", optional=True)
    advanced = money("已预付", "advanced in the months", optional=True)
    deposit = money("质量保证金", "deposit withheld in the months", optional=True)
    score = figure("考核得分", "score of the assessment, 0 to 1; empty until assessed", "1", optional=True)
    withheld = money("扣留保证金", "deposit that stays with the fund", optional=True)
    balance = money("清算余额", "still to be paid; negative: to be paid back", optional=True)
    kept = money("结余留用或超支分担", "saved and kept; negative: overspent and borne", optional=True, derived="settled - actual")
