"""The open page: words that one phone shows without being unlocked, because their owner said so on that phone.

Row and key come from that phone's tray cookie alone (32 random bytes that outlive the lock and go at sign-out), each by
a label of its own. The owner's drawer holds the keys of all such rows, so that what is changed anywhere is sealed anew
on every phone, and what is taken away is gone from every phone, in the same transaction. What this cannot do is said
in docs/vault.md: whoever holds the phone reads the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.models import OpenPage
from server.vault.payloads import decode, encode, payload
from server.vault.sealing import Secret, context, derive, pad, seal, unpad, unseal

RECORD = "open-pages"
_ID, _KEY = "open page id", "open page key"

_there = select(OpenPage.id).where(OpenPage.id == bindparam("id"))
_found = select(OpenPage.account, OpenPage.blob).where(OpenPage.id == bindparam("id"))
_of = select(OpenPage.id).where(OpenPage.account == bindparam("of"))
_rewrite = (
    update(OpenPage)
    .where(OpenPage.id == bindparam("row"), OpenPage.account == bindparam("of"))
    .values(blob=bindparam("words"))
)
_close = delete(OpenPage).where(OpenPage.id == bindparam("row"))
_close_all = delete(OpenPage).where(OpenPage.account == bindparam("of"))


@payload("open-pages", version=1)
class OpenPages(msgspec.Struct, frozen=True):
    """The phones that show the page: the key of each as text, by the id of its row in hex."""

    keys: dict[str, str] = {}

    def __repr__(self) -> str:
        return "OpenPages(hidden)"


@dataclass(frozen=True)
class Shown:
    """Where the page is shown: on this phone, and on any other."""

    here: bool = False
    elsewhere: bool = False


def show(drawer: Drawer, tray: Secret, words: msgspec.Struct) -> None:
    """From now on the phone with this tray shows these words without being unlocked. Twice is once."""
    id, key = _id_of(tray), derive(tray, _KEY)
    close(drawer.db, [tray])
    row = {
        "id": id,
        "account": drawer.keyring.account,
        "blob": _sealed(drawer.keyring.account, id, key, words),
    }
    drawer.db.execute(insert(OpenPage), row)
    _change(drawer, lambda old: old | {id.hex(): key.as_text()})


def renew(drawer: Drawer, words: msgspec.Struct | None) -> None:
    """The words as they are now, on every phone that shows them; None takes the page away everywhere.

    Never on a phone that has stopped showing it meanwhile, by signing out or because it was taken away.
    """
    if words is None:
        return hide_everywhere(drawer)
    account, closed = drawer.keyring.account, set[str]()
    for name, key in _known(drawer).items():
        id = bytes.fromhex(name)
        fresh = {"row": id, "of": account, "words": _sealed(account, id, Secret.from_text(key), words)}
        if drawer.db.execute(_rewrite, fresh).rowcount != 1:
            closed.add(name)
    if closed:
        _change(drawer, lambda old: {name: key for name, key in old.items() if name not in closed})
    return None


def hide(drawer: Drawer, tray: Secret) -> None:
    """This phone shows nothing any more. Twice is once."""
    close(drawer.db, [tray])
    _change(drawer, lambda old: {name: key for name, key in old.items() if name != _id_of(tray).hex()})


def hide_everywhere(drawer: Drawer) -> None:
    """No phone shows anything any more."""
    drawer.db.execute(_close_all, {"of": drawer.keyring.account})
    _change(drawer, lambda _old: {})


def close(db: Connection, trays: Iterable[Secret]) -> None:
    """Drop what these phones show, without any key: at sign-out, and when a phone is taken away."""
    for tray in trays:
        db.execute(_close, {"row": _id_of(tray)})


def where_shown(drawer: Drawer, tray: Secret | None) -> Shown:
    """One statement."""
    rows = set(drawer.db.execute(_of, {"of": drawer.keyring.account}).scalars())
    here = {_id_of(tray)} if tray else set[bytes]()
    return Shown(here=bool(rows & here), elsewhere=bool(rows - here))


def is_open(db: Connection, tray: Secret) -> bool:
    """Whether the phone with this tray shows a page."""
    return db.execute(_there, {"id": _id_of(tray)}).first() is not None


def read(db: Connection, tray: Secret) -> Any:
    """What the phone with this tray shows, or None. Raises CannotOpen's kinds for a row that somebody has edited."""
    id, key = _id_of(tray), derive(tray, _KEY)
    row = db.execute(_found, {"id": id}).one_or_none()
    return decode(unpad(unseal(key, _place(row.account, id), row.blob))) if row else None


def _id_of(tray: Secret) -> bytes:
    return derive(tray, _ID, 16).reveal()


def _place(account: bytes, id: bytes) -> bytes:
    return context("open page", account, id)


def _sealed(account: bytes, id: bytes, key: Secret, words: msgspec.Struct) -> bytes:
    return seal(key, _place(account, id), pad(encode(words)))


def _known(drawer: Drawer) -> dict[str, str]:
    found = drawer.find(RECORD).get(RECORD)
    keys: dict[str, str] = found.payload.keys if found else {}
    return keys


def _change(drawer: Drawer, how: Any) -> None:
    change_record(drawer, RECORD, RECORD, OpenPages(), lambda old: OpenPages(how(old.keys)))
