"""Asking somebody who is listed: the first letter may be sealed to a key that an association vouches for.

Nothing else is sealed before their yes (answering.py).
"""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from server.vault import listings
from server.vault.asked import HAT, Asked, Asking, No, Question, Yes, cut
from server.vault.drawer import Drawer, Record
from server.vault.errors import AskedAlready, NotASecret, NotVouched, TwoHats
from server.vault.keyring import Contact, Keyring, write_keyring
from server.vault.leaving import before_leaving
from server.vault.letters import Sent
from server.vault.listings import Listed
from server.vault.mailbox import open_door
from server.vault.pairing import part
from server.vault.sealing import Secret

ASKED = "asked"


def ask(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    keys: tuple[Secret, Secret],
    listed: Listed,
    question: Question,
    now: datetime,
) -> Keyring:
    """Ask somebody who is listed. `keys` are the server's own, for vouching and for tags. The same pair twice is once.

    Raises NotVouched, AskedAlready when an ask to this person waits, TwoHats when this person is in the circle in
    another way, or is oneself; then nothing is written.
    """
    if question.pair in keyring.contacts or _note(Drawer(db, keyring), question.pair):
        return keyring
    vouching, frank = keys
    _refuse_second(db, keyring, listed.public_key)
    if not listings.is_vouched(vouching, listed):
        raise NotVouched
    contact = Contact(
        public_key=listed.public_key,
        mailbox=listed.mailbox,
        door=listed.door,
        back=Secret.random(),
        side="mine",
        name=question.peer,
        hat=HAT,
        verified="vouched",
        vouched=True,
        state="pending",
    )
    asked = Asked(
        pair=question.pair,
        public_key=keyring.own_public,
        mailbox=keyring.account,
        door=contact.back.as_text(),
        name=question.name,
        words=question.words,
        passed=question.passed,
        at=now,
    )
    sent = listings.leave(db, keyring, vouching, listed, asked, frank)
    keyring = write_keyring(db, keyring, account_key, contacts=keyring.contacts | {question.pair: contact})
    open_door(db, contact.back, keyring.account)
    _remember(Drawer(db, keyring), question, sent, now)
    return keyring


def asking(drawer: Drawer) -> list[Asking]:
    """Whom this person has asked and what came of it: waiting ones, and a no that has not been put away."""
    return sorted((record.payload for record in drawer.shelf(ASKED)), key=lambda one: (one.at, one.pair))


def take_back(db: Connection, keyring: Keyring, pair: bytes) -> bool:
    """The question is burnt, and the asker's note of it goes. Parting closes the door. Twice is once.

    False when there was nothing to burn: it was answered at this very moment, or had never come in.
    """
    drawer = Drawer(db, keyring)
    record = _note(drawer, pair)
    if record is None:
        return False
    drawer.remove(record)
    return _burn(db, record.payload)


def answered(db: Connection, keyring: Keyring, account_key: Secret, pair: bytes, answer: Yes | No) -> Keyring:
    """The asker's side of the answer: after a yes the two are paired, after a no it is over and the no is kept.

    An answer to what does not wait any more changes nothing.
    """
    contact, drawer = keyring.contacts[pair], Drawer(db, keyring)
    if contact.side != "mine" or contact.state != "pending":
        return keyring
    record = _note(drawer, pair)
    if isinstance(answer, No):
        if record:
            drawer.replace(record, replace(record.payload, no=cut(answer)))
        return part(db, keyring, account_key, pair)
    try:
        active = replace(contact, door=Secret.from_text(answer.door), state="active")
    except NotASecret:
        return keyring
    if record:
        drawer.remove(record)
    return write_keyring(db, keyring, account_key, contacts=keyring.contacts | {pair: active})


@before_leaving
def _take_all_back(db: Connection, keyring: Keyring) -> None:
    for record in Drawer(db, keyring).intact(ASKED):
        if isinstance(record.payload, Asking):
            _burn(db, record.payload)


def _refuse_second(db: Connection, keyring: Keyring, public_key: bytes) -> None:
    if public_key == keyring.own_public:
        raise TwoHats
    for contact in keyring.contacts.values():
        if contact.side == "mine" and contact.public_key == public_key:
            raise AskedAlready if contact.state == "pending" else TwoHats


def _remember(drawer: Drawer, question: Question, sent: Sent, now: datetime) -> None:
    note = Asking(
        pair=question.pair.hex(),
        listing=question.listing,
        peer=question.peer,
        name=question.name,
        words=question.words,
        at=now,
        letter=sent.letter,
        burn=sent.burn.as_text(),
    )
    drawer.put(ASKED, _name(question.pair), note)


def _note(drawer: Drawer, pair: bytes) -> Record | None:
    return drawer.find(_name(pair)).get(_name(pair))


def _burn(db: Connection, note: Asking) -> bool:
    return listings.burn(db, Sent(note.letter, Secret.from_text(note.burn)))


def _name(pair: bytes) -> str:
    return f"asked/{pair.hex()}"
