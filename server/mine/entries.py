"""One entry that comes in: may it be kept, and is it new here? Shared by the days and the bin."""

import hashlib
import re
from datetime import UTC, date, timedelta

import msgspec
from msgspec.structs import replace

from server.days.inputs import LONGEST, TEXTS
from server.days.log import NotADay, check_day
from server.days.payloads import Entry, Told
from server.mine.here import Here, Known
from server.mine.kind import Reading
from server.mine.problems import BrokenFile, DayOutOfReach, TextTooLong

_ID = re.compile(r"[0-9a-f]{32}")
_MOST_EDITIONS = 10**8


def check_date(day: date, reading: Reading) -> date:
    """The day, or DayOutOfReach: before 1920, or one that has not been yet."""
    try:
        return check_day(day, reading.today)
    except NotADay:
        raise DayOutOfReach(file=reading.file, day=day.isoformat()) from None


def check_id(entry_id: str, reading: Reading) -> str:
    if not _ID.fullmatch(entry_id):
        raise BrokenFile(file=reading.file)
    return entry_id


def check_entry(entry: Entry, day: date, reading: Reading) -> Entry:
    """The entry as it may be kept: its moment in UTC, no NUL in its texts. Raises CannotRead's kinds."""
    check_id(entry.id, reading)
    written = entry.written
    if written.tzinfo is None or not 1 <= entry.edition < _MOST_EDITIONS:
        raise BrokenFile(file=reading.file)
    if not 1920 <= written.year <= reading.now.year + 1 or written > reading.now + timedelta(days=1):
        raise DayOutOfReach(file=reading.file, day=written.date().isoformat())
    told = without_nul(entry.told)
    if any(len(getattr(told, name)) > LONGEST for name in TEXTS):
        raise TextTooLong(file=reading.file, day=day.isoformat())
    return replace(entry, written=written.astimezone(UTC), told=told)


def without_nul(told: Told) -> Told:
    return replace(told, **{name: getattr(told, name).replace("\0", "") for name in TEXTS})


def new_here(here: Here, day: date, entry: Entry, *, in_bin: bool = False) -> Entry | None:
    """The entry as it is to be added (`in_bin`: to the bin), or None when it is here already.

    When its id is here with other text, both are kept: the one that comes in gets an id made from its content,
    so that reading in the same file again finds it. What was taken away here stays taken away.
    """
    known = here.entry(entry.id)
    if known and not (here.ids_are_contents or (known.day == day and known.entry.told == entry.told)):
        entry = replace(entry, id=id_beside(day, entry))
        known = here.entry(entry.id)
        if not known:
            here.outcome.both.append(day)
    if known:
        here.outcome.in_bin += known.in_bin
        here.outcome.here += not known.in_bin
        return None
    here.learn(Known(day, entry, in_bin))
    return entry


def id_beside(day: date, entry: Entry) -> str:
    """Another id for the same entry with other text; the same text always gets the same."""
    content = msgspec.json.encode((entry.id, day, entry.told))
    return hashlib.sha256(b"dagsform/beside/1\n" + content).hexdigest()[:32]
