"""When something is told: quiet hours, what comes again, trying again. Pure: what goes in decides what comes out.

Hours and repeating are those of the wall clock, so that nine stays nine when the clocks change.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from msgspec.structs import replace

from server.activities.schedule import at
from server.core.clock import here
from server.push.courier import Outcome
from server.vault.notices import MESSAGE, Due, Notices

# From one attempt to the next; after the last one it is given up. Also how long a worker has for its attempt, before
# another may think that it has died.
WAITS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))


def is_quiet(quiet: tuple[int, int], now: datetime) -> bool:
    """Whether the hours of rest hold now. What falls in them is told when they end."""
    begins, ends = quiet
    hour = here(now).hour
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def is_time(notices: Notices, now: datetime) -> bool:
    """Whether there is something to do for this person now."""
    if is_quiet(notices.quiet, now) or (notices.again and now < notices.again):
        return False
    return any(one.at <= now for one in notices.due)


def attempt(notices: Notices, now: datetime, unread: Collection[int]) -> tuple[Notices, bool]:
    """Begin to tell: the row to write before anything is sent, and whether there is something to send.

    What is not wanted any more, is too late, or has been read meanwhile (its letter is not among `unread`) falls away.
    """
    if not is_time(notices, now):
        return notices, False
    left = replace(
        notices, due=tuple(one for one in notices.due if one.at > now or _stands(one, notices, now, unread))
    )
    if not is_time(left, now):
        return _passed(left, now), False
    return replace(left, tries=left.tries + 1, again=now + WAITS[min(left.tries, len(WAITS) - 1)]), True


def settled(notices: Notices, now: datetime, sent: dict[str, Outcome]) -> Notices:
    """After an attempt, `sent` by phone. However much was due: it was one notice, and it is told or given up.

    `now` is when the attempt began: what has come after it is told by itself.
    """
    gone = {mark for mark, outcome in sent.items() if outcome is Outcome.GONE}
    left = replace(notices, phones={mark: one for mark, one in notices.phones.items() if mark not in gone})
    later = Outcome.LATER in sent.values() and Outcome.SENT not in sent.values()
    if later and left.tries <= len(WAITS):
        return left
    return _passed(left, now)


def next_time(wall: datetime, repeat: str, after: datetime) -> datetime | None:
    """The first time after a moment, aware UTC; None when it was once and has been. `wall` is naive."""
    if not repeat:
        once = at(wall.date(), wall.time())
        return once if once > after else None
    rule = rrulestr(f"FREQ={repeat}", dtstart=wall)
    day = here(after).replace(tzinfo=None) - timedelta(days=1)
    while day := rule.after(day):
        found = at(day.date(), day.time())
        if found > after:
            return found
    return None


def last_time(wall: datetime, repeat: str, now: datetime) -> datetime | None:
    """The latest time that has come, aware UTC; None when the first is still to come."""
    if not repeat:
        once = at(wall.date(), wall.time())
        return once if once <= now else None
    rule = rrulestr(f"FREQ={repeat}", dtstart=wall)
    day = here(now).replace(tzinfo=None) + timedelta(days=1)
    while day := rule.before(day):
        found = at(day.date(), day.time())
        if found <= now:
            return found
    return None


def _stands(one: Due, notices: Notices, now: datetime, unread: Collection[int]) -> bool:
    if one.kind == MESSAGE and one.letter not in unread:
        return False
    return one.repeat != "" or (one.kind in notices.kinds and not (one.until and now > one.until))


def _passed(notices: Notices, now: datetime) -> Notices:
    """What was due has been told, or falls away; what comes again waits for its next time."""
    due = []
    for one in notices.due:
        if one.at > now:
            due.append(one)
        elif one.repeat and one.wall:
            later = next_time(one.wall, one.repeat, now)
            if later:
                due.append(replace(one, at=later))
    return replace(notices, due=tuple(due), tries=0, again=None)
