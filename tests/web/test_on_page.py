"""页面上的说法 · What errors tell a visitor to do: the pages have no command line, so no error on them names a command."""

import re
from pathlib import Path

import pytest

import heng
from heng.serve.voice import Voice
from heng.serve.web.on_page import on_page

HOUSE = Path(heng.__file__).parent
SAID = re.compile(r"heng (?:desk [a-z]+(?: [a-z]+)?|show|run|load)\b|(?<![\w-])--(?:org|dept|group|month|table|map|add|replace)\b")
WHERE = [*HOUSE.glob("desk/*.py"), *HOUSE.glob("app/*.py"), *HOUSE.glob("serve/*.py")]
OF_THE_MACHINE = ("heng desk setup", "heng desk upgrade", "heng desk notices log")
"""What only whoever has the machine can do; and what is said in mails."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_mend_names_a_command(lang: str) -> None:
    told = [line for f in WHERE for line in f.read_text().splitlines() if '"""' not in line and "#" not in line]
    named = [line.strip() for line in told if SAID.search(line) and not any(m in line for m in OF_THE_MACHINE)]
    assert len(named) > 20  # there is something to say otherwise
    assert [line for line in named if SAID.search(on_page(line, Voice(lang=lang)))] == []


def test_a_command_becomes_the_page_that_does_it() -> None:
    assert on_page("先任命：heng desk posts give", Voice(lang="zh")) == "先任命：「人员与任职」"
    assert on_page("with --org, without --group", Voice(lang="en")) == "with “Hospital”, without “Together”"
    assert on_page("heng loads、--organ", Voice(lang="zh")) == "heng loads、--organ"
