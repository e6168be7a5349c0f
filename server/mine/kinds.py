"""Every kind of thing that an account can hold, in the order in which it is read in."""

from typing import Any

from server.circle.copies import Audience, Handed, Heard, Inbox, Log, Openings, Presented, Shown
from server.circle.handing import Frames, Handing, LastHanding
from server.mine.bin import BIN
from server.mine.circle import CARDS, CIRCLE_BIN, DIARY, MATTERS
from server.mine.days import DAYS
from server.mine.drafts import DRAFTS
from server.mine.kind import Kind
from server.mine.taste import TASTE
from server.mine.waiting import Waiting
from server.mine.wordings import MEET, PROFILE
from server.vault.pairing import Invitation
from server.vault.tray import Tray

# A note comes before its draft: a draft asks whether its note is here. What was taken away comes after what was not.
KINDS: tuple[Kind[Any], ...] = (DAYS, BIN, DRAFTS, TASTE, CARDS, MATTERS, CIRCLE_BIN, DIARY, MEET, PROFILE)
BY_STRUCT: dict[type, Kind[Any]] = {kind.struct: kind for kind in KINDS}
# Only on its way through: a file that somebody is reading in, a phone's tray, an invitation that is not answered yet.
PASSING = (
    Waiting,
    Tray,
    Invitation,
    Handing,
    LastHanding,
    Frames,
    Handed,
    Audience,
    Shown,
    Openings,
    Log,
    Heard,
    Inbox,
    Presented,
)
