"""一个区域：文件夹、医院、政策、当前一代数据 · A region: its folder, hospitals, policy and current generation."""

import getpass
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

import heng.rooms
import heng.tables
from heng.core.errors import HengError, did_you_mean
from heng.core.params import Policy
from heng.store.files import write_whole
from heng.store.lock import writing
from heng.store.manifest import Manifest, Part, Place, publish, read_manifest
from heng.store.policy_files import read_policy, read_yaml
from heng.store.sweep import sweep

for _package in (heng.tables, heng.rooms):
    for _module in pkgutil.walk_packages(_package.__path__, f"{_package.__name__}."):
        importlib.import_module(_module.name)


CODE = re.compile(r"\w[\w-]{0,39}")
"""医院编码的写法 · How a hospital's code is written: it names folders of data, policy and headers."""


@dataclass(frozen=True)
class Hospital:
    """一家医院 · One hospital of the region."""

    code: str
    name: str
    level: str = ""


class Region:
    """一个区域文件夹，取其一代数据 · One region folder, seen at one generation of its data."""

    def __init__(self, path: Path, generation: int | None = None) -> None:
        """打开区域 · Open the folder; HengError when it is not a region."""
        self.path = path.resolve()
        if not (self.path / "heng.yaml").exists():
            raise HengError(
                "这里不是区域文件夹（没有 heng.yaml）",
                "this is not a region folder (no heng.yaml)",
                where=path.name,
                mend=("先用 heng new 名称 建一个，或用 --region 指明", "make one with heng new NAME, or name it with --region"),
            )
        self.manifest, self.by = read_manifest(self.path, generation), whoami()

    @cached_property
    def settings(self) -> dict[str, Any]:
        """heng.yaml 的内容 · What heng.yaml says; HengError when it is not keys with values."""
        said = read_yaml(self.path / "heng.yaml") or {}
        if not isinstance(said, dict):
            raise _unclear("heng.yaml")
        return said

    @property
    def name(self) -> str:
        """区域名称 · The region's name."""
        return str(self.settings.get("region", self.path.name))

    @cached_property
    def hospitals(self) -> dict[str, Hospital]:
        """按编码的医院 · Hospitals by code, in the order of heng.yaml; HengError when an entry cannot be one."""
        rows = self.settings.get("hospitals") or []
        if not isinstance(rows, list) or not all(isinstance(r, dict) and r.get("code") and r.get("name") for r in rows):
            raise _unclear("hospitals")
        return by_code(Hospital(str(r["code"]), str(r["name"]), str(r.get("level", ""))) for r in rows)

    @cached_property
    def policy(self) -> Policy:
        """全部政策参数 · All dated values: the nation's, the region's, the hospitals'."""
        return read_policy(self.path, tuple(self.hospitals))

    def hospital(self, code: str) -> Hospital:
        """按编码或名称找医院 · Find a hospital by code or name."""
        for h in self.hospitals.values():
            if code in (h.code, h.name):
                return h
        near, add = did_you_mean(code, self.hospitals), ("在 heng.yaml 的 hospitals 中加上它", "add it under hospitals in heng.yaml")
        raise HengError(f"区域里没有医院 {code}", f"the region has no hospital {code}", where="--org", mend=near if near[0] else add)

    def cells(self, orgs: Iterable[str] = (), months: Iterable[str] = ()) -> list[tuple[str, str]]:
        """有数据的（医院, 月） · The (hospital, month) pairs that have data, filtered when asked."""
        wanted, when = set(orgs), set(months)
        return sorted(c for c in self.manifest.cells if (not wanted or c[0] in wanted) and (not when or c[1] in when))

    @contextmanager
    def writing(self, doing: str) -> Iterator[None]:
        """独占写入，并取最新一代 · Hold the region for writing, on top of its newest generation."""
        with writing(self.path, self.by, doing):
            self.manifest = read_manifest(self.path)
            yield

    def publish(self, note: str, add: Iterable[Part] = (), drop: Iterable[Place] = ()) -> Manifest:
        """发布新的一代 · Publish the next generation; only inside `writing`."""
        self.manifest = self.manifest.next(at=now(), by=self.by, note=note, add=add, drop=drop)
        publish(self.path, self.manifest)
        sweep(self.path, self.manifest)
        return self.manifest


def by_code(hospitals: Iterable[Hospital]) -> dict[str, Hospital]:
    """按编码排好 · Hospitals by code; HengError when a code is used twice or could not name a folder, which it does."""
    found = dict[str, Hospital]()
    for h in hospitals:
        if h.code in found or not CODE.fullmatch(h.code):
            raise HengError(
                f"医院编码「{h.code}」重复，或含有不能用的字符",
                f"the hospital code {h.code!r} is used twice, or has characters that cannot be used",
                where="hospitals",
                mend=("每家医院一个编码，用字母、数字、汉字、- 或 _", "one code a hospital, of letters, digits, - or _"),
            )
        found[h.code] = h
    return found


def _unclear(key: str) -> HengError:
    return HengError(
        f"heng.yaml 读不懂：{key}",
        f"heng.yaml cannot be understood: {key}",
        where="heng.yaml",
        mend=("写成 hospitals: [{code: H01, name: 示范市第一医院}]", "write hospitals: [{code: H01, name: 示范市第一医院}]"),
    )


def new_region(path: Path, name: str, hospitals: Iterable[Hospital]) -> Region:
    """建立区域文件夹 · Make a region folder with its heng.yaml; HengError when one is there already."""
    if (path / "heng.yaml").exists():
        raise HengError("这里已有一个区域", "there is a region here already", where=path.name, mend=("换一个名称", "choose another name"))
    rows = [{"code": h.code, "name": h.name, "level": h.level} for h in by_code(hospitals).values()]
    text = yaml.safe_dump({"region": name, "hospitals": rows}, allow_unicode=True, sort_keys=False)
    for folder in ("policy", "headers", "generations"):
        (path / folder).mkdir(parents=True, exist_ok=True)
    write_whole(path / "heng.yaml", text.encode())
    return Region(path)


def whoami() -> str:
    """当前操作人 · Who is at the keyboard, as the operating system says."""
    return getpass.getuser()


def now() -> str:
    """现在（UTC，到秒） · Now, in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
