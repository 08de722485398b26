"""参考手册与声明一致 · The reference pages say what the declarations say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_reference_equals_the_generated_one(tmp_path: Path) -> None:
    # In a process of its own: tests declare tables, capabilities and indicators that are not the product's.
    subprocess.run([sys.executable, "-m", "heng.serve.reference", tmp_path], cwd=ROOT, check=True)
    written = {p.name: p.read_text("utf8") for p in (ROOT / "docs" / "reference").glob("*.md")}
    made = {p.name: p.read_text("utf8") for p in tmp_path.glob("*.md")}
    assert written.keys() == made.keys()
    old = [name for name in made if made[name] != written[name]]
    assert not old, f"过时的页 · pages that are out of date: {old}; run `make reference`"
