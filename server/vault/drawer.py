"""The drawer: one person's records, sealed one by one. Nobody else ever opens it."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.core import ids
from server.core.database import Prepared
from server.vault.errors import (
    CannotOpen,
    KeyringChanged,
    NoSuchAccount,
    RecordChanged,
    RecordExists,
    RowTaken,
    UnknownEpoch,
)
from server.vault.keyring import Keyring
from server.vault.models import Account, RecordRow
from server.vault.payloads import decode, encode
from server.vault.sealing import context, pad, seal, unpad, unseal


@dataclass(frozen=True, slots=True)
class Record:
    """An opened record. Its name is not stored: the row id is the name under the owner's index key."""

    id: int
    shelf: bytes
    epoch: int
    version: int
    payload: Any = field(repr=False)  # a log or a traceback must not hold a person's words


_SEALED = ("shelf", "epoch", "version", "blob")
_columns = select(RecordRow.id, RecordRow.shelf, RecordRow.epoch, RecordRow.version, RecordRow.blob)
_of_account = _columns.where(RecordRow.account == bindparam("account"))
_all = Prepared(_of_account)
_on_shelf = Prepared(_of_account.where(RecordRow.shelf == bindparam("shelf")).order_by(RecordRow.id))
_owner = select(RecordRow.account).where(RecordRow.id == bindparam("id"))
_epoch = select(Account.epoch).where(Account.id == bindparam("account"))
# Nothing is written under a vault key that is on its way out: a removed phone may know it. The row is locked
# (PostgreSQL) so that `finish_epoch` cannot forget that key under our hands.
_still_newest = (
    select(Account.id)
    .where(Account.id == bindparam("of"), Account.epoch == bindparam("new_epoch"))
    .with_for_update(read=True, key_share=True)
)
_new_row = {
    "id": bindparam("row", type_=RecordRow.id.type),
    "account": Account.id,
    **{name: bindparam(f"new_{name}", type_=RecordRow.__table__.c[name].type) for name in _SEALED},
}
# A taken row id must neither overwrite nor spoil the transaction (PostgreSQL's would be lost after an error).
_insert = {
    dialect: insert(RecordRow)
    .from_select(list(_new_row), _still_newest.with_only_columns(*_new_row.values()))
    .on_conflict_do_nothing()
    .execution_options(preserve_rowcount=True)
    for dialect, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_same = (
    RecordRow.id == bindparam("row"),
    RecordRow.account == bindparam("of"),
    RecordRow.version == bindparam("seen"),
)
_swap = (
    update(RecordRow)
    .where(*_same, _still_newest.exists())
    .values({name: bindparam(f"new_{name}") for name in _SEALED})
)
_remove = delete(RecordRow).where(*_same)


@cache
def _by_ids(number: int) -> Prepared:
    """For so many ids, bound as id0, id1 and so on. Nobody asks for more than a few."""
    ids = [bindparam(f"id{n}", type_=RecordRow.id.type) for n in range(number)]
    # Said as a range, or SQLite would look for five ids by reading through all that the account has.
    account = bindparam("account", type_=RecordRow.account.type)
    return Prepared(_columns.where(RecordRow.id.in_(ids), RecordRow.account.between(account, account)))


class Drawer:
    """One person's records on one connection. A row that was tampered with raises, never shows another's."""

    def __init__(self, db: Connection, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring

    @property
    def keyring(self) -> Keyring:
        """Whose drawer it is."""
        return self._keyring

    @property
    def db(self) -> Connection:
        """The connection it works on, for a row of the vault that goes along with a record."""
        return self._db

    def shelf(self, name: str) -> list[Record]:
        """Every record on the shelf, in no meaningful order. One statement. Raises CannotOpen's kinds."""
        return self._open(_on_shelf, shelf=self._keyring.shelf(name))

    def intact(self, name: str | None = None) -> list[Record]:
        """Those records on the shelf that open, or without a name those of the account: for what must go on although
        somebody has edited a row.
        """
        found, account = [], self._keyring.account
        if name is None:
            rows = _all.rows(self._db, account=account)
        else:
            rows = _on_shelf.rows(self._db, account=account, shelf=self._keyring.shelf(name))
        for row in rows:
            with suppress(CannotOpen):
                found.append(self._unseal(row))
        return found

    def everything(self) -> list[Record]:
        """Every record of the account, in no meaningful order: one statement. Raises CannotOpen's kinds."""
        return self._open(_all)

    def find(self, *names: str) -> dict[str, Record]:
        """The records with these names; missing ones are absent. One statement. Raises CannotOpen's kinds."""
        wanted = {self._keyring.row_id(name): name for name in names}
        if not wanted:
            return {}
        ids = {f"id{n}": id for n, id in enumerate(wanted)}
        return {wanted[record.id]: record for record in self._open(_by_ids(len(ids)), **ids)}

    def glance(self, names: Collection[str], beside: Collection[str]) -> tuple[dict[str, Record], set[str]]:
        """As `find` for `names`, and which of those `beside` there are, unopened. One statement for all."""
        opened = {self._keyring.row_id(name): name for name in names}
        looked = {self._keyring.row_id(name): name for name in beside}
        ids = {f"id{n}": id for n, id in enumerate((*opened, *looked))}
        rows = _by_ids(len(ids)).rows(self._db, account=self._keyring.account, **ids)
        found = {opened[row[0]]: self._unseal(row) for row in rows if row[0] in opened}
        return found, {looked[row[0]] for row in rows if row[0] in looked}

    def there(self, name: str) -> bool:
        """Whether there is a record with this name, without opening it."""
        return bool(self.glance((), (name,))[1])

    def put(self, shelf: str, name: str, payload: msgspec.Struct) -> Record:
        """Lay a new record on the shelf.

        Raises RecordExists when the name is taken, KeyringChanged when the vault key has been changed since the
        keyring was opened; then nothing is written.

        Versions start anywhere: a row does not tell how often it was edited, and a window that still holds a
        record which was removed and made anew cannot mistake one for the other.
        """
        start = int.from_bytes(ids.random_bytes(6), "big") + 1
        record = self._record(self._keyring.row_id(name), self._keyring.shelf(shelf), start, payload)
        values = self._row(record) | {"row": record.id, "of": self._keyring.account}
        if self._db.execute(_insert[self._db.dialect.name], values).rowcount != 1:
            self._refuse_stale()
            owner = self._db.execute(_owner, {"id": record.id}).scalar_one_or_none()
            raise RecordExists if owner in (self._keyring.account, None) else RowTaken
        return record

    def replace(self, record: Record, payload: msgspec.Struct, shelf: str | None = None) -> Record:
        """Write the next version, on another shelf if one is named.

        Compare-and-swap: raises RecordChanged, and writes nothing, when someone was first or it is gone;
        KeyringChanged when the vault key has been changed since the keyring was opened.
        """
        where = record.shelf if shelf is None else self._keyring.shelf(shelf)
        after = self._record(record.id, where, record.version + 1, payload)
        if self._db.execute(_swap, self._row(after) | self._seen(record)).rowcount != 1:
            self._refuse_stale()
            raise RecordChanged
        return after

    def remove(self, record: Record) -> None:
        """Take the record away. Raises RecordChanged, and removes nothing, when it is not the one in hand."""
        if self._db.execute(_remove, self._seen(record)).rowcount != 1:
            raise RecordChanged

    def _open(self, statement: Prepared, **values: Any) -> list[Record]:
        return [
            self._unseal(row) for row in statement.rows(self._db, account=self._keyring.account, **values)
        ]

    def _unseal(self, row: tuple[Any, ...]) -> Record:
        id, shelf, epoch, version, blob = row
        key = self._keyring.keys.get(epoch)
        if key is None:
            raise UnknownEpoch
        plain = unpad(unseal(key, sealed_at(self._keyring, id, shelf, epoch, version), blob))
        return Record(id, shelf, epoch, version, decode(plain))

    def _record(self, id: int, shelf: bytes, version: int, payload: msgspec.Struct) -> Record:
        return Record(id, shelf, self._keyring.epoch, version, payload)

    def _row(self, record: Record) -> dict[str, Any]:
        where = sealed_at(self._keyring, record.id, record.shelf, record.epoch, record.version)
        blob = seal(self._keyring.keys[record.epoch], where, pad(encode(record.payload)))
        return {
            "new_shelf": record.shelf,
            "new_epoch": record.epoch,
            "new_version": record.version,
            "new_blob": blob,
        }

    def _refuse_stale(self) -> None:
        """Why nothing was written, when it is not the record."""
        epoch = self._db.execute(_epoch, {"account": self._keyring.account}).scalar_one_or_none()
        if epoch is None:
            raise NoSuchAccount
        if epoch != self._keyring.epoch:
            raise KeyringChanged

    def _seen(self, record: Record) -> dict[str, Any]:
        return {"row": record.id, "of": self._keyring.account, "seen": record.version}


def sealed_at(keyring: Keyring, id: int, shelf: bytes, epoch: int, version: int) -> bytes:
    """Where a record's blob belongs."""
    return context("record", keyring.account, id, shelf, epoch, version)
