"""Reporting: picked messages go with proof to somebody outside the peer group. The other is not told.

Whoever was pressed into it, or regrets it, can take it back: the letter is burnt, read or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from server.messages import reading, talks
from server.messages.payloads import LONGEST, Picked, Report, Reported, Statement
from server.messages.writing import Conversation
from server.vault import listings, testimony
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists
from server.vault.keyring import Keyring
from server.vault.leaving import before_leaving
from server.vault.letters import Letters, Sent
from server.vault.listings import Arrived, Listed
from server.vault.sealing import Secret

SHELF = "reported"
KEPT = "reports"  # with the safeguarding contact: the letters themselves, so that they can be burnt
MOST = 50  # messages in one report
_SHOWN = 200  # reports that lie with one safeguarding contact: all are shown, and no more come in


class NothingPicked(Exception):
    """A report without a message and without words."""


class TooMuch(Exception):
    """More messages, or more words, than one report holds."""


class Draft(msgspec.Struct, frozen=True):
    """What the page sends. `id` is made by the page, so that the same form twice is one report."""

    id: str
    picked: frozenset[tuple[str, str]]  # week and id of each
    words: str
    name: str


@dataclass(frozen=True)
class Received:
    """A report as the safeguarding contact reads it. `sound`: the server stands by what it says is proven."""

    letter: int
    statement: Statement
    sound: bool


def send(
    db: Connection,
    keyring: Keyring,
    keys: tuple[Secret, Secret],
    talk: Conversation,
    to: tuple[str, Listed],
    draft: Draft,
) -> Reported:
    """Report picked messages to the safeguarding contact (their name, and where a letter goes). Twice is once.

    `keys` are the server's own, for vouching and for tags. Raises NothingPicked, TooMuch, NotVouched; then nothing is
    written.
    """
    vouching, frank = keys
    if known := _note(Drawer(db, keyring), draft.id):
        return known
    picked = talk.picked(draft.picked)
    _refuse(picked, draft)
    statement = _statement(db, keyring, frank, talk, picked, draft)
    listed = to[1]
    report = Report(statement=statement, testimony=testimony.testify(frank, listed.mailbox, statement))
    sent = listings.leave(db, keyring, vouching, listed, report, frank)
    note = Reported(
        id=draft.id,
        pair=talk.pair,
        to=to[0],
        at=talk.now,
        lines=len(picked),
        letter=sent.letter,
        burn=sent.burn.as_text(),
    )
    try:
        Drawer(db, keyring).put(SHELF, _name(draft.id), note)
    except RecordExists:
        listings.burn(db, sent)  # another window sent the same page
    return note


def sent(drawer: Drawer, pair: str) -> list[Reported]:
    """What this person has reported of one conversation, the latest first."""
    found = [record.payload for record in drawer.shelf(SHELF) if record.payload.pair == pair]
    return sorted(found, key=lambda one: one.at, reverse=True)


def take_back(db: Connection, keyring: Keyring, id: str) -> None:
    """Nothing of it can be read any more. Twice is once."""
    drawer = Drawer(db, keyring)
    record = drawer.find(_name(id)).get(_name(id))
    if record:
        listings.burn(db, Sent(record.payload.letter, Secret.from_text(record.payload.burn)))
        drawer.remove(record)


@before_leaving
def _take_all_back(db: Connection, keyring: Keyring) -> None:
    """An account is deleted: its reports go with it."""
    for record in Drawer(db, keyring).intact(SHELF):
        listings.burn(db, Sent(record.payload.letter, Secret.from_text(record.payload.burn)))


def received(db: Connection, keyring: Keyring, frank: Secret) -> list[Received]:
    """The reports that lie with the safeguarding contact, the oldest first."""
    found = []
    for letter in listings.kept(db, keyring, KEPT, _SHOWN, Report):
        report: Report = letter.payload
        sound = testimony.holds(frank, keyring.account, report.statement, report.testimony)
        statement = msgspec.json.decode(report.statement, type=Statement)
        found.append(Received(letter.letter, statement, sound))
    return sorted(found, key=lambda one: (one.statement.at, one.letter))


def done(db: Connection, keyring: Keyring, letter: int) -> None:
    """The safeguarding contact has dealt with it: it goes. Twice is once."""
    if letter in {one.letter for one in listings.kept(db, keyring, KEPT, _SHOWN, Report)}:
        listings.take(db, keyring, letter)


@listings.on_arrival(Report)
def _arrived(db: Connection, keyring: Keyring, arrived: Arrived, _now: datetime) -> str | None:
    """Kept as the letter it is. What no page of ours sends is thrown away."""
    try:
        statement = msgspec.json.decode(arrived.payload.statement, type=Statement)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    short = (
        max(map(len, (statement.words, statement.name, statement.about))) <= LONGEST
        and len(statement.lines) <= MOST
    )
    room = listings.how_many(db, keyring, KEPT) < _SHOWN
    return KEPT if short and statement.at.tzinfo and room else None


def _statement(
    db: Connection,
    keyring: Keyring,
    frank: Secret,
    talk: Conversation,
    picked: Sequence[reading.Line],
    draft: Draft,
) -> bytes:
    letters = Letters(db, keyring, talk.now, frank)
    theirs = [one.letter for one in picked if one.letter]
    proven = letters.proven(bytes.fromhex(talk.pair), theirs) if theirs else set()

    def is_proven(one: reading.Line) -> bool:
        """By its letter, or since the two have parted by the server's word that was kept."""
        spoken = talks.spoken(talk.talk.key, one.text, one.at)
        return one.letter in proven or testimony.holds(frank, keyring.account, spoken, one.word)

    lines = tuple(Picked(mine=one.mine, text=one.text, at=one.at, proven=is_proven(one)) for one in picked)
    statement = Statement(
        id=draft.id,
        key=talk.contact.public_key if talk.contact else talk.talk.key,
        about=talk.name,
        lines=lines,
        words=draft.words,
        name=draft.name,
        at=talk.now,
    )
    return msgspec.json.encode(statement)


def _refuse(picked: Sequence[reading.Line], draft: Draft) -> None:
    if not picked and not draft.words:
        raise NothingPicked
    if len(picked) > MOST or max(len(draft.words), len(draft.name)) > LONGEST:
        raise TooMuch


def _note(drawer: Drawer, id: str) -> Reported | None:
    found = drawer.find(_name(id)).get(_name(id))
    return found.payload if found else None


def _name(id: str) -> str:
    return f"reported/{id}"
