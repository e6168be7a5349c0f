"""Dates and times of day as people's phones write them, in the languages of Swedish homes."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from functools import cache

from babel.dates import get_day_names, get_month_names

LANGUAGES = ("sv", "en", "de", "es", "pl", "fr")
_TIME = re.compile(r"(\d{1,2})\s*(?:[:.]|h)\s*(\d{2})(?:[:.]\d{2})?([^\d:]*)")
_NO_HALF = ("h", "uhr")
_AFTERNOON = ("p", "e", "n")  # pm, p.m., em, e.m., nachm.
_MORNING = ("a", "f", "v", "m")  # am, a.m., fm, f.m., vorm., matin


def day_of(cells: Mapping[str, str]) -> date | None:
    """The day of a row: its ISO date when it has one, else what its localised date, weekday and year agree on.

    None when there is no date, or when it can be read in two ways and no weekday decides.
    """
    full, short = cells.get("full_date", ""), cells.get("date", "")
    years = _years(full) | _years(cells.get("year", ""))
    weekday = cells.get("weekday", "")
    return _iso(full) or _iso(short) or _spelt(full, years, weekday) or _spelt(short, years, weekday)


def time_of(text: str) -> time | None:
    """“20:05”, “8:05 PM”, “8.05 em”, “20 h 05”; None for anything else."""
    match = _TIME.fullmatch(text.replace("\u202f", " ").replace("\xa0", " ").strip().lower())
    if not match:
        return None
    hour, minute, half = int(match[1]), int(match[2]), "".join(filter(str.isalpha, match[3]))
    if half and half not in _NO_HALF:
        if not 1 <= hour <= 12 or not half.startswith(_AFTERNOON + _MORNING):
            return None
        hour = hour % 12 + (12 if half.startswith(_AFTERNOON) else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _iso(text: str) -> date | None:
    """2026-11-17, and the same with dots or slashes. A clock after it is not looked at."""
    match = re.match(r"\s*(\d{4})[-./](\d{1,2})[-./](\d{1,2})(?:\D|$)", text)
    return _date(int(match[1]), int(match[2]), int(match[3])) if match else None


def _spelt(text: str, years: set[int], weekday: str) -> date | None:
    """“17 november 2026”, “3/4/2026” with its weekday, “May 18” with a year beside it."""
    years = _years(text) or years
    numbers = [int(number) for number in re.findall(r"(?<!\d)\d{1,2}(?!\d)", text)]
    if len(years) != 1:
        return None
    found = set(_readings(text, max(years), numbers))
    named = _weekdays(weekday)
    if named:
        found = {day for day in found if day.weekday() in named}
    return found.pop() if len(found) == 1 else None


def _years(text: str) -> set[int]:
    return {int(number) for number in re.findall(r"(?<!\d)[12]\d{3}(?!\d)", text)}


def _readings(text: str, year: int, numbers: list[int]) -> Iterator[date]:
    """Every day that the words and numbers can mean."""
    months = _months(text)
    if months and len(numbers) == 1:
        yield from filter(None, (_date(year, month, numbers[0]) for month in months))
    elif not months and len(numbers) == 2:
        day, month = numbers
        orders = [(month, day), (day, month)] if "/" in text or "-" in text else [(month, day)]
        yield from filter(None, (_date(year, *order) for order in orders))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months(text: str) -> set[int]:
    """The months named in the text; “mar” is March in most languages and May in none."""
    words = {word.rstrip(".") for word in re.findall(r"[^\W\d_]+", text.lower())}
    return {month for name, month in _month_names() if name in words}


def _weekdays(text: str) -> set[int]:
    return {day for name, day in _day_names() if name == text.strip().lower().rstrip(".")}


@cache
def _month_names() -> tuple[tuple[str, int], ...]:
    found = {
        (name.lower().rstrip("."), month)
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for month, name in get_month_names(width, context, language).items()
    }
    return tuple(sorted(found))


@cache
def _day_names() -> tuple[tuple[str, int], ...]:
    found = {
        (name.lower().rstrip("."), day)
        for language in LANGUAGES
        for width in ("wide", "abbreviated", "short")
        for day, name in get_day_names(width, "format", language).items()
    }
    return tuple(sorted(found))
