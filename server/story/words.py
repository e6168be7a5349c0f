"""What the three texts are called, in the reader's language."""

from server.circle.kinds import Parts
from server.story.payloads import MEETING, STRENGTHS, WISHES
from server.web.language import lazy_gettext as _
from server.web.language import lower_first

MEET = _("How to meet me")
TITLES = {WISHES: _("What I want"), MEETING: _("How to meet me best"), STRENGTHS: _("What I can do")}


def title(_name: str) -> str:
    return str(MEET)


def partly(parts: Parts) -> str:
    """“det här vill jag, det här kan jag” when not all three were chosen."""
    return "" if len(parts) == len(TITLES) else ", ".join(lower_first(TITLES[part]) for part in parts)
