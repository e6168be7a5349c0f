"""What a drawer holds while something is read in, and what would change. Nothing is written from here."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import msgspec

from server.days.payloads import Bin, Day, Entry

T = TypeVar("T", bound=msgspec.Struct)
Key = tuple[type, str]


@dataclass
class Outcome:
    """What reading in does, told before anything is written."""

    days: set[date] = field(default_factory=set)
    entries: int = 0
    removed: int = 0
    drafts: int = 0
    hidden: int = 0
    reminders: int = 0
    people: int = 0
    matters: int = 0
    history: int = 0  # handed over, shown, opened, said: only told, never done again
    notes: int = 0  # in the contact diary
    messages: int = 0  # written to each other: nothing is sent
    items: int = 0  # of the plan, the story and other sheets
    versions: int = 0  # of these, here with other words: both stand there until one is chosen
    texts: int = 0  # how to meet me, and what I tell of myself as a contact
    here: int = 0  # here already, word for word: left alone
    in_bin: int = 0  # taken away here: left in the bin
    both: list[date] = field(default_factory=list)  # here with other text: both are kept

    @property
    def is_nothing(self) -> bool:
        fresh = (self.days, self.removed, self.drafts, self.hidden, self.reminders, self.items, self.versions)
        return not any(
            (*fresh, self.people, self.matters, self.notes, self.texts, self.history, self.messages)
        )


@dataclass(frozen=True)
class Known:
    """An entry that is here: on its day, or in the bin."""

    day: date
    entry: Entry
    in_bin: bool


class Here:
    """The payloads of one drawer by name, as they are and as they would become."""

    def __init__(self, held: Iterable[tuple[str, msgspec.Struct]], *, ids_are_contents: bool = False) -> None:
        """`ids_are_contents`: an incoming id is made from what it names (Daylio), so a known id is known text."""
        self.ids_are_contents = ids_are_contents
        self.outcome = Outcome()
        self.changes: dict[Key, Any] = {}
        self.listed: dict[str, set[str]] = {}  # what has come in to each board, by name
        self._held: dict[Key, Any] = {}
        self._known: dict[str, Known] = {}
        for name, payload in held:
            self._held[type(payload), name] = payload
            self._learn(payload)

    def get(self, struct: type[T], name: str) -> T | None:
        found: T | None = self._held.get((struct, name))
        return found

    def all_of(self, struct: type[T]) -> list[T]:
        """Everything of one kind that is here."""
        return [thing for (kind, _name), thing in self._held.items() if kind is struct]

    def change(self, name: str, payload: msgspec.Struct) -> None:
        """The payload is to be written under this name; nothing happens when it is there already."""
        key = type(payload), name
        if self._held.get(key) != payload:
            self._held[key] = self.changes[key] = payload

    def entry(self, entry_id: str) -> Known | None:
        """The entry with this id, wherever it lies."""
        return self._known.get(entry_id)

    def learn(self, known: Known) -> None:
        """An entry lies here. One that lies on its day and in the bin counts as on its day."""
        if not known.in_bin or known.entry.id not in self._known:
            self._known[known.entry.id] = known

    def _learn(self, payload: Any) -> None:
        if isinstance(payload, Day):
            for entry in payload.entries:
                self.learn(Known(payload.date, entry, in_bin=False))
        elif isinstance(payload, Bin):
            for one in payload.removed:
                self.learn(Known(one.date, one.entry, in_bin=True))
