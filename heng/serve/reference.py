"""参考手册：由声明生成 · The reference pages, generated from what tables, capabilities, parameters and commands declare.

`make reference` writes them to docs/reference; a test compares the written pages with the declarations. No clock, no
chance: the same declarations give the same bytes.
"""

import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from typer.main import get_command

import heng.app.region  # noqa: F401 - declares all tables and capabilities
import heng.tables.codes as lists
from heng.core.capability import CAPABILITIES, Capability, writer
from heng.core.indicator import INDICATORS
from heng.core.params import Value
from heng.core.table import TABLES, Column, Table
from heng.intake.vocabulary import document, templates
from heng.serve.api.reference import ways
from heng.serve.cli.command import every_command
from heng.serve.cli.main import registered
from heng.store.policy_files import as_yaml, read_policy
from heng.tables.codes import FAMILY, SEVERITY

GENERATED = "由声明生成，请勿手改；`make reference` 重新生成 · Generated from the declarations: `make reference`, do not edit.\n"
GRAIN = {
    "month": "每医院每月 · hospital and month",
    "org": "每医院 · hospital",
    "region": "全区域 · region",
    "region_month": "全区域每月 · region and month",
}
BETTER = {"higher": "越高越好 · higher", "lower": "越低越好 · lower", "neither": "看情况 · neither"}
LONGEST = 160
"""参数值超过此长度时只写条数，全文在 YAML 中 · Characters above which a value is only counted here; the YAML holds it."""


def pages() -> dict[str, str]:
    """全部页面 · Every page of docs/reference: file name → Markdown text."""
    made = {
        "api.md": _page("接口", "The interface for programs", ways()),
        "tables.md": _page("数据字典", "Data dictionary", _tables()),
        "capabilities.md": _page("能力目录", "Catalogue of capabilities", _capabilities()),
        "params.md": _page("参数", "Parameters", _params()),
        "indicators.md": _page("指标", "Indicators", _indicators()),
        "commands.md": _page("命令", "Commands", _commands()),
        "checks.md": _page("数据质量检查", "Data quality checks", _checks()),
        "templates.md": _page("模板与表头", "Templates and their headers", _templates()),
    }
    return dict(sorted(made.items()))


def _page(zh: str, en: str, lines: Iterable[str]) -> str:
    return "\n".join([f"# {zh} · {en}", "", GENERATED, *lines]).rstrip() + "\n"


def _grid(head: str, rows: Iterable[Iterable[object]]) -> Iterator[str]:
    names = head.split("|")
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    yield from ("| " + " | ".join(_plain(c) for c in row) + " |" for row in rows)
    yield ""


def _plain(cell: object) -> str:
    return str(cell).replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _ours(objects: Iterable[type[Table]]) -> list[type[Table]]:
    """Tables of the product, those that people load first; by module, then as declared."""
    mine = [t for t in objects if t.__module__.startswith("heng.")]
    return sorted(mine, key=lambda t: (not t.source, t.__module__))


def _tables() -> Iterator[str]:
    yield "编码表在页末。可空：可以没有值，没有就是没有，不等于 0。私有：不离开本机构。期间取平均：多月合看时取平均，不相加。\n"
    yield "Code lists: at the end. 可空: may be absent, which is never zero. 私有: stays in its organisation. 期间取平均: averaged.\n"
    for table in _ours(TABLES.values()):
        made = writer(table)
        where = f"`{made.name}`" if made else "来源文件 · people's files" if table.source else "装入时 · intake"
        yield f"## {table.__name__} {table.zh} · {table.en}\n"
        yield f"{(table.__doc__ or '').strip()}\n"
        key = " + ".join(f"`{k}`" for k in table.key)
        stops = "；有错误就不再往下算 · its errors stop the month" if table.gate else ""
        yield f"主键 · key：{key}。粒度 · grain：{GRAIN[table.grain]}。出自 · from：{where}。版本 · version：{table.version}{stops}\n"
        yield from _grid("列|中文|English|类型|单位|编码或说明", (_column_row(n, c) for n, c in table.columns.items()))
    yield "## 编码表 · Code lists\n"
    for name, codes in _code_lists().items():
        yield f"### {name}\n"
        yield from _grid("编码|中文|English", ((f"`{c}`", zh, en) for c, (zh, en) in codes.items()))


def _code_lists() -> dict[str, Any]:
    return {
        n: v for n, v in vars(lists).items() if n.isupper() and isinstance(v, dict) and all(isinstance(said, tuple) for said in v.values())
    }


def _column_row(name: str, column: Column) -> list[str]:
    listed = next((f"[{n}](#{n.lower()})" for n, v in _code_lists().items() if column.codes and v == column.codes), "")
    of = {"dept": "科室字典 · department", "org": "医院 · hospital", "file": "SourceFile"}.get(column.of, "")
    marked = {"可空": column.optional, "私有": column.private, "只在本院本月有意义": column.local, "期间取平均": column.stock}
    marks = (word for word, meant in marked.items() if meant)
    derived = f"= `{column.derived}`" if column.derived else ""
    return [f"`{name}`", column.zh, column.en, column.type, column.unit, "；".join(filter(None, (listed, of, *marks, derived)))]


def _capabilities() -> Iterator[str]:
    """Every capability: what it reads, under which parameters, what it writes, and its own words."""
    mine = sorted((c for c in CAPABILITIES.values() if c.run.__module__.startswith("heng.")), key=lambda c: c.name)
    yield from _grid("名字|中文|English|写出", ((f"[{c.name}](#{_anchor(c.name)})", c.zh, c.en, f"`{c.writes.__name__}`") for c in mine))
    for cap in mine:
        yield f"## {cap.name}\n"
        yield f"{_own_words(cap)}\n"
        everything = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(cap.run).parameters.values())
        reads = "全部来源表 · every source table" if everything else "、".join(f"`{t.__name__}`" for t in cap.reads.values())
        before = f"（含之前 {cap.months - 1} 个月 · and the months before）" if cap.months > 1 else ""
        yield f"- 读 · reads：{reads}{before}"
        rules = [f"`{r.at}.{k}`" for r in cap.rules.values() for k in r.kinds()]
        yield f"- 参数 · parameters：{'、'.join(rules) or '—'}"
        yield f"- 写出 · writes：`{cap.writes.__name__}` {cap.writes.zh} · {cap.writes.en}\n"


def _own_words(cap: Capability) -> str:
    return (sys.modules[cap.run.__module__].__doc__ or "").strip()


def _anchor(name: str) -> str:
    return name.replace(".", "").lower()


def _params() -> Iterator[str]:
    """Every parameter: what it means, its national values by date, and the document behind each."""
    policy = read_policy()
    yield "医院与区域的改动写在区域文件夹的 `policy/` 下；见[参数怎么改](../how-to/policy.md)。\n"
    yield "Hospitals and regions overlay these in their own folder; see [policy](../how-to/policy.md).\n"
    for key in sorted(policy.meanings):
        meaning = policy.meanings[key]
        yield f"## {key}\n"
        yield f"{_plain(meaning.zh)} · {_plain(meaning.en)}\n"
        if meaning.unit or meaning.shape:
            may = " · ".join(map(_plain, meaning.shape.told())) if meaning.shape else "—"
            yield f"单位 · unit：{meaning.unit or '—'}。可取 · may be：{may}\n"
        rows = sorted(policy.values.get(key, []), key=lambda v: v.since)
        yield from _grid("自 · since|值 · value|依据 · source", ((v.since, _shown(v), v.source) for v in rows))


def _shown(found: Value) -> str:
    text = as_yaml(found.value)
    if len(text) <= LONGEST:
        return f"`{text}`"
    room, name, _ = found.key.split(".")
    return f"{len(found.value)} 项 · entries：[`heng/policy/{room}/{name}.yaml`](../../heng/policy/{room}/{name}.yaml)"


def _indicators() -> Iterator[str]:
    """Every indicator: unit, better direction, the table behind it, the formula in words and in SQL."""
    for i in sorted((i for i in INDICATORS.values() if i.of.__module__.startswith("heng.")), key=lambda i: i.key):
        yield f"## {i.key} {i.zh} · {i.en}\n"
        yield f"- 公式 · formula：{i.formula[0]} · {i.formula[1]}"
        yield f"- 单位 · unit：{i.unit}；方向 · better：{BETTER[i.better]}；依据表 · table：`{i.of.__name__}`"
        yield f"- SQL：`{' '.join(i.value.split())}`" + (f"，其中 · where `{i.where}`" if i.where != "true" else "") + "\n"


def _commands() -> Iterator[str]:
    """Every command with its arguments and options, as `--help` tells them."""
    yield "全局选项，写在哪里都行 · Global options, anywhere on the line:\n"
    yield from _grid("选项|说明", _annotated(every_command))
    yield "退出码：0 完成；1 做完了，但有要改的；2 拒绝执行；130 被中断。\n"
    yield "Exit codes: 0 done; 1 done, with something to mend; 2 refused; 130 interrupted.\n"
    group: Any = get_command(registered())
    for name, command in sorted(group.commands.items()):
        yield from _command(name, command)


def _command(name: str, command: Any) -> Iterator[str]:
    """One command, or a group of commands with all of them."""
    yield f"## heng {name}\n"
    yield f"{command.help}\n"
    if rows := [_parameter_row(p) for p in command.params if p.name != "help"]:
        yield from _grid("参数|必填|说明", rows)
    for nested, one in sorted(getattr(command, "commands", {}).items()):
        yield from _command(f"{name} {nested}", one)


def _annotated(function: Any) -> Iterator[list[str]]:
    for hint in get_type_hints(function, include_extras=True).values():
        if get_origin(hint) is Annotated:
            option = get_args(hint)[1]
            names = [option.default, *option.param_decls]  # Typer keeps the first name of an annotated option there
            yield [" ".join(f"`{n}`" for n in names), option.help]


def _parameter_row(parameter: Any) -> list[str]:
    names = [parameter.metavar or parameter.name] if parameter.param_type_name == "argument" else list(parameter.opts)
    default = "" if parameter.default in (None, "", [], False) or parameter.required else f"（默认 · default {parameter.default}）"
    return [" ".join(f"`{n}`" for n in names), "是" if parameter.required else "", f"{parameter.help or ''}{default}"]


def _checks() -> Iterator[str]:
    """Every national quality check, by family, with the share of failing rows it allows and how to mend."""
    policy = read_policy()
    latest = {k: max(policy.values[f"standards.check_quality.{k}"], key=lambda v: v.since).value for k in ("checks", "defaults", "owners")}
    checks, defaults, owners = latest["checks"], latest["defaults"], latest["owners"]
    yield f"共 {len(checks)} 项。医院怎样增补：[质量检查](../how-to/quality-checks.md)。\n"
    yield f"{len(checks)} checks. How a hospital adds its own: [quality checks](../how-to/quality-checks.md).\n"
    for family, (zh, en) in FAMILY.items():
        mine = [{**defaults, "owner": owners.get(c["table"], owners["else"]), **c} for c in checks if c["family"] == family]
        yield f"## {zh} · {en}（{len(mine)}）\n"
        yield from _grid("编号|表|检查内容|程度|允许占比|责任部门|怎么改", (_check_row(c) for c in mine))


def _check_row(check: dict[str, Any]) -> list[str]:
    said = f"{check['zh']} · {check['en']}"
    mend = " · ".join(check["mend"])
    return [f"`{check['id']}`", f"`{check['table']}`", said, SEVERITY[check["severity"]][0], check["threshold"], check["owner"], mend]


def _templates() -> Iterator[str]:
    """Every template: which columns must be there, and under which headers each is recognised."""
    yield "表头比较前：全角转半角，去掉空格、换行、括号及其中的单位。列的中文名、英文名总是认得。机构与月份也可写在标题、文件名或命令行。\n"
    yield "Headers are compared in half width, without blanks, line breaks, brackets and units. A column's own names always count.\n"
    shared = document()["shared"]
    yield from _grid("通用列|认得的表头", ((n, "、".join(map(str, shared[n]))) for n in ("org", "month", "year", "month_of_year")))
    for name, template in templates().items():
        told = document()["templates"][name]
        yield f"## {name} {template.table.zh} · {template.table.en}\n"
        needed = set(template.needed)
        rows = [_header_row(template.table, n, needed, told) for n in template.table.columns if n not in ("org", "month", "file", "row")]
        yield from _grid("列|必有|认得的表头", rows)


def _header_row(table: type[Table], name: str, needed: set[str], told: dict[str, Any]) -> list[str]:
    accepted = [table.columns[name].zh, *map(str, told["columns"].get(name, []))]
    filled = {**told.get("defaults", {}), **told.get("assumed", {})}.get(name)
    must = "是" if name in needed else f"否（缺时 {filled}）" if filled is not None else "否"
    return [f"`{name}`", must, "、".join(dict.fromkeys(accepted))]


def main(folder: Path) -> None:
    """写出全部页面 · Write every page into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
