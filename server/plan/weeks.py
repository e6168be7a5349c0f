"""“Två veckor på prov” (row C3): the form before, during and after, in words, from the own days.

Each day's word in the order of the days; a day without an answer is left out and nothing is said of it. No average,
no total, no comparison: the words become the owner's text, and every one of them can be changed.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from server.days import log
from server.days.payloads import Form
from server.vault.drawer import Drawer

SPAN = timedelta(days=14)


def around(drawer: Drawer, start: date, today: date) -> dict[str, list[tuple[date, Form]]]:
    """The forms of two weeks before, during and after; each day's latest answer. At most three statements."""
    first, end = start - SPAN, min(start + 2 * SPAN, today + timedelta(days=1))
    shelves = {log.month_shelf(first + timedelta(days=n)) for n in range((end - first).days)}
    days = [record.payload for shelf in sorted(shelves) for record in drawer.shelf(shelf)]
    told = sorted((day.date, day.form) for day in days if day.form and first <= day.date < end)
    spans = {"before": (first, start), "during": (start, start + SPAN), "after": (start + SPAN, end)}
    return {
        name: [(day, form) for day, form in told if begin <= day < stop]
        for name, (begin, stop) in spans.items()
    }


def in_words(
    spans: Mapping[str, list[tuple[date, Form]]], titles: Mapping[str, str], forms: Mapping[Form, str]
) -> str:
    """“Två veckor före: tung, tung, mittemellan.” A span without answers is left out."""
    said = [
        f"{titles[name]}: {', '.join(forms[form] for _day, form in days)}."
        for name, days in spans.items()
        if days
    ]
    return "\n".join(said)
