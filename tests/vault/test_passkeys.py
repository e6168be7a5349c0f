from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server.core.database import Database
from server.vault.errors import NoSuchWayIn, PasskeyAlreadyThere, WrongKey
from server.vault.models import Slot
from server.vault.passkeys import Passkey, add_passkey, find_passkey, open_passkey, passkey_kek
from server.vault.sealing import Secret
from server.vault.ways_in import is_lasting, open_device, ways

KEK = Secret(b"from the browser".ljust(32))
CREDENTIAL = b"credential id"


def laid(database: Database, person: Any, now: datetime, **other: Any) -> None:
    values: dict[str, Any] = {
        "credential_id": CREDENTIAL,
        "credential_public_key": b"public key",
        "sign_count": 3,
        "backed_up": True,
        "kek": KEK,
        "prf": True,
        "label": "Adas telefon",
    }
    with database.write() as db:
        person.keyring = add_passkey(db, person.keyring, person.account_key, now=now, **(values | other))


def used(database: Database, now: datetime, *keks: Secret, count: int = 4, **other: Any) -> Any:
    with database.write() as db:
        return open_passkey(db, CREDENTIAL, *(keks or (KEK,)), sign_count=count, now=now, **other)


def test_a_passkey_counts_after_a_fresh_use(database: Database, now: datetime, ada: Any) -> None:
    # A16; vault.md "Passkey": a slot becomes active only after a fresh `get` has opened it once
    laid(database, ada, now)
    assert [way.state for way in ways(ada.keyring)] == ["active", "pending"]
    assert not is_lasting(ada.keyring)
    keyring, key = used(database, now)
    assert [way.state for way in ways(keyring)] == ["active", "active"]
    assert is_lasting(keyring)
    with database.write() as db:
        assert open_device(db, ada.half, now=now) == (keyring, key)
        assert find_passkey(db, CREDENTIAL).state == "active"  # type: ignore[union-attr]


def test_it_opens_again_and_again(database: Database, now: datetime, ada: Any) -> None:
    laid(database, ada, now)
    first = used(database, now)
    assert used(database, now + timedelta(days=3650)) == first


def test_the_row_holds_what_an_assertion_is_verified_against(
    database: Database, now: datetime, ada: Any
) -> None:
    laid(database, ada, now)
    slot = ways(ada.keyring)[1].id
    with database.read() as db:
        known = find_passkey(db, CREDENTIAL)
    assert known == Passkey(slot, ada.keyring.account, b"public key", 3, True, "pending")


def test_every_use_notes_the_count_and_the_backup(database: Database, now: datetime, ada: Any) -> None:
    laid(database, ada, now)
    used(database, now, count=9, backed_up=False)
    with database.read() as db:
        assert find_passkey(db, CREDENTIAL)[3:] == (9, False, "active")  # type: ignore[index]


def test_an_unknown_passkey_is_nobodys(database: Database, now: datetime, ada: Any) -> None:
    laid(database, ada, now)
    with database.write() as db:
        assert find_passkey(db, b"another") is None
        with pytest.raises(NoSuchWayIn):
            open_passkey(db, b"another", KEK, sign_count=1, now=now)


def test_the_assertion_without_the_key_opens_nothing(database: Database, now: datetime, ada: Any) -> None:
    laid(database, ada, now)
    for keks in [(Secret.random(),), (Secret.random(), ada.half, ada.account_key)]:
        with pytest.raises(WrongKey):
            used(database, now, *keks)
    with database.write() as db:
        assert find_passkey(db, CREDENTIAL).sign_count == 3  # type: ignore[union-attr]
        with pytest.raises(WrongKey):
            open_passkey(db, CREDENTIAL, sign_count=4, now=now)


def test_without_prf_the_key_comes_from_the_half_on_the_phone(
    database: Database, now: datetime, ada: Any
) -> None:
    kek = passkey_kek(ada.half, CREDENTIAL)
    laid(database, ada, now, kek=kek, prf=False)
    assert ways(ada.keyring)[1].here_only
    assert used(database, now, Secret.random(), kek)[1] == ada.account_key
    with pytest.raises(WrongKey):
        used(database, now, passkey_kek(Secret.random(), CREDENTIAL))


def test_each_passkey_of_a_phone_has_a_key_of_its_own(ada: Any) -> None:
    keys = [passkey_kek(ada.half, b"one"), passkey_kek(ada.half, b"other"), ada.half]
    assert len({key.reveal() for key in keys}) == 3


def test_the_same_passkey_twice_is_refused_by_name(
    database: Database, now: datetime, ada: Any, cleo: Any
) -> None:
    laid(database, ada, now)
    before = ada.keyring
    for person in (ada, cleo):
        with pytest.raises(PasskeyAlreadyThere):
            laid(database, person, now)
    with database.write() as db:
        assert open_device(db, ada.half, now=now)[0] == before


def test_several_passkeys_stand_side_by_side(database: Database, now: datetime, ada: Any) -> None:
    other = Secret.random()
    laid(database, ada, now)
    laid(database, ada, now, credential_id=b"other", kek=other)
    with database.write() as db:
        _, key = open_passkey(db, b"other", other, sign_count=1, now=now)
        keyring, same = open_passkey(db, CREDENTIAL, KEK, sign_count=1, now=now)
    assert key == same == ada.account_key
    assert [way.state for way in ways(keyring)] == ["active"] * 3


def test_who_writes_a_credential_of_their_own_into_the_row_opens_nothing(
    database: Database, now: datetime, ada: Any
) -> None:
    laid(database, ada, now)
    with database.write() as db:
        db.execute(
            update(Slot)
            .where(Slot.kind == "passkey")
            .values(credential_id=b"host", credential_public_key=b"h")
        )
        with pytest.raises(WrongKey):
            open_passkey(db, b"host", Secret.random(), sign_count=1, now=now)


def test_the_name_of_a_passkey_is_sealed(database: Database, now: datetime, ada: Any) -> None:
    laid(database, ada, now)
    assert ways(ada.keyring)[1].label == "Adas telefon"
    with database.read() as db:
        row = db.execute(select(Slot).where(Slot.kind == "passkey")).one()
    assert not any(isinstance(part, bytes) and b"Adas" in part for part in row)
    assert row.keep_until is None
