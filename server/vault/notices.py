"""Notices: what the server must know to say, outside the app, that there is something. No word of anybody's.

This cannot be sealed to its owner: it is used while the owner is away. So all of one person's lies in one row, sealed
under a key that comes from DAGSFORM_SECRET and is not in the database. The row's id is the account's under that key.
A stolen database tells how many have notices turned on, and nothing else; docs/vault.md says what the server can know.
"""

import hmac
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.vault.errors import VaultError
from server.vault.mailbox import take_turns
from server.vault.models import Account, Letter, PushRow
from server.vault.payloads import decode, encode, payload
from server.vault.sealing import Secret, context, derive, pad, seal, unpad, unseal

MESSAGE, REMINDER, ACTIVITY = KINDS = ("message", "reminder", "activity")
QUIET = (21, 8)  # from and to, whole hours on the wall clock; the same twice is no quiet at all
MOST_PHONES = 10  # of one person; the oldest makes room
# An open page has shown a message long before this, and then nothing more is said of it.
AFTER = timedelta(seconds=6)

_locked = select(PushRow.blob).where(PushRow.id == bindparam("id")).with_for_update()
_read = select(PushRow.blob).where(PushRow.id == bindparam("id"))
_rewrite = update(PushRow).where(PushRow.id == bindparam("row")).values(blob=bindparam("words"))
_remove = delete(PushRow).where(PushRow.id == bindparam("row"))
_remove_these = delete(PushRow).where(PushRow.id.in_(bindparam("rows", expanding=True)))
_unread = select(Letter.id).where(Letter.id.in_(bindparam("ids", expanding=True)), Letter.shelf == b"")


class Phone(msgspec.Struct, frozen=True):
    """One browser, as it described itself (W3C, Push API). `ways` are the ways in that it was opened by."""

    endpoint: str
    key: bytes
    auth: bytes
    ways: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "Phone(hidden)"


class Due(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to tell at a time. What it is about lies in the owner's drawer under the same id, or is a letter.

    `wall` and `repeat` (DAILY or WEEKLY, as in RFC 5545) are of what comes again: the wall clock decides when.
    """

    id: str
    kind: str
    at: datetime
    until: datetime | None = None  # after this it is too late to tell
    wall: datetime | None = None
    repeat: str = ""
    letter: int = 0


@payload("push", version=1)
class Notices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person's row. `resting` marks conversations that rest; `tries` and `again` are of an attempt that goes on."""

    phones: dict[str, Phone] = {}
    kinds: tuple[str, ...] = ()
    quiet: tuple[int, int] = QUIET
    resting: tuple[str, ...] = ()
    due: tuple[Due, ...] = ()
    tries: int = 0
    again: datetime | None = None

    def __repr__(self) -> str:
        return "Notices(hidden)"


def read(db: Connection, key: Secret, account: bytes) -> Notices:
    """What stands in somebody's row; an empty one when there is none."""
    id = _id(key, account)
    return _opened(key, id, db.execute(_read, {"id": id}).scalar_one_or_none())


def change(db: Connection, key: Secret, account: bytes, how: Callable[[Notices], Notices]) -> Notices:
    """The row as `how` makes it. Without a phone there is nothing to tell and nobody to tell it to: the row goes."""
    take_turns(db, account)
    return change_row(db, key, _id(key, account), how)


def change_row(db: Connection, key: Secret, id: bytes, how: Callable[[Notices], Notices]) -> Notices:
    """The same for whoever knows the row and not the person (the worker)."""
    blob = db.execute(_locked, {"id": id}).scalar_one_or_none()
    old = _opened(key, id, blob)
    new = how(old)
    if new == old:
        return new
    if not new.phones:
        db.execute(_remove, {"row": id})
    elif blob is None:
        db.execute(insert(PushRow), {"id": id, "blob": _sealed(key, id, new)})
    else:
        db.execute(_rewrite, {"row": id, "words": _sealed(key, id, new)})
    return new


def put_phone(old: Notices, mark: str, phone: Phone) -> Notices:
    """The same with one more phone, or with this one as it is now."""
    others = {
        name: one for name, one in old.phones.items() if name != mark and one.endpoint != phone.endpoint
    }
    room = list(others.items())[-(MOST_PHONES - 1) :]
    return replace(old, phones={**dict(room), mark: phone})


def renew_phone(db: Connection, key: Secret, accounts: Collection[bytes], half: Secret, phone: Phone) -> None:
    """The browser has got another address for the same phone. Where the phone is not known, nothing happens."""
    mark = phone_mark(key, half)

    def renewed(old: Notices) -> Notices:
        there = old.phones.get(mark)
        return put_phone(old, mark, replace(phone, ways=there.ways)) if there else old

    for account in accounts:
        change(db, key, account, renewed)


def forget_phone(db: Connection, key: Secret, accounts: Collection[bytes], half: Secret) -> None:
    """Nothing is sent to this phone any more, for any of these. Twice is once."""
    mark = phone_mark(key, half)
    for account in accounts:
        change(db, key, account, lambda old: _without(old, {mark}))


def forget_way(db: Connection, key: Secret, account: bytes, way: bytes) -> None:
    """Nothing is sent to a phone that was opened by this way in: it may be a lost one."""

    def kept(old: Notices) -> Notices:
        return _without(old, {mark for mark, phone in old.phones.items() if way in phone.ways})

    change(db, key, account, kept)


def forget(db: Connection, key: Secret, account: bytes) -> None:
    """The account goes: all of it. Twice is once."""
    db.execute(_remove, {"row": _id(key, account)})


def rest(db: Connection, key: Secret, account: bytes, door: bytes, *, on: bool) -> None:
    """Of what comes by this door (a hash) nothing is told while the conversation rests."""
    mark = _mark(key, b"door" + door)

    def rested(old: Notices) -> Notices:
        others = tuple(one for one in old.resting if one != mark)
        due = tuple(one for one in old.due if one.id != mark)
        return replace(old, resting=(*others, mark) if on else others, due=due if on else old.due)

    change(db, key, account, rested)


def resting(key: Secret, doors: Collection[bytes]) -> tuple[str, ...]:
    """The marks of conversations that rest, by the doors (hashes) that they come by."""
    return tuple(_mark(key, b"door" + door) for door in doors)


def tell_of_letter(
    db: Connection, key: Secret, mailbox: bytes, door: bytes, letter: int, now: datetime
) -> None:
    """A message lies in this mailbox. The same is done, and written, whether anybody wanted to be told or not."""
    id, mark = _id(key, mailbox), _mark(key, b"door" + door)
    old = _opened(key, id, db.execute(_locked, {"id": id}).scalar_one_or_none())
    due = Due(id=mark, kind=MESSAGE, at=now + AFTER, letter=letter)
    told = replace(old, due=(*(one for one in old.due if one.id != mark), due))
    wanted = MESSAGE in old.kinds and mark not in old.resting
    db.execute(_rewrite, {"row": id, "words": _sealed(key, id, told if wanted else old)})


def everything(db: Connection, key: Secret, known: dict[bytes, Notices]) -> dict[bytes, Notices]:
    """Every row by its id. `known` holds what was opened before, by its blob, and is brought up to date."""
    rows = db.execute(select(PushRow.id, PushRow.blob)).all()
    fresh = {blob: known[blob] if blob in known else _opened(key, id, blob) for id, blob in rows}
    known.clear()
    known.update(fresh)
    return {id: fresh[blob] for id, blob in rows}


def unread(db: Connection, letters: Collection[int]) -> set[int]:
    """Those among these letters that lie where they were left: not burnt, and not seen by their reader's page."""
    return set(db.execute(_unread, {"ids": list(letters)}).scalars()) if letters else set()


def sweep(db: Connection, key: Secret) -> int:
    """Delete the rows of accounts that are gone, such as abandoned ones; how many."""
    rows = set(db.execute(select(PushRow.id)).scalars())  # first these: nobody has a row before an account
    live = {_id(key, account) for account in db.execute(select(Account.id)).scalars()} if rows else set()
    gone = rows - live
    if gone:
        db.execute(_remove_these, {"rows": list(gone)})
    return len(gone)


def phone_mark(key: Secret, half: Secret) -> str:
    """What a phone is called in its owner's row: the half in its cookie, under the key."""
    return _mark(key, b"phone" + half.reveal())


def _without(old: Notices, marks: Collection[str]) -> Notices:
    return replace(old, phones={mark: phone for mark, phone in old.phones.items() if mark not in marks})


def _id(key: Secret, account: bytes) -> bytes:
    return hmac.digest(derive(key, "push id").reveal(), account, "sha256")[:16]


def _mark(key: Secret, what: bytes) -> str:
    return hmac.digest(derive(key, "push mark").reveal(), what, "sha256")[:16].hex()


def _sealed(key: Secret, id: bytes, notices: Notices) -> bytes:
    return seal(derive(key, "push seal"), context("push", id), pad(encode(notices)))


def _opened(key: Secret, id: bytes, blob: bytes | None) -> Notices:
    """A row that somebody has edited is as good as none: its owner turns notices on again."""
    if blob is not None:
        with suppress(VaultError):
            found: Notices = decode(unpad(unseal(derive(key, "push seal"), context("push", id), blob)))
            return found
    return Notices()
