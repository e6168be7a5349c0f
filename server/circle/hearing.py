"""What contacts ask and suggest. A suggestion is the owner's only by a yes (row A6); nobody is told the answer.

A room above that makes something of a yes says so with `taken`; the circle imports none of them.
"""

from collections.abc import Callable
from contextlib import suppress

from msgspec.structs import replace

from server.circle.copies import Answer, Heard, Thrown
from server.circle.post import HEARD
from server.vault.changing import NoSuchRecord, change_existing, change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists

LONGEST = 5_000
THROWN = "heard-thrown"
Taker = Callable[[Drawer, Heard], None]
_takers: list[Taker] = []


def taken(taker: Taker) -> Taker:
    """Register what is made of a suggestion when the owner says yes. It must hold when the same yes is said twice."""
    _takers.append(taker)
    return taker


class NotHeard(Exception):
    """Nothing of that kind has been said to this person."""


def heard(drawer: Drawer, pair: str = "") -> list[Heard]:
    """Everything that was asked or suggested, by one contact if one is named; the latest first: one statement."""
    found = [record.payload for record in drawer.shelf(HEARD)]
    kept = [one for one in found if not pair or one.pair == pair]
    return sorted(kept, key=lambda one: one.said.at, reverse=True)


def answer(drawer: Drawer, pair: str, said_id: str, given: Answer, own: str, reason: str) -> Heard:
    """Yes, not now, no; with own words for it, and a reason that stays private. Raises NotHeard."""
    try:
        answered: Heard = change_existing(
            drawer,
            _name(pair, said_id),
            lambda old: replace(old, answer=given, own=own[:LONGEST], reason=reason[:LONGEST]),
        )
    except NoSuchRecord:
        raise NotHeard from None
    if given == "yes" and answered.said.what == "suggestion":
        for take in _takers:
            take(drawer, answered)
    return answered


def take_away(drawer: Drawer, pair: str, said_id: str) -> None:
    """What was said is gone, with the answer to it. The latest one can be put back. Twice is once."""
    record = drawer.find(_name(pair, said_id)).get(_name(pair, said_id))
    if record:
        change_record(drawer, THROWN, THROWN, Thrown(), lambda _old: Thrown(heard=record.payload))
        drawer.remove(record)


def put_back(drawer: Drawer, pair: str, said_id: str) -> bool:
    """What was just taken away is there again; False when it is another one, or none."""
    found = drawer.find(THROWN).get(THROWN)
    back = found.payload.heard if found else None
    if back is None or (back.pair, back.said.id) != (pair, said_id):
        return False
    with suppress(RecordExists):  # it has been said once more meanwhile
        drawer.put(HEARD, _name(pair, said_id), back)
    change_record(drawer, THROWN, THROWN, Thrown(), lambda _old: Thrown())
    return True


def _name(pair: str, said_id: str) -> str:
    return f"heard/{pair}/{said_id}"
