"""What has been and only is told: how anything of that sort is checked when it comes in, and kept beside the like."""

import hashlib
import re
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from server.circle.kinds import NoSuchItem, of_item
from server.mine.kind import Reading
from server.mine.problems import BrokenFile, DayOutOfReach

_LONGEST = 2_000_000  # characters; what was handed over may be a day with many long notes
_MOST = 20_000  # things in one list
S = TypeVar("S", bound=msgspec.Struct)


def kept(thing: S, reading: Reading) -> S:
    """The same, as it may be kept: texts without NUL, moments in UTC, nothing endless. Raises CannotRead's kinds."""
    return replace(thing, **{name: _kept(getattr(thing, name), reading) for name in thing.__struct_fields__})


def _kept(value: Any, reading: Reading) -> Any:
    if isinstance(value, msgspec.Struct):
        return kept(value, reading)
    if isinstance(value, tuple):
        if len(value) > _MOST:
            raise BrokenFile(file=reading.file)
        return tuple(_kept(one, reading) for one in value)
    if isinstance(value, str):
        if len(value) > _LONGEST:
            raise BrokenFile(file=reading.file)
        return value.replace("\0", "")
    return _kept_day(value, reading) if isinstance(value, date) else value


def _kept_day(value: date, reading: Reading) -> date:
    if not 1920 <= value.year <= reading.today.year + 20:
        raise DayOutOfReach(file=reading.file, day=f"{value:%Y-%m-%d}")
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        raise BrokenFile(file=reading.file)
    return value.astimezone(UTC)


def check_pair(pair: str, reading: Reading) -> None:
    """Which of the contacts of that time it was. It names nobody here."""
    if not re.fullmatch(r"[0-9a-f]{32}", pair):
        raise BrokenFile(file=reading.file)


def check_item(item: str, reading: Reading) -> None:
    """A thing that a page can name; one of a kind that only a newer program knows is named as it stands."""
    if not re.fullmatch(r"[a-z-]{1,40}/\S{1,200}", item):
        raise BrokenFile(file=reading.file)
    try:
        kind, name = of_item(item)
        kind.shelf(name)
    except NoSuchItem:
        return
    except ValueError:
        raise BrokenFile(file=reading.file) from None


def id_beside(label: str, *content: Any) -> str:
    """Another id for what has other words under the same id; the same words always get the same."""
    made = msgspec.json.encode((label, *content))
    return hashlib.sha256(b"dagsform/history/1\n" + made).hexdigest()[:32]
