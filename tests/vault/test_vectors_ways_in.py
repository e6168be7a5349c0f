"""Golden vectors of the second release: key card, code, passkey, tray. See test_vectors.py for the promise."""

import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from server.core.database import Base, Database, SessionBase
from server.vault import codes
from server.vault.cards import Card, open_card
from server.vault.codes import STRETCH, WrongCode, open_code
from server.vault.drawer import Drawer
from server.vault.errors import MistypedCard, VaultError
from server.vault.models import Letter
from server.vault.passkeys import open_passkey, passkey_kek
from server.vault.sealing import Secret
from server.vault.sessions import Sessions
from server.vault.tray import collect, open_letter
from server.vault.ways_in import open_device
from tests.vault.test_vectors import value

VECTORS = json.loads((Path(__file__).parent / "vectors_ways_in.json").read_text("utf-8"))
WORLD = VECTORS["world"]


@pytest.fixture
def now() -> datetime:
    return datetime.fromisoformat(WORLD["now"])


@pytest.fixture
def real_codes(cheap_codes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", STRETCH)


@pytest.fixture
def old(database: Database, real_codes: None) -> Database:
    """A database as the second release wrote it."""
    with database.write() as db:
        for table in Base.metadata.sorted_tables:
            for row in WORLD["rows"].get(table.name, []):
                db.execute(insert(table), {name: value(column) for name, column in row.items()})
    return database


def opened(db: Connection, what: str, given: dict[str, str], now: datetime) -> str:
    """The account key that a way in gives, or the text that a tray holds; or the name of what was answered."""
    if what == "tray":
        keyring, _ = open_device(db, Secret.from_text(WORLD["half"]), now=now)
        text: str = open_letter(db, keyring, *db.execute(select(Letter.id, Letter.blob)).one()).text
        return text
    if what == "card":
        found = open_card(db, Card.parse(given["text"]), now=now)
    elif what == "passkey":
        kek, credential = Secret.from_text(given["kek"]), bytes.fromhex(given["credential"])
        found = open_passkey(db, credential, kek, sign_count=6, now=now)
    else:
        tried = open_code(db, Secret.from_text(given["half"]), given["code"], now=now)
        if isinstance(tried, WrongCode):
            return "WrongCode"
        found = tried
    return found[1].reveal().hex()


@pytest.mark.parametrize(
    "vector", VECTORS["openings"], ids=lambda vector: f"{vector['what']}-{vector['name']}"
)
def test_a_way_in_opens_or_is_refused_as_it_was(old: Database, now: datetime, vector: dict[str, Any]) -> None:
    with old.write() as db:
        if edit := vector.get("edit"):
            table = Base.metadata.tables[edit["table"]]
            change = update(table).values({edit["column"]: value(edit["value"])})
            db.execute(change.where(table.c.kind == edit["kind"]) if edit["kind"] else change)
        try:
            answer = opened(db, vector["what"], vector["with"], now)
        except VaultError as refused:
            answer = type(refused).__name__
            assert not isinstance(refused, MistypedCard) or list(refused.groups) == vector["groups"]
    assert answer == vector.get("opens", vector.get("refused"))


def test_three_failing_vectors_stand_beside_every_succeeding_one() -> None:
    count = Counter((vector["what"], "opens" in vector) for vector in VECTORS["openings"])
    for what in ("card", "code", "passkey", "tray"):
        assert count[what, True] > 0
        assert count[what, False] >= 3 * count[what, True]


@pytest.mark.parametrize("vector", VECTORS["cards"], ids=lambda vector: vector["rows"][0])
def test_a_card_is_written_and_derived_as_it_was(vector: dict[str, Any]) -> None:
    card = Card(Secret(bytes.fromhex(vector["secret"])))
    assert list(card.rows) == vector["rows"]
    assert (card.find.hex(), card.unlock.reveal().hex()) == (vector["find"], vector["unlock"])
    assert Card.parse(" ".join(vector["rows"])).unlock == card.unlock


@pytest.mark.parametrize("vector", VECTORS["keys"])
def test_the_key_of_a_passkey_without_prf_is_derived_as_it_was(vector: dict[str, str]) -> None:
    kek = passkey_kek(Secret.from_text(vector["half"]), bytes.fromhex(vector["credential"]))
    assert kek.reveal().hex() == vector["gives"]


def test_a_database_of_the_second_release_opens(old: Database, now: datetime) -> None:
    with old.write() as db:
        keyring, account_key = open_device(db, Secret.from_text(WORLD["half"]), now=now)
        assert account_key.reveal().hex() == WORLD["account_key"]
        record = Drawer(db, keyring).find(WORLD["name"])[WORLD["name"]]
        assert record.payload.text == WORLD["says"]
        assert Drawer(db, keyring).shelf(WORLD["shelf"]) == [record]
        assert len(collect(db, keyring)) == 1
        labels = [(info.kind, info.label, info.state) for info in keyring.slots.values()]
    assert labels == [
        ("device", "", "active"),
        ("card", "Nyckelkort", "active"),
        ("code", "Kod", "active"),
        ("passkey", "Telefonen", "pending"),
    ]


def test_a_session_of_the_second_release_keeps_its_idle_time(session_store: Database, now: datetime) -> None:
    with session_store.write() as db:
        for row in WORLD["rows"]["session"]:
            table = SessionBase.metadata.tables["session"]
            db.execute(insert(table), {name: value(column) for name, column in row.items()})
    sessions = Sessions(session_store, Secret(bytes.fromhex(WORLD["pepper"])))
    cookie = Secret.from_text(WORLD["cookie"])
    for _ in range(3):
        now += timedelta(minutes=WORLD["idle_minutes"] - 1)
        found = sessions.resume(cookie, now)
        assert found and found[1].reveal().hex() == WORLD["account_key"]
