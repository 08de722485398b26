"""地方调整 · A local pack: what a region changes in a national one, laid over it row by row.

A folder whose manifest says `over: chs-drg-2.0`, with the files of our own layout and one column more, `change`: add, replace
or remove. It may add groups with any fourth character, and what a published workbook leaves out: codes that do not group, maps
of codes, weights. A change of something that is not there, or an addition of what is
there already, is an error: it was meant for another edition.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from operator import itemgetter
from typing import TypeVar

from heng.core.errors import FileError, Say, did_you_mean
from heng.intake.packs.folder import LEVELS, Odd, doubtful, group, severe, weighed, weight
from heng.intake.packs.manifest import Manifest, compared
from heng.intake.packs.table import Folder, Line
from heng.methods.grouping.check import rules
from heng.methods.grouping.pack import Group, Level, Pack, Weight

CHANGES = ("add", "replace", "remove")
CODED = ("dx", "op")
DONE: dict[str, Say] = {"add": ("新增", "added"), "replace": ("替换", "replaced"), "remove": ("删去", "removed")}
Key = TypeVar("Key", str, tuple[str, ...])
Value = TypeVar("Value")


def overlaid(base: Pack, folder: Folder, manifest: Manifest) -> Pack:
    """铺上地方调整 · The national pack with the changes of a local folder; FileError with file and row where one does not fit."""
    if base.name != manifest.over:
        raise FileError(
            f"它写明铺在 {manifest.over} 上，不是 {base.name}",
            f"it is to be laid over {manifest.over}, not over {base.name}",
            where=folder.path.name,
            mend=(f"用 {manifest.over}，或改正 manifest.yaml 的 over", f"use {manifest.over}, or correct `over` in manifest.yaml"),
        )
    laid = _Laid(folder)
    groups, qy = laid.groups(base.groups), laid.keyed("qy.csv", "mdc", base.qy, itemgetter("rule"))
    pack = replace(
        base,
        scheme=manifest.scheme,
        edition=manifest.edition,
        groups=tuple(groups.values()),
        sets=laid.sets(base.sets),
        severity=laid.keyed("severity.csv", "code", base.severity, lambda line: severe(line)[1]),
        exclusions=laid.keyed("exclusion.csv", "code", base.exclusions, lambda line: line["table"]),
        qy=qy,
        no_dx=laid.barred("dx", base.no_dx),
        no_op=laid.barred("op", base.no_op),
        dx_map=laid.keyed("dx_map.csv", "code", base.dx_map, lambda line: line["to"]),
        op_map=laid.keyed("op_map.csv", "code", base.op_map, lambda line: line["to"]),
        weights=laid.weights(base, weighed(groups.values(), qy)),
        since=manifest.since or base.since,
        until=manifest.until,
        source=manifest.source or base.source,
    )
    rules(pack, laid.places)
    compared(manifest, folder.read)
    digest = sha256(f"{base.sha256}\n{folder.digest()}".encode()).hexdigest()
    return replace(
        pack,
        sha256=digest,
        origins={**base.origins, **laid.origins},
        notes=(*base.notes, *manifest.notes, *folder.notes, *laid.told(manifest)),
    )


class _Laid:
    """The changes of a folder while they are laid down: where each changed thing was written."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.origins: dict[str, str] = {}
        self.places: dict[tuple[str, str], str] = {}
        self.done: dict[str, int] = dict.fromkeys(CHANGES, 0)
        self.dropped: list[str] = []

    def groups(self, base: tuple[Group, ...]) -> dict[tuple[str, ...], Group]:
        known: dict[tuple[str, ...], Group] = {(g.level, g.code): g for g in base}
        for level in LEVELS:
            for line in self._lines(f"{level}.csv", "code"):
                self._lay(known, (level, line["code"]), line, partial(self._group, level))
        return known

    def _group(self, level: Level, line: Line) -> Group:
        self.places[level, line["code"]] = line.where
        return group(level, line, {})

    def sets(self, base: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        """Members are added to a set or removed from it; `replace` begins the set anew with the rows that say so."""
        known = {name: set(codes) for name, codes in base.items()}
        anew: set[str] = set()
        for line in self._lines("sets.csv", "set code"):
            name, code, change = line["set"], line["code"], line["change"]
            self.places["set", name] = line.where
            if change == "replace" and name not in anew:
                self._there(known, name, line, name)
                known[name] = set()
                anew.add(name)
            members = known.setdefault(name, set())
            if change == "remove":
                self._there(members, code, line, f"{name} {code}")
                members.remove(code)
            elif code in members:
                raise _already(line, f"{name} {code}")
            else:
                members.add(code)
            self._note(line, f"set {name} {code}")
        return {name: frozenset(codes) for name, codes in known.items()}

    def keyed(self, file: str, key: str, base: Mapping[str, Value], made: Callable[[Line], Value]) -> dict[str, Value]:
        known = dict(base)
        for line in self._lines(file, key):
            self._lay(known, line[key], line, made, file.removesuffix(".csv"))
        return known

    def barred(self, kind: str, base: frozenset[str]) -> frozenset[str]:
        known = dict.fromkeys(base, kind)
        for line in self._lines("ungroupable.csv", "kind code"):
            if line["kind"] not in CODED:
                raise FileError(
                    f"kind 应为 dx 或 op，这里是「{line['kind']}」",
                    f"kind should be dx or op; it is {line['kind']!r}",
                    where=line.where,
                    mend=("诊断写 dx，手术操作写 op", "write dx for a diagnosis and op for a procedure"),
                )
            if line["kind"] == kind:
                self._lay(known, line["code"], line, itemgetter("kind"), f"ungroupable {kind}")
        return frozenset(known)

    def weights(self, base: Pack, codes: set[str]) -> tuple[Weight, ...]:
        """Weights by group, insurance and day; those of a group that was removed go with it."""
        odd = Odd()
        known: dict[tuple[str, ...], Weight] = {(w.group, w.insurance, str(w.since)): w for w in base.weights}
        for line in self._lines("weights.csv", "group insurance since weight"):
            if line["change"] != "remove" and line["group"] not in codes:
                raise _absent(line, line["group"], codes)
            self._lay(known, (line["group"], line["insurance"], line["since"]), line, partial(weight, odd=odd), "weight")
        self.folder.notes += doubtful(odd)
        self.dropped = sorted({w.group for w in base.weights} - codes)
        return tuple(w for w in known.values() if w.group not in self.dropped)

    def told(self, manifest: Manifest) -> list[Say]:
        zh = "、".join(f"{DONE[c][0]} {n}" for c, n in self.done.items() if n)
        en = ", ".join(f"{n} {DONE[c][1]}" for c, n in self.done.items() if n)
        laid = (f"在 {manifest.over} 上：{zh or '没有改动'}", f"over {manifest.over}: {en or 'no change'}")
        gone = (f"删去的组一并去掉权重：{'、'.join(self.dropped)}", f"weights went with their groups: {', '.join(self.dropped)}")
        return [laid] + [gone] * bool(self.dropped)

    def _lines(self, file: str, columns: str) -> Iterator[Line]:
        if not self.folder.has(file):
            return
        for line in self.folder.lines(file, f"change {columns}"):
            if line["change"] not in CHANGES:
                raise FileError(
                    f"change 应为 add、replace 或 remove，这里是「{line['change']}」",
                    f"change should be add, replace or remove; it is {line['change']!r}",
                    where=line.where,
                    mend=("写明这一行是新增、替换还是删去", "say whether this row is added, replaces one or removes one"),
                )
            yield line

    def _lay(self, known: dict[Key, Value], at: Key, line: Line, made: Callable[[Line], Value], kind: str = "") -> None:
        name = " ".join([kind, *((at,) if isinstance(at, str) else at)]).strip()
        if line["change"] == "add":
            if at in known:
                raise _already(line, name)
        else:
            self._there(known, at, line, name)
        if line["change"] == "remove":
            del known[at]
        else:
            known[at] = made(line)
        self._note(line, name)

    @staticmethod
    def _there(known: Container[Key], at: Key, line: Line, name: str) -> None:
        if at not in known:
            raise _absent(line, name, known)

    def _note(self, line: Line, name: str) -> None:
        self.done[line["change"]] += 1
        self.origins[name] = f"{self.folder.path.name}/{line.where} {line['change']}"


def _absent(line: Line, name: str, known: object) -> FileError:
    codes = (k if isinstance(k, str) else k[1] if k[0] in LEVELS else k[0] for k in known) if isinstance(known, Iterable) else ()
    near = did_you_mean(line["code"] or line["group"] or name, codes)
    return FileError(
        f"要改的「{name}」在原方案中不存在",
        f"{name!r}, which is to be changed, is not in the pack below",
        where=line.where,
        mend=near if near[0] else ("核对编码与原方案的版本", "check the code, and the edition of the pack below"),
    )


def _already(line: Line, name: str) -> FileError:
    return FileError(
        f"要新增的「{name}」原方案中已有",
        f"{name!r}, which is to be added, is in the pack below already",
        where=line.where,
        mend=("要改动它请写 replace", "write replace to change it"),
    )
