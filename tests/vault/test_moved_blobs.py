"""A blob opens where it was laid and nowhere else, even in the hands of someone with the very same keys.

So each test gives the new place the right key: only the context is left to refuse it.
"""

from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, select, update

from server.core.database import Database
from server.vault.drawer import Drawer
from server.vault.errors import Tampered, WrongKey
from server.vault.keyring import open_keyring
from server.vault.models import Account, RecordRow
from server.vault.sealing import Secret, context, pad, seal

SHELF = "days/2026-11"


@pytest.fixture
def row(database: Database, ada: Any, note: Any) -> dict[str, Any]:
    with database.write() as db:
        ada.drawer(db).put(SHELF, "day/1", note("hej"))
        return dict(db.execute(select(RecordRow)).one()._mapping)


def test_not_on_another_shelf(database: Database, ada: Any, row: dict[str, Any]) -> None:
    with database.write() as db:
        db.execute(update(RecordRow).values(shelf=ada.keyring.shelf("plan")))
        assert ada.drawer(db).shelf(SHELF) == []
        with pytest.raises(Tampered):
            ada.drawer(db).shelf("plan")
        with pytest.raises(Tampered):
            ada.drawer(db).find("day/1")


def test_not_under_another_name(database: Database, ada: Any, row: dict[str, Any]) -> None:
    with database.write() as db:
        db.execute(update(RecordRow).values(id=ada.keyring.row_id("day/2")))
        assert ada.drawer(db).find("day/1") == {}
        with pytest.raises(Tampered):
            ada.drawer(db).find("day/2")


def test_not_in_another_epoch(database: Database, ada: Any, row: dict[str, Any]) -> None:
    keys = {1: ada.keyring.keys[1], 2: ada.keyring.keys[1]}
    ada.keyring = msgspec.structs.replace(ada.keyring, keys=keys)
    with database.write() as db:
        db.execute(update(RecordRow).values(epoch=2))
        with pytest.raises(Tampered):
            ada.drawer(db).find("day/1")


@pytest.mark.parametrize("step", [-1, 1])
def test_not_as_another_version(database: Database, ada: Any, row: dict[str, Any], step: int) -> None:
    with database.write() as db:
        db.execute(update(RecordRow).values(version=row["version"] + step))
        with pytest.raises(Tampered):
            ada.drawer(db).find("day/1")


def test_not_in_another_persons_drawer(database: Database, ada: Any, cleo: Any, row: dict[str, Any]) -> None:
    twin = msgspec.structs.replace(ada.keyring, account=cleo.keyring.account)
    with database.write() as db:
        db.execute(update(RecordRow).values(account=cleo.keyring.account))
        assert ada.drawer(db).find("day/1") == {}
        with pytest.raises(Tampered):
            Drawer(db, twin).find("day/1")


def test_not_under_another_label(database: Database, ada: Any, row: dict[str, Any]) -> None:
    """A record's blob is no keyring, though one key would open both."""
    key = ada.keyring.keys[1]
    place = (row["id"], row["shelf"], row["epoch"], row["version"])
    with database.write() as db:
        db.execute(update(Account).values(keyring=row["blob"]))
        with pytest.raises(Tampered):
            open_keyring(db, ada.keyring.account, key)
        keyring = seal(key, context("keyring", ada.keyring.account, *place), pad(b"test-note/1\n{}"))
        db.execute(update(RecordRow).values(blob=keyring))
        with pytest.raises(Tampered):
            ada.drawer(db).find("day/1")


def test_not_beside_itself(database: Database, ada: Any, row: dict[str, Any]) -> None:
    with database.write() as db:
        db.execute(insert(RecordRow), row | {"id": ada.keyring.row_id("day/2")})
        assert list(ada.drawer(db).find("day/1")) == ["day/1"]
        with pytest.raises(Tampered):
            ada.drawer(db).shelf(SHELF)


def test_and_with_another_key_not_at_all(database: Database, ada: Any, row: dict[str, Any]) -> None:
    ada.keyring = msgspec.structs.replace(ada.keyring, keys={1: Secret.random()})
    with database.write() as db, pytest.raises(WrongKey):
        ada.drawer(db).find("day/1")
