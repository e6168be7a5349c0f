"""A day as somebody else gets it: the form, and the words of those notes that were chosen. Nothing else goes along.

Not how it looked, what it cost, what lay around it or how one felt: those are told, if at all, in the frame.
"""

from datetime import date, datetime

import msgspec
from werkzeug.datastructures import MultiDict

from server.circle.kinds import Kind, NoSuchItem, Parts, register
from server.core import clock
from server.days import inputs, log, words
from server.days.payloads import Day, Form
from server.vault.drawer import Drawer
from server.vault.payloads import payload

FORM = "form"
_OFFERED = 14  # days to choose from when one more goes along
_STRICT = ("authority", "employer")


class NoteCopy(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one note."""

    words: str = ""
    done: str = ""
    helped: str = ""


@payload("day-copy", version=1)
class DayCopy(msgspec.Struct, frozen=True, kw_only=True):
    """A day for a reader. `form` is the day's latest answer, when it has one."""

    date: date
    form: Form | None = None
    notes: tuple[NoteCopy, ...] = ()


def find(drawer: Drawer, name: str) -> Day:
    """The day; NoSuchItem when there is nothing on it to hand over."""
    try:
        day = log.read_day(drawer, inputs.day_in_path(name))
    except ValueError:
        raise NoSuchItem from None
    if day.form is None and not any(entry.told.has_words for entry in day.entries):
        raise NoSuchItem
    return day


def chosen(fields: MultiDict[str, str]) -> Parts:
    """“Bara formen”, or “Formen och orden” with the notes that were ticked; nothing when nothing was."""
    what, notes = fields.get("what", ""), tuple(fields.getlist("notes"))
    if what == "form":
        return (FORM,)
    return (FORM, *notes) if what == "words" and notes else ()


def copy(day: Day, parts: Parts) -> DayCopy:
    """Only what was chosen, in the words of this moment."""
    notes = tuple(
        NoteCopy(words=entry.told.words, done=entry.told.done, helped=entry.told.helped)
        for entry in day.entries
        if entry.id in parts and entry.told.has_words
    )
    return DayCopy(date=day.date, form=day.form, notes=notes)


def needs_frame(day: Day, _parts: Parts, hat: str) -> bool:
    """A better day to an authority or employer, whatever part of it goes (rows B20, B21; product.md)."""
    return hat in _STRICT and log.is_better_day(day)


def more(drawer: Drawer, now: datetime) -> list[str]:
    """The latest days that have something to hand over, latest first."""
    first = clock.here(now).date().replace(day=1)
    days = [r.payload for shelf in (first, log.before(first)) for r in drawer.shelf(log.month_shelf(shelf))]
    latest = sorted((day.date for day in days if day.entries), reverse=True)
    return [day.isoformat() for day in latest[:_OFFERED]]


def shelf(name: str) -> str:
    """Who may read the days of one month lies together: the month's page asks once."""
    return log.month_shelf(date.fromisoformat(name))


KIND = register(
    Kind(
        name="day",
        word=words.A_DAY,
        find=find,
        title=words.title,
        chosen=chosen,
        copy=copy,
        body=DayCopy,
        needs_frame=needs_frame,
        more=more,
        shelf=shelf,
        address=lambda name: f"/dagar/{name}",
        choose_page="days/_choose.html",
        copy_page="days/_copy.html",
        texts={"forms": inputs.FORMS},
        frame_why=words.LIGHTER,
        another=words.ANOTHER,
        partly=words.partly,
    )
)
