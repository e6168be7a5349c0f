"""Two phones wrote in one note at the same time: both stand on the day, and one tap chooses or joins.

The second version is kept under an id that is made from the first one's and its own text, so nothing else need be
remembered: whoever holds both knows that they belong together.
"""

import hashlib
from datetime import date
from typing import Literal

import msgspec
from msgspec.structs import replace

from server.days import log
from server.days.payloads import Day, Entry, Told
from server.vault.drawer import Drawer

How = Literal["both", "first", "second"]
_TEXTS = ("words", "done", "helped")


def beside(entry_id: str, told: Told) -> str:
    """The id under which a second version of an entry is kept: the same version twice is once."""
    return hashlib.sha256(entry_id.encode() + msgspec.json.encode(told)).hexdigest()[:32]


def twins(day: Day) -> dict[str, Entry]:
    """The first version of each second one on this day, by the id of the second. One that was rewritten is its own."""
    return {
        second.id: first
        for second in day.entries
        for first in day.entries
        if first is not second and second.id == beside(first.id, second.told)
    }


def settle(drawer: Drawer, day: date, second_id: str, how: How) -> Entry:
    """Keep the first, the second, or both in one note. The second goes to the bin, whence it can come back.

    Raises NoSuchEntry when they do not stand beside each other any more.
    """
    read = log.read_day(drawer, day)
    second, first = log.find_entry(read, second_id), twins(read).get(second_id)
    if first is None:
        raise log.NoSuchEntry
    told = {"first": first.told, "second": second.told, "both": joined(first.told, second.told)}[how]
    kept = log.tell(drawer, day, first.id, told, first.edition)
    log.take_away(drawer, day, second_id)
    return kept


def joined(first: Told, second: Told) -> Told:
    """Both versions: texts one below the other, and of choices the first that was made."""
    texts = {name: _below(getattr(first, name), getattr(second, name)) for name in _TEXTS}
    found = {
        name: getattr(first, name) or getattr(second, name) for name in ("form", "looked", "cost", "mood")
    }
    around = tuple(dict.fromkeys((*first.circumstances, *second.circumstances)))
    return replace(first, **texts, **found, circumstances=around)


def _below(first: str, second: str) -> str:
    if second in first:
        return first
    return second if first in second else f"{first}\n\n{second}"
