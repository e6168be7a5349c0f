"""Changing a record as two phones may do at once: read, change, compare-and-swap, and again when somebody was first."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from server.vault.drawer import Drawer
from server.vault.errors import RecordChanged, RecordExists

_TRIES = 5
T = TypeVar("T", bound=msgspec.Struct)


class NoSuchRecord(Exception):
    """No record with that name in this person's drawer."""


def change_record(drawer: Drawer, shelf: str, name: str, empty: T, change: Callable[[T], T]) -> T:
    """The record called `name`, or `empty`, as `change` makes it. A record left empty leaves no row.

    Raises RecordChanged when another phone wrote in between more often than anybody writes.
    """
    for _ in range(_TRIES):
        record = drawer.find(name).get(name)
        old = record.payload if record else empty
        new = change(old)
        if new == old:
            return new
        try:
            if record is None:
                drawer.put(shelf, name, new)
            elif new == empty:
                drawer.remove(record)
            else:
                drawer.replace(record, new)
        except (RecordChanged, RecordExists):
            continue
        return new
    raise RecordChanged


def change_existing(
    drawer: Drawer, name: str, change: Callable[[T], T], shelf: Callable[[T], str] | None = None
) -> T:
    """The record called `name` as `change` makes it, on the shelf that `shelf` says (where it lies, if not given).

    Raises NoSuchRecord when there is none, and RecordChanged as above.
    """
    for _ in range(_TRIES):
        record = drawer.find(name).get(name)
        if record is None:
            raise NoSuchRecord
        new = change(record.payload)
        if new == record.payload:
            return new
        try:
            drawer.replace(record, new, shelf(new) if shelf else None)
        except RecordChanged:
            continue
        return new
    raise RecordChanged
