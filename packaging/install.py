"""从安装包安装 · Installs heng out of its bundle, without network; with --region also upgrades a region, and --back takes it all back.

    install.sh /opt/heng                      install, or bring in a new version beside the old one
    install.sh /opt/heng --region /srv/heng   the same, after a backup of the region; what is old in it is migrated
    install.sh /opt/heng --region /srv/heng --back   the version before, and the region as the backup has it

Needs Python 3.11 or newer and nothing else. Nothing is asked of the network. A version that is installed is never changed.
"""

import argparse
import hashlib
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
WINDOWS = sys.platform == "win32"
SUMS = "SHA256SUMS"
WHOLE = ".whole"
"""装完才有的文件 · What stands in an environment once it is whole."""
BEFORE = "before.txt"
"""记下上一版与备份的文件 · Where the version before and the backup taken then are kept."""


def main() -> int:
    """从命令行 · From the command line; exit code 1 when something was refused."""
    asked = argparse.ArgumentParser(description="衡 Heng：离线安装、升级、回退 · install, upgrade, take back, without network")
    asked.add_argument("to", type=Path, help="装到哪个文件夹 · the folder to install into")
    asked.add_argument("--region", type=Path, help="区域文件夹：升级前先备份 · region folder, backed up before an upgrade")
    asked.add_argument("--back", action="store_true", help="回到上一版 · go back to the version before")
    said = asked.parse_args()
    try:
        if sys.version_info < (3, 11):  # noqa: UP036 - the script is the first thing that an old Python meets
            return refuse("需要 Python 3.11 或更新的版本", "Python 3.11 or newer is needed")
        if said.back:
            return back(said.to.resolve(), said.region.resolve() if said.region else None)
        return install(said.to.resolve(), said.region.resolve() if said.region else None)
    except subprocess.CalledProcessError as e:
        return refuse(f"这一步没有做成：{e.cmd}", f"this step failed: {e.cmd}")


def refuse(zh: str, en: str) -> int:
    """不做 · Say why nothing is done."""
    print(f"{zh}\n{en}", file=sys.stderr)
    return 1


def damaged() -> list[str]:
    """核对 · The files of the bundle that are missing, or not what the checksums say."""
    bad = []
    for line in (HERE / SUMS).read_text("utf8").splitlines():
        mark, name = line.split("  ", 1)
        path = HERE / name
        if not path.is_file():
            bad.append(name)
            continue
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != mark:
                bad.append(name)
    return bad


def install(to: Path, region: Path | None) -> int:
    """安装 · Install beside what is there; the launcher changes last, so that a failure leaves the old version as it was."""
    if bad := damaged():
        return refuse(f"安装包不完整或被改动：{'、'.join(bad)}", f"the bundle is incomplete or changed: {', '.join(bad)}")
    wheel = next(HERE.glob("heng-*.whl"))
    version = wheel.name.split("-")[1]
    place, old = to / "versions" / version, current(to)
    if not (place / WHOLE).exists():
        _environment(place, wheel)
    told = subprocess.run([_heng(place), "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if old and old != version:
        kept = _backed_up(to, old, region)
        (to / BEFORE).write_text(f"{old}\n{kept}\n", "utf8")
    _launch(to, version)
    if region and old and old != version:
        subprocess.run([_heng(place), "migrate", "--region", str(region)], check=True)
        _desk(place, region)
        subprocess.run([_heng(place), "doctor", "--region", str(region)], check=True, stdout=subprocess.DEVNULL)
    print(f"{told}：{to / LAUNCHER}")
    return 0


def _environment(place: Path, wheel: Path) -> None:
    """A Python environment of its own; what a power cut left half done is made anew."""
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            uv, python = _uv(Path(scratch)), str(place / ("Scripts/python.exe" if WINDOWS else "bin/python"))
            quiet = {
                **os.environ,
                "UV_OFFLINE": "1",
                "UV_NO_CONFIG": "1",
                "UV_PYTHON_DOWNLOADS": "never",
                "UV_CACHE_DIR": f"{scratch}/cache",
            }
            how = [uv, "pip", "install", "--quiet", "--python", python, "--no-index", "--offline"]
            own = ["--require-hashes", "--find-links", str(HERE / "wheels"), "-r", str(HERE / "requirements.txt")]
            for what in (own, ["--no-deps", str(wheel)]):
                subprocess.run([*how, *what], check=True, env=quiet)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    (place / WHOLE).touch()


def _uv(to: Path) -> str:
    """The installer, out of its own wheel: on some systems Python comes without pip."""
    system = "win_amd64" if WINDOWS else platform.machine().replace("arm64", "aarch64")
    found = next((p for p in (HERE / "wheels").glob("uv-*.whl") if system in p.name), None)
    if found is None:
        raise SystemExit(refuse(f"这个安装包没有给 {sys.platform} {platform.machine()} 的轮子", f"the bundle has no wheels for {system}"))
    with zipfile.ZipFile(found) as packed:
        name = next(n for n in packed.namelist() if n.endswith((".data/scripts/uv", ".data/scripts/uv.exe")))
        (to / Path(name).name).write_bytes(packed.read(name))
    path = to / Path(name).name
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def _heng(place: Path) -> str:
    return str(place / ("Scripts/heng.exe" if WINDOWS else "bin/heng"))


LAUNCHER = "heng.bat" if WINDOWS else "heng"
"""启动的文件 · The file that starts the version in use."""


def _launch(to: Path, version: str) -> None:
    inner = Path("versions") / version / ("Scripts/heng.exe" if WINDOWS else "bin/heng")
    text = f'@"%~dp0{inner}" %*\r\n' if WINDOWS else f'#!/bin/sh\nexec "{to / inner}" "$@"\n'
    fresh = to / f".{LAUNCHER}.new"
    fresh.write_bytes(text.encode())
    fresh.chmod(0o755)
    fresh.replace(to / LAUNCHER)


def current(to: Path) -> str:
    """现在用的版本 · The version in use; empty when none is."""
    path = to / LAUNCHER
    parts = path.read_text("utf8").replace("\\", "/").partition("versions/")[2] if path.exists() else ""
    return parts.partition("/")[0]


def _backed_up(to: Path, old: str, region: Path | None) -> str:
    if region is None:
        return ""
    kept = to / "backups" / f"{time.strftime('%Y%m%d-%H%M%S')}-{old}.zip"
    subprocess.run([_heng(to / "versions" / old), "backup", str(kept), "--region", str(region)], check=True)
    return str(kept)


def _desk(place: Path, region: Path) -> None:
    # The desk is brought up to date by its own command; a region without a desk has nothing to bring.
    if (region / "desk.db").exists():
        subprocess.run([_heng(place), "desk", "upgrade", "--region", str(region)], check=True)


def back(to: Path, region: Path | None) -> int:
    """回退 · The version before, and the region as it was backed up then; what is there now is kept beside it."""
    if not (to / BEFORE).exists():
        return refuse("没有上一版可以回退", "there is no version before")
    old, kept = (to / BEFORE).read_text("utf8").splitlines()[:2]
    if region and not kept:
        return refuse(
            "升级时没有备份这个区域，只能不带 --region 回退程序", "no backup was made of the region: only the program can go back"
        )
    if region:
        aside = region.with_name(f"{region.name}.{current(to)}.{time.strftime('%Y%m%d-%H%M%S')}")
        fresh = region.with_name(f".{region.name}.back")
        subprocess.run([_heng(to / "versions" / old), "restore", kept, "--to", str(fresh)], check=True)
        region.rename(aside)
        fresh.rename(region)
        print(f"升级后的区域留在 · the region as it was after the upgrade is kept in {aside}")
    _launch(to, old)
    (to / BEFORE).unlink()
    print(f"heng {old}：{to / LAUNCHER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
