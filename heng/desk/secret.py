"""秘密不写在设置里 · What is secret stands in an environment variable or a file, and the settings say in which."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heng.core.errors import DeskError


def secret(value: Any, where: str, folder: Path) -> str:
    """取出秘密 · What `{env: VARIABLE}` or `{file: FILE}` (relative to the folder) holds; DeskError when that is nothing."""
    if not isinstance(value, Mapping) or set(value) not in ({"env"}, {"file"}):
        raise _unreadable(
            where, "不写在这里，写 {env: 变量名} 或 {file: 文件}", "it does not stand here: write {env: VARIABLE} or {file: FILE}"
        )
    how, name = next((str(k), str(v)) for k, v in value.items())
    try:
        found = os.environ.get(name, "") if how == "env" else (folder / name).read_text("utf8")
    except (OSError, UnicodeDecodeError) as e:
        raise _unreadable(where, f"读不了文件 {name}", f"the file {name} cannot be read") from e
    if not found.strip():
        raise _unreadable(where, f"{how} {name} 里没有内容", f"nothing is in {how} {name}")
    return found.strip()


def _unreadable(where: str, zh: str, en: str) -> DeskError:
    mend = ("写法见 docs/how-to/desk.md", "how it is written: docs/how-to/desk.md")
    return DeskError(f"设置里的秘密取不到：{zh}", f"what is secret cannot be had: {en}", where=where, mend=mend)
