"""README 的图：真实输出 · The picture of the README: what `heng` prints on the demo region, as SVG.

`make picture` runs the commands below in demo/region (made first when it is not there) and draws their output with
Rich. Fonts are named, never fetched: any fixed-width font with Chinese glyphs keeps the columns.
"""

# ruff: noqa: INP001 - a script beside the pages, no package

import os
import re
import subprocess
import sys
from html import escape, unescape
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

WIDTH = 100
REGION = Path("demo/region")
HENG = Path(sys.executable).with_name("heng")
COMMANDS = (
    (
        "heng show 科室收支 --org H01 --month 2026-03 --where scope=medical --limit 7 \\\n"
        "    --columns dept,income,cost,surplus,volume,unit_cost"
    ),
    "heng show 成本勾稽 --org H01 --month 2026-03 \\\n    --columns step,arrow_zh,before,removed,after,difference",
)
FONTS = "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', 'Microsoft YaHei Mono', 'PingFang SC', Menlo, Consolas, monospace"
PAPER = TerminalTheme(
    (255, 255, 255),
    (40, 44, 52),
    [(40, 44, 52), (190, 40, 40), (40, 120, 60), (150, 110, 0), (40, 80, 170), (130, 60, 140), (0, 120, 130), (90, 90, 90)],
)
FRAME = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>heng show</title>
<style>
.{unique_id}-matrix {{ font-family: @FONTS@; font-size: @SIZE@px; line-height: {line_height}px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
<rect x="1" y="1" width="99.8%" height="99.7%" rx="8" fill="#ffffff" stroke="#d0d4da" />
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
""".replace("@FONTS@", FONTS).replace("@SIZE@", "22")
CELL = 12.2
"""Rich 的字格宽（像素） · The width of one cell in Rich's SVG, in pixels."""
SPAN = re.compile(r'<text class="(?P<style>[^"]+)" x="(?P<x>[\d.]+)" y="(?P<y>[\d.]+)"[^>]*>(?P<said>[^<]*)</text>')
AMOUNT = re.compile(r"-?[\d,]+(\.\d+)?")


def said(command: str) -> Text:
    """命令的真实输出 · What a command really prints, colours and all."""
    env = os.environ | {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    ran = subprocess.run([HENG, *command.replace("\\\n", "").split()[1:]], cwd=REGION, env=env, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
    return Text.from_ansi(ran.stdout.rstrip("\n"))


def picture() -> str:
    """整幅图 · The whole picture as SVG text."""
    console = Console(record=True, width=WIDTH, file=Path(os.devnull).open("w"), force_terminal=True)  # noqa: SIM115 - written to nobody
    for command in COMMANDS:
        console.print(Text(f"$ {command}", style="bold blue"), soft_wrap=False)
        console.print(said(command), soft_wrap=False)
        console.print()
    return SPAN.sub(pinned, console.export_svg(title="", theme=PAPER, code_format=FRAME, unique_id="heng"))


def pinned(found: re.Match[str]) -> str:
    """每个词钉在自己的列上 · Every word pinned to its column, amounts by their right end: then no font can shift a column."""
    column, made = float(found["x"]) / CELL, []
    for word in re.split("(\N{NO-BREAK SPACE}+)", unescape(found["said"])):
        width = cell_len(word)
        if word.strip("\N{NO-BREAK SPACE}\n"):
            amount = AMOUNT.fullmatch(word)
            x, anchor = (column + width, ' text-anchor="end"') if amount else (column, "")
            place = f'x="{x * CELL:.1f}" y="{found["y"]}" textLength="{width * CELL:.1f}"{anchor}'
            made.append(f'<text class="{found["style"]}" {place}>{escape(word)}</text>')
        column += width
    return "".join(made)


if __name__ == "__main__":
    if not REGION.is_dir():
        subprocess.run([HENG, "demo"], check=True)  # noqa: S603 - our own command
    Path(sys.argv[1]).write_text(picture(), "utf8")
