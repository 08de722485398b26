"""YAML 先量后读 · Measures a YAML text before it is read: how long it is, how deep, and how much its aliases unfold to.

A few lines of aliases of aliases unfold to billions of values as soon as somebody prints or compares them, and a deep
nesting brings the parser itself down. Both are told by the stream of events, which takes no more memory than its depth.
"""

import yaml

from heng.core.errors import PolicyError, Say

BYTES = 5 * 2**20
"""最大文件 · The largest YAML file; the nation's whole policy is a tenth of it."""
VALUES = 1_000_000
"""展开后的值 · The most values a file may hold once its aliases are unfolded."""
DEPTH = 100
"""嵌套层数 · The deepest nesting."""


def measured(text: str, name: str) -> str:
    """量过的文字 · The same text; PolicyError when it is too long, too deep, unfolds to too much or holds itself."""
    if len(text.encode()) > BYTES:
        raise _refused(name, (f"超过 {BYTES >> 20} MiB", f"more than {BYTES >> 20} MiB"))
    open_: list[tuple[int, str | None]] = [(0, None)]
    sizes: dict[str, int] = {}
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append((1, event.anchor))
        elif isinstance(event, yaml.CollectionEndEvent):
            _add(open_, sizes, *open_.pop())
        elif isinstance(event, yaml.ScalarEvent):
            _add(open_, sizes, 1, event.anchor)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor in {anchor for _, anchor in open_}:
                raise _refused(name, (f"*{event.anchor} 引用了它自己", f"*{event.anchor} holds itself"))
            _add(open_, sizes, sizes.get(str(event.anchor), 1), None)
        if len(open_) > DEPTH:
            raise _refused(name, (f"嵌套超过 {DEPTH} 层", f"nested more than {DEPTH} deep"))
        if open_[-1][0] > VALUES:
            raise _refused(name, (f"别名展开后超过 {VALUES:,} 个值", f"its aliases unfold to more than {VALUES:,} values"))
    return text


def _add(open_: list[tuple[int, str | None]], sizes: dict[str, int], size: int, anchor: str | None) -> None:
    if anchor:
        sizes[anchor] = size
    held, own = open_.pop()
    open_.append((held + size, own))


def _refused(name: str, what: Say) -> PolicyError:
    return PolicyError(
        f"YAML 文件过大：{what[0]}",
        f"the YAML file is too large: {what[1]}",
        where=name,
        mend=("请改短，不用别名（& 与 *）", "make it shorter, and use no aliases (& and *)"),
    )
