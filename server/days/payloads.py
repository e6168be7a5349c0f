"""What is sealed about a day. One record holds one day, with every entry written about it.

So Idag reads one row whatever the age of the account, a month is at most 31 rows, and a thief cannot count entries.
"""

from datetime import date, datetime
from enum import IntEnum, StrEnum

import msgspec

from server.vault.payloads import payload


class Form(IntEnum):
    """Dagsform: how much the day can hold. Not worth, not mood (product.md, Words)."""

    VERY_HEAVY = 1
    HEAVY = 2
    IN_BETWEEN = 3
    FAIRLY_LIGHT = 4
    LIGHT = 5


class Cost(StrEnum):
    """What the day cost (row D10)."""

    GAVE = "gave"
    EVEN = "even"
    TOOK_LITTLE = "took_little"
    TOOK_MUCH = "took_much"


class Mood(IntEnum):
    """Mående, a note of its own, never mixed with form."""

    NOT_GOOD = 1
    RATHER_BAD = 2
    MIDDLE = 3
    RATHER_GOOD = 4
    GOOD = 5


class Circumstance(StrEnum):
    """What lay around the day (row D8): the whole decides what one manages."""

    SLEEP = "sleep"
    LETTER = "letter"
    MONEY = "money"
    FAMILY = "family"
    BODY = "body"
    MEETING = "meeting"
    ALONE = "alone"
    COMPANY = "company"
    CARE = "care"
    PAST = "past"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may say in an entry; every part optional."""

    form: Form | None = None
    words: str = ""
    done: str = ""
    looked: Form | None = None
    cost: Cost | None = None
    circumstances: tuple[Circumstance, ...] = ()
    helped: str = ""
    mood: Mood | None = None

    @property
    def has_words(self) -> bool:
        return bool(self.words or self.done or self.helped)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry. `edition` counts its changes, so that two phones cannot overwrite each other unseen."""

    id: str
    written: datetime
    told: Told
    edition: int = 1
    before: Told | None = None  # what it said until the latest change, for undo


class Maybe(msgspec.Struct, frozen=True, kw_only=True):
    """“Jag kanske går”: a thing the person may do that day. The strongest word there is; nobody promises."""

    slug: str
    title: str
    start: datetime | None = None


@payload("day", version=1)
class Day(msgspec.Struct, frozen=True, kw_only=True):
    """A day with its entries, in the order they were written."""

    date: date
    entries: tuple[Entry, ...] = ()
    maybes: tuple[Maybe, ...] = ()

    @property
    def form(self) -> Form | None:
        """The latest answer that has a level."""
        return next((entry.told.form for entry in reversed(self.entries) if entry.told.form), None)

    @property
    def first_words(self) -> str:
        """The day's first own words, for a line in a list."""
        return next(
            (text for e in self.entries for text in (e.told.words, e.told.done, e.told.helped) if text), ""
        )


class Removed(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that was taken away and can come back."""

    date: date
    entry: Entry


@payload("bin", version=1)
class Bin(msgspec.Struct, frozen=True, kw_only=True):
    """Everything taken away but not destroyed."""

    removed: tuple[Removed, ...] = ()


@payload("draft", version=1)
class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Typed but not yet saved, word for word as it stands in the fields; `edition` is the entry it began from."""

    entry_id: str
    date: date
    edition: int
    fields: dict[str, list[str]]
