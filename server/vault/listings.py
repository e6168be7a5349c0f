"""Listings: a standing way to leave a first letter for somebody whose key an association vouches for.

The right to leave it is public: it stands in the listing's row. So the letter is sealed to the listed key, and inside
with what only its sender and the listed person can derive: nobody writes in another's name. The vouching is made with
a key that is not in the database: whoever writes the database can put up no key of their own.
"""

import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete, func, select

from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import NoSuchPlace, NotVouched, VaultError
from server.vault.keyring import Keyring
from server.vault.letters import Sent
from server.vault.mailbox import (
    Outer,
    close_doors,
    door_hash,
    drop,
    fingerprints,
    key_in_row,
    lay_aside,
    leave_by,
    new_id,
    open_door,
    open_outer,
    put_on_shelf,
    seal_outer,
    tag_of,
)
from server.vault.models import Door, Letter
from server.vault.payloads import decode, encode, payload
from server.vault.sealing import (
    KEY,
    Opener,
    Secret,
    agree,
    context,
    derive,
    fingerprint,
    pad,
    seal,
    unpad,
    unseal,
)

RECORD = "listing"
_REMEMBERED = 8  # earlier doors, by which something may still lie unsorted

_door = select(Door.mailbox).where(Door.hash == bindparam("door"))
_burn = delete(Letter).where(Letter.id == bindparam("letter"), Letter.burn_hash == bindparam("burn"))
_take = delete(Letter).where(Letter.id == bindparam("letter"), Letter.mailbox == bindparam("of"))
_kept = (
    select(Letter.id, Letter.blob)
    .where(Letter.mailbox == bindparam("of"), Letter.shelf == bindparam("on"))
    .order_by(Letter.id)
    .limit(bindparam("most"))
)

_how_many = (
    select(func.count())
    .select_from(Letter)
    .where(Letter.mailbox == bindparam("of"), Letter.shelf == bindparam("on"))
)

Act = Callable[[Connection, Keyring, "Arrived", datetime], str | None]
Registered = TypeVar("Registered", bound=Act)
_acts: dict[type[msgspec.Struct], Act] = {}


@payload("listing", version=1)
class Listing(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the listed person keeps: the right that stands in the row now (empty when shut), and those of before."""

    right: str = ""
    before: tuple[str, ...] = ()


class Listed(NamedTuple):
    """What a row says of somebody who is listed: who vouches and for what, and where the first letter goes.

    `shown` is everything else that the row says, as bytes: whose name stands there is as much as whose key.
    """

    host: bytes
    role: str
    mailbox: bytes
    public_key: bytes
    door: Secret
    vouch: bytes
    shown: bytes = b""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An opened letter that came by the own listing. `public_key` is its sender's for certain: it is in the seal."""

    letter: int
    public_key: bytes
    payload: Any = field(repr=False)


def vouch(secret: Secret, listed: Listed) -> bytes:
    """The association's yes (32 bytes) to all that the row says beside it. `secret` is the server's own, not in the
    database."""
    host, role, mailbox, public_key, door, _vouch, shown = listed
    place = context("vouch", host, role, mailbox, public_key, door.reveal(), shown)
    return hmac.digest(secret.reveal(), place, "sha256")


def is_vouched(secret: Secret, listed: Listed) -> bool:
    """Whether the row is as somebody vouched for it. Never raises, whatever was written into it by hand."""
    try:
        right = vouch(secret, listed)
    except NoSuchPlace:
        return False
    return isinstance(listed.vouch, bytes) and hmac.compare_digest(right, listed.vouch)


def vouch_host(secret: Secret, host: bytes, account: bytes, shown: bytes) -> bytes:
    """The operator's yes (32 bytes) to this account as a host, saying this: a row made by hand lists nobody."""
    return hmac.digest(secret.reveal(), context("host", host, account, shown), "sha256")


def is_host(secret: Secret, host: bytes, account: bytes, shown: bytes, vouched: bytes) -> bool:
    """Whether the operator let this account in as this host, and the host said this."""
    right = vouch_host(secret, host, account, shown)
    return isinstance(vouched, bytes) and hmac.compare_digest(right, vouched)


def host_link(secret: Secret, token: Secret) -> bytes:
    """How the database knows the operator's link (32 bytes): one made by hand opens nothing."""
    return hmac.digest(secret.reveal(), context("host link", token.reveal()), "sha256")


def open_listing(db: Connection, keyring: Keyring) -> Secret:
    """Open the door that everybody may use, and give the right to it. Twice is once. The drawer remembers it."""
    fresh = Secret.random().as_text()
    listing = change_record(
        Drawer(db, keyring),
        RECORD,
        RECORD,
        Listing(),
        lambda old: old if old.right else replace(old, right=fresh),
    )
    right = Secret.from_text(listing.right)
    if db.execute(_door, {"door": door_hash(right)}).one_or_none() is None:
        open_door(db, right, keyring.account)
    return right


def close_listing(db: Connection, keyring: Keyring) -> None:
    """Shut the door. What was left already is still sorted; what comes from now on is dropped. Twice is once."""

    def shut(old: Listing) -> Listing:
        return Listing(before=(*old.before, old.right)[-_REMEMBERED:]) if old.right else old

    listing = change_record(Drawer(db, keyring), RECORD, RECORD, Listing(), shut)
    close_doors(db, [Secret.from_text(right) for right in listing.before])


def has_open_listing(db: Connection, keyring: Keyring) -> bool:
    """Whether this person's door stands open: one statement."""
    record = Drawer(db, keyring).find(RECORD).get(RECORD)
    return bool(record and record.payload.right)


def leave(
    db: Connection, keyring: Keyring, vouching: Secret, listed: Listed, payload: msgspec.Struct, frank: Secret
) -> Sent:
    """Leave a first letter at a listed door, which only its sender can burn. When the door is shut: the same work.

    Raises NotVouched when the row is not as it was vouched for, or its account holds another key; nothing is written.
    """
    if not is_vouched(vouching, listed) or key_in_row(db, listed.mailbox) != listed.public_key:
        raise NotVouched
    letter, burn, door = new_id(), Secret.random(), door_hash(listed.door)
    key = _key(listed.door, agree(keyring.own_secret, listed.public_key))
    where = _place(listed.mailbox, letter, keyring.own_public, listed.public_key)
    inner = seal(key, where, pad(encode(payload)))
    row = {
        "id": letter,
        "mailbox": listed.mailbox,
        "burn_hash": _burn_hash(burn),
        "tag": tag_of(frank, inner, listed.mailbox, door),
        "blob": seal_outer(listed.mailbox, letter, listed.public_key, door, keyring.own_public + inner),
    }
    leave_by(db, door, row)
    return Sent(letter, burn)


def burn(db: Connection, sent: Sent) -> bool:
    """The letter is gone, sorted or not. False when it was gone already: answered, or it never came in."""
    return db.execute(_burn, {"letter": sent.letter, "burn": _burn_hash(sent.burn)}).rowcount == 1


def on_arrival(kind: type[msgspec.Struct]) -> Callable[[Registered], Registered]:
    """Register what is done with a kind of letter that came by one's own listing.

    The act gives the name of the shelf on which the letter is kept, or None when it can go. It may be done twice, and
    a VaultError that it raises lays the letter aside. Raises ValueError when the kind is taken.
    """

    def register(act: Registered) -> Registered:
        if kind in _acts:
            raise ValueError(f"{kind.__name__} is sorted already")
        _acts[kind] = act
        return act

    return register


def collect(db: Connection, keyring: Keyring, now: datetime, waiting: Sequence[Outer]) -> None:
    """Sort what came by the own listing. What does not open, or is of no kind that is known, is laid aside.

    `waiting` is what lies unsorted: at most so much at a time that nobody can make another wait for long.
    """
    people = fingerprints(keyring)
    others = [outer for outer in waiting if outer.came_by not in people]
    rights = _rights(Drawer(db, keyring)) if others else {}
    done, aside = list[int](), list[int]()
    for outer in (outer for outer in others if outer.came_by in rights):
        try:
            arrived = _open(keyring, rights[outer.came_by], outer)
            act = _acts.get(type(arrived.payload))
            shelf = act(db, keyring, arrived, now) if act else None
        except VaultError:
            aside.append(outer.letter)
            continue
        if shelf:
            put_on_shelf(db, keyring, shelf, [outer.letter])
        else:
            (done if act else aside).append(outer.letter)
    if done:
        drop(db, keyring, done)
    lay_aside(db, keyring, aside)


def kept(db: Connection, keyring: Keyring, shelf: str, most: int, kind: type | None = None) -> list[Arrived]:
    """At most `most` of the letters that an act kept on this shelf, in no meaningful order; none that was edited, or
    moved here and is of another `kind`."""
    rights, opener = _rights(Drawer(db, keyring)), Opener(keyring.own_secret)
    found = []
    values = {"of": keyring.account, "on": keyring.shelf(shelf), "most": most}
    for letter, blob in db.execute(_kept, values).all():
        try:
            outer = open_outer(keyring, letter, blob, opener)
            arrived = _open(keyring, rights[outer.came_by], outer)
        except (VaultError, KeyError):
            continue
        if kind is None or isinstance(arrived.payload, kind):
            found.append(arrived)
    return found


def how_many(db: Connection, keyring: Keyring, shelf: str) -> int:
    """How many letters lie on this shelf, without opening any."""
    return int(db.execute(_how_many, {"of": keyring.account, "on": keyring.shelf(shelf)}).scalar_one())


def take(db: Connection, keyring: Keyring, letter: int) -> bool:
    """Take one letter out of one's own mailbox, to answer it. False when it was burnt or answered meanwhile."""
    return db.execute(_take, {"letter": letter, "of": keyring.account}).rowcount == 1


def _rights(drawer: Drawer) -> dict[bytes, Secret]:
    """The rights to this person's listing by the hashes of their doors, those of before too: one statement."""
    record = drawer.find(RECORD).get(RECORD)
    listing = record.payload if record else Listing()
    rights = [Secret.from_text(text) for text in (listing.right, *listing.before) if text]
    return {door_hash(right): right for right in rights}


def _open(keyring: Keyring, right: Secret, outer: Outer) -> Arrived:
    """Raises CannotOpen's kinds, and BadPublicKey for something that is no key."""
    sender, inner = outer.inner[:KEY], outer.inner[KEY:]
    key = _key(right, agree(keyring.own_secret, sender))
    where = _place(keyring.account, outer.letter, sender, keyring.own_public)
    return Arrived(outer.letter, sender, decode(unpad(unseal(key, where, inner))))


def _key(right: Secret, agreed: Secret) -> Secret:
    return derive(Secret(right.reveal() + agreed.reveal()), "listing")


def _place(mailbox: bytes, letter: int, sender: bytes, reader: bytes) -> bytes:
    return context("listing", mailbox, letter, fingerprint(sender), fingerprint(reader))


def _burn_hash(secret: Secret) -> bytes:
    return derive(secret, "burn").reveal()
