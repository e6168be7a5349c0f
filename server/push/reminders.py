"""Reminders: one's own words at one's own time, and times of activities. The words never leave the drawer."""

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from server.push import timing
from server.push.payloads import Reminder, Reminders
from server.vault import notices
from server.vault.changing import change_record
from server.vault.drawer import Drawer, Record
from server.vault.notices import ACTIVITY, MESSAGE, REMINDER, Due, Notices
from server.vault.sealing import Secret

RECORD, SHELF = "reminders", "reminders"
MOST = 20
LONGEST = 500  # characters
REPEATS = ("", "DAILY", "WEEKLY")
AHEAD = (1, 3, 24)  # hours before an activity
_SHOWN = timedelta(hours=24)


class TooMany(Exception):
    """More reminders than fit. One goes before another comes."""


def reminders_in(record: Record | None) -> Reminders:
    return record.payload if record else Reminders()


def read(drawer: Drawer) -> Reminders:
    return reminders_in(drawer.find(RECORD).get(RECORD))


def add(drawer: Drawer, new: Reminder) -> Reminders:
    """One more; the same id again takes its place. Raises TooMany."""

    def added(old: Reminders) -> Reminders:
        others = tuple(one for one in old.items if one.id != new.id)
        if sum(not one.gone for one in others) >= MOST:
            raise TooMany
        return Reminders(items=(*others, new))

    return _change(drawer, added)


def remove(drawer: Drawer, id: str) -> Reminders:
    """Twice is once. What was taken away before can come back no more."""

    def removed(old: Reminders) -> Reminders:
        if not any(one.id == id and not one.gone for one in old.items):
            return old
        return Reminders(
            items=tuple(replace(one, gone=True) if one.id == id else one for one in old.standing)
        )

    return _change(drawer, removed)


def put_back(drawer: Drawer, id: str) -> Reminders:
    return _each(drawer, id, lambda one: replace(one, gone=False))


def put_away(drawer: Drawer, id: str, now: datetime) -> Reminders:
    """It need not stand on Idag any longer; what comes again comes again."""
    return _each(drawer, id, lambda one: replace(one, seen=now))


def arm(db: Connection, key: Secret, account: bytes, mine: Reminders, now: datetime) -> Notices:
    """The server's row knows the times of these from now on. Where notices are off, nothing is kept."""
    return notices.change(db, key, account, lambda old: with_times(old, mine, now))


def with_times(old: Notices, mine: Reminders, now: datetime) -> Notices:
    """The row with the times of these. One that waits for the end of the quiet hours goes on waiting."""
    there = {one.id: one for one in old.due if one.kind != MESSAGE}
    messages = tuple(one for one in old.due if one.kind == MESSAGE)
    times = (_due(one, there.get(one.id), now) for one in mine.standing)
    return replace(old, due=(*messages, *(one for one in times if one)))


def come(mine: Reminders, now: datetime) -> list[Reminder]:
    """Those whose time came within a day and that were not put away: they stand on Idag."""
    found = []
    for one in mine.standing:
        at = timing.last_time(one.wall, one.repeat, now)
        over = one.start is not None and now > one.start + timedelta(hours=1)
        if at and now - at < _SHOWN and not over and not (one.seen and one.seen >= at):
            found.append(one)
    return found


def _due(one: Reminder, there: Due | None, now: datetime) -> Due | None:
    same = there is not None and (there.wall, there.repeat) == (one.wall, one.repeat)
    if there and same and not (one.seen and there.at <= one.seen):
        return there
    at = timing.next_time(one.wall, one.repeat, now)
    kind = ACTIVITY if one.slug else REMINDER
    if at is None:
        return None
    return Due(id=one.id, kind=kind, at=at, until=one.start, wall=one.wall, repeat=one.repeat)


def _each(drawer: Drawer, id: str, how: Callable[[Reminder], Reminder]) -> Reminders:
    return _change(
        drawer, lambda old: Reminders(items=tuple(how(one) if one.id == id else one for one in old.items))
    )


def _change(drawer: Drawer, how: Callable[[Reminders], Reminders]) -> Reminders:
    return change_record(drawer, SHELF, RECORD, Reminders(), how)
