"""The tray: text that was posted after the lock is not lost, and nobody else can lay a word in it."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from server.core.database import Database
from server.vault.drawer import Drawer
from server.vault.mailbox import drop, place
from server.vault.models import Account, Door, Letter, RecordRow
from server.vault.rotation import finish_epoch, reseal, rotate
from server.vault.sealing import KeyPair, Secret, open_with, seal_to
from server.vault.tray import close_tray, close_trays_of, collect, leave, open_tray


@pytest.fixture
def tray(database: Database, ada: Any) -> Secret:
    return opened(database, ada)


def opened(database: Database, person: Any, **how: Any) -> Secret:
    with database.write() as db:
        return open_tray(db, person.keyring, **how)


def left(database: Database, tray: Secret, payload: Any) -> None:
    with database.write() as db:
        leave(db, tray, payload)


def texts(database: Database, person: Any) -> list[str]:
    with database.write() as db:
        return sorted(payload.text for _, payload in collect(db, person.keyring))


def count(database: Database, table: Any) -> int:
    with database.read() as db:
        return len(db.execute(select(table)).all())


def test_what_was_left_while_locked_waits_for_the_owner(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    # product.md hard rule 8: nothing typed is ever lost
    for text in ("ett", "två"):
        left(database, tray, note(text))
    assert texts(database, ada) == ["ett", "två"]
    assert texts(database, ada) == ["ett", "två"]  # until it has been joined
    assert texts(database, cleo) == []


def test_what_was_joined_is_dropped_once_and_for_all(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    left(database, tray, note("ett"))
    with database.write() as db:
        ids = [letter for letter, _ in collect(db, ada.keyring)]
        drop(db, cleo.keyring, ids)  # another person's ids do nothing
        assert len(collect(db, ada.keyring)) == 1
        drop(db, ada.keyring, ids)
        drop(db, ada.keyring, ids)
        drop(db, ada.keyring, [])
        assert collect(db, ada.keyring) == []
    assert count(database, Letter) == 0


def test_a_tray_that_leads_nowhere_looks_like_one_that_does(
    database: Database, ada: Any, note: Any, tray: Secret
) -> None:
    # vault.md "Rows": a write at a missing door answers like a success and is dropped
    told: list[list[str]] = []
    for door in (tray, Secret.random()):
        told.append([])
        log = told[-1].append

        def listen(_c: Any, _cursor: Any, statement: str, *_rest: Any, log: Any = log) -> None:
            log(statement)

        event.listen(database.engine, "before_cursor_execute", listen)
        try:
            left(database, door, note("x"))
        finally:
            event.remove(database.engine, "before_cursor_execute", listen)
    assert told[0] == told[1] != []
    assert texts(database, ada) == ["x"]
    assert count(database, Letter) == 1


def test_where_nobody_lives_nothing_is_kept(database: Database, note: Any) -> None:
    left(database, Secret.random(), note("x"))
    assert count(database, Letter) == 0


def test_a_signed_out_phone_leaves_nothing_more_and_loses_nothing(
    database: Database, ada: Any, note: Any, tray: Secret
) -> None:
    left(database, tray, note("before"))
    for _ in range(2):
        with database.write() as db:
            close_tray(db, tray)
    left(database, tray, note("after"))
    other = opened(database, ada)
    left(database, other, note("from elsewhere"))
    assert texts(database, ada) == ["before", "from elsewhere"]


def test_the_keys_of_closed_trays_are_forgotten_when_nothing_waits(
    database: Database, ada: Any, note: Any, tray: Secret
) -> None:
    for _ in range(3):
        with database.write() as db:
            close_tray(db, tray)
        tray = opened(database, ada)
    assert count(database, Door) == count(database, RecordRow) == 1


def test_a_phone_keeps_its_tray(database: Database, ada: Any, cleo: Any, tray: Secret) -> None:
    assert opened(database, ada, held=tray) == tray
    assert opened(database, ada, held=Secret.random()) != tray
    hers = opened(database, cleo, held=tray)  # a shared phone: the other one's account
    assert hers != tray
    assert opened(database, cleo, held=hers) == hers


def test_the_trays_of_a_lost_phone_close_with_its_way_in(database: Database, ada: Any, note: Any) -> None:
    lost, mine = opened(database, ada, slot=b"lost"), opened(database, ada, slot=b"mine")
    moved = opened(database, ada, slot=b"lost")
    assert opened(database, ada, held=moved, slot=b"a code since") == moved
    assert opened(database, ada, held=lost) == lost  # by card this time: it stays that phone's
    with database.write() as db:
        close_trays_of(db, ada.keyring, b"lost")
    for tray, text in ((lost, "lost"), (mine, "mine"), (moved, "moved")):
        left(database, tray, note(text))
    assert texts(database, ada) == ["mine", "moved"]


def test_the_phone_cannot_read_what_it_left(database: Database, ada: Any, note: Any, tray: Secret) -> None:
    """Tray and database together open nothing: the outer seal is the owner's."""
    left(database, tray, note("kanariefågel"))
    with database.read() as db:
        row = db.execute(select(Letter)).one()
    assert b"kanarie" not in row.blob
    assert tray.reveal() not in row.blob
    assert row.blob[0] == 0x11


def test_a_public_key_of_the_hosts_own_opens_nothing(
    database: Database, ada: Any, note: Any, tray: Secret
) -> None:
    """A host that swaps the key in the account row gets the outer seal off, and meets the inner one."""
    own = KeyPair.new()
    with database.write() as db:
        db.execute(update(Account).where(Account.id == ada.keyring.account).values(public_key=own.public))
    left(database, tray, note("kanariefågel"))
    with database.read() as db:
        row = db.execute(select(Letter)).one()
    plain = open_with(own.secret, place(row.mailbox, row.id, own.public), row.blob)
    assert b"kanarie" not in plain
    assert tray.reveal() not in plain


def test_nobody_else_can_lay_words_in_it(
    database: Database, ada: Any, cleo: Any, note: Any, tray: Secret
) -> None:
    """Anyone can seal to a public key; only a tray that the owner opened is believed."""
    hers = opened(database, cleo)
    left(database, hers, note("forged"))
    with database.write() as db:
        forged = dict(db.execute(select(Letter)).one()._mapping)
        door = db.execute(select(Door.hash).where(Door.mailbox == ada.keyring.account)).scalar_one()
        public = ada.keyring.own_public
        made = {
            id: seal_to(public, place(ada.keyring.account, id, public), claimed + b"\x01" * 100)
            for id, claimed in ((8, b"door" * 8), (11, door))
        }
        for id, blob in {7: forged["blob"], **made, 9: b"", 10: b"\x11" + bytes(90)}.items():
            db.execute(insert(Letter), forged | {"id": id, "mailbox": ada.keyring.account, "blob": blob})
    left(database, tray, note("mine"))
    assert texts(database, ada) == ["mine"]
    assert texts(database, ada) == ["mine"]
    with database.write() as db:
        drop(db, ada.keyring, [letter for letter, _ in collect(db, ada.keyring)])
    assert count(database, Letter) == 6  # laid aside, not thrown away


def test_a_letter_that_was_moved_does_not_open(database: Database, ada: Any, note: Any, tray: Secret) -> None:
    left(database, tray, note("x"))
    with database.write() as db:
        db.execute(update(Letter).values(id=Letter.id + 1))
    assert texts(database, ada) == []


def test_no_letter_tells_from_which_phone_or_when(database: Database, ada: Any, note: Any) -> None:
    trays = [opened(database, ada), opened(database, ada)]
    for tray, text in zip(trays, ("kort", "längre " * 100), strict=True):
        left(database, tray, note(text))
    with database.read() as db:
        one, other = db.execute(select(Letter)).all()
    assert set(one._fields) == {"id", "mailbox", "shelf", "end_day", "burn_hash", "tag", "blob"}
    assert (one.shelf, one.end_day) == (other.shelf, other.end_day) == (b"", None)
    assert len(one.blob) == len(other.blob)
    assert len({one.burn_hash, other.burn_hash, one.tag, other.tag}) == 4


def test_what_waits_outlives_a_change_of_keys(database: Database, ada: Any, note: Any, tray: Secret) -> None:
    left(database, tray, note("before"))
    with database.write() as db:
        keyring, key = rotate(db, ada.keyring, ())
        reseal(db, keyring, budget=10)
        ada.keyring = finish_epoch(db, keyring, key)
    left(database, tray, note("after"))
    assert texts(database, ada) == ["after", "before"]
    assert set(ada.keyring.keys) == {2}


def test_looking_for_post_is_one_statement_when_there_is_none(
    database: Database, ada: Any, tray: Secret
) -> None:
    statements: list[str] = []

    def listen(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with database.read() as db:
        event.listen(database.engine, "before_cursor_execute", listen)
        try:
            assert collect(db, ada.keyring) == []
        finally:
            event.remove(database.engine, "before_cursor_execute", listen)
    assert len(statements) == 1


def test_a_tray_does_not_show(database: Database, now: datetime, ada: Any, tray: Secret) -> None:
    with database.read() as db:
        record = Drawer(db, ada.keyring).shelf("trays")[0]
    assert record.payload.secret == tray.as_text()
    for text in (repr(record), repr(record.payload), str(record.payload), f"{record.payload}"):
        assert tray.as_text() not in text
