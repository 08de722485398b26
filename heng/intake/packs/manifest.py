"""方案的说明 · manifest.yaml of a pack's folder: which scheme and edition, in force from when to when, by which document.

A folder without one is read, too: its name is the scheme, the edition is unknown, and a note says so.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from heng.core.errors import FileError, Say

NAME = "manifest.yaml"
MOST = 2**16
NAMED = re.compile(r"(?![.\s])[^/\\\x00-\x1f\x7f]{1,100}(?<!\s)")
"""可作名字 · What may be a name: it stands in paths, addresses and policies."""
KINDS: dict[str, type] = {
    "scheme": str,
    "edition": str,
    "since": date,
    "until": date,
    "source": str,
    "any_op": bool,
    "files": dict,
    "over": str,
}


@dataclass(frozen=True)
class Manifest:
    """方案的说明 · `any_op`: lists of procedures match any procedure. `files`: sha256 by file name. `over`: the pack this is laid on."""

    scheme: str
    edition: str = ""
    since: date | None = None
    until: date | None = None
    source: str = ""
    any_op: bool = False
    files: dict[str, str] = field(default_factory=dict)
    over: str = ""
    notes: tuple[Say, ...] = ()


def read_manifest(folder: Path) -> Manifest:
    """读说明 · The manifest of a folder; FileError when it cannot be understood."""
    path = folder / NAME
    if not path.is_file():
        return Manifest(folder.resolve().name, notes=(_unknown(folder.resolve().name),))
    said = _yaml(path)
    if strange := sorted(set(said) - set(KINDS)):
        raise _wrong(f"有不认识的项 {strange[0]}", f"it has an unknown entry {strange[0]}")
    for name, value in said.items():
        if name == "edition" and type(value) in (int, float):
            said[name] = str(value)
        elif type(value) is not KINDS[name] and value is not None:
            raise _wrong(f"{name} 的值读不懂：{value}", f"the value of {name} cannot be understood: {value}")
    for name in ("scheme", "edition", "over"):
        if said.get(name) and not NAMED.fullmatch(said[name]):
            raise _wrong(f"{name} 不能作名字：{said[name][:40]!r}", f"{name} is no name: {said[name][:40]!r}")
    if said.get("since") and said.get("until") and said["until"] < said["since"]:
        raise _wrong("until 早于 since", "until is before since")
    if not said.get("scheme") and not said.get("over"):
        raise _wrong("缺少 scheme（方案名）", "it lacks scheme, the name of the scheme")
    files = {str(name): str(mark) for name, mark in (said.pop("files", None) or {}).items()}
    given = {name: value for name, value in said.items() if value is not None}
    return Manifest(**{"scheme": folder.resolve().name, **given}, files=files)


def compared(manifest: Manifest, read: dict[str, str]) -> None:
    """与说明核对文件 · Compare what was read with the sums of the manifest; FileError for a file that is another one."""
    for name, mark in manifest.files.items():
        found = read.get(name) or read.get(f"{name}.gz") or read.get(name.removesuffix(".gz"))
        if not found and name.removesuffix(".gz").endswith(".csv"):
            raise FileError(
                f"manifest.yaml 写有 {name}，文件夹里没有",
                f"manifest.yaml names {name}, which the folder lacks",
                where=NAME,
                mend=("补上这个文件，或从 files 里去掉", "add this file, or take it out of files"),
            )
        if found and found != mark.lower():
            raise FileError(
                f"{name} 与 manifest.yaml 里的 sha256 不同",
                f"{name} has another sha256 than manifest.yaml says",
                where=NAME,
                mend=(
                    "用原来的文件；确实更正过的，改写 files 里的 sha256",
                    "use the original file; correct the sha256 under files if it was changed on purpose",
                ),
            )


def _yaml(path: Path) -> dict[str, Any]:
    if path.stat().st_size > MOST:
        raise _wrong("太长", "it is too long")
    try:
        text = path.read_text("utf-8-sig")
        if any(isinstance(e, yaml.AliasEvent) for e in yaml.parse(text, Loader=yaml.CSafeLoader)):
            raise _wrong("不要用别名（& 与 *）", "use no aliases (& and *)")
        said = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as e:  # ValueError: a day such as 2026-13-41
        raise _wrong(f"读不了 YAML：{e}", f"the YAML cannot be read: {e}") from e
    if not isinstance(said, dict):
        raise _wrong("应写成 键: 值", "it must read key: value")
    return {str(k): v for k, v in said.items()}


def _unknown(name: str) -> Say:
    return (
        f"文件夹 {name} 没有 manifest.yaml：方案名取文件夹名，版本不明",
        f"the folder {name} has no manifest.yaml: its name is taken as the scheme, and the edition is unknown",
    )


def _wrong(zh: str, en: str) -> FileError:
    return FileError(
        f"方案说明有误：{zh}",
        f"the manifest of the pack is wrong: {en}",
        where=NAME,
        mend=("写上 scheme、edition、since、until、source", "write scheme, edition, since, until, source"),
    )
