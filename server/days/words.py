"""What a day is called, in the reader's language."""

from datetime import date

from server.web.language import lazy_gettext as _
from server.web.language import long_date

A_DAY = _("A day")


def title(name: str) -> str:
    """“Tisdag 17 november” for “2026-11-17”."""
    return long_date(date.fromisoformat(name))
