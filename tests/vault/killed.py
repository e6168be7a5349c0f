"""A process that changes ways in, keys and words without end, and is killed in the midst of it.

Run as `python -m tests.vault.killed FILE HALF SEED`. Says on standard output, one line of JSON each: what a step is
about to commit, then that it was committed.
"""

import json
import random
import sys
from typing import Any

import msgspec
from sqlalchemy import Connection

from server.core.database import Database
from server.vault import codes, models  # noqa: F401 - the tables
from server.vault.cards import Card, confirm_card
from server.vault.codes import Stretch
from server.vault.drawer import Drawer
from server.vault.errors import LastWayIn
from server.vault.keyring import Keyring
from server.vault.payloads import payload
from server.vault.removing import remove, undo_remove
from server.vault.rotation import finish_epoch, is_rotating, reseal
from server.vault.sealing import Secret
from server.vault.ways_in import device_slot, open_device
from tests.vault.household import KINDS, NOW, Holder, add

NAMES = [f"day/{n}" for n in range(30)]


@payload("killed-note", version=1)
class Note(msgspec.Struct):
    text: str


class Worker:
    """Works on the account of `half`, whose own slot it never removes."""

    def __init__(self, db: Connection, half: Secret, chance: random.Random) -> None:
        self.db, self.own, self.chance = db, device_slot(half), chance
        self.keyring, self.key = open_device(db, half, now=NOW)

    def step(self) -> dict[str, Any]:
        """One change in one transaction; tells what will be so once it is committed."""
        acts = [
            self.write,
            self.write,
            self.write,
            self.take_away,
            self.add,
            self.remove,
            self.undo,
            self.re_seal,
        ]
        told: dict[str, Any] = self.chance.choice(acts)() or {}
        return told | {"slots": sorted(slot.hex() for slot in self.keyring.slots)}

    def write(self) -> dict[str, Any]:
        name, text = self.chance.choice(NAMES), f"words {self.chance.random()}"
        drawer = Drawer(self.db, self.keyring)
        found = drawer.find(name).get(name)
        drawer.replace(found, Note(text)) if found else drawer.put("days", name, Note(text))
        return {"words": [name, text]}

    def take_away(self) -> dict[str, Any] | None:
        name = self.chance.choice(NAMES)
        for record in Drawer(self.db, self.keyring).find(name).values():
            Drawer(self.db, self.keyring).remove(record)
            return {"words": [name, None]}
        return None

    def add(self) -> dict[str, Any] | None:
        if len(self.keyring.slots) > 6:
            return None
        self.keyring, holder = add(self.db, self.keyring, self.key, self.chance.choice(KINDS))
        if holder.kind == "card" and self.chance.random() < 0.5:
            card = Card.parse(holder.secret)
            self.keyring, self.key = confirm_card(self.db, self.keyring, self.key, card, now=NOW)
        return {"holder": [holder.kind, holder.secret, holder.slot.hex()]}

    def remove(self) -> None:
        others = sorted(set(self.keyring.slots) - {self.own})
        if others:
            slot = self.chance.choice(others)
            self.keyring, self.key = remove(self.db, self.keyring, self.key, slot, now=NOW)

    def undo(self) -> None:
        if self.keyring.removed and len(self.keyring.slots) < 8:
            slot = self.chance.choice(sorted(self.keyring.removed))
            self.keyring = undo_remove(self.db, self.keyring, self.key, slot, now=NOW)

    def re_seal(self) -> None:
        if is_rotating(self.keyring) and not reseal(self.db, self.keyring, budget=0):
            self.keyring = finish_epoch(self.db, self.keyring, self.key)


def holder(told: list[str]) -> Holder:
    kind, secret, slot = told
    return Holder(kind, secret, bytes.fromhex(slot))


def look(database: Database, half: Secret) -> tuple[Keyring, dict[str, str]]:
    """What the account says now: its keyring and every word in it."""
    with database.write() as db:
        keyring, _ = open_device(db, half, now=NOW)
        drawer = Drawer(db, keyring)
        found = {name: record.payload.text for name, record in drawer.find(*NAMES).items()}
        assert len(drawer.shelf("days")) == len(found)
        return keyring, found


def main(file: str, half: str, seed: str) -> None:
    codes.STRETCH = Stretch(n=2, r=8, p=1)
    database, chance = Database(f"sqlite:///{file}"), random.Random(seed)
    while True:
        with database.write() as db:
            try:
                told = Worker(db, Secret.from_text(half), chance).step()
            except LastWayIn:
                continue
            print(json.dumps(told), flush=True)
        print("done", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
