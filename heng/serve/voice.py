"""用哪种语言说 · Which language is spoken: what the command line and the pages have in common."""

from dataclasses import dataclass

from heng.words import say


@dataclass(frozen=True, kw_only=True)
class Voice:
    """语言 · `lang`: zh or en."""

    lang: str = "zh"

    def say(self, key: str, **values: object) -> str:
        """用所选语言说一句 · A phrase in the chosen language."""
        return say(self.lang, key, **values)

    def pick(self, zh: str, en: str) -> str:
        """两种语言取其一 · The one of the two in the chosen language; the other when it is empty."""
        return (zh or en) if self.lang == "zh" else (en or zh)
