"""一封信，和把它送出去的通道 · A letter, and what a channel must be able to do with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """一封信 · What goes out. `id` is the same at every attempt, so that a receiver can drop a double; moments are UTC."""

    id: str
    name: str
    mail: str
    subject: str
    body: str
    made: datetime
    now: datetime


class UnsentError(Exception):
    """没有送出 · It was not sent, or nobody knows. `hopeless`: never will be; `down`: the channel itself is in trouble."""

    def __init__(self, said: str, *, hopeless: bool = False, down: bool = False) -> None:
        """记下对方的话 · Keep what the other side said."""
        self.said, self.hopeless, self.down = said, hopeless, down
        super().__init__(said)


class Channel(Protocol):
    """通道 · `shared`: one message for all it is for (a group), not one to each person; `orgs`: only for people of these."""

    @property
    def name(self) -> str:
        """名称 · Its name in the log of deliveries."""

    @property
    def shared(self) -> bool:
        """群 · Whether all read the same copy."""

    @property
    def orgs(self) -> frozenset[str] | None:
        """哪些医院 · For people of which hospitals; None for all."""

    def address(self, mail: str) -> str:
        """送到哪里 · Where a letter goes, as the log may say it: without a secret; empty when there is nowhere to go."""

    def send(self, letter: Letter) -> str:
        """送出 · Send it and say what the other side answered; UnsentError when it did not take it."""
