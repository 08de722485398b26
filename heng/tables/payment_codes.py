"""医保支付的编码及其中英文 · Code lists of payment: grouping, DRG, DIP, settlement; `codes` gives them on under the same names."""

from heng.methods.dip.pack import PART

OUTLIER = {
    "normal": ("正常倍率", "normal"),
    "low": ("低倍率", "low outlier"),
    "high": ("高倍率", "high outlier"),
    "long": ("长期住院", "long stay"),
    "excluded": ("不按病组付费", "not paid by group"),
    "ungrouped": ("未入组", "in no group"),
    "qy": ("歧义组", "ambiguous group (QY)"),
    "special": ("特例单议", "special review"),
    "unpriced": ("缺权重、费率或费用", "weight, rate or fee unknown"),
}
"""病例在病组付费中的结算类别 · How a case stands in payment by group."""
INSURANCE = {
    "employee": ("职工医保", "insurance of employees"),
    "resident": ("居民医保", "insurance of residents"),
    "other": ("其他", "other, or not told"),
    "self": ("自费", "paid by oneself"),
}
INSURANCE_OF = {word: code for code, (zh, _) in INSURANCE.items() for word in (code, zh, zh.removesuffix("医保"))}
"""目录里险种的写法 · How catalogues write an insurance: 职工, 职工医保, employee."""
HOSPITAL_LEVEL = {
    "": ("未填", "not told"),
    "tertiary": ("三级", "tertiary"),
    "secondary": ("二级", "secondary"),
    "primary": ("一级及以下", "primary"),
}
PAY = {
    "fee": ("按项目", "by item: what was charged"),
    "standard": ("按支付标准", "the payment standard"),
    "proportion": ("按费用比例折算", "the standard in proportion to the fee, at most the standard"),
    "excess": ("标准加超出部分的一定比例", "the standard and a share of the excess"),
    "per_diem": ("按床日", "by days"),
    "share": ("按费用的一定比例", "a share of the fee"),
    "wait": ("退回重新编码，暂不支付", "nothing until it is coded anew"),
}
SHARE_BY = {
    "paid": ("按患者实际已付", "by what the patient has paid"),
    "list": ("按待遇清单计算", "by the list of benefits"),
    "ratio": ("按实际报销比例", "by the usual ratio of reimbursement"),
}
CLEARING = {"bands": ("按结余超支分段", "by bands of surplus and overspending"), "points": ("按点数分配基金", "by points of the fund")}
TREATMENT = {
    "conservative": ("保守治疗", "conservative"),
    "diagnostic": ("诊断性操作", "diagnostic procedure"),
    "therapeutic": ("治疗性操作", "therapeutic procedure"),
    "surgery": ("手术（级别不明）", "surgery of a level not told"),
    "surgery_1": ("一级手术", "surgery of level 1"),
    "surgery_2": ("二级手术", "surgery of level 2"),
    "surgery_3": ("三级手术", "surgery of level 3"),
    "surgery_4": ("四级手术", "surgery of level 4"),
}
"""DIP 综合病种的治疗方式 · Kinds of treatment that make comprehensive diseases of DIP."""
DIP_LEVEL = {"core": ("核心病种", "core disease"), "comprehensive": ("综合病种", "comprehensive disease")}
DIP_PART = PART
"""DIP 目录的层次，按先后 · Parts of a catalogue of DIP, in the order in which they are tried."""
DIP_LIST = {
    "no_dx": ("不纳入分组的主要诊断", "principal diagnoses that do not group"),
    "no_op": ("不纳入分组的主要手术操作", "principal procedures that do not group"),
    "resistant": ("耐药的主要诊断", "principal diagnoses of resistance"),
    "resistant_other": ("耐药的其他诊断", "other diagnoses of resistance"),
}
DIP_CLASS = HOSPITAL_LEVEL | {"all": ("全区域", "the whole region")}
DIP_REASON = {
    "": ("入组", "grouped"),
    "no_diagnosis": ("没有主要诊断", "no principal diagnosis"),
    "barred": ("主要诊断不纳入分组", "a principal diagnosis that is not for grouping"),
    "no_fee": ("没有住院总费用", "no fees known"),
    "needs_data": ("缺少目录要看的天龄或体重", "lacks the age in days or the weight that the catalogue asks for"),
    "unlisted": ("目录中没有的病种", "a disease that the catalogue does not have"),
    "no_history": ("病种没有历史病例，没有分值", "a disease without cases in the history, and so without a score"),
}
"""DIP 未计分原因 · Why a stay has no score of DIP."""
DEVIATION = {
    "normal": ("正常", "normal"),
    "low": ("费用过低", "far below the mean"),
    "high": ("费用过高", "far above the mean"),
    "extreme": ("费用极高，须专家评议", "extreme, for experts to review"),
}
AUXILIARY = {
    "": ("不调节", "none"),
    "cci_low": ("合并症指数低", "low comorbidity index"),
    "cci_middle": ("合并症指数中", "middle comorbidity index"),
    "cci_high": ("合并症指数高", "high comorbidity index"),
    "death_early": ("入院不久死亡（Ⅳ-A）", "death soon after admission (IV-A)"),
    "death_late": ("住院较久死亡（Ⅳ-B）", "death later in the stay (IV-B)"),
    "severe": ("重度：功能衰竭、休克、脓毒症", "severe: organ failure, shock or sepsis"),
    "moderate": ("中度：重要器官病损或感染", "moderate: lesion or infection of an organ"),
    "tumour_treatment": ("肿瘤高费用，治疗费为主", "dear tumour case, mostly treatment"),
    "tumour_drug": ("肿瘤高费用，药品费为主", "dear tumour case, mostly drugs"),
    "tumour_spread": ("肿瘤转移或其他部位肿瘤", "tumour spread or a second tumour"),
    "tumour_failure": ("肿瘤并发功能衰竭、休克、脓毒症", "tumour with organ failure, shock or sepsis"),
    "tumour_lesion": ("肿瘤并发重要器官病损或感染", "tumour with lesion or infection of an organ"),
    "age_newborn": ("新生儿", "newborn"),
    "age_infant": ("婴儿，不足一岁", "infant under one year"),
    "age_young": ("幼儿", "young child"),
    "age_child": ("儿童", "child"),
    "age_elderly": ("老年第一档", "elderly, first band"),
    "age_old": ("老年第二档", "elderly, second band"),
    "age_oldest": ("老年第三档", "elderly, third band"),
    "icu_short": ("重症监护第一档", "intensive care, first band"),
    "icu_middle": ("重症监护第二档", "intensive care, second band"),
    "icu_long": ("重症监护第三档", "intensive care, third band"),
    "icu_longest": ("重症监护第四档", "intensive care, fourth band"),
}
"""DIP 辅助目录的分型 · Classes of the auxiliary catalogue of DIP; from where to where: payment.dip_case.bands."""
BANDED = {
    kind: words
    for kind, words in AUXILIARY.items()
    if kind.startswith(("cci_", "age_", "icu_")) and kind not in ("age_newborn", "age_infant")
}
"""按指数、年龄或天数分档的型 · The classes that are bands of an index, of an age or of days."""
ORGAN = {
    "": ("无", "none"),
    "lesion": ("重要器官病损或感染", "lesion or infection of an organ"),
    "failure": ("功能衰竭、休克、脓毒症", "organ failure, shock or sepsis"),
}
GROUPING = {
    "grouped": ("入组", "grouped"),
    "qy": ("歧义组", "ambiguous (QY)"),
    "ungrouped": ("未入组", "not grouped"),
    "invalid": ("病例有误", "not valid"),
    "needs_data": ("缺数据", "lacks data"),
}
"""分组状态 · What became of a case in grouping."""
CASE_SEVERITY = {
    "mcc": ("严重合并症并发症（MCC）", "major complications and comorbidities (MCC)"),
    "cc": ("合并症并发症（CC）", "complications and comorbidities (CC)"),
    "none": ("没有", "none"),
}
SEVERITY_LEVEL = {"MCC": CASE_SEVERITY["mcc"], "CC": CASE_SEVERITY["cc"]}
GROUP_LEVEL = {"mdc": ("主要诊断大类", "MDC"), "adrg": ("核心病组", "ADRG"), "drg": ("病组", "DRG"), "qy": ("歧义组", "ambiguous (QY)")}
GROUP_KIND = {
    "surgery": ("外科手术", "surgery"),
    "procedure": ("非手术室操作", "procedure outside the operating room"),
    "medical": ("内科诊断", "medical"),
    "": ("未说明", "not told"),
}
CODED = {"dx": ("诊断", "diagnosis"), "op": ("手术操作", "procedure")}
