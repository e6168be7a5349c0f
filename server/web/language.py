"""Language, dates and times as people read them. English msgids in the code, Swedish on the screen."""

from datetime import date, datetime, timedelta
from functools import lru_cache

import flask_babel
from babel.dates import format_date, get_day_names
from flask import Flask
from flask_babel import Babel, get_locale

from server.core import clock


def init_app(app: Flask) -> None:
    Babel(app, default_locale="sv", default_timezone="Europe/Stockholm", default_translation_directories="translations")
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.filters.update(
        long_date=long_date, day_name=day_name, month_name=month_name, clock_time=clock_time, lower_first=lower_first,
        weekday_and_day=weekday_and_day, checked_month=checked_month, town_date=town_date,
    )
    app.jinja_env.globals["weekdays"] = weekdays
    app.jinja_env.globals["language"] = lambda: str(get_locale())


def gettext(msgid: str, **values: object) -> str:
    """The text in the reader's language, with the values put in."""
    return str(flask_babel.gettext(msgid, **values))


@lru_cache(maxsize=512)
def _formatted(day: date, pattern: str, locale: str) -> str:
    text = format_date(day, pattern, locale=locale)
    return text[:1].upper() + text[1:]


def long_date(day: date) -> str:
    """“Torsdag 19 november”; with the year when it is not this one."""
    pattern = "EEEE d MMMM" if day.year == clock.today().year else "EEEE d MMMM y"
    return _formatted(day, pattern, str(get_locale()))


def day_name(day: date) -> str:
    """“Tisdag 17” inside its own month; “Idag” and “Igår” for the nearest."""
    nearest = {clock.today(): gettext("Today"), clock.today() - timedelta(days=1): gettext("Yesterday")}
    return nearest.get(day) or _formatted(day, "EEEE d", str(get_locale()))


def weekday_and_day(day: date) -> str:
    """“Tisdag 17”."""
    return _formatted(day, "EEEE d", str(get_locale()))


def weekdays() -> list[tuple[str, str]]:
    """(“må”, “måndag”) to (“sö”, “söndag”)."""
    names = get_day_names(locale=get_locale())
    return [(names[day][:2], names[day]) for day in range(7)]


def town_date(moment: datetime) -> date:
    """The date on the town's calendar at that moment."""
    return clock.here(moment).date()


def month_name(day: date) -> str:
    """“November”; with the year when it is not this one."""
    pattern = "LLLL" if day.year == clock.today().year else "LLLL y"
    return _formatted(day, pattern, str(get_locale()))


def checked_month(month: str) -> str:
    """“2026-11” as “november 2026”."""
    return lower_first(_formatted(date.fromisoformat(f"{month}-01"), "LLLL y", str(get_locale())))


def clock_time(moment: datetime) -> str:
    """“10.42” on the town's wall clock; full hours as “10”."""
    here = clock.here(moment)
    return f"{here.hour}" if here.minute == 0 else f"{here.hour}.{here.minute:02d}"


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
