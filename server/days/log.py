"""Writing about days: answer, tell more, take away, put back, destroy. Nothing here knows a page.

Every change reads the day's record, makes a new day and writes it with compare-and-swap; when another phone was
first it reads again, so both writes are kept. Only two changes of the *same* entry meet as `EntryChanged`.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from server.days.payloads import Bin, Day, Entry, Form, Maybe, Removed, Told
from server.vault.changing import change_record
from server.vault.drawer import Drawer

# Far enough back for anybody's life, and a sentence for 1890 (issue: “a date in 1890 or next year”).
FIRST_DAY = date(1920, 1, 1)
MOST_ENTRIES_A_DAY = 100
_SLIP = timedelta(minutes=10)


class NoSuchEntry(Exception):
    """No entry with that id on that day in this person's drawer."""


class NotADay(Exception):
    """A day that cannot be written about: not yet here, or before FIRST_DAY."""


class TooManyEntries(Exception):
    """More entries in one day than a person writes."""


class EntryChanged(Exception):
    """Somebody (another tab, another phone) saved this entry first; `theirs` is what it says now."""

    def __init__(self, theirs: Entry) -> None:
        super().__init__("entry changed")
        self.theirs = theirs


def day_record(day: date) -> str:
    return f"day/{day.isoformat()}"


def month_shelf(day: date) -> str:
    return f"days/{day:%Y-%m}"


def before(first: date) -> date:
    """The first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def check_day(day: date, today: date) -> date:
    """The day itself, or NotADay."""
    if not FIRST_DAY <= day <= today:
        raise NotADay
    return day


def read_day(drawer: Drawer, day: date) -> Day:
    """The day as it stands; a day nobody wrote about is an empty one."""
    found = drawer.find(day_record(day)).get(day_record(day))
    return found.payload if found else Day(date=day)


def find_entry(day: Day, entry_id: str) -> Entry:
    for entry in day.entries:
        if entry.id == entry_id:
            return entry
    raise NoSuchEntry


def answer(drawer: Drawer, day: date, entry_id: str, told: Told, now: datetime) -> Entry:
    """Save a new entry under the id its page made. The same id twice is one entry (hard rule 8)."""
    entry = Entry(id=entry_id, written=now, told=told)

    def add(old: Day) -> Day:
        if any(known.id == entry_id for known in old.entries):
            return old
        if len(old.entries) >= MOST_ENTRIES_A_DAY:
            raise TooManyEntries
        return replace(old, entries=(*old.entries, entry))

    return find_entry(_change_day(drawer, day, add), entry_id)


def answer_today(drawer: Drawer, day: date, entry_id: str, told: Told, now: datetime) -> Entry:
    """The picker's answer. Within ten minutes of another bare tap it corrects that one; later it is one more."""
    latest = read_day(drawer, day).entries[-1:]
    fresh = [e for e in latest if now - e.written < _SLIP and not e.told.has_words and e.id != entry_id]
    if fresh and fresh[0].told == Told(form=fresh[0].told.form):
        return tell(drawer, day, fresh[0].id, told, fresh[0].edition)
    return answer(drawer, day, entry_id, told, now)


def tell(drawer: Drawer, day: date, entry_id: str, told: Told, edition: int) -> Entry:
    """Put new text in an entry that was read at `edition`. Raises EntryChanged, with the other text, if it moved on."""

    def rewrite(old: Day) -> Day:
        entry = find_entry(old, entry_id)
        if entry.told == told:
            return old
        if entry.edition != edition:
            raise EntryChanged(entry)
        return _with(old, replace(entry, told=told, edition=edition + 1, before=entry.told))

    return find_entry(_change_day(drawer, day, rewrite), entry_id)


def take_away(drawer: Drawer, day: date, entry_id: str) -> None:
    """Move an entry to the bin, whence it can come back. Twice is once."""
    gone: list[Entry] = []

    def without(old: Day) -> Day:
        gone[:] = [entry for entry in old.entries if entry.id == entry_id]
        return replace(old, entries=tuple(entry for entry in old.entries if entry.id != entry_id))

    _change_day(drawer, day, without)
    if gone:
        removed = Removed(date=day, entry=gone[0])
        _change_bin(drawer, lambda old: (*(r for r in old if r.entry.id != entry_id), removed))


def put_back(drawer: Drawer, entry_id: str) -> date:
    """Take an entry out of the bin again; gives the day it belongs to."""
    removed = _in_bin(drawer, entry_id)

    def add(old: Day) -> Day:
        kept = (entry for entry in old.entries if entry.id != entry_id)
        return replace(old, entries=tuple(sorted((*kept, removed.entry), key=lambda entry: entry.written)))

    _change_day(drawer, removed.date, add)
    _change_bin(drawer, lambda old: tuple(r for r in old if r.entry.id != entry_id))
    return removed.date


def destroy(drawer: Drawer, entry_id: str) -> None:
    """Gone for good from the bin. The caller truncates the log after commit, so that the bytes leave the files."""
    _change_bin(drawer, lambda old: tuple(r for r in old if r.entry.id != entry_id))


def undo_answer(drawer: Drawer, day: date, entry_id: str) -> bool:
    """Undo a tap: a fresh one goes without a trace, a correction gives the earlier answer back. False for none.

    Whatever has been written in it since is not lost: then the entry goes to the bin.
    """
    entry = next((e for e in read_day(drawer, day).entries if e.id == entry_id), None)
    if entry is None:
        return False
    if entry.told.has_words:
        take_away(drawer, day, entry_id)
    elif entry.before is not None:
        _swap_back(drawer, day, entry_id)
    else:
        _change_day(
            drawer, day, lambda old: replace(old, entries=tuple(e for e in old.entries if e.id != entry_id))
        )
    return True


def undo_text(drawer: Drawer, day: date, entry_id: str) -> bool:
    """Undo what was just saved in a note: what it said before stands again. A new note goes to the bin."""
    entry = next((e for e in read_day(drawer, day).entries if e.id == entry_id), None)
    if entry is None:
        return False
    if entry.before is None:
        take_away(drawer, day, entry_id)
    else:
        _swap_back(drawer, day, entry_id)
    return True


def _swap_back(drawer: Drawer, day: date, entry_id: str) -> None:
    """The text before and the text now change places, so that nothing typed is lost by undoing either."""

    def swapped(old: Day) -> Day:
        entry = find_entry(old, entry_id)
        told = entry.before or entry.told
        return _with(old, replace(entry, told=told, before=entry.told, edition=entry.edition + 1))

    _change_day(drawer, day, swapped)


def maybe(drawer: Drawer, day: date, wanted: Maybe) -> None:
    """Note that the person may do a thing that day."""
    _change_day(
        drawer,
        day,
        lambda old: replace(old, maybes=(*(m for m in old.maybes if m.slug != wanted.slug), wanted)),
    )


def maybe_not(drawer: Drawer, day: date, slug: str) -> None:
    _change_day(drawer, day, lambda old: replace(old, maybes=tuple(m for m in old.maybes if m.slug != slug)))


def bin_of(drawer: Drawer) -> tuple[Removed, ...]:
    """What was taken away, latest day first."""
    found = drawer.find("bin").get("bin")
    return tuple(sorted(found.payload.removed, key=lambda r: r.date, reverse=True)) if found else ()


def is_better(told: Told) -> bool:
    """A *better* day (product.md): level ≥ 4, or looked ≥ 4, or looked above the level."""
    form, looked = told.form or 0, told.looked or 0
    return form >= Form.FAIRLY_LIGHT or looked >= Form.FAIRLY_LIGHT or bool(form and looked > form)


def is_better_day(day: Day) -> bool:
    """The whole day, with what its notes say together: heavy in one and looked light in another is better, too."""
    told = [entry.told for entry in day.entries]
    levels, looks = [one.form for one in told if one.form], [one.looked for one in told if one.looked]
    together = Told(form=min(levels, default=None), looked=max(looks, default=None))
    return is_better(together) or any(is_better(one) for one in told)


def _with(day: Day, changed: Entry) -> Day:
    return replace(day, entries=tuple(changed if entry.id == changed.id else entry for entry in day.entries))


def _in_bin(drawer: Drawer, entry_id: str) -> Removed:
    for removed in bin_of(drawer):
        if removed.entry.id == entry_id:
            return removed
    raise NoSuchEntry


def _change_day(drawer: Drawer, day: date, change: Callable[[Day], Day]) -> Day:
    return change_record(drawer, month_shelf(day), day_record(day), Day(date=day), change)


def _change_bin(drawer: Drawer, change: Callable[[tuple[Removed, ...]], tuple[Removed, ...]]) -> None:
    change_record(drawer, "bin", "bin", Bin(), lambda old: Bin(removed=change(old.removed)))
