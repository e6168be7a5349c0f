"""Days, out and in."""

import re

from msgspec.structs import replace

from server.days.log import day_record, month_shelf
from server.days.payloads import Day, Maybe
from server.mine import markdown, table
from server.mine.entries import check_date, check_entry, new_here
from server.mine.here import Here
from server.mine.kind import Kind, Reading
from server.mine.problems import BrokenFile

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME = 300


def _(msgid: str) -> str:
    return msgid


def check(day: Day, reading: Reading) -> Day:
    """The day as it may be kept. Raises CannotRead's kinds."""
    check_date(day.date, reading)
    return replace(
        day,
        entries=tuple(check_entry(entry, day.date, reading) for entry in day.entries),
        maybes=tuple(_check_maybe(maybe, reading) for maybe in day.maybes),
    )


def lay(here: Here, new: Day) -> None:
    """Entries that are not here are added, in the order they were written; a blank day becomes the same day."""
    name = day_record(new.date)
    old = here.get(Day, name) or Day(date=new.date)
    added = tuple(entry for one in new.entries if (entry := new_here(here, new.date, one)))
    maybes = tuple(maybe for maybe in new.maybes if maybe.slug not in {known.slug for known in old.maybes})
    if added or maybes:
        entries = old.entries + added
        if old.entries:
            entries = tuple(sorted(entries, key=lambda entry: entry.written))
        here.change(name, replace(old, entries=entries, maybes=old.maybes + maybes))
        here.outcome.days.add(new.date)
        here.outcome.entries += len(added)


def _check_maybe(maybe: Maybe, reading: Reading) -> Maybe:
    if not SLUG.fullmatch(maybe.slug) or len(maybe.slug) > LONGEST_NAME or len(maybe.title) > LONGEST_NAME:
        raise BrokenFile(file=reading.file)
    if maybe.start is not None:
        if maybe.start.tzinfo is None:
            raise BrokenFile(file=reading.file)
        if not 1920 <= maybe.start.year <= reading.now.year + 1:
            raise BrokenFile(file=reading.file)
    return replace(maybe, title=maybe.title.replace("\0", ""))


DAYS = Kind(
    stem="dagar",
    struct=Day,
    about=(
        ("dagar/", _("Your days to read, one file a month.")),
        ("dagar.csv", _("The same days as a table, for a spreadsheet. Columns are divided by semicolons.")),
    ),
    name=lambda day: day_record(day.date),
    shelf=lambda day: month_shelf(day.date),
    files=lambda days, voice: markdown.months(days, voice) | {"dagar.csv": table.days(days, voice)},
    check=check,
    lay=lay,
)
