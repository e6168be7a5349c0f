"""What a contact's answers are, parsed. Words are kept as they were written, but for NUL, which no text needs."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from server.circle import presenting
from server.circle.copies import Said
from server.shared.reading import Copy
from server.vault.errors import NoSuchLetter
from server.web.inputs import NotOffered, clean, day_in, line, page_id
from server.web.language import lazy_gettext as _

FURTHEST = timedelta(days=366)
_SATURDAY = 5
TOO_LONG = _("That is more than fits here. Your text is still here. Shorten it.")


class NotADay(Exception):
    """No day, or one that has been or is years away."""


def letters_in(fields: MultiDict[str, str], there: Sequence[Copy]) -> list[int]:
    """Which copy is to be opened; “alla” for every closed one. Raises NotOffered, NoSuchLetter."""
    wanted = fields.get("copy", "")
    if wanted == "alla":
        return [copy.letter for copy in there if copy.body is None]
    return [letter_in(fields)]


def letter_in(fields: MultiDict[str, str]) -> int:
    """Raises NotOffered, NoSuchLetter."""
    text = fields.get("copy", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise NotOffered
    if int(text) >= 2**63:
        raise NoSuchLetter
    return int(text)


def answer_by(fields: MultiDict[str, str], today: date) -> date | None:
    """The day an answer will have come by; None for “Läst, jag svarar inte skriftligt”. Raises NotADay."""
    by = fields.get("by", "")
    if by == "none":
        return None
    try:
        day = day_in(fields.get("day", "") if by == "other" else by)
    except ValueError:
        raise NotADay from None
    if not today <= day <= today + FURTHEST:
        raise NotADay
    return day


def said(fields: MultiDict[str, str], what: Literal["question", "suggestion"], now: datetime) -> Said:
    """A question, or a suggestion with the wish that it points at or why it is worth a thought. Raises NotOffered."""
    return Said(
        id=page_id(fields.get("id")),
        what=what,
        text=clean(fields.get("words")),
        why=clean(fields.get("why")),
        wish=line(fields.get("wish")) if what == "suggestion" else "",
        at=now,
    )


def presentation(fields: MultiDict[str, str]) -> dict[str, str]:
    return {name: clean(fields.get(name)) for name in presenting.TEXTS}


def wrong_presentation(said: dict[str, str]) -> dict[str, Any]:
    """A sentence for each text that cannot be kept as it is."""
    return {name: TOO_LONG for name, text in said.items() if len(text) > presenting.LONGEST}


def days_to_tap(today: date) -> list[date]:
    """The next three days that are no weekend."""
    days = (today + timedelta(days=ahead) for ahead in range(1, 8))
    return [day for day in days if day.weekday() < _SATURDAY][:3]
