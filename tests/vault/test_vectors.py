"""Golden vectors, frozen with the first release: what opened then opens always, what was refused is
refused by the same name. At least three failing vectors stand beside every succeeding one.

Nothing in `vectors.json` is ever regenerated: a new format adds vectors of its own.
"""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, insert, update

from server.core.database import Base, Database, SessionBase
from server.vault import errors
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.payloads import decode, encode
from server.vault.sealing import Secret, context, derive, open_with, unpad, unseal
from server.vault.sessions import Sessions
from server.vault.ways_in import open_device, use_once

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))
WORLD = VECTORS["world"]


def value(written: Any) -> Any:
    """A column or part as it is: bytes are written {"bytes": hexadecimal}."""
    return bytes.fromhex(written["bytes"]) if isinstance(written, dict) else written


def opened(vector: dict[str, str]) -> bytes:
    blob = bytes.fromhex(vector["blob"])
    if vector["what"] == "unpad":
        return unpad(blob)
    if vector["what"] == "payload":
        return encode(decode(blob))
    key, where = Secret(bytes.fromhex(vector["key"])), bytes.fromhex(vector["context"])
    return unseal(key, where, blob) if vector["what"] == "seal" else open_with(key, where, blob)


@pytest.mark.parametrize(
    "vector", VECTORS["openings"], ids=lambda vector: f"{vector['what']}-{vector['name']}"
)
def test_a_vector_opens_or_is_refused_as_it_was(vector: dict[str, str]) -> None:
    if "opens" in vector:
        assert opened(vector).hex() == vector["opens"]
    else:
        with pytest.raises(errors.VaultError) as caught:
            opened(vector)
        assert type(caught.value).__name__ == vector["refused"]


def test_three_failing_vectors_stand_beside_every_succeeding_one() -> None:
    count = Counter((vector["what"], "opens" in vector) for vector in VECTORS["openings"])
    for what in {vector["what"] for vector in VECTORS["openings"]}:
        assert count[what, True] > 0
        assert count[what, False] >= 3 * count[what, True]
    assert len(WORLD["edits"]) >= 3


@pytest.mark.parametrize(
    "vector", VECTORS["derivations"], ids=lambda vector: f"{vector['what']}-{vector['label']}"
)
def test_contexts_keys_and_names_are_derived_as_they_were(vector: dict[str, Any]) -> None:
    what, label, gives = vector["what"], vector["label"], bytes.fromhex(vector["gives"])
    if what == "context":
        assert context(label, *[value(part) for part in vector["parts"]]) == gives
        return
    secret = Secret(bytes.fromhex(vector["secret"]))
    keyring = msgspec.structs.replace(Keyring.create(), index_key=secret)
    made = {
        "derive": lambda: derive(secret, label, len(gives)).reveal(),
        "shelf": lambda: keyring.shelf(label),
        "row_id": lambda: keyring.row_id(label).to_bytes(8, "big"),
    }
    assert made[what]() == gives


@pytest.fixture
def now() -> datetime:
    return datetime.fromisoformat(WORLD["now"])


def lay(db: Connection, table: Any) -> None:
    for row in WORLD["rows"][table.name]:
        dated = {name: value(column) for name, column in row.items()}
        if dated.get("keep_until"):
            dated["keep_until"] = date.fromisoformat(dated["keep_until"])
        db.execute(insert(table), dated)


@pytest.fixture
def old(database: Database) -> Database:
    """A database as the first release wrote it."""
    with database.write() as db:
        for table in Base.metadata.sorted_tables:
            if table.name in WORLD["rows"]:
                lay(db, table)
    return database


def test_a_database_of_the_first_release_opens(old: Database, now: datetime) -> None:
    with old.write() as db:
        keyring, account_key = open_device(db, Secret.from_text(WORLD["half"]), now=now)
        record = Drawer(db, keyring).find(WORLD["name"])[WORLD["name"]]
        assert account_key.reveal().hex() == WORLD["account_key"]
        assert record.payload.text == WORLD["says"]
        assert Drawer(db, keyring).shelf(WORLD["shelf"]) == [record]
        assert use_once(db, Secret.from_text(WORLD["token"]), now=now)[1] == account_key


@pytest.mark.parametrize("edit", WORLD["edits"], ids=lambda edit: f"{edit['table']}-{edit['column']}")
def test_an_edited_database_of_the_first_release_is_refused_by_name(
    old: Database, now: datetime, edit: dict[str, Any]
) -> None:
    table = Base.metadata.tables[edit["table"]]
    change = update(table).values({edit["column"]: value(edit["value"])})
    if edit["table"] == "slot":
        change = change.where(table.c.kind == "device")
    with old.write() as db:
        db.execute(change)
        with pytest.raises(errors.VaultError) as caught:
            keyring, _ = open_device(db, Secret.from_text(WORLD["half"]), now=now)
            Drawer(db, keyring).find(WORLD["name"])
    assert type(caught.value).__name__ == edit["refused"]


@pytest.mark.parametrize(("pepper", "opens"), [(WORLD["pepper"], True), ("00" * 32, False)])
def test_a_session_of_the_first_release_opens_with_its_pepper_only(
    session_store: Database, now: datetime, pepper: str, opens: bool
) -> None:
    with session_store.write() as db:
        lay(db, SessionBase.metadata.tables["session"])
    session = Sessions(session_store, Secret(bytes.fromhex(pepper)))
    resumed = session.resume(Secret.from_text(WORLD["cookie"]), now)
    assert (resumed is not None) == opens
    assert resumed is None or resumed[1].reveal().hex() == WORLD["account_key"]
