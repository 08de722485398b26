"""权限模板：哪个角色以何关系能做什么、看到多深 · Rights as policy says: which role, in which relation, may do what and see how deep.

The three administrators are kept apart: they see no data, and only the security administrator grants (that is code, no policy).
"""

from dataclasses import dataclass
from typing import Any

from heng.core.errors import AccessError, Say
from heng.core.params import Params
from heng.core.scope import Level
from heng.tables.codes import ROLE

PUBLIC = "public"
"""公众：不须登录；人人看得到公众看得到的 · The public needs no account; everybody sees what it sees."""
SEE = "see"
EMERGENCY = "emergency"
"""紧急查看时的目的 · The purpose under which a broken glass opens what it opens, and nothing else."""
ACTION: dict[str, Say] = {
    SEE: ("查看", "see"),
    "export": ("导出", "take out"),
    "answer": ("答复", "answer"),
    "load": ("装入", "load"),
    "run": ("运行", "run"),
    "close": ("结账", "close"),
    "migrate": ("迁移", "migrate"),
    EMERGENCY: ("紧急查看", "break the glass"),
    "approve": ("核准", "approve"),
}
"""动作 · What a right lets people do."""


class Rights(Params, at="desk.rights"):
    """权限模板 · The templates in force on a day: `Rights(policy, day)`."""

    templates: list[Any]


@dataclass(frozen=True)
class Asking:
    """谁在问 · Who asks, as what role, for what purpose, to do what; `orgs`: at these hospitals only (None: wherever the rights reach)."""

    login: str
    role: str
    purpose: str = ""
    action: str = SEE
    orgs: frozenset[str] | None = None


@dataclass(frozen=True)
class Template:
    """模板的一行 · One row: how deep as a rule (None: not), and at most by a grant that has a purpose and an end."""

    relation: str
    level: Level | None
    most: Level


def templates(rights: Rights, role: str, action: str) -> list[Template]:
    """一个角色的模板 · The rows of a role for an action."""
    return [
        Template(r["relation"], None if r["level"] is None else Level(r["level"]), Level(r["most"]))
        for r in rights.templates
        if (r["role"], r["action"]) == (role, action)
    ]


def refused(asking: Asking, zh: str, en: str) -> AccessError:
    """不准 · The error for who asks in vain."""
    action = ACTION.get(asking.action, (asking.action, asking.action))
    return AccessError(
        f"{asking.login or '未登录者'} 不能以 {asking.role} 的身份{action[0]}：{zh}",
        f"{asking.login or 'nobody'} may not {action[1]} as {asking.role}: {en}",
        where=asking.action,
        mend=(
            "请以自己今天担任的角色来做，或请安全管理员授权",
            "act in a role that you hold today, or ask the security administrator for a grant",
        ),
    )


def lacking(rights: Rights, asking: Asking, place: str, level: Level = Level.HOSPITAL) -> AccessError:
    """缺哪项权限 · The error for an action that does not reach a place: which right is missing, who has it, who gives it."""
    zh, en = ACTION[asking.action]
    whose = dict.fromkeys(r["role"] for r in rights.templates if r["action"] == asking.action and (r["level"] or 0) >= level)
    holders = "、".join(ROLE[r][0] for r in whose), ", ".join(ROLE[r][1] for r in whose)
    where = (place, place) if place else ("全区域", "the whole region")
    role = ROLE.get(asking.role, (asking.role, asking.role))
    return AccessError(
        f"{asking.login} 以{role[0]}的身份没有在 {where[0]} {zh}的权限（{asking.action}）",
        f"{asking.login}, as {role[1]}, has no right to {en} at {where[1]} ({asking.action})",
        where=place or asking.action,
        mend=(
            f"请该处担任 {holders[0]} 的人来做，或请安全管理员任命：heng desk posts give",
            f"ask there whoever is {holders[1]}, or the security administrator for a post: heng desk posts give",
        ),
    )
