"""去哪里：每个身份看得见的入口 · Where to go: the pages that a role can use; one that is not there yet is not offered."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from heng.core.errors import Say
from heng.core.scope import Level
from heng.desk.rights import SEE, templates
from heng.desk.standing import AUDITING, SECURITY, SYSTEM
from heng.serve.web import pages
from heng.serve.web.visit import Visit

Needs = Callable[[Visit], bool]


def may(*actions: str, level: Level = Level.PUBLIC) -> Needs:
    """能做其中一样 · For roles that may do one of these as a rule, at least so deep."""
    return lambda visit: any(t.level is not None and t.level >= level for a in actions for t in templates(visit.desk.rights, visit.role, a))


def acting(*roles: str) -> Needs:
    """这些身份 · For these roles."""
    return lambda visit: visit.role in roles


def everybody(_visit: Visit) -> bool:
    """人人 · For whoever is logged in."""
    return True


@dataclass(frozen=True)
class Way:
    """一个入口 · A page: where it is, its icon and name, what it is for, who may use it; `wide`: only where there is room for it."""

    path: str
    icon: str
    zh: str
    en: str
    about: Say = ("", "")
    needs: Needs = everybody
    wide: bool = False


deep = may(SEE, level=Level.HOSPITAL)
"""看得到各院的数 · For roles that see figures of hospitals, not only of the region."""
SEEING, LOADING, RUNNING = may(SEE), may("load"), may("run", "load", level=Level.HOSPITAL)
MAIN = (
    Way("/", "home", "首页", "Home"),
    Way("/work", "list-details", "我的工作", "My work"),
    Way("/catalogue", "table", "数据", "Data", needs=SEEING),
    Way("/load", "upload", "装入", "Load", needs=LOADING),
    Way("/scenario", "adjustments", "试算", "What if", needs=RUNNING, wide=True),
    Way("/people", "users", "人员", "People", needs=acting(SYSTEM, SECURITY)),
    Way("/audit", "shield-lock", "审计", "Audit", needs=acting(AUDITING)),
    Way("/more", "menu-2", "更多", "More"),
)
"""顶栏与手机底栏 · The bar on top, on a phone at the bottom."""
GROUPS: tuple[tuple[Say, tuple[Way, ...]], ...] = (
    (
        ("办事", "To do"),
        (
            Way("/work", "list-details", "我的工作", "My work", ("等我办的事项与通知", "cases and notices that wait for me")),
            Way(
                "/signals",
                "alert-triangle",
                "预警",
                "Signals",
                ("哪里越线、为什么、谁在办", "what is over its line, why, who sees to it"),
                deep,
            ),
            Way("/cases", "flag", "事项", "Cases", ("每件事项走到哪一步", "how far every case has come")),
            Way("/notices", "bell", "通知", "Notices", ("发给我的通知", "what was sent to me")),
            Way("/surveys", "file-text", "调查", "Surveys", ("要我填的表与结果", "forms for me to fill in, and results")),
            Way(
                "/emergency",
                "eye",
                "紧急查看",
                "Break-glass",
                ("一名患者，至多一小时", "one patient, an hour at most"),
                may("emergency", "approve"),
            ),
        ),
    ),
    (
        ("看数", "Figures"),
        (
            Way(
                "/indicators",
                "chart-line",
                "指标",
                "Indicators",
                ("每个指标的趋势、排名与口径", "trend, ranking, definition of each"),
                SEEING,
            ),
            Way(
                "/catalogue",
                "table",
                "数据目录",
                "Catalogue",
                ("有哪些表、装了什么、缺什么", "which tables, what is loaded, what is missing"),
                SEEING,
            ),
            Way("/flow", "route", "成本流向", "Flow of costs", ("管理、辅助、医技成本分到哪里", "where indirect costs go"), deep),
            Way(
                "/group",
                "search",
                "病例怎么分组",
                "How a case is grouped",
                ("各方案并列，一步一步说明", "under every scheme, step by step"),
                deep,
            ),
            Way(
                "/dictionary",
                "book",
                "数据字典",
                "Dictionary",
                ("每列的含义、单位与来源", "meaning, unit and source of every column"),
                SEEING,
            ),
            Way("/policy", "scale", "政策参数", "Policy", ("现行数值及其文件依据", "values in force and their documents"), SEEING),
            Way("/report", "report-analytics", "月度报告", "Monthly report", ("可打印的分析报告", "the analysis, to print"), deep),
            Way("/wall", "device-desktop", "大屏", "Wall", ("墙上大屏，自己轮换", "for a screen on the wall: turns by itself"), deep),
        ),
    ),
    (
        ("装入与计算", "Load and run"),
        (
            Way("/load", "upload", "装入文件", "Load files", ("Excel、CSV，改错再传", "Excel or CSV; mend and send again"), LOADING),
            Way(
                "/run",
                "player-play",
                "计算与结账",
                "Run and close",
                ("算出成本、结账", "work out the costs, close months"),
                may("run", "close"),
            ),
            Way("/scenario", "adjustments", "试算", "What if", ("改一个参数，看前后", "change a parameter, see before and after"), RUNNING),
            Way("/jobs", "history", "任务", "Jobs", ("正在做什么、做到哪里", "what is being done, and how far"), RUNNING),
        ),
    ),
    (
        ("管理", "Administration"),
        (
            Way("/people", "users", "人员与任职", "People and posts", needs=acting(SYSTEM, SECURITY)),
            Way("/grants", "shield-lock", "授权", "Grants", needs=acting(SECURITY)),
            Way("/tokens", "key", "接口令牌", "API tokens", needs=acting(SECURITY)),
            Way("/audit", "eye", "审计", "Audit", needs=acting(AUDITING)),
            Way("/account", "user", "我的账号", "My account", ("口令、动态码、会话", "password, one-time codes, sessions")),
        ),
    ),
)
"""「更多」里的全部入口 · Everything on the page /more, by purpose."""


def main_ways(visit: Visit) -> list[Way]:
    """主要入口 · The main ways of this visitor."""
    return _open(visit, MAIN)


def all_ways(visit: Visit) -> list[tuple[Say, list[Way]]]:
    """全部入口 · All ways of this visitor, by purpose."""
    found = [(name, _open(visit, ways)) for name, ways in GROUPS]
    return [(name, ways) for name, ways in found if ways]


def _open(visit: Visit, ways: tuple[Way, ...]) -> list[Way]:
    return [w for w in ways if w.path in _there() and w.needs(visit)]


@cache
def _there() -> frozenset[str]:
    # Asked when a page is shown: by then every module of pages is there.
    modules = [import_module(f"{pages.__name__}.{m.name}") for m in pkgutil.iter_modules(pages.__path__)]
    return frozenset(route.path for module in modules for route in module.router.routes)
