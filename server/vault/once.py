"""Which posts an account has taken: the same one again, because its answer was lost on the way, is no second act.

Every post that a phone may send again carries a name, 32 hexadecimal signs that the phone made (an Idempotency-Key
header; an entry of its outbox). The latest names lie in sixteen records, so that each stays one small row and tells
nothing by its size.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import partial

import msgspec

from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.payloads import payload

_SHELF = "taken-posts"
_EACH = 64


@payload("taken-posts", version=1)
class Taken(msgspec.Struct, frozen=True):
    """The beginnings of names, the latest last."""

    names: tuple[bytes, ...] = ()

    def __repr__(self) -> str:
        return "Taken(hidden)"


def taken(drawer: Drawer, names: Iterable[str]) -> set[str]:
    """Those of these names that have been taken: one statement."""
    names = set(names)
    records = drawer.find(*{_record(name) for name in names})
    known = {begin for record in records.values() for begin in record.payload.names}
    return {name for name in names if _begin(name) in known}


def take(drawer: Drawer, names: Iterable[str]) -> None:
    """Remember these names. Wants the transaction in which the acts themselves are written."""
    rows = defaultdict[str, tuple[bytes, ...]](tuple)
    for name in names:
        rows[_record(name)] += (_begin(name),)
    for row, more in rows.items():
        change_record(drawer, _SHELF, row, Taken(), partial(_with, more))


def _with(more: tuple[bytes, ...], old: Taken) -> Taken:
    return Taken((*(one for one in old.names if one not in more), *more)[-_EACH:])


def _record(name: str) -> str:
    return f"taken-posts/{name[0]}"


def _begin(name: str) -> bytes:
    return bytes.fromhex(name)[:8]
