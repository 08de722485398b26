"""建立案头的命令 · `heng desk setup`, cut off at any moment: the same command again sets the desk up, with codes that work."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.serve.desk_people import PASSWORD, Office, hands, office
from tests.serve.spoken import Heng

__all__ = ["hands", "office"]  # fixtures of this page
HENG = Path(sys.executable).with_name("heng")
WORDS = ("desk", "setup", "--system", "wang=王系统", "--security", "li=李安全", "--audit", "zhao=赵审计", "--json")


def test_codes_that_were_never_told_are_made_again_until_somebody_has_a_password(say: Heng, region: Path) -> None:
    assert not (region / "desk.db").exists()
    first, again = (json.loads(say(*WORDS)[1])["administrators"] for _ in range(2))
    assert [(a["role"], a["login"], a["name"]) for a in first] == [(a["role"], a["login"], a["name"]) for a in again]
    assert not {a["code"] for a in first} & {a["code"] for a in again}


def test_a_desk_whose_tables_were_never_made_is_set_up(say: Heng, region: Path, office: Office) -> None:
    (region / "desk.db").write_bytes(b"")  # killed before the first transaction
    for name in ("desk.db-wal", "desk.db-shm"):
        (region / name).unlink(missing_ok=True)
    assert "heng desk upgrade" in office.refused("people", "list")
    assert say(*WORDS)[0] == 0
    assert len(office.data("people", "list")["people"]) == 3


@pytest.mark.nightly
def test_killed_at_random_moments_it_can_always_be_begun_again(region: Path) -> None:
    chance, home = random.Random(4), {**os.environ, "HOME": str(region.parent)}  # noqa: S311 - moments, no secret
    for _ in range(15):
        running = subprocess.Popen([HENG, *WORDS], cwd=region, env=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            running.communicate(timeout=chance.uniform(0.3, 3))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.communicate()
    told = heng(region, home, *WORDS)["administrators"]
    for one in told:
        spoken = home | {"HENG_PASSWORD": one["code"], "HENG_NEW_PASSWORD": PASSWORD}
        heng(region, spoken, "desk", "people", "password", one["login"], "--json")
        assert heng(region, spoken | {"HENG_PASSWORD": PASSWORD}, "desk", "whoami", "--as", one["login"], "--json")["login"] == one["login"]


def heng(region: Path, env: dict[str, str], *words: str) -> Any:
    """What a command says as JSON, run in a process of its own."""
    ran = subprocess.run([HENG, *words], cwd=region, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
