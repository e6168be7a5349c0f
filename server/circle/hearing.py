"""What contacts ask and suggest. A suggestion is the owner's only by a yes (row A6); nobody is told the answer."""

from msgspec.structs import replace

from server.circle.copies import Answer, Heard
from server.circle.post import HEARD
from server.vault.changing import NoSuchRecord, change_existing
from server.vault.drawer import Drawer

LONGEST = 5_000


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
        return change_existing(
            drawer,
            f"heard/{pair}/{said_id}",
            lambda old: replace(old, answer=given, own=own[:LONGEST], reason=reason[:LONGEST]),
        )
    except NoSuchRecord:
        raise NotHeard from None
