"""Letters: a copy for one reader, until an end to the second, that its sender can burn and nobody can forge."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from server.core.database import Database
from server.vault import letters as vault_letters
from server.vault import mailbox, pairing, sealing
from server.vault.errors import (
    CannotOpen,
    ContactKeyChanged,
    LetterOver,
    NoSuchContact,
    NoSuchLetter,
    UnknownSender,
)
from server.vault.letters import Letters, Received, Sent
from server.vault.models import Account, Letter
from server.vault.pairing import Welcome
from server.vault.sealing import KeyPair, Secret, fingerprint, seal_to
from tests.vault.pairs import FRANK, met


@pytest.fixture
def ben(person: Callable[[], Any]) -> Any:
    return person()


@pytest.fixture
def pair(database: Database, ada: Any, ben: Any, now: datetime) -> bytes:
    return met(database, ada, ben, now)


def sent(database: Database, who: Any, pair: bytes, payload: Any, now: datetime, **how: Any) -> Sent:
    with database.write() as db:
        return Letters(db, who.keyring, now, FRANK).send(pair, payload, **how)


def sorted_(database: Database, who: Any, now: datetime) -> list[Received]:
    with database.write() as db:
        letters = Letters(db, who.keyring, now)
        found = letters.arrived()
        for one in found:
            letters.keep(one.contact, [one.letter])
    return found


def read(database: Database, who: Any, pair: bytes, now: datetime) -> list[str]:
    with database.read() as db:
        return sorted(one.payload.text for one in Letters(db, who.keyring, now).of(pair))


def test_what_is_sent_is_read_by_that_reader(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    sent(database, ada, pair, note("hej Ben"), now)
    (received,) = sorted_(database, ben, now)
    assert (received.contact, received.payload, received.until) == (pair, note("hej Ben"), None)
    assert "hej" not in repr(received)
    assert read(database, ben, pair, now) == ["hej Ben"]
    assert sorted_(database, ben, now) == []


def test_both_ways_and_two_pairs_do_not_mix(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    """Ben shows Ada things too: the same two keys, two pairs. Each letter belongs to one of them."""
    back = met(database, ben, ada, now, card="ada")
    sent(database, ada, pair, note("Adas"), now)
    sent(database, ada, back, note("Adas svar"), now)
    sent(database, ben, back, note("Bens"), now)
    assert {(one.contact, one.payload.text) for one in sorted_(database, ben, now)} == {
        (pair, "Adas"),
        (back, "Adas svar"),
    }
    assert [(one.contact, one.payload.text) for one in sorted_(database, ada, now)] == [(back, "Bens")]


def test_the_row_says_no_sender_and_only_the_week_of_the_end(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    sent(database, ada, pair, note("x"), now, until=now + timedelta(days=2, hours=3))
    with database.read() as db:
        row = db.execute(select(Letter)).one()
    assert row.end_day == date(2026, 11, 30)
    everything = b"".join(
        value if isinstance(value, bytes) else str(value).encode() for value in row._mapping.values()
    )
    for secret in (ada.keyring.account, ada.keyring.own_public, fingerprint(ada.keyring.own_public), pair):
        assert secret not in everything


def test_it_ends_to_the_second(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    end = now + timedelta(days=30)
    letter = sent(database, ada, pair, note("x"), now, until=end).letter
    sorted_(database, ben, now)
    before = end - timedelta(seconds=1)
    assert read(database, ben, pair, before) == ["x"]
    assert read(database, ben, pair, end) == []
    with database.read() as db:
        assert Letters(db, ben.keyring, before).one(pair, letter).payload == note("x")
        with pytest.raises(NoSuchLetter):
            Letters(db, ben.keyring, end).one(pair, letter)


def test_no_edit_of_the_row_moves_the_end(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    sent(database, ada, pair, note("x"), now, until=now + timedelta(days=1))
    sorted_(database, ben, now)
    with database.write() as db:
        db.execute(update(Letter).values(end_day=date(2099, 1, 5)))
    assert read(database, ben, pair, now + timedelta(days=2)) == []


def test_what_is_over_before_it_is_sorted_is_never_shown(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    sent(database, ada, pair, note("x"), now, until=now + timedelta(hours=1))
    assert sorted_(database, ben, now + timedelta(hours=1)) == []
    assert read(database, ben, pair, now) == []


def test_burning_takes_the_row_and_its_bytes(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    copy = sent(database, ada, pair, note("x"), now)
    kept = sent(database, ada, pair, note("y"), now)
    sorted_(database, ben, now)
    with database.read() as db:
        blob = db.execute(select(Letter.blob).where(Letter.id == copy.letter)).scalar_one()
    for _ in range(2):
        with database.write() as db:
            Letters(db, ada.keyring, now).burn([copy])
    assert read(database, ben, pair, now) == ["y"]
    assert kept.letter != copy.letter
    if database.is_sqlite:
        assert database.forget_deleted()
        files = database.url.database or ""
        for name in (files, f"{files}-wal"):
            assert blob[40:200] not in Path(name).read_bytes()


def test_only_who_holds_the_burn_secret_can_burn(
    database: Database, ada: Any, ben: Any, cleo: Any, note: Any, now: Any, pair: bytes
) -> None:
    copy = sent(database, ada, pair, note("x"), now)
    sorted_(database, ben, now)
    with database.write() as db:
        Letters(db, cleo.keyring, now).burn([Sent(copy.letter, Secret.random())])
        Letters(db, cleo.keyring, now).drop([copy.letter])
    assert read(database, ben, pair, now) == ["x"]


def test_a_closed_door_answers_the_same_and_drops(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    with database.write() as db:
        ada.keyring = pairing.part(db, ada.keyring, ada.account_key, pair)
    assert sent(database, ben, pair, note("är du där"), now).letter > 0
    with database.read() as db:
        assert db.execute(select(Letter.id)).all() == []


def test_somebody_who_is_no_contact(database: Database, ada: Any, cleo: Any, note: Any, now: Any) -> None:
    with pytest.raises(NoSuchContact):
        sent(database, ada, b"nobody".ljust(16), note("x"), now)
    with database.read() as db, pytest.raises(NoSuchContact):
        Letters(db, cleo.keyring, now).of(b"nobody".ljust(16))


def test_a_key_changed_in_the_row_stops_the_share(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    with database.write() as db:
        db.execute(
            update(Account).where(Account.id == ben.keyring.account).values(public_key=KeyPair.new().public)
        )
    with pytest.raises(ContactKeyChanged):
        sent(database, ada, pair, note("x"), now)
    with database.read() as db:
        assert db.execute(select(Letter.id)).all() == []


def forge(db: Any, to: Any, inside: bytes) -> None:
    letter, me = mailbox.new_id(), to.keyring
    blob = seal_to(me.own_public, mailbox.place(me.account, letter, me.own_public), inside)
    row = {"id": letter, "mailbox": me.account, "shelf": b"", "burn_hash": b"b", "tag": b"t", "blob": blob}
    db.execute(insert(Letter), row)


def test_nobody_writes_in_anothers_name(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    """Anyone can seal to a public key, and an administrator knows Ada's: Ben is shown nothing of it."""
    with database.write() as db:
        forge(db, ben, fingerprint(ada.keyring.own_public) + bytes(1200))
        forge(db, ben, b"short")
        assert Letters(db, ben.keyring, now).arrived() == []
    with database.read() as db:
        assert Letters(db, ben.keyring, now).of(pair) == []


def test_a_letter_moved_to_another_reader_row_or_shelf_does_not_open(
    database: Database, ada: Any, ben: Any, cleo: Any, note: Any, now: Any, pair: bytes
) -> None:
    other = met(database, ada, cleo, now, card="cleo")
    sent(database, ada, pair, note("Bens"), now)
    sent(database, ada, other, note("Cleos"), now)
    sorted_(database, ben, now)
    sorted_(database, cleo, now)
    with database.write() as db:
        to_ben = db.execute(select(Letter).where(Letter.mailbox == ben.keyring.account)).one()
        db.execute(update(Letter).where(Letter.mailbox == cleo.keyring.account).values(blob=to_ben.blob))
    assert read(database, cleo, other, now) == []
    with database.read() as db, pytest.raises(CannotOpen):
        letter = db.execute(select(Letter.id).where(Letter.mailbox == cleo.keyring.account)).scalar_one()
        Letters(db, cleo.keyring, now).one(other, letter)


def test_a_letter_laid_on_anothers_shelf_does_not_pass_for_theirs(
    database: Database, ada: Any, ben: Any, cleo: Any, note: Any, now: Any, pair: bytes
) -> None:
    from_cleo = met(database, cleo, ben, now, card="ben")
    letter = sent(database, ada, pair, note("Adas"), now).letter
    sorted_(database, ben, now)
    with database.write() as db:
        db.execute(update(Letter).values(shelf=ben.keyring.shelf(f"from/{from_cleo.hex()}")))
    assert read(database, ben, from_cleo, now) == []
    with database.read() as db, pytest.raises(UnknownSender):
        Letters(db, ben.keyring, now).one(from_cleo, letter)


def test_a_letter_of_another_kind_moved_to_a_shelf_is_left_out(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    letter = sent(database, ada, pair, note("hej"), now).letter
    with database.write() as db:
        letters = Letters(db, ben.keyring, now)
        letters.keep(pair, [letter])
        assert len(letters.of(pair, kind=note)) == 1
        assert letters.of(pair, kind=Welcome) == []
        assert letters.one(pair, letter, note).payload.text == "hej"
        with pytest.raises(NoSuchLetter):
            letters.one(pair, letter, Welcome)


@pytest.mark.parametrize("column", ["blob", "mailbox", "shelf", "end_day", "burn_hash", "tag"])
def test_an_edited_row_shows_the_text_or_nothing(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes, column: str
) -> None:
    sent(database, ada, pair, note("x"), now, until=now + timedelta(days=1))
    sorted_(database, ben, now)
    values = {"mailbox": ada.keyring.account, "end_day": date(2020, 1, 6)}
    with database.write() as db:
        db.execute(update(Letter).values({column: values.get(column, b"\x11" + bytes(90))}))
    assert read(database, ben, pair, now) in ([], ["x"])


def test_the_sweep_takes_letters_whose_week_is_over(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    sent(database, ada, pair, note("soon"), now, until=now + timedelta(days=1))
    sent(database, ada, pair, note("a message"), now)
    for today, left in ((date(2026, 11, 23), 2), (date(2026, 11, 24), 1), (date(2036, 1, 1), 1)):
        with database.write() as db:
            vault_letters.sweep(db, today)
            assert len(db.execute(select(Letter.id)).all()) == left


def test_every_copy_is_sealed_anew(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    for _ in range(2):
        sent(database, ada, pair, note("samma"), now)
    with database.read() as db:
        first, second = db.execute(select(Letter.blob, Letter.tag, Letter.burn_hash)).all()
    assert not set(first) & set(second)


def test_sizes_tell_little(database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes) -> None:
    for words in ("", "a" * 900):
        sent(database, ada, pair, note(words), now)
    with database.read() as db:
        assert len(set(db.execute(text("SELECT length(blob) FROM letter")).scalars())) == 1


def test_the_tag_is_the_servers_and_names_letter_mailbox_and_door() -> None:
    """Franking: the server can say later that it carried exactly this, by this door, to this mailbox."""
    inner = b"\x01" + bytes(32) + b"c" * 32 + bytes(50)
    first = mailbox.tag_of(FRANK, inner, b"m" * 16, b"d" * 32)
    assert len(first) == 32
    for other in (
        (Secret(b"g" * 32), inner, b"m" * 16, b"d" * 32),
        (FRANK, inner, b"n" * 16, b"d" * 32),
        (FRANK, inner, b"m" * 16, b"e" * 32),
        (FRANK, inner[:-1] + b"x", b"m" * 16, b"d" * 32),
    ):
        assert mailbox.tag_of(*other) != first


def test_other_words_under_the_same_salt_are_not_proven(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    """The reader holds the key too, and writes her own row: what she put into the sender's mouth has no tag."""
    letter = sent(database, ada, pair, note("hej Ben"), now).letter
    me, she = ben.keyring, ben.keyring.contacts[pair]
    with database.write() as db:
        letters = Letters(db, me, now, FRANK)
        assert letters.proven(pair, [letter]) == {letter}
        outer = mailbox.open_outer(me, letter, db.execute(select(Letter.blob)).scalar_one())
        where = vault_letters._inner_place(pair, me.account, letter, she.public_key, me.own_public)
        key, salt = letters._key(pair, she), outer.inner[1:33]
        plain = sealing.unpad(sealing.unseal(key, where, outer.inner))
        cipher, commitment = sealing._once(key, salt)
        assert commitment == outer.inner[33:65]
        words = sealing.pad(plain.replace(b"hej Ben", b"akta Er"))
        inner = outer.inner[:65] + cipher.encrypt(sealing._ONCE, words, where)
        forged = mailbox.seal_outer(me.account, letter, me.own_public, outer.came_by, inner)
        db.execute(update(Letter).values(blob=forged))
        assert [one.payload.text for one in letters.arrived()] == ["akta Er"]
        assert letters.proven(pair, [letter]) == set()


def test_over_is_told_apart_only_inside(
    database: Database, ada: Any, ben: Any, note: Any, now: Any, pair: bytes
) -> None:
    letter = sent(database, ada, pair, note("x"), now, until=datetime(2026, 11, 23, tzinfo=UTC)).letter
    sorted_(database, ben, now)
    with database.read() as db:
        blob = db.execute(select(Letter.blob)).scalar_one()
        with pytest.raises(LetterOver):
            Letters(db, ben.keyring, now + timedelta(days=9))._open_row(pair, letter, blob)
