"""语：界面用语，中英文各一份 · Phrases of the interface, one file a language; a column's names live with the column."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def phrases(lang: str) -> Mapping[str, str]:
    """一种语言的全部用语 · All phrases of a language, by key."""
    import yaml  # noqa: PLC0415 - `heng --help` has no phrase to look up, and need not wait for this

    text = (Path(__file__).parent / f"{lang}.yaml").read_text("utf8")
    return {str(k): str(v) for k, v in yaml.load(text, Loader=yaml.CSafeLoader).items()}


def say(lang: str, key: str, **values: object) -> str:
    """一句话，填上数字与名字 · One phrase with its values filled in; KeyError when the phrase is not in the file."""
    return phrases(lang)[key].format(**values)
