"""The days as a table, for a spreadsheet. Nothing is read back from it: dagar.json is for that."""

import csv
from collections.abc import Sequence
from io import StringIO

from server.core.clock import here
from server.days.payloads import Day, Entry
from server.mine.kind import Voice
from server.mine.markdown import around, form_word

# What spreadsheets take for a formula. Such a text gets an apostrophe in front (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


HEAD = (
    _("Day"), _("Written"), _("Level"), _("Form"), _("In my own words"), _("What I did"), _("How it looked to others"),
    _("What it cost"), _("Around the day"), _("What helped"), _("How I felt"),
)  # fmt: skip


def days(found: Sequence[Day], voice: Voice) -> str:
    """One row an entry. Semicolons and a byte order mark, as spreadsheets in Sweden expect."""
    text = StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow([voice.say(title) for title in HEAD])
    for day in sorted(found, key=lambda day: day.date):
        for entry in day.entries:
            table.writerow([_harmless(cell) for cell in _row(day, entry, voice)])
    return "\ufeff" + text.getvalue()


def _row(day: Day, entry: Entry, voice: Voice) -> list[str]:
    told = entry.told
    return [
        day.date.isoformat(),
        f"{here(entry.written):%Y-%m-%d %H:%M}",
        str(told.form.value) if told.form else "",
        form_word(told.form, voice) if told.form else "",
        told.words,
        told.done,
        form_word(told.looked, voice) if told.looked else "",
        voice.costs[told.cost] if told.cost else "",
        around(told.circumstances, voice),
        told.helped,
        voice.moods[told.mood] if told.mood else "",
    ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
