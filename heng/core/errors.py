"""出错时说清：哪里、什么、怎么办 · What can go wrong, said kindly: where, what, and what to do next."""

from collections.abc import Iterable
from difflib import get_close_matches

Say = tuple[str, str]
"""一句话的中文与英文 · One sentence in Chinese and in English."""


class HengError(Exception):
    """用户可以改正的错误之根 · Root of every error that a person can mend.

    `zh`, `en`: what is wrong. `where`: file, table, key or command. `mend`: what to do, in both languages.
    """

    def __init__(self, zh: str, en: str, *, where: str = "", mend: Say = ("", "")) -> None:
        """记下两种语言的说明 · Keep both languages; the message shows Chinese first."""
        self.zh, self.en, self.where, self.mend = zh, en, where, mend
        super().__init__(zh, en)

    def __str__(self) -> str:
        """完整的说明 · The whole message, line by line, Chinese before English."""
        return "\n".join(self.told("zh") + self.told("en"))

    def told(self, lang: str) -> list[str]:
        """一种语言的说明 · The message in one language (zh or en), line by line: where and what, then how to mend it."""
        what, mend = (self.zh, self.mend[0]) if lang == "zh" else (self.en, self.mend[1])
        at = f"{self.where}: " if self.where else ""
        return [f"{at}{what}"] + [f"→ {mend}"] * bool(mend)


class TableError(HengError):
    """表的承诺被打破 · Rows do not keep their table's promise."""


class PolicyError(HengError):
    """政策参数缺失或无效 · A dated value is missing or not valid."""


class WiringError(HengError):
    """能力之间接不上 · A capability lacks what it reads, or two write one table."""


class FileError(HengError):
    """文件不是它所说的样子 · A file is not what it says it is."""


class StoreError(HengError):
    """区域文件夹无法读写 · The region folder cannot be read or written."""


class AccessError(HengError):
    """不许看或不许做 · A person asks for what is not hers to see or do."""


class DeskError(HengError):
    """案头的事办不成 · A step, a person or a notice of the desk is not as it must be."""


def did_you_mean(name: str, known: Iterable[str]) -> Say:
    """为写错的名字给一个最近的提示 · One hint for one misspelling; empty when nothing is near."""
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return (f"是否想写 {near[0]}？", f"did you mean {near[0]}?") if near else ("", "")
