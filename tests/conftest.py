"""试验共用的场地 · What tests share: the data beside the checkout, a machine without network, one demo region."""

import gc
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import heng.store.workers
from tests.store.tiny import worked_out

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("HENG_SHARED", ROOT.parent / "shared")).resolve()
BIN = Path(sys.executable).parent
# The discard port of this machine: whoever still asks for the network is refused at once.
NOWHERE = "http://127.0.0.1:9"
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of commands are started: what one has compiled serves the next
heng.store.workers.AT_MOST = 1  # tests run side by side already, and change what a process of its own would not see
gc.set_threshold(100_000, 50, 50)  # thousands of tests make much and keep little: looking for cycles less often saves a twentieth


class Demo(NamedTuple):
    """演示区域 · The folder in which `heng demo` ran (it holds demo/region and demo/out) and what it said."""

    folder: Path
    said: str


class Offline(NamedTuple):
    """断网的机器 · A command prefix and an environment under which no network can be reached."""

    prefix: tuple[str, ...]
    env: dict[str, str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without the shared data: skip aloud, or refuse where HENG_REQUIRE_SHARED says that it must be there."""
    wanting = [item for item in items if item.get_closest_marker("shared")]
    if (SHARED / "data").is_dir():
        return
    if os.environ.get("HENG_REQUIRE_SHARED") == "1":
        raise pytest.UsageError("缺少共享数据：请设 HENG_SHARED · the shared data is absent: set HENG_SHARED to its folder")
    for item in wanting:
        item.add_marker(pytest.mark.skip(reason="没有共享数据 · no shared data (HENG_SHARED)"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say aloud how many tests did not run for want of the data."""
    unread = [r for r in terminalreporter.getreports("skipped") if "HENG_SHARED" in str(r.longrepr)]
    if unread:
        terminalreporter.write_line(
            f"注意：{len(unread)} 项试验因没有共享数据而未运行 · NOTE: {len(unread)} tests did not run: "
            "no shared data; set HENG_SHARED to the folder that holds data/",
            yellow=True,
        )


@pytest.fixture(scope="session")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One tiny region, loaded and worked out once (with its files beside it); whoever changes it takes a copy."""
    folder = tmp_path_factory.mktemp("pattern")
    worked_out(folder / "region", folder / "files")
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real, independent data; only for tests marked `shared`."""
    return SHARED / "data"


@pytest.fixture(scope="session")
def offline() -> Offline:
    """No network: an empty network namespace where that is permitted; proxies and indexes that refuse, everywhere."""
    mute = "http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY PIP_INDEX_URL UV_DEFAULT_INDEX UV_INDEX_URL"
    env = clean_environment() | dict.fromkeys(mute.split(), NOWHERE) | {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    cut = ("unshare", "--map-root-user", "--net")
    permitted = shutil.which("unshare") and subprocess.run([*cut, "true"], capture_output=True, check=False).returncode == 0
    return Offline(cut if permitted else (), env)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, offline: Offline) -> Demo:
    """What `make demo` leaves once set-up is done, made once, without network, for every page that tells people to run it.

    `.ci/run` has just made one in the checkout, in the same way: HENG_DEMO_SAID is the file of what it said.
    """
    if said := os.environ.get("HENG_DEMO_SAID"):
        return Demo(ROOT, Path(said).read_text("utf8"))
    folder = tmp_path_factory.mktemp("demo")
    ran = subprocess.run(
        [*offline.prefix, BIN / "heng", "demo"],
        cwd=folder,
        env=offline.env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, f"heng demo: {ran.stdout}{ran.stderr}"
    return Demo(folder, ran.stdout)


def clean_environment() -> dict[str, str]:
    """The environment of a newcomer: this checkout's commands come first, and nothing of the running tests leaks in."""
    leaks = ("PYTEST_", "COV_", "MAKE", "MFLAGS", "VIRTUAL_ENV", "PYTHONPATH")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(leaks)}
    return kept | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "120"}


@pytest.fixture
def newcomer() -> dict[str, str]:
    """The environment in which documentation is tried."""
    return clean_environment()
