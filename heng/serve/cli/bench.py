"""基准测试（只在源码目录中） · Benchmarks, in a checkout only: the list with its targets, or one run."""

import sys
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any

from typer import Argument, Option

from heng.core.errors import HengError, did_you_mean
from heng.serve.cli.command import Json, command
from heng.serve.cli.console import say, tell

VERSIONS = ("python", "heng", "duckdb", "polars")
CHECKOUT = Path(__file__).parents[3]


@dataclass(kw_only=True)
class BenchOptions:
    """基准测试的选项 · Options of `heng bench`."""

    name: Annotated[str, Argument(metavar="[NAME]", help="名称；不写则列出 · name; the list when left out")] = ""
    lines: Annotated[int | None, Option("--lines", min=1, help="行数，可定的基准才用 · lines, of a bench that can be given them")] = None
    json: Json = False


@command("bench", BenchOptions)
def bench(asked: BenchOptions) -> None:
    """基准测试（只在源码目录中） · Benchmarks, in a checkout only."""
    found = benches()
    if not asked.name:
        _list(found, as_data=asked.json)
        return
    if asked.name not in found:
        raise HengError(
            f"没有基准 {asked.name}", f"there is no bench {asked.name}", where="heng bench", mend=did_you_mean(asked.name, found)
        )
    figures: dict[str, Any] = {"bench": asked.name, **_run(asked, found[asked.name]), **machine()}
    if asked.json:
        from heng.serve.cli.output import print_json

        print_json(figures)
    else:
        tell(*(f"{key}: {value}" for key, value in figures.items()))


def _run(asked: BenchOptions, path: Path) -> dict[str, Any]:
    bench = loaded(path)
    if asked.lines is None:
        return dict(bench.run())
    if "lines" not in signature(bench.run).parameters:
        raise HengError(
            f"基准 {asked.name} 没有行数可定",
            f"bench {asked.name} has no number of lines",
            where="--lines",
            mend=("去掉 --lines", "leave it out"),
        )
    return dict(bench.run(lines=asked.lines))


def benches(checkout: Path = CHECKOUT) -> dict[str, Path]:
    """有哪些基准 · The bench modules of the checkout; HengError where there is no checkout."""
    if not ((checkout / "bench").is_dir() and (checkout / "pyproject.toml").is_file()):
        raise HengError(
            "基准测试只在源码目录中可用",
            "benches exist in a source checkout only",
            where="heng bench",
            mend=("在源码目录中运行 .venv/bin/heng bench", "run .venv/bin/heng bench in a checkout"),
        )
    return {p.stem: p for p in sorted((checkout / "bench").glob("[a-z]*.py")) if "\nTARGETS" in p.read_text("utf8")}


def loaded(path: Path) -> ModuleType:
    """载入一个基准 · Load a bench module: its docstring, TARGETS and run()."""
    import importlib.util

    spec = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    if not (spec and spec.loader):
        raise HengError("读不了这个基准", "cannot read this bench", where=path.name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(path.parent))
    spec.loader.exec_module(module)
    return module


def machine() -> dict[str, Any]:
    """在哪里测的 · The machine and the versions behind the figures."""
    import os
    import platform

    from heng.app.doctor import versions

    known = versions()
    return {"machine": f"{platform.system()} {platform.machine()}", "cores": os.cpu_count(), **{n: known[n] for n in VERSIONS}}


def _list(found: dict[str, Path], *, as_data: bool) -> None:
    from heng.serve.cli.output import print_json

    modules = {name: loaded(path) for name, path in found.items()}
    if as_data:
        print_json({name: {"title": (m.__doc__ or "").partition("\n")[0], "targets": m.TARGETS} for name, m in modules.items()})
        return
    for name, module in modules.items():
        tell(f"{name}  {(module.__doc__ or '').partition(chr(10))[0]}")
        for key, target in module.TARGETS.items():
            say("bench.target", name=key, target=target)
