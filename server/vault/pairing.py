"""Pairing: two people pin each other's keys. The owner's yes comes after an invitation was taken (invitations.py).

How the key was pinned is kept, and three words can be compared at any time.
"""

import hashlib
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from server.vault.errors import ContactKeyChanged, NoSuchContact, TwoHats
from server.vault.invitations import Invitation, cancel, pair_of, record_for
from server.vault.keyring import Contact, Keyring, write_keyring
from server.vault.letters import Letters
from server.vault.mailbox import close_doors, key_in_row, open_door
from server.vault.payloads import payload
from server.vault.sealing import Secret, context
from server.vault.three_words import WORDS


@payload("welcome", version=1)
class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """The owner's yes: what this person may call the owner, and the way to answer from now on."""

    called: str
    hat: str
    door: str

    def __repr__(self) -> str:
        return "Welcome(hidden)"


def confirm(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    card: str,
    welcome: tuple[str, str, str],
    *,
    now: datetime,
    frank: Secret,
) -> tuple[Keyring, bytes]:
    """The owner's yes. `welcome`: the name they see of me, their hat, what I call them. Keyring and pair id.

    Raises NoSuchContact without an answer, TwoHats when this person is in the circle already (or is oneself),
    ContactKeyChanged when the row holds another key than the answer.
    """
    called, hat, name = welcome
    record = record_for(db, keyring, card)
    if record is None or record.payload.joined is None:
        raise NoSuchContact
    joined, secret = record.payload.joined, Secret.from_text(record.payload.secret)
    mine = {one.public_key for one in keyring.contacts.values() if one.side == "mine"}
    if joined.public_key in mine | {keyring.own_public}:
        raise TwoHats
    if key_in_row(db, joined.mailbox) != joined.public_key:
        raise ContactKeyChanged
    contact = Contact(
        public_key=joined.public_key,
        mailbox=joined.mailbox,
        door=Secret.from_text(joined.door),
        back=Secret.random(),
        side="mine",
        name=name,
        hat=hat,
        verified="code" if record.payload.code else "room",
    )
    pair = pair_of(secret)
    keyring = write_keyring(db, keyring, account_key, contacts=keyring.contacts | {pair: contact})
    cancel(db, keyring, card)
    open_door(db, contact.back, keyring.account)
    yes = Welcome(called=called, hat=hat, door=contact.back.as_text())
    Letters(db, keyring, now, frank).send(pair, yes)
    return keyring, pair


def welcomed(db: Connection, keyring: Keyring, account_key: Secret, pair: bytes, welcome: Welcome) -> Keyring:
    """The other side of the owner's yes. An earlier pairing with the same person makes room for this one."""
    contact = keyring.contacts[pair]
    if contact.side != "theirs" or contact.state != "pending":
        return keyring
    older = earlier(keyring, contact.public_key, but=pair)
    close_doors(db, [keyring.contacts[id].back for id in older])
    left = {id: other for id, other in keyring.contacts.items() if id not in older}
    left[pair] = msgspec.structs.replace(
        contact, door=Secret.from_text(welcome.door), name=welcome.called, hat=welcome.hat, state="active"
    )
    return write_keyring(db, keyring, account_key, contacts=left)


def earlier(keyring: Keyring, public_key: bytes, but: bytes = b"") -> list[bytes]:
    """The pairings with this person where they are the owner: what is kept of them ends before a new one takes their
    place."""
    return [
        id
        for id, one in keyring.contacts.items()
        if id != but and one.side == "theirs" and one.public_key == public_key
    ]


def change(db: Connection, keyring: Keyring, account_key: Secret, pair: bytes, **known: str) -> Keyring:
    """Change what is known of a contact (name, hat, verified), never the key. Raises NoSuchContact."""
    changed = msgspec.structs.replace(_met(keyring, pair), **known)
    return write_keyring(db, keyring, account_key, contacts=keyring.contacts | {pair: changed})


def block(db: Connection, keyring: Keyring, account_key: Secret, pair: bytes) -> Keyring:
    """Close a contact's door without forgetting them: what they leave from now on is dropped, and answers the same.

    Burn what they hold first. Twice is once. Raises NoSuchContact, also before both have said yes: opening again would
    stand for a yes that was never given.
    """
    contact = _met(keyring, pair)
    if contact.state == "pending":
        raise NoSuchContact
    close_doors(db, [contact.back])
    return change(db, keyring, account_key, pair, state="blocked")


def unblock(db: Connection, keyring: Keyring, account_key: Secret, pair: bytes) -> Keyring:
    """Open the same door again. What was left meanwhile is gone. Twice is once. Raises NoSuchContact."""
    contact = _met(keyring, pair)
    if contact.state != "blocked":
        return keyring
    open_door(db, contact.back, keyring.account)
    return change(db, keyring, account_key, pair, state="active")


def part(db: Connection, keyring: Keyring, account_key: Secret, pair: bytes) -> Keyring:
    """Forget a contact and close their door: what they leave from now on is dropped. Burn their letters first."""
    contact = keyring.contacts.get(pair)
    if contact is None:
        return keyring
    close_doors(db, [contact.back])
    left = {id: other for id, other in keyring.contacts.items() if id != pair}
    return write_keyring(db, keyring, account_key, contacts=left)


def three_words(keyring: Keyring, pair: bytes) -> tuple[str, str, str]:
    """Three words that both sides see when both pinned the right key. Raises NoSuchContact."""
    return _words(keyring, pair, _met(keyring, pair).public_key)


def words_before(keyring: Keyring, invitation: Invitation) -> tuple[str, str, str]:
    """The same words before the owner's yes, for whoever has answered. Raises NoSuchContact."""
    if invitation.joined is None:
        raise NoSuchContact
    return _words(keyring, pair_of(Secret.from_text(invitation.secret)), invitation.joined.public_key)


def _words(keyring: Keyring, pair: bytes, theirs: bytes) -> tuple[str, str, str]:
    """The pair's own id goes in, which nobody outside knows, and each guess is made dear: keys cannot be tried
    until the words fit."""
    keys = sorted((keyring.own_public, theirs))
    dear = hashlib.scrypt(context("words", *keys), salt=pair, n=2**14, r=8, p=1, maxmem=2**26, dklen=3)
    first, second, third = (WORDS[byte] for byte in dear)
    return first, second, third


def _met(keyring: Keyring, pair: bytes) -> Contact:
    contact = keyring.contacts.get(pair)
    if contact is None:
        raise NoSuchContact
    return contact
