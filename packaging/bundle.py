"""做安装包 · Makes the bundle that a hospital without internet installs from: wheels, heng itself, checksums, install scripts.

    python packaging/bundle.py --to dist [--platform linux-x86_64 …] [--python 3.12 …] [--wheels FOLDER --lock FILE]

Wheels come through pip, each checked against the hashes of the lock. `--wheels` takes wheels that are there already.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[1]
HERE = Path(__file__).parent
PLATFORMS = {
    "linux-x86_64": ("linux", "x86_64", ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"]),
    "linux-aarch64": ("linux", "aarch64", ["manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"]),
    "windows-x86_64": ("win32", "AMD64", ["win_amd64"]),
}
"""装到哪里 · Where a bundle installs: what Python calls the system and the machine, and the platforms of its wheels."""
PYTHONS = ("3.11", "3.12", "3.13")
LOCKS = (ROOT / "requirements" / "run.txt", ROOT / "requirements" / "uv.txt")
CARRIED = ("install.py", "install.sh", "install.bat", "README.md", "heng.service")
SUMS = "SHA256SUMS"
EPOCH = (1980, 1, 1, 0, 0, 0)


def main() -> None:
    """从命令行 · From the command line."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--to", type=Path, default=ROOT / "dist")
    asked.add_argument("--platform", nargs="+", choices=PLATFORMS, default=list(PLATFORMS))
    asked.add_argument("--python", nargs="+", default=list(PYTHONS))
    asked.add_argument("--wheels", type=Path, help="wheels that are there already: nothing is fetched")
    asked.add_argument("--lock", type=Path, help="the lock of those wheels")
    asked.add_argument("--unpacked", action="store_true", help="leave it a folder, not a zip")
    said = asked.parse_args()
    folder = said.to / f"heng-{version()}-bundle"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    lock = said.lock.read_text("utf8") if said.lock else "\n".join(p.read_text("utf8") for p in LOCKS)
    if said.wheels:
        for wheel in said.wheels.glob("*.whl"):
            (folder / "wheels" / wheel.name).hardlink_to(wheel)
    else:
        for platform in said.platform:
            for python in said.python:
                fetch(lock, platform, python, folder / "wheels")
    put_together(folder, lock)
    print(folder if said.unpacked else pack(folder))


def version() -> str:
    """版本 · The version of heng."""
    path = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["tool"]["hatch"]["version"]["path"]
    return re.findall(r'__version__ = "([^"]+)"', (ROOT / path).read_text("utf8"))[0]


def fetch(lock: str, platform: str, python: str, to: Path) -> None:
    """取轮子 · The wheels of the lock for a platform and a Python; a hash that does not fit, or a wheel that is not there, stops it."""
    system, machine, tags = PLATFORMS[platform]
    print(f"{platform} · Python {python}", flush=True)
    environment = {"sys_platform": system, "platform_machine": machine, "python_version": python, "python_full_version": f"{python}.0"}
    environment |= {"implementation_name": "cpython", "platform_python_implementation": "CPython"}
    wanted = to.parent / "wanted.txt"
    wanted.write_text("\n".join(entries(lock, environment)) + "\n", "utf8")
    how = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp", "--python-version", python]
    named = [part for tag in tags for part in ("--platform", tag)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "-r", str(wanted), "-d", str(to), *how, *named]
    subprocess.run(command, check=True)
    wanted.unlink()


def entries(lock: str, environment: dict[str, str]) -> Iterator[str]:
    """锁里的条目 · The entries of a lock that count somewhere, without their markers: pip would judge those by this machine."""
    for entry in re.split(r"\n(?=[\w.-]+==)", lock.replace(" \\\n", "\n"))[1:]:
        first, *hashes = [line.strip() for line in entry.splitlines() if line.strip() and not line.strip().startswith("#")]
        pin, _, marker = first.partition(";")
        if not marker or Marker(marker.strip()).evaluate(environment):
            yield " ".join([pin.strip(), *hashes])


def put_together(folder: Path, lock: str) -> None:
    """放齐 · Heng's own wheel, the lock, the scripts, the documents, and the checksum of every file."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    pins = [e for e in re.split(r"\n(?=[\w.-]+==)", lock)[1:] if not e.startswith("uv==")]
    (folder / "requirements.txt").write_text("\n".join(pins) + "\n", "utf8")
    for name in CARRIED:
        shutil.copy2(HERE / name, folder)
    batch = folder / "install.bat"
    batch.write_bytes(batch.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    lines = [f"{_hash(p)}  {p.relative_to(folder).as_posix()}" for p in files]
    (folder / SUMS).write_text("\n".join(lines) + "\n", "utf8")


def pack(folder: Path) -> Path:
    """打成一个文件 · The folder as one zip (wheels are compressed already), with its own checksum beside it."""
    made = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(made, "w") as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", EPOCH)
            info.external_attr = (0o755 if path.suffix == ".sh" else 0o644) << 16
            with path.open("rb") as file, packed.open(info, "w", force_zip64=True) as member:
                shutil.copyfileobj(file, member)
    made.with_name(f"{made.name}.sha256").write_text(f"{_hash(made)}  {made.name}\n", "utf8")
    return made


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
