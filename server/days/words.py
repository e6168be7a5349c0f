"""What a day is called, in the reader's language."""

from datetime import date

from server.circle.kinds import Parts
from server.web.language import lazy_gettext as _
from server.web.language import long_date

A_DAY = _("A day")
ANOTHER = _("Add one more day")
LIGHTER = _(
    "There is a lighter day in this. To an authority or employer a sentence goes along, so that it is not read alone. "
    "One is enough."
)
_ONLY_FORM = _("only the form")


def title(name: str) -> str:
    """“Tisdag 17 november” for “2026-11-17”."""
    return long_date(date.fromisoformat(name))


def partly(parts: Parts) -> str:
    """“bara formen” when no words went along."""
    return str(_ONLY_FORM) if len(parts) == 1 else ""
