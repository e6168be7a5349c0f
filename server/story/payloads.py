"""What is sealed of a person's story: how I want to be met, what I want and what I can; and the copy of it."""

import msgspec

from server.circle.wording import Wording
from server.vault.payloads import payload

WISHES, MEETING, STRENGTHS = PARTS = ("wishes", "meeting", "strengths")
LONGEST = 5_000  # characters, of each
RECORD = "meet"


@payload("meet", version=1)
class Meet(Wording, frozen=True, kw_only=True):
    """“Det här vill jag”, “Så möter du mig”, “Det här kan jag” (rows B18, D16, E10): in own words, all optional."""

    wishes: str = ""
    meeting: str = ""
    strengths: str = ""


@payload("meet-copy", version=1)
class MeetCopy(msgspec.Struct, frozen=True, kw_only=True):
    """Those of the three that were chosen, as a reader gets them."""

    wishes: str = ""
    meeting: str = ""
    strengths: str = ""
