"""离线安装包 · A bundle installs, starts, upgrades and goes back without network, from nothing but itself.

The wheels of the test are packed anew out of the running environment; those that a real bundle takes from a registry, for every
platform, are tried by the nightly test.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.markers import Marker

from heng.app.region import Region
from heng.serve.demo_desk import PEOPLE, demo_desk

if TYPE_CHECKING:
    from tests.conftest import Offline

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
UNIT = ROOT / "packaging" / "heng.service"


def pinned() -> Iterator[Distribution]:
    """What the locks of a bundle name for this machine, as it is installed here."""
    for lock in ("run.txt", "uv.txt"):
        for name, marker in re.findall(r"(?m)^([\w.-]+)==[^ ;]+(?: ; (.*?))? \\$", (ROOT / "requirements" / lock).read_text("utf8")):
            if not marker or Marker(marker).evaluate():
                yield distribution(name)


def repacked(found: Distribution, to: Path) -> str:
    """A wheel made out of an installed package, and its line of a lock."""
    name, tags = re.sub(r"[-_.]+", "_", found.name).lower(), re.findall(r"(?m)^Tag: (.*)$", found.read_text("WHEEL") or "")
    tag = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*(t.split("-") for t in tags), strict=True))
    wheel, listed = to / f"{name}-{found.version}-{tag}.whl", list[str]()
    with zipfile.ZipFile(wheel, "w") as packed:
        for file in found.files or ():
            inside, path = file.as_posix(), Path(str(found.locate_file(file)))
            if inside == "../../../bin/uv":
                inside = f"uv-{found.version}.data/scripts/uv"
            if inside.startswith("..") or inside.endswith((".pyc", "RECORD", "INSTALLER", "REQUESTED")):
                continue
            packed.writestr(inside, content := path.read_bytes())
            mark = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            listed.append(f'"{inside}",sha256={mark},{len(content)}')
        info = next(n for n in packed.namelist() if n.endswith(".dist-info/METADATA")).rpartition("/")[0]
        packed.writestr(f"{info}/RECORD", "\n".join([*listed, f"{info}/RECORD,,"]) + "\n")
    with wheel.open("rb") as file_:
        return f"{found.name}=={found.version} --hash=sha256:{hashlib.file_digest(file_, 'sha256').hexdigest()}"


def run(*command: str | Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command without input; give back what it said."""
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=300)


def done(*command: str | Path, env: dict[str, str]) -> str:
    """Run a command that must succeed; give back what it said."""
    ran = run(*command, env=env)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def peopled(pattern: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny region, with a desk."""
    folder = Path(shutil.copytree(pattern / "region", tmp_path_factory.mktemp("peopled") / "region"))
    demo_desk(Region(folder), PEOPLE[:1]).db.close()
    return folder


@pytest.fixture
def bundle(tmp_path: Path, offline: "Offline") -> Path:
    """The folder of a bundle for this machine."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "lock.txt").write_text("# a lock\n" + "\n".join(repacked(d, tmp_path / "wheels") for d in pinned()) + "\n", "utf8")
    how = ("--to", tmp_path, "--wheels", tmp_path / "wheels", "--lock", tmp_path / "lock.txt", "--unpacked")
    done(*offline.prefix, sys.executable, ROOT / "packaging" / "bundle.py", *how, env=offline.env)
    return next(p for p in tmp_path.glob("heng-*-bundle") if p.is_dir())


def rehearsal(to: Path, opt: Path) -> Path:
    """A bundle of version 9.9.9 without wheels; it and the version before are installed already, and both are this checkout."""
    to.mkdir()
    for name in ("install.py", "install.sh"):
        shutil.copy2(ROOT / "packaging" / name, to)
    (to / "heng-9.9.9-py3-none-any.whl").touch()
    listed = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in sorted(to.iterdir())]
    (to / "SHA256SUMS").write_text("".join(listed), "utf8")
    for version in ("0.0.1", "9.9.9"):
        program = opt / "versions" / version / "bin" / "heng"
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "heng {version}" || exec "{BIN}/heng" "$@"\n', "utf8")
        program.chmod(0o755)
        (opt / "versions" / version / ".whole").touch()
    (opt / "heng").write_text(f'#!/bin/sh\nexec "{opt}/versions/0.0.1/bin/heng" "$@"\n', "utf8")
    (opt / "heng").chmod(0o755)
    return to


def test_it_installs_and_starts_from_the_bundle_alone(bundle: Path, peopled: Path, tmp_path: Path, offline: "Offline") -> None:
    to = tmp_path / "衡 heng"  # a space and a Chinese name: folders are called like this
    done(*offline.prefix, bundle / "install.sh", to, env=offline.env)
    told = done(*offline.prefix, to / "heng", "show", "cost_rate", "--region", peopled, env=offline.env)
    assert "%" in told


def test_a_changed_file_is_refused_before_anything_is_installed(tmp_path: Path, offline: "Offline") -> None:
    changed = rehearsal(tmp_path / "bundle", tmp_path / "opt")
    (changed / "heng-9.9.9-py3-none-any.whl").write_text("something else", "utf8")
    refused = run(changed / "install.sh", tmp_path / "to", env=offline.env)
    assert refused.returncode == 1
    assert "heng-9.9.9" in refused.stderr
    assert not (tmp_path / "to").exists()


def test_an_upgrade_backs_up_first_and_going_back_restores_program_region_and_desk(
    peopled: Path, tmp_path: Path, offline: "Offline"
) -> None:
    region, opt = Path(shutil.copytree(peopled, tmp_path / "region")), tmp_path / "衡 opt"
    later = rehearsal(tmp_path / "newer", opt)
    done(later / "install.sh", opt, "--region", region, env=offline.env)
    assert done(opt / "heng", "--version", env=offline.env) == "heng 9.9.9\n"
    assert len(list((opt / "backups").glob("*-0.0.1.zip"))) == 1
    (region / "desk.db").write_bytes(b"")  # the new version spoils the desk, and loses the data
    (region / "CURRENT").unlink()
    done(later / "install.sh", opt, "--region", region, "--back", env=offline.env)
    assert done(opt / "heng", "--version", env=offline.env) == "heng 0.0.1\n"
    assert (region / "CURRENT").read_bytes() == (peopled / "CURRENT").read_bytes()
    assert PEOPLE[0].login in done(opt / "heng", "desk", "people", "list", "--region", region, env=offline.env)
    assert [p for p in tmp_path.glob("region.9.9.9.*") if not (p / "CURRENT").exists()]  # what went wrong is kept
    again = run(later / "install.sh", opt, "--back", env=offline.env)
    assert again.returncode == 1
    assert "没有上一版" in again.stderr


def test_the_unit_runs_as_its_own_user_and_may_write_the_region_only() -> None:
    said = dict(re.findall(r"(?m)^(\w+)=(.*)$", UNIT.read_text("utf8")))
    assert said["User"] == "heng"
    assert said["ProtectSystem"] == "strict"
    assert said["ReadWritePaths"] == "/srv/heng"
    assert said["NoNewPrivileges"] == "yes"
    assert said["CapabilityBoundingSet"] == ""


@pytest.mark.nightly
def test_the_real_wheels_of_every_platform_are_there_and_those_of_this_one_install(tmp_path: Path, offline: "Offline") -> None:
    done(sys.executable, ROOT / "packaging" / "bundle.py", "--to", tmp_path, env=dict(os.environ))
    folder = next(p for p in tmp_path.glob("heng-*-bundle") if p.is_dir())
    names = [p.name for p in (folder / "wheels").glob("*.whl")]
    for tag in ("x86_64", "aarch64", "win_amd64"):
        for python in ("cp311", "cp312", "cp313"):
            assert [n for n in names if n.startswith("numpy-") and tag in n and python in n]
    assert any(n.startswith("colorama-") for n in names)  # only Windows needs it
    done(*offline.prefix, folder / "install.sh", tmp_path / "to", env=offline.env)
    assert done(tmp_path / "to" / "heng", "--version", env=offline.env).startswith("heng ")
