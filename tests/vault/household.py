"""Whoever holds a way in, as tests remember it: one secret for each slot, and how to come in with it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from server.core import ids
from server.core.database import Database
from server.vault.cards import Card, add_card, open_card
from server.vault.codes import WrongCode, add_code, code_slot, open_code
from server.vault.keyring import Keyring
from server.vault.passkeys import add_passkey, open_passkey
from server.vault.removing import remove
from server.vault.sealing import Secret
from server.vault.ways_in import Way, add_device, device_slot, open_device, ways

KINDS = ("device", "card", "code", "passkey")
CODE = "2468"
KEK = Secret(b"from the browser".ljust(32))
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    """Something that opens (or opened) an account; `secret` is text, so that it can go through a pipe."""

    kind: str
    secret: str
    slot: bytes

    def open(self, db: Connection) -> tuple[Keyring, Secret]:
        if self.kind == "card":
            return open_card(db, Card.parse(self.secret), now=NOW)
        held = Secret.from_text(self.secret)
        if self.kind == "device":
            return open_device(db, held, now=NOW)
        if self.kind == "passkey":
            return open_passkey(db, held.reveal(), held, sign_count=1, now=NOW)
        tried = open_code(db, held, CODE, now=NOW)
        assert not isinstance(tried, WrongCode)
        return tried


def add(db: Connection, keyring: Keyring, key: Secret, kind: str) -> tuple[Keyring, Holder]:
    """A new way in of any kind, and what its holder holds."""
    if kind == "card":
        keyring, card = add_card(db, keyring, key, now=NOW)
        return keyring, Holder(kind, card.text, card.find)
    if kind == "device":
        keyring, half = add_device(db, keyring, key, now=NOW)
        return keyring, Holder(kind, half.as_text(), device_slot(half))
    held = Secret(ids.random_bytes(32))
    if kind == "code":
        return add_code(db, keyring, key, held, CODE, now=NOW), Holder(kind, held.as_text(), code_slot(held))
    before = set(keyring.slots)
    keyring = add_passkey(
        db,
        keyring,
        key,
        credential_id=held.reveal(),
        credential_public_key=b"public",
        sign_count=0,
        backed_up=False,
        kek=held,
        prf=True,
        now=NOW,
    )
    (slot,) = set(keyring.slots) - before
    return keyring, Holder(kind, held.as_text(), slot)


@dataclass
class Kept:
    """Ada with a phone, a card, and another phone with a passkey, as she sees them from the first phone."""

    person: Any
    card: Card

    @property
    def passkey(self) -> bytes:
        return self.way("passkey").id

    def way(self, kind: str) -> Way:
        return next(way for way in ways(self.person.keyring) if way.kind == kind)


def taken(database: Database, person: Any, slot: bytes, now: datetime, **how: bool) -> None:
    with database.write() as db:
        keyring, key = remove(db, person.keyring, person.account_key, slot, now=now, **how)
    person.keyring, person.account_key = keyring, key
