from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from server.core import ids
from server.core.database import Database
from server.vault.errors import (
    AccountKeyChanged,
    DamagedPayload,
    KeyringChanged,
    NewerVersion,
    NoSuchAccount,
    Tampered,
    WrongKey,
)
from server.vault.keyring import FORMAT, Keyring, open_keyring, seal_keyring, unseal_keyring, write_keyring
from server.vault.models import Account
from server.vault.sealing import KeyPair, Secret, context, pad, seal

prove = settings(max_examples=60, deadline=None)
KEY = Secret(b"k" * 32)


def test_what_was_sealed_opens_again() -> None:
    keyring = Keyring.create()
    assert unseal_keyring(keyring.account, 1, seal_keyring(keyring, KEY), KEY) == keyring


def test_two_fresh_keyrings_share_nothing() -> None:
    one, two = Keyring.create(), Keyring.create()
    assert one.account != two.account
    assert one.keys[1] != two.keys[1]
    assert one.own_public != two.own_public
    assert one.index_key != two.index_key


def test_no_two_keys_of_one_keyring_are_alike() -> None:
    keyring = Keyring.create()
    keys = [keyring.keys[1], keyring.own_secret, keyring.index_key]
    assert len({key.reveal() for key in keys}) == 3


def test_a_seeded_keyring_repeats() -> None:
    with ids.seeded("world"):
        first = Keyring.create()
    with ids.seeded("world"):
        assert Keyring.create() == first


def test_a_keyring_opens_for_its_own_account_and_generation_only() -> None:
    keyring = Keyring.create()
    blob = seal_keyring(keyring, KEY)
    for account, generation in ((bytes(16), 1), (keyring.account, 2), (keyring.account, 0)):
        with pytest.raises(Tampered):
            unseal_keyring(account, generation, blob, KEY)
    with pytest.raises(WrongKey):
        unseal_keyring(keyring.account, 1, blob, Secret.random())


@pytest.mark.parametrize(
    ("inside", "refusal"),
    [
        (msgspec.msgpack.encode({"format": FORMAT + 1}), NewerVersion),
        (msgspec.msgpack.encode({"format": 1}), DamagedPayload),
        (msgspec.msgpack.encode({}), DamagedPayload),
        (msgspec.msgpack.encode([1]), DamagedPayload),
        (msgspec.msgpack.encode({"format": 1, "index_key": "text"}), DamagedPayload),
        (b"", DamagedPayload),
    ],
)
def test_what_is_no_keyring_is_refused_by_name(inside: bytes, refusal: type[Exception]) -> None:
    blob = seal(KEY, context("keyring", bytes(16), 1), pad(inside))
    with pytest.raises(refusal):
        unseal_keyring(bytes(16), 1, blob, KEY)


@prove
@given(st.text(max_size=20), st.text(max_size=20))
def test_names_give_shelves_and_rows_that_tell_nothing(one: str, two: str) -> None:
    keyring = Keyring.create()
    assert (keyring.shelf(one) == keyring.shelf(two)) == (one == two)
    assert (keyring.row_id(one) == keyring.row_id(two)) == (one == two)
    assert len(keyring.shelf(one)) == 16
    assert 0 <= keyring.row_id(one) < 2**63
    assert keyring.shelf(one)[:8] != keyring.row_id(one).to_bytes(8, "big")


def test_the_row_opens_with_the_account_key(database: Database, ada: Any) -> None:
    with database.read() as db:
        assert open_keyring(db, ada.keyring.account, ada.account_key) == ada.keyring


def test_another_persons_account_key_does_not_open_it(database: Database, ada: Any, cleo: Any) -> None:
    with database.read() as db, pytest.raises(WrongKey):
        open_keyring(db, ada.keyring.account, cleo.account_key)


def test_an_account_that_is_gone_is_named(database: Database, ada: Any) -> None:
    with database.write() as db:
        db.execute(delete(Account))
        with pytest.raises(NoSuchAccount):
            open_keyring(db, ada.keyring.account, ada.account_key)


def test_a_swapped_public_key_is_noticed(database: Database, ada: Any) -> None:
    with database.write() as db:
        db.execute(update(Account).values(public_key=KeyPair.new().public))
        with pytest.raises(AccountKeyChanged):
            open_keyring(db, ada.keyring.account, ada.account_key)


def test_a_write_is_the_next_generation(database: Database, ada: Any) -> None:
    with database.write() as db:
        after = write_keyring(db, ada.keyring, ada.account_key, settings={"levels": ["a"]})
    with database.read() as db:
        assert open_keyring(db, ada.keyring.account, ada.account_key) == after
    assert after.generation == ada.keyring.generation + 1
    assert after.settings == {"levels": ["a"]}
    assert ada.keyring.settings == {}


def test_of_two_writers_the_second_is_told_and_writes_nothing(database: Database, ada: Any) -> None:
    with database.write() as db:
        write_keyring(db, ada.keyring, ada.account_key, settings={"by": "phone"})
    with database.write() as db, pytest.raises(KeyringChanged):
        write_keyring(db, ada.keyring, ada.account_key, settings={"by": "tablet"})
    with database.read() as db:
        assert open_keyring(db, ada.keyring.account, ada.account_key).settings == {"by": "phone"}


def test_the_row_tells_no_more_than_a_month(database: Database, ada: Any) -> None:
    # no e-mail, no name, no day: product.md hard rule 5, vault.md "Rows"
    with database.read() as db:
        row = db.execute(select(Account)).one()
    assert set(row._fields) == {"id", "public_key", "keyring", "generation", "epoch", "born_month"}
    assert row.born_month == "2026-11"


def test_the_row_is_as_large_with_a_setting_as_without(ada: Any) -> None:
    blobs = [seal_keyring(ada.keyring, KEY)]
    blobs.append(seal_keyring(msgspec.structs.replace(ada.keyring, settings={"name": "Ada"}), KEY))
    assert [len(blob) % 1024 for blob in blobs] == [81, 81]
    assert len(blobs[0]) == len(blobs[1])
