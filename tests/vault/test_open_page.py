"""The open page: what one phone shows without a lock, by its owner's choice (product.md, Min krisplan; row A19)."""

import itertools
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from server.core.database import Database
from server.vault import open_page
from server.vault.errors import CannotOpen, WrongKey
from server.vault.leaving import delete_account
from server.vault.models import Account, OpenPage
from server.vault.open_page import Shown
from server.vault.removing import remove, undo_remove
from server.vault.sealing import COMMITMENT, SALT, TAG, Secret, context, derive, padded_length, unseal
from server.vault.tray import close_tray, open_tray
from tests.vault.household import add
from tests.vault.test_stolen_database import canary, forms


@pytest.fixture
def tray(database: Database, ada: Any) -> Secret:
    return opened(database, ada.keyring)


def opened(database: Database, keyring: Any, **how: Any) -> Secret:
    with database.write() as db:
        return open_tray(db, keyring, **how)


def shows(database: Database, person: Any, tray: Secret, words: Any) -> None:
    with database.write() as db:
        open_page.show(person.drawer(db), tray, words)


def read(database: Database, tray: Secret) -> str | None:
    with database.read() as db:
        found = open_page.read(db, tray)
        assert open_page.is_open(db, tray) == (found is not None)
        return found.text if found else None


def rows(database: Database) -> list[Any]:
    with database.read() as db:
        return list(db.execute(select(OpenPage.id, OpenPage.account, OpenPage.blob)))


def listed(database: Database, person: Any) -> int:
    """How many phones the owner's drawer still names."""
    with database.read() as db:
        found = person.drawer(db).find(open_page.RECORD)
        return len(found[open_page.RECORD].payload.keys) if found else 0


def test_nothing_is_shown_before_the_owner_has_said_so(database: Database, ada: Any, tray: Secret) -> None:
    assert read(database, tray) is None and rows(database) == []
    with database.read() as db:
        assert open_page.where_shown(ada.drawer(db), tray) == Shown()
        assert open_page.where_shown(ada.drawer(db), None) == Shown()


def test_only_the_phone_that_was_chosen_shows_it(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    """Row A19: on this phone and on no other, not even another of the same owner."""
    other, hers = opened(database, ada.keyring), opened(database, cleo.keyring)
    for _ in range(2):
        shows(database, ada, tray, note("Ring Lena"))
    assert read(database, tray) == "Ring Lena" and len(rows(database)) == 1
    assert [read(database, one) for one in (other, hers, ada.half, Secret.random())] == [None] * 4
    with database.read() as db:
        assert open_page.where_shown(ada.drawer(db), tray) == Shown(here=True)
        assert open_page.where_shown(ada.drawer(db), other) == Shown(elsewhere=True)
        assert open_page.where_shown(cleo.drawer(db), hers) == Shown()


def test_every_phone_follows_what_is_written(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    """An older text that stood on a lost phone would be the worst of both."""
    other, hers = opened(database, ada.keyring), opened(database, cleo.keyring)
    for phone in (tray, other):
        shows(database, ada, phone, note("förut"))
    shows(database, cleo, hers, note("Cleos"))
    with database.write() as db:
        open_page.renew(ada.drawer(db), note("nu"))
    assert [read(database, one) for one in (tray, other, hers)] == ["nu", "nu", "Cleos"]
    with database.write() as db:
        open_page.renew(ada.drawer(db), None)
    assert [read(database, one) for one in (tray, other, hers)] == [None, None, "Cleos"]
    assert listed(database, ada) == 0
    with database.write() as db:
        open_page.renew(ada.drawer(db), note("igen"))  # nothing comes back by itself
    assert read(database, tray) is None


def test_hiding_on_one_phone_and_on_all(database: Database, ada: Any, note: Any, tray: Secret) -> None:
    other = opened(database, ada.keyring)
    for phone in (tray, other):
        shows(database, ada, phone, note("x"))
    for _ in range(2):
        with database.write() as db:
            open_page.hide(ada.drawer(db), tray)
    assert read(database, tray) is None and read(database, other) == "x" and listed(database, ada) == 1
    with database.write() as db:
        open_page.hide_everywhere(ada.drawer(db))
    assert rows(database) == [] and listed(database, ada) == 0


def test_signing_out_takes_it_off_the_phone_for_good(
    database: Database, ada: Any, note: Any, tray: Secret
) -> None:
    """Sign-out knows the cookie alone; the next change finds the phone gone and does not bring it back."""
    shows(database, ada, tray, note("x"))
    with database.write() as db:
        close_tray(db, tray)
    assert rows(database) == []
    with database.write() as db:
        open_page.renew(ada.drawer(db), note("y"))
    assert rows(database) == [] and listed(database, ada) == 0


def test_a_lost_phone_shows_nothing_once_its_way_in_is_taken_away(
    database: Database, now: datetime, ada: Any, note: Any
) -> None:
    """Also not when that is undone: to show it again is chosen anew, on that phone."""
    with database.write() as db:
        keyring, holder = add(db, ada.keyring, ada.account_key, "card")
    mine = opened(database, keyring)
    lost = opened(database, keyring, slot=holder.slot)
    ada.keyring = keyring
    for phone in (mine, lost):
        shows(database, ada, phone, note("x"))
    with database.write() as db:
        keyring, key = remove(db, keyring, ada.account_key, holder.slot, now=now)
    assert read(database, lost) is None and read(database, mine) == "x"
    with database.write() as db:
        undo_remove(db, keyring, key, holder.slot, now=now)
    assert read(database, lost) is None and read(database, mine) == "x"


def test_somebody_else_who_opens_theirs_on_the_phone_takes_it_along(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    """The cookie that reads it is about to be written over: no row is left that nobody can turn off."""
    shows(database, ada, tray, note("x"))
    assert opened(database, ada.keyring, held=tray) == tray and read(database, tray) == "x"
    assert opened(database, cleo.keyring, held=tray) != tray
    assert rows(database) == []


@pytest.mark.parametrize("swept", [True, False])
def test_it_goes_with_the_account(database: Database, ada: Any, note: Any, tray: Secret, swept: bool) -> None:
    """Deleted by its owner, or swept away after a month without a visit: the row hangs on the account's."""
    shows(database, ada, tray, note("x"))
    with database.write() as db:
        if swept:
            db.execute(delete(Account).where(Account.id == ada.keyring.account))
        else:
            delete_account(db, ada.keyring)
    assert rows(database) == [] and read(database, tray) is None


def test_the_row_gives_neither_word_nor_key(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    """Hard rule 3. Whoever has the rows and not the cookie: everything that lies there is tried as a key."""
    words = canary("hornuggla")
    shows(database, ada, tray, note(words))
    (row,) = rows(database)
    assert not [form for form in forms(words) if form in row.blob]
    assert not [form for form in forms(tray.reveal()) if form in b"".join(row)]
    where = context("open page", row.account, row.id)
    found = [row.id * 2, row.account * 2, row.id + row.account, row.blob[1:33], row.blob[33:65], bytes(32)]
    found += [ada.keyring.own_public, cleo.keyring.index_key.reveal()]
    for key, label in itertools.product(map(Secret, found), ("open page key", "open page id", "inside", "")):
        for tried in (key, derive(key, label)):
            with pytest.raises(WrongKey):
                unseal(tried, where, row.blob)
    assert unseal(derive(tray, "open page key"), where, row.blob)


def test_every_flipped_bit_is_refused(database: Database, ada: Any, note: Any, tray: Secret) -> None:
    shows(database, ada, tray, note("x"))
    (row,) = rows(database)
    for place in (0, 1, 20, 33, 50, 65, 100, 1000, len(row.blob) - 1):
        edited = bytearray(row.blob)
        edited[place] ^= 1
        edit(database, bytes(edited))
        with pytest.raises(CannotOpen):
            read(database, tray)
    for whole in (b"", row.blob[:-1], row.blob + b"\0"):
        edit(database, whole)
        with pytest.raises(CannotOpen):
            read(database, tray)


def test_a_row_that_was_moved_does_not_open(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    """Neither under another account, nor in the place of another phone of the same owner."""
    other = opened(database, ada.keyring)
    shows(database, ada, tray, note("här"))
    shows(database, ada, other, note("där"))
    mine, theirs = [row for tr in (tray, other) for row in rows(database) if row.id == open_page._id_of(tr)]
    with database.write() as db:
        db.execute(update(OpenPage).where(OpenPage.id == mine.id).values(blob=theirs.blob))
    with pytest.raises(CannotOpen):
        read(database, tray)
    with database.write() as db:
        db.execute(delete(OpenPage))
        db.execute(insert(OpenPage), {"id": mine.id, "account": cleo.keyring.account, "blob": mine.blob})
    with pytest.raises(CannotOpen):
        read(database, tray)


def test_its_length_tells_no_more_than_any_other_row(
    database: Database, ada: Any, note: Any, tray: Secret
) -> None:
    seen = set()
    for length in (1, 200, 900):
        shows(database, ada, tray, note("å" * (length // 2)))
        seen.add(len(rows(database)[0].blob))
    assert seen == {1 + SALT + COMMITMENT + TAG + padded_length(900)}


def test_nothing_of_it_shows_when_printed(database: Database, ada: Any, note: Any, tray: Secret) -> None:
    shows(database, ada, tray, note("x"))
    with database.read() as db:
        record = ada.drawer(db).find(open_page.RECORD)[open_page.RECORD]
    assert record.payload.keys and not [
        key for key in record.payload.keys.values() if key in repr(record) + repr(record.payload)
    ]


def edit(database: Database, blob: bytes) -> None:
    with database.write() as db:
        db.execute(update(OpenPage).values(blob=blob))
