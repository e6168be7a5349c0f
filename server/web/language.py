"""Language, dates and times as people read them. English msgids in the code, Swedish on the screen.

One language so far. Texts that never change are put into the templates when these are compiled, so a page that is
drawn looks nothing up (see `folding.py`).
"""

import gettext as standard
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path

from babel.dates import format_date, get_day_names
from flask import Flask
from markupsafe import Markup, escape

from server.core import clock

LANGUAGE = "sv"
_NAMED = {"name", "called", "before"}
FOLDER = Path(__file__).resolve().parents[1] / "translations"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update({"_": in_page, "language": LANGUAGE, "weekdays": weekdays()})
    app.jinja_env.filters.update(
        long_date=long_date,
        iso_day=iso_day,
        full_date=full_date,
        date_alone=date_alone,
        day_name=day_name,
        month_name=month_name,
        clock_time=clock_time,
        lower_first=lower_first,
        weekday_and_day=weekday_and_day,
        checked_month=checked_month,
        town_date=town_date,
        last_day=last_day,
        short_last_day=short_last_day,
        when=when,
    )


@cache
def _texts() -> standard.NullTranslations:
    return standard.translation("messages", FOLDER, [LANGUAGE])


def gettext(msgid: str, **values: object) -> str:
    """The text in the reader's language, with the values put in."""
    text = _texts().gettext(msgid)
    return text % values if values else text


def in_page(msgid: str, **values: object) -> str:
    """As `gettext`, for a page: a name stands in <bdi>, so that one from another script moves no word around it."""
    named = {key: Markup("<bdi>{}</bdi>").format(values[key]) for key in _NAMED & values.keys()}
    return escape(gettext(msgid)) % {**values, **named} if named else gettext(msgid, **values)


class lazy_gettext:  # noqa: N801 - named like the function it stands in for
    """A text that is looked up when it is shown, for tables made before anybody asks."""

    __slots__ = ("msgid",)

    def __init__(self, msgid: str) -> None:
        self.msgid = msgid

    def __str__(self) -> str:
        return gettext(self.msgid)

    def __html__(self) -> Markup:
        return escape(gettext(self.msgid))


@lru_cache(maxsize=512)
def _formatted(day: date, pattern: str) -> str:
    text = format_date(day, pattern, locale=LANGUAGE)
    return text[:1].upper() + text[1:]


def long_date(day: date) -> str:
    """“Torsdag 19 november”; with the year when it is not this one."""
    return _formatted(day, "EEEE d MMMM" if day.year == clock.today().year else "EEEE d MMMM y")


def iso_day(text: str) -> str:
    """“2026-11-17” as a day in words; as it stands when it is no day."""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text


def full_date(day: date) -> str:
    """“Torsdag 19 november 2026”: for paper, which is read in other years."""
    return _formatted(day, "EEEE d MMMM y")


def date_alone(day: date) -> str:
    """“19 november 2026”: when something was looked through."""
    return _formatted(day, "d MMMM y")


def day_name(day: date, today: date) -> str:
    """“Tisdag 17” inside its own month; “Idag” and “Igår” for the nearest."""
    back = (today - day).days
    return gettext("Today") if back == 0 else gettext("Yesterday") if back == 1 else weekday_and_day(day)


def weekday_and_day(day: date) -> str:
    """“Tisdag 17”."""
    return _formatted(day, "EEEE d")


@cache
def weekdays() -> list[tuple[str, str]]:
    """(“må”, “måndag”) to (“sö”, “söndag”)."""
    names = get_day_names(locale=LANGUAGE)
    return [(names[day][:2], names[day]) for day in range(7)]


def month_name(day: date) -> str:
    """“November”; with the year when it is not this one."""
    return _formatted(day, "LLLL" if day.year == clock.today().year else "LLLL y")


def checked_month(month: str) -> str:
    """“2026-11” as “november 2026”."""
    return lower_first(_formatted(date.fromisoformat(f"{month}-01"), "LLLL y"))


def town_date(moment: datetime) -> date:
    """The date on the town's calendar at that moment."""
    return clock.here(moment).date()


def last_day(end: datetime) -> str:
    """“Torsdag 3 december” for an end at midnight after it: the last whole day."""
    return long_date(town_date(end - timedelta(seconds=1)))


def short_last_day(end: datetime) -> str:
    """“3 dec” for an end at midnight after it; with the year when it is not this one."""
    day = town_date(end - timedelta(seconds=1))
    return _formatted(day, "d MMM" if day.year == clock.today().year else "d MMM y").rstrip(".")


def when(moment: datetime) -> str:
    """“Igår 14.10”, “10 november 08.45”."""
    day = town_date(moment)
    nearest = {0: gettext("Today"), 1: gettext("Yesterday")}.get((clock.today() - day).days)
    pattern = "d MMMM" if day.year == clock.today().year else "d MMMM y"
    return f"{nearest or _formatted(day, pattern)} {clock.here(moment):%H.%M}"


def clock_time(moment: datetime) -> str:
    """“10.42” on the town's wall clock; full hours as “10”."""
    here = clock.here(moment)
    return f"{here.hour}" if here.minute == 0 else f"{here.hour}.{here.minute:02d}"


def lower_first(text: object) -> str:
    said = str(text)
    return said[:1].lower() + said[1:]
