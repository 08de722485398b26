"""断电：随时杀掉装入与运行 · Killed at any moment, a region is the old generation or the new one; the same command then finishes."""

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from heng.app.region import Region
from tests.store.tiny import command, contents, heng, loaded, sound, tiny_files, tiny_patients, tiny_region

STAYS = 150
LONG = 3.0  # seconds that a tiny load or run may hold the lock at most, here


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Regions before loading, loaded, and worked out down to the patient."""
    folder = tmp_path_factory.mktemp("undisturbed")
    files = [*tiny_files(folder / "files", ["2026-01"]), *tiny_patients(folder / "files", "2026-01", STAYS)]
    tiny_region(folder / "empty")
    shutil.copytree(folder / "empty", folder / "loaded")
    assert not loaded(Region(folder / "loaded"), files).refused
    shutil.copytree(folder / "loaded", folder / "worked")
    assert heng("run", "--region", folder / "worked").returncode == 0
    assert sum(p.rows for p in Region(folder / "worked").manifest.of("EncounterCost")) == STAYS
    return {name: folder / name for name in ("files", "empty", "loaded", "worked")}


def killed(words: list[str], region: Path, chance: random.Random) -> bool:
    """Start a command, half of the time with worker processes, kill it at a random moment; whether it was still alive."""
    asked = command(*words, side_by_side=chance.random() < 0.5)
    running = subprocess.Popen(asked, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    begun = time.monotonic()
    while not (region / ".writer.json").exists() and running.poll() is None and time.monotonic() - begun < 60:
        time.sleep(0.001)
    span = LONG if words[0] == "run" else 0.3
    time.sleep(chance.random() ** 2 * span)
    running.send_signal(signal.SIGKILL)
    return running.wait() == -signal.SIGKILL


def survives(words: list[str], start: Path, end: Path, place: Path, chance: random.Random) -> bool:
    """Kill the command on a copy of `start`, look, finish it, and compare with `end`; whether it was killed in time."""
    shutil.copytree(start, place)
    cut = killed([*words, "--region", str(place)], place, chance)
    found = Region(place)
    assert contents(found) in (contents(Region(start)), contents(Region(end)))
    sound(found)
    again = heng(*words, "--region", place)
    assert again.returncode == 0, again.stdout + again.stderr
    assert contents(Region(place)) == contents(Region(end))
    sound(Region(place))
    there = {p.relative_to(place).as_posix() for p in (place / "data").rglob("*") if p.is_file()}
    assert {p.file for p in Region(place).manifest.parts} <= there
    return cut


def trial(undisturbed: dict[str, Path], folder: Path, moments: int) -> int:
    """Kill load and run in turns; how many were killed in time."""
    cut, chance = 0, random.Random(moments)  # noqa: S311 - moments, no secret
    for n in range(moments):
        if n % 2:
            cut += survives(["run"], undisturbed["loaded"], undisturbed["worked"], folder / str(n), chance)
        else:
            words = ["load", str(undisturbed["files"]), "--org", "H01"]
            cut += survives(words, undisturbed["empty"], undisturbed["loaded"], folder / str(n), chance)
        shutil.rmtree(folder / str(n))
    return cut


def test_killed_at_some_moments(undisturbed: dict[str, Path], tmp_path: Path) -> None:
    assert trial(undisturbed, tmp_path, 4) >= 1


@pytest.mark.nightly
def test_killed_at_fifty_moments(undisturbed: dict[str, Path], tmp_path: Path) -> None:
    assert trial(undisturbed, tmp_path, 56) >= 30
