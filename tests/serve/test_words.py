"""界面用语：两种语言一一对应 · Phrases: both languages have the same keys with the same blanks; none is missing, none is idle."""

import re
from pathlib import Path
from string import Formatter

import heng.serve.cli
from heng.words import phrases

SAID = re.compile(r"""["']([a-z]+(?:\.[a-z_]+|\.\{[^}]*\})+)["']""")  # "run.done", f"load.head.{c}"


def blanks(text: str) -> set[str]:
    """The names that a phrase leaves open."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_phrases_with_the_same_blanks() -> None:
    zh, en = phrases("zh"), phrases("en")
    assert list(zh) == list(en)
    assert {k: (blanks(zh[k]), blanks(en[k])) for k in zh if blanks(zh[k]) != blanks(en[k])} == {}


def test_every_phrase_that_is_said_is_written_down_and_every_one_written_is_said() -> None:
    here = Path(heng.serve.cli.__file__).parent
    source = "\n".join(p.read_text("utf8") for folder in (here, here.parent) for p in sorted(folder.glob("*.py")))
    rooms = {k.partition(".")[0] for k in phrases("zh")}
    said = {s for s in SAID.findall(source) if s.partition(".")[0] in rooms and not s.endswith((".py", ".json"))}
    assert {s for s in said if "{" not in s} - set(phrases("zh")) == set()
    patterns = [re.compile(re.sub(r"\{[^}]*\}", "[a-z_]+", s)) for s in said]
    assert [k for k in phrases("zh") if not any(p.fullmatch(k) for p in patterns)] == []
