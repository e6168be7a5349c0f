"""A kind of thing that an account can hold: how it goes out as files, and how it is laid beside what is here.

One Kind per payload. A later slice plugs in by adding its own to KINDS (kinds.py); a test holds that none is
forgotten.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import msgspec

from server.days.payloads import Circumstance, Cost, Form, Mood
from server.mine.here import Here

T = TypeVar("T", bound=msgspec.Struct)
Files = dict[str, str]


@dataclass(frozen=True)
class Voice:
    """The words of the person's language, for the files that people read. `say` is gettext."""

    say: Callable[..., str]
    locale: str
    forms: Mapping[Form, str]
    costs: Mapping[Cost, str]
    moods: Mapping[Mood, str]
    circumstances: Mapping[Circumstance, str]
    names: Mapping[str, str] = field(default_factory=dict)  # who shows me things, by pair (hex)


@dataclass(frozen=True)
class Reading:
    """From which file something is read, and when. What a check needs to know."""

    file: str
    today: date
    now: datetime


@dataclass(frozen=True)
class Kind(Generic[T]):
    """`stem` names the file (“dagar” is dagar.json); `about` is a (path, msgid) for each file it gives people.

    `files` are those for people; the JSON and its schema are made for every kind alike (export.py).
    `check` gives what may be kept, or raises CannotRead. `lay` puts one thing beside what is here. `goes` gives as
    much of a thing as goes along; None when nothing of it does. `told_with` names kinds whose things are told in the
    same files: `files` is given those, too.
    """

    stem: str
    struct: type[T]
    about: tuple[tuple[str, str], ...]
    name: Callable[[T], str]
    shelf: Callable[[T], str]
    files: Callable[[Sequence[Any], Voice], Files]
    check: Callable[[T, Reading], T]
    lay: Callable[[Here, T], None]
    goes: Callable[[T], T | None] = lambda thing: thing
    told_with: tuple[type, ...] = ()
