"""权限模板：哪个角色以何关系能做什么、看到多深 · Rights as policy says: which role, in which relation, may do what and see how deep.

The three administrators are kept apart: they see no data, and only the security administrator grants (that is code, no policy).
"""

from dataclasses import dataclass
from typing import Any

from heng.core.errors import AccessError
from heng.core.params import Params
from heng.core.scope import Level

PUBLIC = "public"
"""公众：不须登录；人人看得到公众看得到的 · The public needs no account; everybody sees what it sees."""
SEE = "see"
EMERGENCY = "emergency"
"""紧急查看时的目的 · The purpose under which a broken glass opens what it opens, and nothing else."""


class Rights(Params, at="desk.rights"):
    """权限模板 · The templates in force on a day: `Rights(policy, day)`."""

    templates: list[Any]


@dataclass(frozen=True)
class Asking:
    """谁在问 · Who asks, as what role, for what purpose, to do what."""

    login: str
    role: str
    purpose: str = ""
    action: str = SEE


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
    return AccessError(
        f"{asking.login or '未登录者'} 不能以 {asking.role} 的身份做 {asking.action}：{zh}",
        f"{asking.login or 'nobody'} may not {asking.action} as {asking.role}: {en}",
        where=asking.action,
        mend=(
            "请以自己今天担任的角色来做，或请安全管理员授权",
            "act in a role that you hold today, or ask the security administrator for a grant",
        ),
    )
