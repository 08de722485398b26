"""从 YAML 读政策参数 · Read dated values from YAML: the nation's, then the region's, then each hospital's own.

`policy/<room>/<name>.yaml` holds the keys of `<room>.<name>`. Every value says since when and by which document.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from heng.core.errors import PolicyError
from heng.core.params import NATION, REGION, Meaning, Policy, Value
from heng.core.shape import BOUNDS, Shape
from heng.store.yaml_guard import BYTES, measured
from heng.tables import codes

NATIONAL = Path(__file__).parents[1] / "policy"


class _Strict(yaml.CSafeLoader):
    """重复的键是错误 · A key written twice is an error, not a silent overwrite."""


def _mapping(loader: _Strict, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(k, deep=True) for k, _ in node.value]
    made = loader.construct_mapping(node, deep=True)  # says which key can be none
    if len(set(keys)) < len(keys):
        twice = ", ".join(sorted({str(k) for k in keys if keys.count(k) > 1}))
        raise PolicyError(f"键重复：{twice}", f"key written twice: {twice}", where=str(node.start_mark).strip())
    return made


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path, *, trusted: bool = False) -> Any:
    """读一个 YAML 文件 · Read one YAML file; PolicyError naming the file when it cannot be read. `trusted`: it is the package's own."""
    try:
        with path.open(encoding="utf8") as file:
            text = file.read(BYTES + 1)
            return yaml.load(text if trusted else measured(text, path.name), Loader=_Strict)  # noqa: S506 - a safe loader, one check more
    except (yaml.YAMLError, UnicodeDecodeError) as e:
        raise PolicyError(
            f"读不了 YAML：{e}", f"cannot read the YAML: {e}", where=path.name, mend=("请改正该文件", "correct this file")
        ) from e


def as_yaml(value: Any) -> str:
    """把值写成一行 YAML · A value as one line of YAML, the way it may be written into a policy file."""
    written: str = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, default_flow_style=True, width=10**6, sort_keys=False)
    return written.removesuffix("...\n").strip()


def read_policy(region: Path | None = None, orgs: tuple[str, ...] = ()) -> Policy:
    """全部参数：国家默认，区域与医院覆盖 · All values: national defaults overlaid by the region's and hospitals' own."""
    nation, meanings = _national()
    values = list(nation)
    if region:
        for scope, folder in [(REGION, region / "policy"), *((org, region / "policy" / org) for org in orgs)]:
            for path in sorted(folder.glob("*/*.yaml")):
                if path.parent.name not in orgs:
                    _read_file(path, scope, values, [])
    _documented(values, meanings)
    return Policy(values, meanings)


@cache
def _national() -> tuple[list[Value], list[Meaning]]:
    # The package's own files: they do not change while the program runs.
    values, meanings = list[Value](), list[Meaning]()
    for path in sorted(NATIONAL.glob("*/*.yaml")):
        _read_file(path, NATION, values, meanings)
    return values, meanings


def _read_file(path: Path, scope: str, values: list[Value], meanings: list[Meaning]) -> None:
    said = read_yaml(path, trusted=scope == NATION) or {}
    if not isinstance(said, dict):
        raise PolicyError(
            "应写成 键: {values: …}", "this must read key: {values: …}", where=path.name, mend=("请改正该文件", "correct this file")
        )
    for name, entry in said.items():
        key = f"{path.parent.name}.{path.stem}.{name}"
        if not isinstance(entry, dict) or not isinstance(entry.get("values"), dict):
            raise PolicyError(f"{key} 应有 values", f"{key} needs values", where=path.name)
        if scope == NATION:
            meanings.append(Meaning(key, entry.get("zh", ""), entry.get("en", ""), entry.get("unit", ""), _shape(entry)))
        values += _dated(key, scope, entry["values"], path)


def _shape(entry: dict[str, Any]) -> Shape | None:
    # Choices name a code list or stand there themselves.
    said: dict[str, Any] = {f.name: entry[f.name] for f in fields(Shape) if f.name in entry}
    if "choices" in said:
        named = said["choices"]
        said["choices"] = tuple(getattr(codes, named) if isinstance(named, str) else named)
    said |= {bound: Decimal(str(said[bound])) for bound in BOUNDS if bound in said}
    if "fields" in said:
        said |= {"fields": {n: _shape(f) for n, f in said["fields"].items()}, "key": tuple(said.get("key", "").split())}
    return Shape(**said) if said else None


def _dated(key: str, scope: str, rows: dict[Any, Any], path: Path) -> Iterator[Value]:
    for since, row in rows.items():
        if type(since) is not date or not isinstance(row, dict) or "value" not in row or not row.get("source"):
            raise PolicyError(
                f"{key} 在 {since} 的值须写成 日期: {{value: …, source: 依据文件}}",
                f"{key} at {since} must read date: {{value: …, source: document}}",
                where=path.name,
                mend=("补上日期、value 与 source", "give the date, value and source"),
            )
        yield Value(key, scope, since, row["value"], str(row["source"]))


def _documented(values: list[Value], meanings: list[Meaning]) -> None:
    known = {m.key for m in meanings}
    for v in values:
        if v.key not in known:
            raise PolicyError(
                f"参数 {v.key} 没有国家默认值",
                f"{v.key} is not a known parameter",
                where=v.scope,
                mend=("检查文件名与键名", "check the file name and the key"),
            )
