"""三、做了什么；四、建议什么 · What was done, by whom, and whether it helped; what is planned or due. Only what cases and rules say."""

from collections.abc import Iterator

from heng.core.case import CASE_TYPES
from heng.core.indicator import INDICATORS
from heng.desk.cases import late
from heng.desk.database import in_china
from heng.desk.owners import step_type
from heng.desk.schema import Step
from heng.serve.paper.affairs import Affair
from heng.serve.paper.document import Block, Grid, Heading, Sentence
from heng.serve.paper.told import Told
from heng.serve.web.cards import roles
from heng.serve.web.casework import step_named, worded
from heng.tables.steering import LEVEL


def done(told: Told) -> Iterator[Block]:
    """第三节 · The blocks of the third section: the cases, what people answered, whether it helped."""
    pick, found = told.voice.pick, told.affairs
    yield Heading(pick("三、做了什么", "3. What was done"))
    if not found:
        yield Sentence(pick("没有涉及本月的事项（0 件）。", "No case is about this month (0)."))
        return
    standing = sum(a.open is not None for a in found)
    answers = [(a, s, by) for a in found for s, by in a.steps if s.done]
    behind = sum(late(s, s.due) for _, s, _ in answers)
    yield Sentence(
        pick(
            f"涉及本月的事项 {len(found)} 件，{standing} 件办理中，{len(found) - standing} 件已结束；"
            f"共答复 {len(answers)} 步，其中逾期 {behind} 步。",
            f"{len(found)} cases are about this month, {standing} open and {len(found) - standing} closed; "
            f"{len(answers)} steps were answered, {behind} of them late.",
        )
    )
    yield _cases(told)
    if answers:
        yield Heading(pick("答复经过", "Answers"), 2)
        yield _answers(told, answers)
    yield from _effects(told)


def _cases(told: Told) -> Grid:
    pick, voice = told.voice.pick, told.voice
    heads = [
        pick("号", "No."),
        pick("事项", "Case"),
        pick("哪里", "Where"),
        pick("月份", "Month"),
        pick("立案", "Opened"),
        pick("现在", "Now"),
    ]
    rows = []
    for a in told.affairs:
        c, step = a.case, a.open
        now = step_named(c.type, step.name, voice) if step else pick("已结束", "closed")
        rows.append([str(c.id), pick(c.title_zh, c.title_en), told.named(c.org, c.dept), c.month, f"{in_china(c.opened):%Y-%m-%d}", now])
    return Grid(heads, rows, [False, False, False, False, False, False], widths=(0.4, 3.6, 1.6, 0.8, 1, 1.1))


def _answers(told: Told, answers: list[tuple[Affair, Step, str]]) -> Grid:
    pick, voice = told.voice.pick, told.voice
    heads = [
        pick("号", "No."),
        pick("步骤", "Step"),
        pick("谁", "Who"),
        pick("何时", "When"),
        pick("结论", "Outcome"),
        pick("写明", "Said"),
    ]
    rows = []
    for a, s, by in sorted(answers, key=lambda f: (f[0].case.id, f[1].number)):
        kind = a.case.type
        said = "；".join(f"{worded(kind, n, voice)}：{v}" for n, v in s.data.get("said", {}).items())
        who = f"{by}（{roles([s.role], voice)}）" if by else roles([s.role], voice)
        outcome = worded(kind, s.outcome or "", voice)
        rows.append([str(a.case.id), step_named(kind, s.name, voice), who, f"{in_china(s.done):%Y-%m-%d}" if s.done else "", outcome, said])
    return Grid(heads, rows, [False, False, False, False, False, False], widths=(0.4, 1.1, 1.5, 1, 1.3, 3.6))


def _effects(told: Told) -> Iterator[Block]:
    pick = told.voice.pick
    measured = [(a, e) for a in told.affairs if (e := a.effect)]
    if not measured:
        yield Sentence(pick("效果核对：还没有核对过效果的事项（0 件）。", "Effect: none of these cases (0) has been measured yet."))
        return
    yield Heading(pick("有没有用", "Whether it helped"), 2)
    heads = [pick("号", "No."), pick("结论", "Outcome"), pick("核对月份", "Month"), pick("该月数值", "Figure"), pick("线", "Line")]
    rows = [
        [
            str(a.case.id),
            worded(a.case.type, e.outcome or "", told.voice),
            str(e.data["said"].get("figure_month", "—")),
            str(e.data["said"]["figure"]),
            str(a.case.data.get("line", "—")),
        ]
        for a, e in measured
    ]
    yield Grid(heads, rows, [False, False, False, True, True], widths=(0.4, 2, 1, 1.5, 1.5))


def proposed(told: Told) -> Iterator[Block]:
    """第四节 · The blocks of the fourth section: plans, steps that are due, signals that nobody has taken up."""
    pick = told.voice.pick
    yield Heading(pick("四、建议什么", "4. What is proposed"))
    yield Sentence(
        pick(
            "以下只列已写下的整改计划，和事项、监测规则要求的下一步；本报告不另作建议。",
            "Only plans that people wrote, and the next steps that cases and watches ask for; the report adds no advice of its own.",
        ),
        quiet=True,
    )
    blocks = [*_plans(told), *_due(told), *_untaken(told)]
    yield from blocks or [Sentence(pick("没有未完的计划和步骤（0 项）。", "No plan and no step is open (0)."))]


def _plans(told: Told) -> Iterator[Block]:
    pick = told.voice.pick
    planned = [(a, a.plan) for a in told.affairs if a.open and a.plan]
    rows = [
        [str(a.case.id), told.named(a.case.org, a.case.dept), *(str(said.get(n, "—")) for n in ("plan", "owner", "deadline"))]
        for a, said in planned
    ]
    if rows:
        yield Heading(pick(f"整改计划（{len(rows)} 项）", f"Plans ({len(rows)})"), 2)
        heads = [pick("号", "No."), pick("哪里", "Where"), pick("计划", "Plan"), pick("责任人", "Owner"), pick("完成期限", "Deadline")]
        yield Grid(heads, rows, [False, False, False, False, False], widths=(0.4, 1.6, 4, 1.2, 1.2))


def _due(told: Told) -> Iterator[Block]:
    pick, voice = told.voice.pick, told.voice
    rows = []
    for a in told.affairs:
        if step := a.open:
            kind = step_type(a.case, step.name)
            needs = dict.fromkeys(n for names in kind.needs.values() for n in names)
            asked = pick("、", ", ").join(worded(a.case.type, n, voice) for n in needs)
            place, name = told.named(a.case.org, a.case.dept), step_named(a.case.type, step.name, voice)
            rows.append([str(a.case.id), place, name, roles([step.role], voice), step.due.isoformat(), asked])
    if rows:
        yield Heading(pick(f"待办步骤（{len(rows)} 步）", f"Steps that are due ({len(rows)})"), 2)
        heads = [
            pick("号", "No."),
            pick("哪里", "Where"),
            pick("步骤", "Step"),
            pick("归谁", "Whose"),
            pick("期限", "Due"),
            pick("要写明", "To be said"),
        ]
        yield Grid(heads, rows, [False, False, False, False, False, False], widths=(0.4, 1.8, 1.2, 1, 1.1, 3))


def _untaken(told: Told) -> Iterator[Block]:
    pick, voice = told.voice.pick, told.voice
    taken = {(a.case.org, a.case.data.get("watch"), a.case.dept or "") for a in told.affairs if a.case.type in CASE_TYPES}
    free = [s for s in told.signals if (s["org"], s["watch"], s["dept"]) not in taken and s["state"] != "muted"]
    if free:
        yield Heading(pick(f"还没有立案的预警（{len(free)} 项）", f"Signals without a case ({len(free)})"), 2)
        heads = [pick("哪里", "Where"), pick("指标", "Indicator"), pick("级别", "Level"), pick("按监测规则归谁", "Whose by the watch")]
        rows = [
            [
                told.named(s["org"], s["dept"]),
                pick(INDICATORS[s["indicator"]].zh, INDICATORS[s["indicator"]].en),
                pick(*LEVEL[s["level"]]),
                roles(s["owners"].split(), voice),
            ]
            for s in free
        ]
        yield Grid(heads, rows, [False] * 4, widths=(2, 2, 1, 2))
