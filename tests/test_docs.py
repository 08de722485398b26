"""书中每一块都能照做 · Every block of the documentation runs, word for word, in a scratch folder.

Blocks of one page run in order and share a folder. Fences: ```bash and ```python run; ```console runs the lines that
start with `$ ` and expects the others; ```output expects each of its lines in what the block before it said (a line
`…` stands for anything); ```text is only read. `git clone`, `make demo` and `make test` are played, not run again:
`make demo` brings in the region that `heng demo` made once for all pages.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")])
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>[a-z]*)[^\n]*\n(?P<body>.*?)^(?P=indent)```[ \t]*$", re.MULTILINE | re.DOTALL)
RUNS = ("bash", "python", "console")
SILENT = ("text", "yaml", "sql", "json", "toml", "mermaid", "csv")

# Played in place of the real commands: a newcomer types them in the checkout, the scratch folder is not one.
STAGE = r"""
set -euo pipefail
make() {
  local target
  for target in "$@"; do
    case $target in *=*) continue ;; esac
    grep -q "^$target:" "$HENG_MAKEFILE" || { echo "no make target $target" >&2; return 2; }
    if [ "$target" = demo ]; then
      # Files that are never changed are linked, not copied; what a page may write in is its own.
      cp -rl "$HENG_DEMO/demo" .
      for own in policy desk.db; do rm -r "demo/region/$own" && cp -r "$HENG_DEMO/demo/region/$own" demo/region/; done
      cat "$HENG_DEMO_SAID"
    fi
  done
}
git() { [ "$1" = clone ] && mkdir -p "$(basename "${@: -1}" .git)"; }
trap 'pwd > "$HENG_PLACE"' EXIT
cd "$(cat "$HENG_PLACE")"
"""


class Block(NamedTuple):
    """一块：种类、正文、所在行 · One fenced block: its kind, text and line."""

    kind: str
    body: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page in order."""
    for m in FENCE.finditer(text):
        body = "\n".join(line.removeprefix(m["indent"]) for line in m["body"].splitlines())
        yield Block(m["kind"], body, text.count("\n", 0, m.start()) + 1)


def play(block: Block, env: dict[str, str]) -> tuple[str, list[str]]:
    """Run one block; return what it said and what it should have said."""
    lines = block.body.splitlines()
    wanted = [x for x in lines if not x.startswith("$ ")] if block.kind == "console" else []
    script = "\n".join(x[2:] for x in lines if x.startswith("$ ")) if block.kind == "console" else block.body
    start = [sys.executable, "-c", script] if block.kind == "python" else ["bash", "-c", STAGE + script]
    place = Path(env["HENG_PLACE"]).read_text("utf8").strip()
    ran = subprocess.run(
        start,
        cwd=place,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, f"line {block.line}: {script}\n{ran.stdout}"
    return ran.stdout, wanted


def expect(said: str, wanted: list[str], line: int) -> None:
    """Each wanted line is found in what was said."""
    missing = [w for w in wanted if w.strip() not in ("", "…", "...") and w.strip() not in said]
    assert not missing, f"line {line}: not said: {missing}\nsaid:\n{said}"


def perform(text: str, folder: Path, env: dict[str, str]) -> None:
    """Play a whole page."""
    (folder / ".place").write_text(str(folder), "utf8")
    env = env | {"HENG_PLACE": str(folder / ".place"), "HENG_MAKEFILE": str(ROOT / "Makefile")}
    said = ""
    for block in blocks(text):
        assert block.kind in (*RUNS, "output", *SILENT), f"line {block.line}: say what this block is: {(*RUNS, 'output', *SILENT)}"
        if block.kind in RUNS:
            said, wanted = play(block, env)
            expect(said, wanted, block.line)
        elif block.kind == "output":
            expect(said, block.body.splitlines(), block.line)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_page_does_what_it_says(page: Path, tmp_path: Path, newcomer: dict[str, str], request: pytest.FixtureRequest) -> None:
    text = page.read_text("utf8")
    if any("make demo" in b.body for b in blocks(text) if b.kind in RUNS):
        demo = request.getfixturevalue("demo")
        (tmp_path / ".said").write_text(demo.said, "utf8")
        newcomer |= {"HENG_DEMO": str(demo.folder), "HENG_DEMO_SAID": str(tmp_path / ".said")}
    perform(text, tmp_path, newcomer)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf8"))
    links = [x.split("#")[0] for x in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:|#", x)]
    assert [x for x in links if not (page.parent / x).exists()] == []


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("```bash\nfalse\n```", "line 1"),
        ("```bash\nmake nonsense\n```", "no make target nonsense"),
        ("```bash\necho 12.30\n```\n```output\n12.31\n```", "not said"),
        ("```console\n$ echo 核算\n支付\n```", "not said"),
        ("```python\nraise SystemExit(3)\n```", "SystemExit"),
        ("```\nheng demo\n```", "say what this block is"),
    ],
)
def test_a_page_that_lies_is_found_out(page: str, complaint: str, tmp_path: Path, newcomer: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match=complaint):
        perform(page, tmp_path, newcomer)


def test_blocks_share_one_folder_and_go_on_where_the_last_one_stood(tmp_path: Path, newcomer: dict[str, str]) -> None:
    page = "```bash\ngit clone somewhere/heng.git\ncd heng\nmake test\necho 1 > a\n```\n1. x\n   ```console\n   $ cat a\n   1\n   ```\n"
    perform(page + "```python\nprint(open('a', encoding='utf8').read())\n```\n```output\n…\n1\n```", tmp_path, newcomer)
    assert (tmp_path / "heng" / "a").exists()
