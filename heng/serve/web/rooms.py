"""各室 · The rooms of the house and what stands in them: names, and the sentence that a capability says of itself."""

import inspect
from functools import cache
from importlib import import_module
from typing import ClassVar

from starlette.convertors import Convertor, register_url_convertor

import heng.app.region  # noqa: F401 - declares all tables and capabilities
from heng.core.capability import CAPABILITIES, Capability
from heng.core.errors import Say


@cache
def rooms() -> dict[str, Say]:
    """有哪些室 · The rooms that have capabilities, by name, as people call them."""
    names = sorted({c.name.partition(".")[0] for c in CAPABILITIES.values() if c.run.__module__.startswith("heng.rooms.")})
    return {n: (about(n)[0].partition("：")[0], about(n)[1].partition(":")[0]) for n in names}


@cache
def about(room: str) -> Say:
    """做什么的 · What a room is for."""
    return _said(inspect.getdoc(import_module(f"heng.rooms.{room}")) or room)


@cache
def within(room: str) -> tuple[Capability, ...]:
    """室里的能力 · The capabilities of a room, by name."""
    return tuple(sorted((c for c in CAPABILITIES.values() if c.name.startswith(f"{room}.")), key=lambda c: c.name))


@cache
def sentence(name: str) -> Say:
    """一句话 · What a capability says of itself beyond its name, in both languages: its module, or the table it writes; may be empty."""
    made = CAPABILITIES[name]
    module = (inspect.getdoc(inspect.getmodule(made.run)) or "").strip()
    told = [_said(module)[0], _said(made.writes.__doc__ or "")[0]]
    more = " ".join(module.partition("\n\n")[2].partition("Source:")[0].split()).partition(". ")[0]
    return next((zh for zh in told if zh not in (made.zh, made.writes.zh)), ""), more or _said(module)[1]


def _said(doc: str) -> Say:
    zh, _, en = doc.strip().partition("\n")[0].partition(" · ")
    return zh.strip(), (en or zh).strip()


class Room(Convertor[str]):
    """室名 · The name of a room in an address: no other page is mistaken for a table."""

    regex: ClassVar[str] = "|".join(rooms())

    def convert(self, value: str) -> str:
        """读 · As it is."""
        return value

    def to_string(self, value: str) -> str:
        """写 · As it is."""
        return value


register_url_convertor("room", Room())
