"""Golden vectors of the first release with letters: pairing, copies, events, invitations, tags, burning.

See test_vectors.py for the promise: nothing in `vectors_letters.json` is ever regenerated.
"""

import json
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from server.circle import copies, handing  # noqa: F401 - what is sealed in letters, and about them
from server.core.database import Base, Database
from server.days import copies as days  # noqa: F401
from server.vault import invitations, pairing
from server.vault.drawer import Drawer
from server.vault.errors import InvitationOver, VaultError
from server.vault.keyring import Keyring
from server.vault.letters import Letters, Sent
from server.vault.models import Door, InvitationRow, Letter
from server.vault.payloads import decode, encode
from server.vault.sealing import Secret
from server.vault.ways_in import open_device
from tests.vault.test_vectors import value

VECTORS = json.loads((Path(__file__).parent / "vectors_letters.json").read_text("utf-8"))
WORLD = VECTORS["world"]
NOW = datetime.fromisoformat(WORLD["now"])
FRANK = Secret(bytes.fromhex(WORLD["frank"]))
TO_BEN, TO_FIA = (bytes.fromhex(WORLD["pairs"][name]) for name in ("ben", "fia"))
DATES = ("keep_until", "end_day")


@pytest.fixture
def old(database: Database) -> Database:
    """A database as that release wrote it."""
    with database.write() as db:
        for table in Base.metadata.sorted_tables:
            for row in WORLD["rows"].get(table.name, []):
                columns = {name: value(column) for name, column in row.items()}
                for name in DATES:
                    if columns.get(name):
                        columns[name] = date.fromisoformat(columns[name])
                db.execute(insert(table), columns)
    return database


def person(db: Connection, name: str) -> tuple[Keyring, Secret]:
    return open_device(db, Secret.from_text(WORLD["halves"][name]), now=NOW)


def says_still(then: bytes, now: bytes) -> bool:
    """What was said then is said now, under the same kind: a later one may know more, or leave out the usual."""
    (kind_then, text_then), (kind_now, text_now) = (text.split(b"\n", 1) for text in (then, now))
    if kind_then.split(b"/")[0] != kind_now.split(b"/")[0]:
        return False
    return _holds(json.loads(text_now), json.loads(text_then)) or decode(now) == decode(then)


def _holds(now: Any, then: Any) -> bool:
    if isinstance(then, dict):
        return all(name in now and _holds(now[name], value) for name, value in then.items())
    if isinstance(then, list):
        return len(now) == len(then) and all(map(_holds, now, then))
    return bool(now == then)


def named(vector: dict[str, Any]) -> str:
    return f"{vector.get('what', vector.get('kind', ''))}-{vector['name']}"


@pytest.mark.parametrize("vector", VECTORS["openings"], ids=named)
def test_a_letter_opens_or_is_refused_as_it_was(old: Database, vector: dict[str, Any]) -> None:
    pair, blob = bytes.fromhex(vector["pair"]), bytes.fromhex(vector["blob"])
    with old.write() as db:
        letters = Letters(db, person(db, vector["reader"])[0], datetime.fromisoformat(vector["now"]))
        try:
            answer = encode(letters._open_row(pair, vector["letter"], blob).payload)
        except VaultError as refused:
            assert type(refused).__name__ == vector.get("refused")
        else:
            assert says_still(bytes.fromhex(vector["opens"]), answer)


@pytest.mark.parametrize("vector", VECTORS["invitations"], ids=named)
def test_an_invitation_is_taken_or_is_over_as_it_was(old: Database, vector: dict[str, Any]) -> None:
    edit = vector.get("edit", {})
    with old.write() as db:
        keyring, account_key = person(db, vector["who"])
        if "delete" in edit:
            db.execute(delete({"invitation": InvitationRow, "door": Door}[edit["delete"]]))
        if "tries" in edit:
            db.execute(update(InvitationRow).values(tries=edit["tries"]))
        now = datetime.fromisoformat(vector["now"])
        try:
            after = invitations.accept(db, keyring, account_key, vector["token"], vector["code"], "Cleo", now)
            (answer,) = (id.hex() for id in after.contacts.keys() - keyring.contacts.keys())
        except InvitationOver as refused:
            answer = type(refused).__name__
    assert answer == vector.get("opens", vector.get("refused"))


@pytest.mark.parametrize("vector", VECTORS["payloads"], ids=named)
def test_what_is_sealed_is_written_as_it_was(vector: dict[str, str]) -> None:
    try:
        answer = encode(decode(vector["text"].encode()))
    except VaultError as refused:
        assert type(refused).__name__ == vector.get("refused")
    else:
        assert says_still(vector["opens"].encode(), answer)


@pytest.mark.parametrize("vector", VECTORS["tags"], ids=named)
def test_a_tag_fits_its_letter_and_no_other(old: Database, vector: dict[str, Any]) -> None:
    """So that a reported message can be proven: by the server's key, which no database holds.

    The tags in that release's rows covered the commitment alone, and prove nothing any more; `tag` is as it is since.
    """
    inner, mailbox, door = (bytes.fromhex(vector[name]) for name in ("inner", "mailbox", "door"))
    with old.write() as db:
        letters = Letters(db, person(db, "ada")[0], NOW, Secret(bytes.fromhex(vector["frank"])))
        tag = letters._tag(inner, mailbox, door)
        assert (tag.hex() == VECTORS["tag"]) is vector["fits"]
        assert tag != db.execute(select(Letter.tag).where(Letter.id == WORLD["share"]["letter"])).scalar_one()


@pytest.mark.parametrize("vector", VECTORS["burns"], ids=named)
def test_only_what_burns_a_letter_burns_it(old: Database, vector: dict[str, Any]) -> None:
    with old.write() as db:
        letter = WORLD["share"]["letter"]
        Letters(db, person(db, "ada")[0], NOW).burn([Sent(letter, Secret.from_text(vector["burn"]))])
        left = db.execute(select(Letter.id).where(Letter.id == letter)).all()
    assert (left == []) is vector["gone"]


def test_three_failing_vectors_stand_beside_every_succeeding_one() -> None:
    good = ("opens", "fits", "gone")
    for group in ("openings", "invitations", "payloads", "tags", "burns"):
        count = Counter(
            (vector.get("what", vector.get("kind")), any(vector.get(name) for name in good))
            for vector in VECTORS[group]
        )
        for what in {what for what, _succeeds in count}:
            assert count[what, True] > 0
            assert count[what, False] >= 3 * count[what, True]


def test_a_database_of_that_release_goes_on(old: Database) -> None:
    """Read, sort, tell, burn, say yes: what was begun then is finished now."""
    with old.write() as db:
        ada, account_key = person(db, "ada")
        ben, _key = person(db, "ben")
        box = Letters(db, ben, NOW)
        (share,) = box.arrived()
        box.keep(share.contact, [share.letter])
        assert share.until == datetime.fromisoformat(WORLD["share"]["until"])
        assert box.one(TO_BEN, share.letter).payload == share.payload
        (opened,) = Letters(db, ada, NOW).arrived()
        assert (opened.contact, opened.payload.letter, opened.payload.number) == (TO_BEN, share.letter, 1)
        handed = Drawer(db, ada).find(WORLD["share"]["handed"])[WORLD["share"]["handed"]].payload
        assert handed.share == share.payload
        Letters(db, ada, NOW).burn([Sent(handed.letter, Secret.from_text(handed.burn))])
        assert box.of(TO_BEN) == []
        invitations.collect(db, ada)
        invitation = invitations.invitation_for(db, ada, "cleo")
        assert invitation and invitation.joined and invitation.joined.name == WORLD["joined"]
        welcome = ("Ada L", "support", "Cleo")
        ada, pair = pairing.confirm(db, ada, account_key, "cleo", welcome, now=NOW, frank=FRANK)
        assert pair in person(db, "cleo")[0].contacts


def test_people_of_that_release_know_each_other(old: Database) -> None:
    """Keys, hats, how they were confirmed, and the three words that both can read aloud."""
    with old.write() as db:
        ada, ben, fia = (person(db, name)[0] for name in ("ada", "ben", "fia"))
    assert [(one.name, one.hat, one.verified, one.side) for one in (ada.contacts[TO_BEN], ada.contacts[TO_FIA])] == [
        ("Ben", "support", "room", "mine"), ("Fia", "authority", "code", "mine"),
    ]  # fmt: skip
    for keyring, pair, name in (
        (ada, TO_BEN, "ben"),
        (ben, TO_BEN, "ben"),
        (ada, TO_FIA, "fia"),
        (fia, TO_FIA, "fia"),
    ):
        assert list(pairing.three_words(keyring, pair)) == WORLD["words"][name]
    assert ben.contacts[TO_BEN].public_key == ada.own_public
    for card in ("petra", "samira"):
        with old.read() as db:
            invitation = invitations.invitation_for(db, ada, card)
        assert invitation and invitations.token_of(ada, invitation) == WORLD["invitations"][card]
        assert invitation.code == (WORLD["invitations"]["code"] if card == "samira" else "")
