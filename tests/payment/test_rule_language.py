"""规则语言：先后、括号、写错了怎么说 · The language of rules: what binds how closely, and what is no rule."""

import pytest

from heng.core.errors import FileError
from heng.methods.grouping.language import parse


@pytest.mark.parametrize(
    ("rule", "read"),
    [
        ("ZYZD in A or ZYZD in B and not ZYZD in C", "Some(A, All(B, Not(C)))"),
        ("(ZYZD in A or ZYZD in B) and ZYZD in C", "All(Some(A, B), C)"),
        ("not not ZYZD in A", "Not(Not(A))"),
        ("ZYZD IN A AND zyzd in B", "All(A, B)"),
    ],
)
def test_or_binds_less_than_and_and_that_less_than_not(rule: str, read: str) -> None:
    assert shown(parse(rule, "")) == read


def shown(rule: object) -> str:
    parts = getattr(rule, "parts", None) or ([rule.part] if hasattr(rule, "part") else [])
    return f"{type(rule).__name__}({', '.join(map(shown, parts))})" if parts else rule.sets[0]


@pytest.mark.parametrize(
    "rule",
    [
        "(" * 60 + "1" + ")" * 60,
        "not " * 60 + "1",
        "ZYZD in",
        "XX in A",
        "NL ~ 3",
        "NL = A",
        "NL > ²",
        "NL > " + "9" * 5_000,
        "1 1",
        "ZYZD in MCC",
        "'",
    ],
)
def test_what_is_no_rule_is_refused(rule: str) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        parse(rule, "x!1")
