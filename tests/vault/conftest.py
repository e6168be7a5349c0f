"""The vault's test world: Ada owns, Cleo is a stranger. Database tests run on SQLite and on PostgreSQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection

from server.core.database import Database
from server.vault import codes
from server.vault.cards import add_card, confirm_card
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.passkeys import add_passkey, open_passkey
from server.vault.payloads import payload
from server.vault.sealing import Secret
from server.vault.ways_in import new_account
from tests.vault.household import KEK, Kept


@payload("test-note", version=1)
class Note(msgspec.Struct):
    """A person's words, for tests."""

    text: str


@dataclass
class Person:
    """Someone with a try-account, as the tests see one."""

    keyring: Keyring
    account_key: Secret
    half: Secret

    def drawer(self, db: Connection) -> Drawer:
        return Drawer(db, self.keyring)


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guessing a code is dear on purpose; tests try many."""
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(n=2, r=8, p=1))


@pytest.fixture
def note() -> type[Note]:
    return Note


@pytest.fixture
def now() -> datetime:
    """Sunday morning, 22 November 2026."""
    return datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


@pytest.fixture
def person(database: Database, now: datetime) -> Callable[[], Person]:
    """Makes another person with a try-account."""

    def make() -> Person:
        with database.write() as db:
            return Person(*new_account(db, now=now))

    return make


@pytest.fixture
def ada(person: Callable[[], Person]) -> Person:
    return person()


@pytest.fixture
def cleo(person: Callable[[], Person]) -> Person:
    return person()


@pytest.fixture
def kept(database: Database, now: datetime, ada: Any, note: Any) -> Kept:
    with database.write() as db:
        ada.drawer(db).put("days", "day/1", note("before"))
        keyring, card = add_card(db, ada.keyring, ada.account_key, now=now)
        keyring, key = confirm_card(db, keyring, ada.account_key, card, now=now)
        new: dict[str, Any] = {"credential_public_key": b"public", "sign_count": 1, "backed_up": False}
        keyring = add_passkey(
            db,
            keyring,
            key,
            credential_id=b"lost",
            kek=KEK,
            prf=True,
            label="Gamla telefonen",
            now=now,
            **new,
        )
        ada.keyring, ada.account_key = open_passkey(db, b"lost", KEK, sign_count=2, now=now)
    return Kept(ada, card)
