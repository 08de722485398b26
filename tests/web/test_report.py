"""报告与打印 · The monthly report and printed tables: every sentence has its figure, every sum is shown, nothing is out of scope."""

import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import docx as word
import polars as pl
import pytest
from fontTools.ttLib import TTFont

from heng.app.desk import Desk
from heng.app.reader import Reader
from heng.core.indicator import INDICATORS
from heng.core.scope import OWNER, Level, Reach, Scope
from heng.desk.cases import Answer, answer
from heng.desk.people import find
from heng.desk.register import Eyes
from heng.rooms.steering.evidence import EFFECTS
from heng.serve.columns import heading
from heng.serve.labels import Labels
from heng.serve.paper.affairs import affairs
from heng.serve.paper.document import Beside, Block, Document, Drawing, Grid, Heading, Sentence
from heng.serve.paper.report import report
from heng.serve.paper.sheet import MOST, Printing, fitted, printed
from heng.serve.paper.told import Told
from heng.serve.paper.typeset import DRAWN_ALIKE, FONTS, pdf
from heng.serve.paper.word import docx
from heng.serve.voice import Voice
from heng.tables.costing import DeptResult
from tests.web.alerted import Hands, clock, desk, in_alert, look, served
from tests.web.conftest import Enter

__all__ = ["clock", "desk", "in_alert", "look", "served"]  # fixtures of this page
MONTH = "2026-02"
SECTIONS = ["一、变了什么", "二、为什么", "三、做了什么", "四、建议什么", "五、数据质量与提醒", "附：口径与依据"]


def told(desk: Desk, org: str = "H01", lang: str = "zh", month: str = MONTH) -> Told:
    """What the owner of the folder is told of a hospital."""
    eyes = Eyes(desk.db, desk.rights, "", ())
    return Told(Reader(desk.region, OWNER), org, month, Voice(lang=lang), affairs(desk, eyes, OWNER, org, month))


def words(blocks: list[Block]) -> Iterator[str]:
    """Every text of a document, those in its drawings too."""
    for b in blocks:
        if isinstance(b, Heading | Sentence):
            yield b.text
        elif isinstance(b, Grid):
            yield from (c for row in (b.heads, *b.rows, b.foot) for c in row)
        else:
            for d in b.drawings if isinstance(b, Beside) else [b]:
                yield from (d.told, *re.findall(r">([^<]+)</text>", d.svg))


def whole(made: Document) -> str:
    """The text of a document."""
    return "\n".join([made.title, *words(list(made.blocks))])


@pytest.mark.parametrize("month", ["2026-01", MONTH])
def test_the_report_has_its_sections_and_no_sentence_without_a_figure(desk: Desk, month: str) -> None:
    made = report(told(desk, month=month))
    assert [b.text for b in made.blocks if isinstance(b, Heading) and b.level == 1] == SECTIONS
    bare = [b.text for b in made.blocks if isinstance(b, Sentence) and not b.quiet and not re.search(r"\d", b.text)]
    assert bare == []


def test_the_figures_are_those_of_the_indicator_pages(desk: Desk, look: Enter) -> None:
    table = next(b for b in report(told(desk)).blocks if isinstance(b, Grid))
    row = next(r for r in table.rows if r[0] == INDICATORS["cost_rate"].zh)
    page = look("yuanzhang").get(f"/indicator/cost_rate.json?org=H01&period={MONTH}").json()
    assert row[1] == f"{Decimal(page['value']) * 100:.1f}%"
    assert row[5] == f"{Decimal(page['mom_change']) * 100:+.1f} 个百分点"


def test_the_bridge_goes_from_the_months_before_to_the_month_and_its_sum_is_shown(desk: Desk) -> None:
    made = report(told(desk))
    text = whole(made)
    assert "各原因合计 +100.00 ＝ 本月 1,100.00 − 对照月平均 1,000.00" in text
    drawn = next(b for b in made.blocks if isinstance(b, Drawing) and "材料用量" in b.told)
    labels = re.findall(r">([^<]+)</text>", drawn.svg)
    assert [x for x in labels if x in {"1,000.00", "+30.00", "+80.00", "-10.00", "1,100.00"}] == [
        "1,000.00",
        "+30.00",
        "+80.00",
        "-10.00",
        "1,100.00",
    ]
    assert {zh for zh, _ in EFFECTS.values()} & set(labels) == {"业务量", "材料用量", "材料价格"}
    assert "▲ 红色" in text


def test_what_people_answered_stands_with_who_and_when_and_the_plan_is_proposed(desk: Desk, clock: Hands) -> None:
    assert "没有未完" not in whole(report(told(desk)))
    clock.pass_by(days=1)
    head = find(desk.db, "neike").id
    said = {"cause": "新开展介入手术", "plan": "谈判降价", "owner": "张主任", "deadline": "2026-03-31"}
    answer(desk.db, 1, Answer(head, 1, "explained", said, "k"), desk.workdays)
    text = whole(report(told(desk)))
    assert "neike（科主任）" in text
    assert "2026-03-03" in text
    for part in ("谈判降价", "张主任", "2026-03-31", "部门核查"):
        assert part in text
    assert "谈判降价" not in whole(report(told(desk, month="2026-01")))  # the case is of a later month


def test_the_same_region_gives_the_same_bytes(desk: Desk) -> None:
    made = [report(told(desk)) for _ in range(2)]
    assert pdf(made[0]) == pdf(made[1])
    files = [docx(m) for m in made]
    assert files[0] == files[1]
    opened = word.Document(BytesIO(files[0]))
    assert [p.text for p in opened.paragraphs if p.style and p.style.name == "Heading 1"] == SECTIONS
    assert len(opened.tables) == sum(isinstance(b, Grid) for b in made[0].blocks)
    assert opened.inline_shapes
    assert opened.core_properties.created == made[0].made


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("org", ["H01", ""])
def test_every_letter_of_a_report_is_in_the_font(desk: Desk, org: str, lang: str) -> None:
    known = TTFont(FONTS / "NotoSansSC-Regular.ttf").getBestCmap()
    said = whole(report(told(desk, org, lang))) + "".join(c for i in INDICATORS.values() for c in (*i.formula, i.zh, i.en))
    assert {c for c in said.translate(DRAWN_ALIKE) if ord(c) not in known and c not in "\n\u200b"} == set()


def test_the_president_reads_her_hospital_and_takes_it_away(look: Enter) -> None:
    president = look("yuanzhang")
    page = president.get("/report", headers={"accept-language": "zh"})
    assert page.status_code == 200, page.text
    assert all(s in page.text for s in SECTIONS)
    assert "style=" not in page.text.partition("<main")[2]  # the browser would not draw it
    pdf_ = president.get("/report.pdf")
    assert (pdf_.headers["content-type"], pdf_.content[:5]) == ("application/pdf", b"%PDF-")
    assert president.get("/report.docx").content[:2] == b"PK"
    assert president.get("/report.txt").status_code == 400


@pytest.mark.parametrize(("login", "query"), [("yuanzhang", "?org=H02"), ("xitong", "?org=H01"), ("shenji", "")])
def test_a_report_out_of_scope_is_refused(look: Enter, login: str, query: str) -> None:
    for path in ("/report", "/report.pdf", "/report.docx"):
        answered = look(login).get(path + query)
        assert answered.status_code in (400, 403), (path, answered.status_code)
        assert "材料用量" not in answered.text


def test_a_case_is_taken_away_only_by_who_may_export_its_place(desk: Desk) -> None:
    eyes = Eyes(desk.db, desk.rights, "neike", ("head",))
    own, other = (Scope("neike", "head", "", (Reach(Level.HOSPITAL, frozenset({"H01"}), frozenset({d})),)) for d in ("0402", "0401"))
    assert [a.case.id for a in affairs(desk, eyes, own, "H01", MONTH)] == [1]
    assert affairs(desk, eyes, other, "H01", MONTH) == []


def test_a_head_takes_away_what_is_of_her_own_department_only(look: Enter) -> None:
    answered = look("neike").get("/report.docx", headers={"accept-language": "zh"})
    assert answered.status_code == 200, answered.text
    opened = word.Document(BytesIO(answered.content))
    text = "\n".join([*(p.text for p in opened.paragraphs), *(c.text for t in opened.tables for r in t.rows for c in r.cells)])
    assert "内科住院" in text
    assert "内科门诊" not in text  # she may look at the hospital's, and export her own


PRINTED = (
    "/costing/result.pdf?org=H01",
    "/table/Income.pdf?org=H01",
    "/indicator/cost_rate.pdf?org=H01",
    "/why/DeptResult.pdf?org=H01&dept=0402",
)


@pytest.mark.parametrize("path", PRINTED)
def test_any_view_is_printed(look: Enter, path: str) -> None:
    answered = look("kuaiji").get(path)
    assert answered.status_code == 200, answered.text
    assert answered.content[:5] == b"%PDF-"
    assert "attachment" in answered.headers["content-disposition"]


def test_what_is_out_of_scope_is_not_printed(look: Enter) -> None:
    for path in ("/costing/result.pdf?org=H02", "/indicator/cost_rate.pdf?org=H02", "/why/DeptResult.pdf?org=H02"):
        assert look("kuaiji").get(path).status_code in (400, 403), path
    for path in ("/costing/result.pdf", "/indicator/cost_rate.pdf"):
        assert look("xitong").get(path).status_code == 403, path


def printing(desk: Desk) -> Printing:
    return Printing("科室收支", [], "一院成本会计", "2026-03-02 09:00", told(desk).made, Voice())


def test_a_printed_table_ends_with_the_totals_and_says_who_printed_it(desk: Desk) -> None:
    rows = pl.DataFrame({"dept": ["0401", "0402"], "cost": [Decimal("1.10"), Decimal("2.25")]})
    columns = {n: DeptResult.columns[n] for n in rows.columns}
    labels = Labels(told(desk).reader, Voice(), [MONTH])
    made = printed(rows, columns, {"cost": Decimal("3.35")}, labels, printing(desk))
    table = next(b for b in made.blocks if isinstance(b, Grid))
    assert list(table.heads) == [heading(c, labels).replace("\n", " ") for c in columns.values()]
    assert list(table.foot) == ["合计", "3.35"]
    assert "一院成本会计 2026-03-02 09:00" in made.foot
    assert made.landscape


def test_a_wide_table_is_printed_in_bands_that_lose_no_column() -> None:
    heads = [f"第 {n} 列" for n in range(40)]
    size, blocks = fitted(Grid(heads, [["1,234,567,890.12"] * 40], [True] * 40))
    bands = [b for b in blocks if isinstance(b, Grid)]
    assert size == 6
    assert all(b.heads[0] == heads[0] for b in bands)
    assert [h for b in bands for h in b.heads[1:]] == heads[1:]


def test_more_rows_than_anyone_reads_on_paper_are_refused(desk: Desk) -> None:
    rows = pl.DataFrame({"dept": ["0401"] * (MOST + 1)})
    with pytest.raises(Exception, match="3,001"):
        printed(rows, {"dept": DeptResult.columns["dept"]}, {}, Labels(told(desk).reader, Voice()), printing(desk))


def test_a_month_without_data_is_said(desk: Desk, look: Enter) -> None:
    with pytest.raises(Exception, match="2026-01"):
        report(told(desk, month="2031-01"))
    assert look("yuanzhang").get("/report?period=2031-01").status_code == 400
