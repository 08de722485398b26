"""医保支付的编码及其中英文 · Code lists of payment: grouping, DRG, DIP, settlement; `codes` gives them on under the same names."""

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
DIP_CLASS = HOSPITAL_LEVEL | {"all": ("全区域", "the whole region")}
DIP_REASON = {
    "": ("入组", "grouped"),
    "no_diagnosis": ("没有主要诊断", "no principal diagnosis"),
    "barred": ("主要诊断不纳入分组", "a principal diagnosis that is not for grouping"),
    "no_fee": ("没有住院总费用", "no fees known"),
    "unlisted": ("目录中没有的病种", "a disease that the catalogue does not have"),
}
"""DIP 未入组原因 · Why a stay is in no disease of DIP."""
DEVIATION = {
    "normal": ("正常", "normal"),
    "low": ("费用过低", "far below the mean"),
    "high": ("费用过高", "far above the mean"),
    "extreme": ("费用极高，须专家评议", "extreme, for experts to review"),
}
AUXILIARY = {
    "": ("不调节", "none"),
    "cci_1": ("合并症指数 1–2", "comorbidity index 1–2"),
    "cci_3": ("合并症指数 3–4", "comorbidity index 3–4"),
    "cci_5": ("合并症指数 5 及以上", "comorbidity index 5 and more"),
    "death_early": ("死亡，住院不足 3 天（Ⅳ-A）", "death within 3 days (IV-A)"),
    "death_late": ("死亡，住院 3 天及以上（Ⅳ-B）", "death after 3 days and more (IV-B)"),
    "severe": ("重度：功能衰竭、休克、脓毒症", "severe: organ failure, shock or sepsis"),
    "moderate": ("中度：重要器官病损或感染", "moderate: lesion or infection of an organ"),
    "tumour_treatment": ("肿瘤高费用，治疗费为主", "dear tumour case, mostly treatment"),
    "tumour_drug": ("肿瘤高费用，药品费为主", "dear tumour case, mostly drugs"),
    "tumour_spread": ("肿瘤转移或其他部位肿瘤", "tumour spread or a second tumour"),
    "tumour_failure": ("肿瘤并发功能衰竭、休克、脓毒症", "tumour with organ failure, shock or sepsis"),
    "tumour_lesion": ("肿瘤并发重要器官病损或感染", "tumour with lesion or infection of an organ"),
    "age_newborn": ("0–28 天", "0–28 days old"),
    "age_infant": ("29 天–1 岁", "29 days to 1 year old"),
    "age_1": ("1–6 岁", "1–6 years old"),
    "age_7": ("7–17 岁", "7–17 years old"),
    "age_65": ("65–69 岁", "65–69 years old"),
    "age_70": ("70–79 岁", "70–79 years old"),
    "age_80": ("80 岁及以上", "80 years old and more"),
    "icu_2": ("重症监护 2–7 天", "intensive care for 2–7 days"),
    "icu_8": ("重症监护 8–14 天", "intensive care for 8–14 days"),
    "icu_15": ("重症监护 15–30 天", "intensive care for 15–30 days"),
    "icu_31": ("重症监护 31 天及以上", "intensive care for 31 days and more"),
}
"""DIP 辅助目录的分型 · Classes of the auxiliary catalogue of DIP."""
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
