"""两条命令与锁 · The two commands set everything up once; the locks hold hashes and say nothing of where they were made."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Demo, Offline

ROOT = Path(__file__).resolve().parents[1]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def tell(*command: str | Path, env: dict[str, str], cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command without input; give back what it said."""
    return subprocess.run(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)


def pins(lock: Path) -> set[str]:
    """`name==version ; marker` of every package in a lock."""
    return {line.rstrip(" \\") for line in lock.read_text("utf8").splitlines() if re.match(r"[\w.-]+==", line)}


def wishes(text: list[str]) -> set[str]:
    """The requirement lines without comments and includes."""
    return {line for line in text if line and not line.startswith(("#", "-r"))}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_has_a_hash_for_every_package_and_names_no_host_or_folder(lock: Path) -> None:
    text = lock.read_text("utf8")
    entries = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert entries
    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []
    assert re.findall(r"(?m)^\s*-.*(?:index|find-links|trusted).*$|https?:|file:|(?<![\w.])/\w+/.*", text) == []


def test_the_product_and_its_lock_wish_for_the_same_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    assert wishes((ROOT / "requirements/run.in").read_text("utf8").splitlines()) == set(project["dependencies"])
    assert pins(ROOT / "requirements/run.txt") | pins(ROOT / "requirements/uv.txt") <= pins(ROOT / "requirements/dev.txt")


def test_every_dependency_is_explained() -> None:
    wished = {re.split(r"[<>=~ ]", w)[0] for p in ROOT.glob("requirements/*.in") for w in wishes(p.read_text("utf8").splitlines())}
    told = set(re.findall(r"^\| `([\w.-]+)`", (ROOT / "docs/dependencies.md").read_text("utf8"), re.MULTILINE))
    assert wished == told


def test_the_lock_of_the_running_environment_is_the_one_written_down() -> None:
    present = {d.name.lower().replace("_", "-"): d.version for d in distributions()}
    locked = dict(pin.split(" ;")[0].split("==") for pin in pins(ROOT / "requirements/run.txt"))
    assert {n: v for n, v in present.items() if n in locked and v != locked[n]} == {}


def test_python_is_searched_for_when_the_first_one_is_too_old(tmp_path: Path, newcomer: dict[str, str]) -> None:
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n", "utf8")
    (tmp_path / "python3").chmod(0o755)
    (tmp_path / "python3.14").symlink_to(sys.executable)
    found = tell("make", "-s", "python", env=newcomer | {"PATH": f"{tmp_path}{os.pathsep}{os.defpath}"})
    assert found.stdout.strip() == str(tmp_path / "python3.14")


def test_without_a_python_new_enough_both_languages_say_what_to_do(tmp_path: Path, newcomer: dict[str, str]) -> None:
    refused = tell("make", "-s", "python", f"PYTHON={tmp_path}/python3.9", env=newcomer)
    assert refused.returncode != 0
    assert "请安装后再试" in refused.stderr
    assert "Install one, or name it: make PYTHON=" in refused.stderr


def test_a_second_make_demo_only_runs_the_demo(newcomer: dict[str, str]) -> None:
    if tell("make", "--question", "setup", env=newcomer).returncode:
        pytest.skip("这个环境不是 make 建的 · this environment was not set up by make")
    begun = time.perf_counter()
    assert tell("make", "-n", "demo", env=newcomer).stdout.split() == [".venv/bin/heng", "demo"]
    assert time.perf_counter() - begun < 2


def test_the_demo_needs_no_network(demo: "Demo") -> None:
    assert (demo.folder / "demo/region").is_dir()
    assert any((demo.folder / "demo/out").rglob("*.xlsx"))


def checkout(folder: Path) -> Path:
    """A copy of what git would give to a newcomer."""
    listed = tell("git", "ls-files", "-co", "--exclude-standard", "-z", env=dict(os.environ)).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


@pytest.mark.nightly
def test_a_fresh_clone_sets_itself_up_and_then_lives_without_network(tmp_path: Path, newcomer: dict[str, str], offline: "Offline") -> None:
    clone = checkout(tmp_path / "衡 heng")  # a space and a Chinese name: folders are called like this
    first = tell("make", "setup", env=newcomer, cwd=clone)
    assert first.returncode == 0, first.stdout + first.stderr
    again = tell(*offline.prefix, "make", "demo", env=offline.env, cwd=clone)
    assert again.returncode == 0, again.stdout + again.stderr
    for lock in (*clone.glob("requirements/*.txt"), clone / "pyproject.toml"):
        lock.touch()  # a pull that changes nothing still makes files look new
    touched = tell(*offline.prefix, "make", "setup", env=offline.env, cwd=clone)
    assert touched.returncode == 0, touched.stdout + touched.stderr


def test_wheel_and_source_carry_every_yaml_and_sql(tmp_path: Path, newcomer: dict[str, str]) -> None:
    built = tell(sys.executable, "-m", "hatchling", "build", "-d", str(tmp_path), env=newcomer)
    assert built.returncode == 0, built.stderr
    wheel = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as source:
        sources = {n.split("/", 1)[-1] for n in source.getnames()}
    ours = {p.relative_to(ROOT).as_posix() for kind in ("yaml", "sql") for p in (ROOT / "heng").rglob(f"*.{kind}")}
    assert ours <= wheel
    assert ours <= sources
    assert not {n for n in sources if n.startswith((".venv", ".git/"))}
