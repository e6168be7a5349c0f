"""What others have of somebody who is about to leave, and what they may keep."""

from dataclasses import dataclass
from datetime import datetime

from server.circle import people, sharing
from server.circle.people import alphabet
from server.messages import talks
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring


@dataclass(frozen=True)
class Others:
    """`holding`: whoever can read something now, and until when at the latest. `ever`: somebody has, once. `wrote`:
    something was written to somebody under Talk.
    """

    holding: list[tuple[str, datetime]]
    ever: bool
    wrote: bool


def others(drawer: Drawer, keyring: Keyring, now: datetime) -> Others:
    """A row that somebody has edited is passed over: leaving is never stopped by that."""
    ends: dict[tuple[str, str], datetime] = {}
    for record in drawer.intact(sharing.SHELF):
        one = record.payload
        if one.until > now:
            ends[one.pair, one.name] = max(one.until, ends.get((one.pair, one.name), one.until))
    holding = sorted(((name, end) for (_pair, name), end in ends.items()), key=lambda one: alphabet(one[0]))
    met = any(contact.side == "mine" for contact in keyring.contacts.values())
    cards = any(record.payload.relation for record in drawer.intact(people.SHELF))
    wrote = any(record.payload.weeks for record in drawer.intact(talks.SHELF))
    return Others(holding, bool(holding or met or cards or drawer.intact("shown")), wrote)
