"""Reading in: first what it would do, then doing it. Both by the same steps, so that the page tells the truth."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from server.mine.bundle import Thing
from server.mine.here import Here, Outcome
from server.mine.kinds import BY_STRUCT
from server.vault.drawer import Drawer, Record
from server.vault.errors import RecordChanged, RecordExists

_TRIES = 5


@dataclass(frozen=True)
class Incoming:
    """Things that were read and checked. `ids_are_contents`: see Here. `known` are things that are here, although not
    as records of the drawer.
    """

    things: tuple[Thing, ...]
    ids_are_contents: bool = False
    known: tuple[Any, ...] = ()


def foretell(drawer: Drawer, incoming: Incoming) -> Outcome:
    """What `bring` would do just now. Writes nothing."""
    return _laid(drawer.everything(), incoming).outcome


def bring(drawer: Drawer, incoming: Incoming) -> Outcome:
    """Lay everything beside what is here; the caller's transaction makes it all or nothing.

    Raises RecordChanged when another phone wrote in between more often than anybody writes.
    """
    for _ in range(_TRIES):
        records = drawer.everything()
        here = _laid(records, incoming)
        try:
            _write(drawer, records, here)
        except (RecordChanged, RecordExists):
            continue  # what has been written is known the next time round
        return here.outcome
    raise RecordChanged


def _laid(records: Iterable[Record], incoming: Incoming) -> Here:
    everything = (*(record.payload for record in records), *incoming.known)
    held = (payload for payload in everything if type(payload) in BY_STRUCT)
    here = Here(
        ((BY_STRUCT[type(payload)].name(payload), payload) for payload in held),
        ids_are_contents=incoming.ids_are_contents,
    )
    for kind, thing in incoming.things:
        kind.lay(here, thing)
    return here


def _write(drawer: Drawer, records: Iterable[Record], here: Here) -> None:
    known = {
        (type(record.payload), BY_STRUCT[type(record.payload)].name(record.payload)): record
        for record in records
        if type(record.payload) in BY_STRUCT
    }
    for (struct, name), payload in here.changes.items():
        record = known.get((struct, name))
        if record:
            drawer.replace(record, payload)
        else:
            drawer.put(BY_STRUCT[struct].shelf(payload), name, payload)
