"""Min krisplan in small bits: one question at a time, in any order, and any can be left out (rows A19, D9)."""

import re
from dataclasses import dataclass
from datetime import datetime

from server.items import keeping
from server.items.payloads import Item, Texts
from server.items.sheets import ONE, Field
from server.story.sheets import SAFETY
from server.vault.drawer import Drawer

# Numbers of a few digits that one can call in Sweden; any other number has at least seven. A time is none.
SHORT = ("112", "1177", "11313", "11414", "90101", "90390", "116111", "116123")
_NUMBER = re.compile(r"(?<![\w:./])[+(]?\d[\d ()\u00a0\u2010-\u2015-]*\d(?![\w:])")
_LEAST, _MOST = 7, 15


@dataclass(frozen=True)
class Reach:
    """A line about somebody, and the number to call if it holds one."""

    line: str
    number: str = ""  # as it is written
    call: str = ""


def read(drawer: Drawer) -> Texts:
    """What is written so far."""
    found = keeping.peek(drawer, SAFETY, ONE).get(ONE)
    return found.texts if found else {}


def find_bit(name: str) -> Field | None:
    return next((field for field in SAFETY.written if field.name == name), None)


def next_bit(texts: Texts, after: str = "") -> Field | None:
    """The first question without an answer; past the one named, those before it have been left out. None at the end."""
    names = SAFETY.names
    rest = SAFETY.written[names.index(after) + 1 :] if after in names else SAFETY.written
    return next((field for field in rest if not texts.get(field.name)), None)


def answer(drawer: Drawer, bit: Field, text: str, now: datetime) -> Item:
    """Say something; what stood there before lies among the earlier versions."""
    begun = keeping.begin(drawer, SAFETY, ONE, {bit.name: text}, now)
    return begun if begun.texts.get(bit.name) == text else _alter(drawer, bit, text, now)


def answer_late(drawer: Drawer, bit: Field, text: str, now: datetime) -> None:
    """An answer that waited while it was locked: beside other words that came meanwhile, both are kept."""
    there = read(drawer).get(bit.name, "")
    if there in ("", text):
        answer(drawer, bit, text, now)
    else:
        keeping.tell_beside(drawer, SAFETY, ONE, {bit.name: text}, now)


def reaches(text: str) -> list[Reach]:
    """Each line of those one can reach. A line with two numbers is two to call."""
    found: list[Reach] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        written = {_dialled(number): number for number in _NUMBER.findall(line[:500])}
        found += [Reach(line, number, call) for call, number in written.items() if call] or [Reach(line)]
    return found


def _dialled(written: str) -> str:
    number = re.sub(r"[^\d+]", "", written.replace("(0)", ""))
    whole = number[:1] in ("0", "+") and _LEAST <= len(number) <= _MOST
    return number if whole or number in SHORT else ""


def _alter(drawer: Drawer, bit: Field, text: str, now: datetime) -> Item:
    return keeping.alter(drawer, SAFETY, ONE, {bit.name: text}, now)
