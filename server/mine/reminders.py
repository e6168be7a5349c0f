"""Reminders, out and in: own words at own times. Which phones have notices on does not go along."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from server.mine.here import Here
from server.mine.kind import Files, Kind, Reading, Voice
from server.mine.problems import BrokenFile
from server.push.payloads import Reminder, Reminders
from server.push.reminders import LONGEST, MOST, RECORD, REPEATS, SHELF


def _(msgid: str) -> str:
    return msgid


def check(mine: Reminders, reading: Reading) -> Reminders:
    """The reminders as they may be kept. Raises BrokenFile for what no page of ours makes."""
    if len(mine.items) > MOST or not all(_holds(one) for one in mine.items):
        raise BrokenFile(file=reading.file)
    return mine


def lay(here: Here, new: Reminders) -> None:
    """What is not here comes beside what is, as far as there is room. Nothing is told before its owner says so."""
    old = here.get(Reminders, RECORD) or Reminders()
    known, room = {one.id for one in old.items}, MOST - len(old.standing)
    added = tuple(one for one in new.items if one.id not in known)[:room]
    here.outcome.reminders += len(added)
    if added:
        here.change(RECORD, Reminders(items=old.items + added))


def _holds(one: Reminder) -> bool:
    named = re.fullmatch(r"[0-9a-f]{32}", one.id) is not None
    short = max(len(one.words), len(one.title), len(one.slug)) <= LONGEST
    years = all(2000 <= when.year <= 2200 for when in (one.wall, one.start, one.seen) if when)
    aware = all(when.tzinfo is not None for when in (one.start, one.seen) if when)
    return (
        named
        and short
        and years
        and aware
        and one.wall.tzinfo is None
        and one.repeat in REPEATS
        and not one.gone
    )


def _goes(mine: Reminders) -> Reminders | None:
    return replace(mine, items=mine.standing) if mine.standing else None


def _files(found: Sequence[Reminders], voice: Voice) -> Files:
    lines = [f"- {one.wall:%Y-%m-%d %H.%M}: {one.words or one.title}" for mine in found for one in mine.items]
    return {"paminnelser.md": f"# {voice.say(_('Reminders'))}\n\n" + "\n".join(lines) + "\n"}


REMINDERS = Kind(
    stem="paminnelser",
    struct=Reminders,
    about=(("paminnelser.md", _("What you asked to be reminded of.")),),
    name=lambda _mine: RECORD,
    shelf=lambda _mine: SHELF,
    files=_files,
    check=check,
    lay=lay,
    goes=_goes,
)
