"""Livskartan: eight areas in small bits, in any order, over weeks (row E11). Nothing has to be answered.

A bit is one question about one area. It can be left for later, or for a talk: then it is not asked again by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from server.items import keeping
from server.items.payloads import Item
from server.items.sheets import Field
from server.plan.sheets import AREA
from server.vault.drawer import Drawer

Aside = Literal["skip", "talk"]
_ORDER = ("now", "works", "wish", "care")


@dataclass(frozen=True)
class Bit:
    """One question: an area's name and which of its texts."""

    area: str
    field: Field

    @property
    def name(self) -> str:
        return f"{self.area}:{self.field.name}"


def every_bit() -> list[Bit]:
    """All there are, one question through the eight areas, then the next."""
    fields = [AREA.field(name) for name in _ORDER]
    return [Bit(area, field) for field in fields for area in AREA.few if field.only in ("", area)]


def read(drawer: Drawer) -> dict[str, Item]:
    """Those areas that something is written about, by name: one statement."""
    return keeping.peek(drawer, AREA, *AREA.few)


def next_bit(areas: Mapping[str, Item], after: str = "") -> Bit | None:
    """The first bit that is neither answered nor put aside, `after` the one named if there is any; None at the end."""
    bits = every_bit()
    begin = next((n + 1 for n, bit in enumerate(bits) if bit.name == after), 0)
    waiting = (bit for bit in (*bits[begin:], *bits[:begin]) if not _is_dealt_with(areas.get(bit.area), bit))
    return next(waiting, None)


def find_bit(name: str) -> Bit | None:
    return next((bit for bit in every_bit() if bit.name == name), None)


def answer(drawer: Drawer, bit: Bit, text: str, now: datetime) -> Item:
    """Say something; what the area said of it before lies among its earlier versions."""
    return _alter(drawer, bit, {bit.field.name: text}, now)


def answer_later(drawer: Drawer, bit: Bit, text: str, now: datetime) -> None:
    """What was said while the drawer was locked. Beside another answer since then both stand. Twice is once."""
    there = keeping.begin(drawer, AREA, bit.area, {}, now).texts.get(bit.field.name, "")
    if not there:
        answer(drawer, bit, text, now)
    elif text != there:
        keeping.tell_beside(drawer, AREA, bit.area, {bit.field.name: text}, now)


def put_aside(drawer: Drawer, bit: Bit, how: Aside, now: datetime, text: str = "") -> Item:
    """Leave it for later, or for a talk. What was written before that is kept."""
    old = keeping.peek(drawer, AREA, bit.area).get(bit.area)
    marks = set(old.texts.get("marks", "").split()) if old else set()
    others = {mark for mark in marks if mark.split(":")[0] != bit.field.name}
    kept = {bit.field.name: text} if text else {}
    return _alter(drawer, bit, kept | {"marks": " ".join(sorted(others | {f"{bit.field.name}:{how}"}))}, now)


def rather_talk(item: Item | None) -> tuple[str, ...]:
    """The texts that the owner would rather talk about."""
    marks = item.texts.get("marks", "").split() if item else []
    names = (mark.split(":")[0] for mark in marks if mark.endswith(":talk"))
    return tuple(name for name in names if name in AREA.names)


def _alter(drawer: Drawer, bit: Bit, texts: dict[str, str], now: datetime) -> Item:
    keeping.begin(drawer, AREA, bit.area, {}, now)
    return keeping.alter(drawer, AREA, bit.area, texts, now)


def _is_dealt_with(item: Item | None, bit: Bit) -> bool:
    if item is None:
        return False
    put_aside = (mark.split(":")[0] for mark in item.texts.get("marks", "").split())
    return bool(item.texts.get(bit.field.name)) or bit.field.name in put_aside
