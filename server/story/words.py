"""What the texts of a story and of a safety plan are called, in the reader's language."""

from server.circle.kinds import Parts
from server.story.payloads import MEETING, STRENGTHS, WISHES
from server.web.language import lazy_gettext as _
from server.web.language import lower_first

MEET = _("How to meet me")
TITLES = {WISHES: _("What I want"), MEETING: _("How to meet me best"), STRENGTHS: _("What I can do")}

SAFETY = _("My safety plan")
SIGNS = _("Signs that it is getting heavy")
DO = _("What I do myself")
PLACES = _("Where I can be")
PEOPLE = _("Those I can reach")
HELPS = _("What helps")
WORSE = _("What does not help")
REASONS = _("My reasons")


def title(_name: str) -> str:
    return str(MEET)


def partly(parts: Parts) -> str:
    """“det här vill jag, det här kan jag” when not all three were chosen."""
    return "" if len(parts) == len(TITLES) else ", ".join(lower_first(TITLES[part]) for part in parts)
