"""Invitations: an invitation carries nothing but itself, works once, for seven days.

In the room the link (a QR) also carries the fingerprint of the owner's key. At a distance a code of six digits is said
by phone. Either way nothing is sealed to the new person before the owner's yes (pairing.py).
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from server.core import ids
from server.vault.drawer import Drawer, Record
from server.vault.errors import (
    InvitationOver,
    NotASecret,
    VaultError,
)
from server.vault.keyring import Contact, Keyring, write_keyring
from server.vault.mailbox import (
    Outer,
    close_doors,
    door_hash,
    drop,
    fingerprints,
    invitation_record,
    lay_aside,
    leave_by,
    new_id,
    open_door,
    seal_outer,
    unsorted,
)
from server.vault.models import Account, Door, InvitationRow
from server.vault.payloads import decode, encode, payload
from server.vault.sealing import KEY, Secret, context, derive, fingerprint, pad, seal, unpad, unseal

LASTS = timedelta(days=7)
TRIES = 5
SHELF = "invitations"
_PRINT = 16  # bytes of the fingerprint that a QR in the room carries

_add = insert(InvitationRow)
_row = select(InvitationRow.code_hash, InvitationRow.tries).where(InvitationRow.hash == bindparam("id"))
_count_try = (
    update(InvitationRow)
    .where(
        InvitationRow.hash == bindparam("id"),
        InvitationRow.tries < TRIES,
        InvitationRow.end > bindparam("now"),
    )
    .values(tries=InvitationRow.tries + 1)
)
_give_try_back = (
    update(InvitationRow).where(InvitationRow.hash == bindparam("id")).values(tries=InvitationRow.tries - 1)
)
_use_up = delete(InvitationRow).where(InvitationRow.hash == bindparam("id"))
_owner = (
    select(Account.id, Account.public_key)
    .join(Door, Door.mailbox == Account.id)
    .where(Door.hash == bindparam("door"))
)
_over = delete(InvitationRow).where(InvitationRow.end <= bindparam("now"))


@payload("joined", version=1)
class Joined(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What whoever took an invitation leaves for the owner: a key, and a way to answer."""

    public_key: bytes
    mailbox: bytes
    door: str
    name: str
    about: str = ""  # who this is, how fast they answer, what they must write down elsewhere (rows A15, E14)

    def __repr__(self) -> str:
        return "Joined(hidden)"


@payload("invitation", version=1)
class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """What the owner keeps of an invitation until it is answered, cancelled or over."""

    secret: str
    card: str  # what the owner's circle calls this person
    code: str  # six digits to say by phone; empty in the room
    end: datetime
    joined: Joined | None = None

    def __repr__(self) -> str:
        return "Invitation(hidden)"


class _Usable(NamedTuple):
    """An invitation that can be taken: its secret, the fingerprint its link carries, and whose it is."""

    secret: Secret
    print_: bytes
    owner: Row[bytes, bytes]


class Invited(NamedTuple):
    """A fresh invitation: the text for its link, and the code to say when it goes at a distance."""

    token: str
    code: str


def invite(db: Connection, keyring: Keyring, card: str, *, in_the_room: bool, now: datetime) -> Invited:
    """Make an invitation for the person on `card`. An earlier one for the same person stops working."""
    cancel(db, keyring, card)
    secret, end = Secret.random(), now + LASTS
    code = "" if in_the_room else f"{int.from_bytes(ids.random_bytes(8), 'big') % 10**6:06d}"
    values = {
        "hash": _hash(secret),
        "code_hash": _code_hash(secret, code) if code else None,
        "tries": 0,
        "end": int(end.timestamp()),
    }
    db.execute(_add, values)
    open_door(db, _door(secret), keyring.account)
    record = Invitation(secret=secret.as_text(), card=card, code=code, end=end)
    Drawer(db, keyring).put(SHELF, _name(secret), record)
    return Invited(token_of(keyring, record), code)


def token_of(keyring: Keyring, invitation: Invitation) -> str:
    """The text for the link; in the room with the fingerprint of the owner's key behind it."""
    secret = Secret.from_text(invitation.secret).reveal()
    return Secret(secret if invitation.code else secret + fingerprint(keyring.own_public)[:_PRINT]).as_text()


def wants_code(token: str) -> bool:
    """Whether a link asks for a code: the text itself tells. Raises InvitationOver for something else."""
    return len(_parts(token)[1]) == 0


def invitation_for(db: Connection, keyring: Keyring, card: str) -> Invitation | None:
    """The invitation that lies open, or was answered, for the person on `card`."""
    record = record_for(db, keyring, card)
    return record.payload if record else None


def invitations(db: Connection, keyring: Keyring) -> dict[str, Invitation]:
    """Every invitation that lies open or was answered, by card: one statement."""
    return {one.payload.card: one.payload for one in Drawer(db, keyring).shelf(SHELF)}


def is_used_up(db: Connection, invitation: Invitation) -> bool:
    """Whether somebody has tried a wrong code as often as one may. A row that is gone was taken, or is over."""
    row = db.execute(_row, {"id": _hash(Secret.from_text(invitation.secret))}).one_or_none()
    return row is not None and row.tries >= TRIES


def cancel(db: Connection, keyring: Keyring, card: str) -> None:
    """The invitation for this person opens nothing any more. Twice is once."""
    record = record_for(db, keyring, card)
    if record:
        _withdraw(db, record.payload)
        Drawer(db, keyring).remove(record)


def cancel_all(db: Connection, keyring: Keyring) -> None:
    """No invitation of this person's opens anything any more: an account is on its way out. Twice is once."""
    for record in Drawer(db, keyring).intact(SHELF):
        _withdraw(db, record.payload)


def check(db: Connection, token: str, code: str, now: datetime) -> None:
    """For somebody without an account: nothing is begun for an invitation that would not be taken.

    Raises InvitationOver as `accept` does, and counts the same tries: commit even then.
    """
    _usable(db, token, code, now)


def accept(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    token: str,
    code: str,
    name: str,
    now: datetime,
    about: str = "",
) -> Keyring:
    """Take an invitation: one's own key goes to the owner, whose yes is still to come.

    `name` and `about` are what the owner is told with it.
    Raises InvitationOver for everything that can be wrong with it. A wrong code is counted: commit even then.
    """
    secret, print_, owner = _usable(db, token, code, now)
    if owner.id == keyring.account:
        raise InvitationOver
    if db.execute(_use_up, {"id": _hash(secret)}).rowcount != 1:
        raise InvitationOver  # somebody was faster by an instant
    back = Secret.random()
    contact = Contact(
        public_key=owner.public_key,
        mailbox=owner.id,
        door=_door(secret),
        back=back,
        side="theirs",
        verified="room" if print_ else "code",
        state="pending",
    )
    keyring = write_keyring(db, keyring, account_key, contacts=keyring.contacts | {pair_of(secret): contact})
    open_door(db, back, keyring.account)
    _answer(db, keyring, secret, contact, (name, about))
    return keyring


def collect(db: Connection, keyring: Keyring, waiting: Sequence[Outer] | None = None) -> None:
    """Lay the answers to invitations beside them. What no invitation opens is left to others, or laid aside.

    `waiting` is what lies unsorted, if the caller has opened it already.
    """
    drawer, done, aside = Drawer(db, keyring), [], []
    people = fingerprints(keyring)
    for outer in unsorted(db, keyring) if waiting is None else waiting:
        if outer.came_by in people:
            continue
        name = invitation_record(outer.came_by)
        record = drawer.find(name).get(name)
        if record is None:
            continue
        key = derive(Secret.from_text(record.payload.secret), "pairing")
        try:
            joined = decode(
                unpad(unseal(key, context("pairing", keyring.account, outer.letter), outer.inner))
            )
        except VaultError:
            aside.append(outer.letter)
            continue
        if record.payload.joined is None:
            drawer.replace(record, msgspec.structs.replace(record.payload, joined=joined))
        done.append(outer.letter)
    drop(db, keyring, done)
    lay_aside(db, keyring, aside)


def let_go(db: Connection, keyring: Keyring, now: datetime) -> None:
    """What nobody took in time: its door is closed, and the owner's record of it goes.

    `sweep` cannot do it, for a row does not tell whose door it is. Collect first: an answer may have come in time.
    """
    drawer = Drawer(db, keyring)
    for record in drawer.shelf(SHELF):
        if record.payload.joined is None and record.payload.end <= now:
            _withdraw(db, record.payload)
            drawer.remove(record)


def sweep(db: Connection, now: datetime) -> None:
    """Delete the invitations that are over."""
    db.execute(_over, {"now": int(now.timestamp())})


def _usable(db: Connection, token: str, code: str, now: datetime) -> _Usable:
    """The try is counted before the code is looked at: guesses at the same instant wait for each other's count."""
    secret, print_ = _parts(token)
    counted = _count(db, secret, now)
    row = db.execute(_row, {"id": _hash(secret)}).one_or_none()
    owner = db.execute(_owner, {"door": door_hash(_door(secret))}).one_or_none()
    right = _code_hash(secret, code)
    if not counted or row is None or owner is None:
        raise InvitationOver
    if print_ and print_ != fingerprint(owner.public_key)[:_PRINT]:
        raise InvitationOver
    if row.code_hash is not None and not hmac.compare_digest(row.code_hash, right):
        raise InvitationOver
    db.execute(_give_try_back, {"id": _hash(secret)})
    return _Usable(secret, print_, owner)


def _count(db: Connection, secret: Secret, now: datetime) -> bool:
    """Count one try; False when there is none left. A link that is dead writes as much: time does not tell."""
    if db.execute(_count_try, {"id": _hash(secret), "now": int(now.timestamp())}).rowcount == 1:
        return True
    decoy = ids.random_bytes(32)
    db.execute(_add, {"hash": decoy, "code_hash": decoy, "tries": TRIES, "end": 0})
    db.execute(_use_up, {"id": decoy})
    return False


def _answer(db: Connection, keyring: Keyring, secret: Secret, owner: Contact, said: tuple[str, str]) -> None:
    """The first letter of a pairing, sealed with what only the invitation gives; no key of ours is pinned yet."""
    letter, door = new_id(), door_hash(_door(secret))
    joined = Joined(
        public_key=keyring.own_public,
        mailbox=keyring.account,
        door=owner.back.as_text(),
        name=said[0],
        about=said[1],
    )
    inner = seal(derive(secret, "pairing"), context("pairing", owner.mailbox, letter), pad(encode(joined)))
    row = {
        "id": letter,
        "mailbox": owner.mailbox,
        "burn_hash": ids.random_bytes(32),
        "tag": ids.random_bytes(32),
        "blob": seal_outer(owner.mailbox, letter, owner.public_key, door, inner),
    }
    leave_by(db, door, row)


def _withdraw(db: Connection, invitation: Invitation) -> None:
    secret = Secret.from_text(invitation.secret)
    db.execute(_use_up, {"id": _hash(secret)})
    close_doors(db, [_door(secret)])


def _parts(token: str) -> tuple[Secret, bytes]:
    for length in (KEY, KEY + _PRINT):
        try:
            both = Secret.from_text(token, length).reveal()
        except NotASecret:
            continue
        return Secret(both[:KEY]), both[KEY:]
    raise InvitationOver


def record_for(db: Connection, keyring: Keyring, card: str) -> Record | None:
    """The owner's record about the invitation of the person on `card`."""
    return next((one for one in Drawer(db, keyring).shelf(SHELF) if one.payload.card == card), None)


def pair_of(secret: Secret) -> bytes:
    """The 16 bytes by which both keyrings will name the pair."""
    return derive(secret, "pair", 16).reveal()


def _door(secret: Secret) -> Secret:
    return derive(secret, "door of an invitation")


def _name(secret: Secret) -> str:
    return invitation_record(door_hash(_door(secret)))


def _hash(secret: Secret) -> bytes:
    return derive(secret, "find").reveal()


def _code_hash(secret: Secret, code: str) -> bytes:
    return derive(Secret(secret.reveal() + code.encode()), "code").reveal()
