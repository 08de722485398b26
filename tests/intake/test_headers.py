"""表头：医院怎么写都认得 · Every header that hospitals write is recognised for its template."""

from pathlib import Path

import pytest

from heng.core.errors import FileError
from heng.core.table import TABLES, table
from heng.intake.learn import propose
from heng.intake.place import Place
from heng.intake.recognise import assign, header_texts, recognise
from heng.intake.sheet import Sheet, grid
from heng.intake.vocabulary import LISTS, document, flags, header, templates, words
from heng.tables.activity import Income, StaffCount, StaffShare
from heng.tables.booked import CostBooking, DrugUse, LedgerBalance, Material, OtherCost
from heng.tables.organisation import Department
from tests.intake.made import deliver, errors, only, said, text, workbook

# Columns of the upload screens of hospital cost systems, as their users see them: (template, headers in order).
SCREENS = [
    ("Department", "部门编码 部门名称 部门类型 部门性质 分摊性质 是否停用 是否末级"),
    ("Subject", "成本项目编码 名称 分类 上级 成本习性 分摊类型 来源 层级 末级 停用"),
    ("CostBooking", "统计年月 科室编码 科室名称 成本项目编码 名称 资金来源编码 名称 金额"),
    ("Salary", "年 月 科室 职工 职工分类 工资项 应发合计"),
    ("StaffCount", "年月 科室 医生 护士 技师 药师 管理 后勤 临时工 外聘 保洁 总数"),
    ("Material", "统计年月 科室 材料分类编码 名称 材料编码 名称 收费标志 数量 费用 资金来源"),
    ("DrugUse", "统计年月 科室 成本项目 金额 资金来源"),
    ("Asset", "卡片号 资产名称 规格 分类 原值 启用年月 停用年月 折旧年限 管理科室"),
    ("Depreciation", "统计年月 科室 资产分类 资金来源 折旧额"),
    ("OtherCost", "年月 科室 成本项目 金额 资金来源"),
    ("Area", "年月 科室 面积"),
    ("Statistic", "年月 科室 参数名 统计值"),
    ("ServiceUse", "年月 服务科室 受益科室 服务项目 服务量"),
    ("Income", "年月 开单科室 执行科室 收费类别 收费项目 单价 数量 金额"),
    ("OutpatientWork", "年月 科室 患者类别 门急诊人次 手术人次"),
    ("InpatientWork", "年月 科室 入院人次 出院人次 编制床位 实际开放床位 床位使用率 实际占用床日 超出床日"),
    ("MedtechWork", "年月 科室 工作量"),
    ("DoctorOrder", "病案号 住院号 医嘱时间 开单科室 执行科室 编码 名称 数量 单价 金额 医嘱时效 地点"),
    ("DiagnosisLine", "病案号 出院日期 诊断类别 编码 名称 序列 转归"),
    ("ProcedureLine", "病案号 出院日期 编码 名称 序列 日期 所用时间 术者 麻醉"),
]
PATIENT = [n for n, t in templates().items() if t.table.__module__.rpartition(".")[2] in ("visits", "fees", "effort")]


@pytest.mark.parametrize(("name", "screen"), SCREENS, ids=[n for n, _ in SCREENS])
def test_every_header_of_the_upload_screens_is_recognised(name: str, screen: str) -> None:
    template = templates()[name]
    texts = header_texts([tuple(screen.split())])
    places = assign(texts, template, {})
    missing = [n for n in template.needed if n not in places]
    unknown = [screen.split()[p] for p, some in texts.items() if not any(t in template.ranks or t in template.ignored for t in some)]
    assert (missing, unknown) == ([], [])


@pytest.mark.parametrize("name", PATIENT)
def test_a_sheet_with_all_columns_of_a_table_is_that_table_and_no_other(name: str) -> None:
    template = templates()[name]
    names = [c.zh for n, c in template.table.columns.items() if n not in ("org", "month", "file", "row")]
    head = ["年月", *names] if template.table.grain == "month" else names
    match, _ = recognise(Sheet("a", 1, grid([head, ["x"] * len(head)], "a")), Place("H01"), "a")
    assert match
    assert match.template is template
    assert (match.unknown, len(match.places)) == ([], len(head))


def test_every_source_table_is_a_template_and_every_word_is_a_declared_code() -> None:
    assert set(templates()) == {name for name, t in TABLES.items() if t.source}
    for name, told in document()["templates"].items():
        named = {*told["columns"], *told.get("defaults", {}), *told.get("assumed", {}), *told.get("sums", {})}
        assert named <= set(table(name).columns), name
    for listed in LISTS:
        assert set(document()["words"].get(listed, {})) <= set(LISTS[listed])
        assert all(set(n.values()) <= set(LISTS[listed]) for n in document()["numbers"].get(listed, []))
        assert set(words(listed).values()) == set(LISTS[listed])
    assert set(flags().values()) == {True, False}


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("金额（元）", "金额"),
        (" 金 额\n(万元)", "金额"),
        ("*科室编码：", "科室编码"),
        ("ＨＩＳ科室", "his科室"),
        ("（金额）", "(金额)"),
        ("金额万元", "金额"),
    ],
)
def test_a_header_is_compared_without_blanks_brackets_and_units(written: str, compared: str) -> None:
    assert header(written) == compared


def test_two_row_headers_and_title_rows(tmp_path: Path) -> None:
    lines = [
        ["示范医院科室人员表"],
        ["2026年3月", None, None, None, "单位：人"],
        ["科室编码", "科室名称", "人员", None, None, None, "总数"],
        [None, None, "医生", "护士", "技师", "管理", None],
        ["甲", "乙", "1", "2", "3", "4", "5"],
        ["101", "内科门诊", 5, 8.5, None, "-", 13.5],
    ]
    rows = only(deliver(workbook(tmp_path / "人员.xlsx", {"Sheet1": lines})), StaffCount)
    assert rows.select("month", "dept", "doctors", "nurses", "technicians", "total", "row").rows() == [
        ("2026-03", "101", *map(rows["nurses"].dtype.to_python(), ("5", "8.5")), None, rows["total"][0], 6)
    ]
    assert str(rows["total"][0]) == "13.5000"


def test_the_first_of_two_codes_belongs_to_the_first_of_two_names() -> None:
    texts = header_texts([("成本项目编码", "名称", "资金来源编码", "名称")])
    assert [t[0] for t in texts.values()] == ["成本项目编码", "成本项目名称", "资金来源编码", "资金来源名称"]


def test_a_department_known_by_name_only_stands_in_dept_as_written(tmp_path: Path) -> None:
    lines = [["年月", "科室名称", "药品类别", "金额"], ["202603", "内科（一）", "西药", "12"]]
    assert only(deliver(text(tmp_path / "药品.csv", lines)), DrugUse)["dept"].to_list() == ["内科（一）"]


def test_a_title_tells_templates_with_the_same_headers_apart(tmp_path: Path) -> None:
    lines = [["统计年月", "科室编码", "成本项目编码", "资金来源", "金额"], ["2026-03", "101", "30201", "自有资金", "1"]]
    for title, found in (("成本归集", CostBooking), ("其他费用", OtherCost)):
        assert list(deliver(workbook(tmp_path / f"{title}.xlsx", {"Sheet1": lines})).tables) == [found]


def test_a_tie_asks_which_table(tmp_path: Path) -> None:
    lines = [["统计年月", "科室编码", "成本项目编码", "资金来源", "金额"], ["2026-03", "101", "30201", "自有资金", "1"]]
    path = workbook(tmp_path / "三月.xlsx", {"Sheet1": lines})
    with pytest.raises(FileError, match="--table") as told:
        deliver(path)
    assert "成本归集" in told.value.zh
    assert "其他费用" in told.value.zh
    assert list(deliver(path, as_table="OtherCost").tables) == [OtherCost]


def test_a_strange_file_is_refused_with_the_nearest_template_and_what_it_lacks(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", [["年月", "开单科室", "执行科室", "患者"], ["2026-03", "101", "102", "甲"]])
    with pytest.raises(FileError) as told:
        deliver(path)
    assert "收入明细" in told.value.zh
    assert "收费类别、金额" in told.value.zh
    assert "fee_class, amount" in told.value.en


def test_a_stranger_that_shares_a_few_words_is_not_taken_for_a_template(tmp_path: Path) -> None:
    lines = [["年月", "科室", "金额", "病历", "主诉", "血压", "体温", "脉搏", "呼吸", "医嘱"], ["2026-03", "101", "5", *"abcdefg"]]
    with pytest.raises(FileError, match="大部分表头认不出"):
        deliver(text(tmp_path / "a.csv", lines))


def test_a_hospital_teaches_its_own_header_once(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", [["年月", "开单科", "执行科", "类", "钱"], ["2026-03", "101", "102", "检查", "7.50"]])
    taught = {"Income": {"开单科": "ordering", "执行科": "performing", "类": "fee_class", "钱": "amount"}}
    rows = only(deliver(path, headers=taught), Income)
    assert rows.select("ordering", "performing", "fee_class").rows() == [("101", "102", "检查")]


def test_a_sheet_without_template_is_a_note_while_another_fits(tmp_path: Path) -> None:
    good = [["年月", "职工编码", "科室编码", "工作量"], ["2026-03", "9", "101", 80]]
    delivery = deliver(workbook(tmp_path / "a.xlsx", {"说明": [["本表由财务科填写"]], "多科室人员": good, "空": []}))
    assert only(delivery, StaffShare).height == 1
    assert said(delivery, "note") == [(0, "工作表", "工作表不合任何模板，未装入：说明")]


def test_unused_columns_are_named_once(tmp_path: Path) -> None:
    lines = [["年月", "科目编码", "本期发生额", "内部码"], ["2026-03", "5001", "1", "x"]]
    delivery = deliver(text(tmp_path / "总账.csv", lines))
    assert only(delivery, LedgerBalance)["fund"].to_list() == ["own"]
    assert {(c, r) for _, c, r in said(delivery, "note")} == {
        ("表头", "没有用到的列：内部码"),
        ("资金来源", "表中没有此列，一律作「自有资金」"),
    }


def test_a_blank_fund_in_a_fund_column_is_an_error(tmp_path: Path) -> None:
    lines = [
        ["年月", "科室编码", "材料名称", "费用", "资金来源"],
        ["2026-03", "101", "纱布", "1", ""],
        ["2026-03", "101", "纱布", "2", "财政"],
    ]
    delivery = deliver(text(tmp_path / "材料.csv", lines))
    assert only(delivery, Material)["fund"].to_list() == ["fiscal"]
    assert errors(delivery) == [(2, "资金来源", "必填项为空")]


def test_a_dictionary_has_defaults(tmp_path: Path) -> None:
    rows = only(deliver(text(tmp_path / "a.csv", [["部门编码", "部门名称"], ["101", "内科门诊"]])), Department)
    assert rows.select("leaf", "disabled", "category").rows() == [(True, False, None)]
    assert str(rows["since"][0]) == "2000-01-01"


@pytest.mark.parametrize(
    ("codes", "found"),
    [
        (["01", "02", "03", "04"], ["clinical", "medtech", "support", "admin"]),
        (["4", "3", "2", "1"], ["clinical", "medtech", "support", "admin"]),
        (["1", "2", "3", "4"], ["clinical", "medtech", "support", "admin"]),
        (["01临床", "医技科室", "医疗辅助类", "行政后勤"], ["clinical", "medtech", "support", "admin"]),
    ],
)
def test_class_numbers_are_read_by_what_the_column_shows(tmp_path: Path, codes: list[str], found: list[str]) -> None:
    names = ["内科住院", "检验科", "消毒供应室", "财务科"]
    lines = [["部门编码", "部门名称", "部门类型"], *([str(i), n, c] for i, (n, c) in enumerate(zip(names, codes, strict=True)))]
    assert only(deliver(text(tmp_path / "a.csv", lines)), Department)["category"].to_list() == found


def test_numbers_that_nothing_explains_are_findings(tmp_path: Path) -> None:
    lines = [["部门编码", "部门名称", "部门类型"], ["1", "甲", "1"], ["2", "乙", "2"], ["3", "丙", "九"]]
    assert errors(deliver(text(tmp_path / "a.csv", lines))) == [
        (2, "部门类型", "编号有多种含义，无法判断"),
        (3, "部门类型", "编号有多种含义，无法判断"),
        (4, "部门类型", "不在编码表内"),
    ]


def test_ticks_alone_make_a_blank_a_no(tmp_path: Path) -> None:
    lines = [["部门编码", "部门名称", "是否末级", "是否停用"], ["1", "甲", "", "否"], ["2", "乙", "√", "停用"]]
    assert only(deliver(text(tmp_path / "a.csv", lines)), Department).select("leaf", "disabled").rows() == [(False, False), (True, True)]


def test_unknown_headers_get_a_guess_that_a_person_can_confirm(tmp_path: Path) -> None:
    lines = [["年月", "开单科室", "执行科室名", "收费类别", "金额小计额", "血压"], ["2026-03", "101", "102", "检查", "7.50", "x"]]
    path = text(tmp_path / "a.csv", lines)
    told = propose(path, Place("H01"))["a.csv"]
    assert told["table"] == "Income"
    assert told["missing"] == ["performing", "amount"]
    assert {h: g["column"] for h, g in told["proposed"].items()} == {"执行科室名": "performing", "金额小计额": "amount"}
    taught = {told["table"]: {h: g["column"] for h, g in told["proposed"].items()}}
    assert only(deliver(path, headers=taught), Income)["performing"].to_list() == ["102"]
