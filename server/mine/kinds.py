"""Every kind of thing that an account can hold, in the order in which it is read in."""

from typing import Any

from server.circle.copies import Audience, Goodbyes, Log, Presented, Thrown
from server.circle.handing import Handing, LastHanding
from server.hosts.payloads import Invitee, ListingBin
from server.messages.payloads import MessageBin, Reported
from server.mine.bin import BIN
from server.mine.circle import CARDS, CIRCLE_BIN, DIARY, MATTERS
from server.mine.days import DAYS
from server.mine.drafts import DRAFTS
from server.mine.given import FRAMES, HANDED, OPENINGS, SHOWN
from server.mine.heard import HEARD, SAID
from server.mine.items import BOARDS, ITEM_BIN, ITEM_DRAFTS, ITEMS
from server.mine.kind import Kind
from server.mine.reminders import REMINDERS
from server.mine.talks import TALKS, THEIR_WORDS, UNSENT, WRITTEN
from server.mine.taste import TASTE
from server.mine.unjoined import UNSAVED
from server.mine.waiting import Waiting
from server.mine.wordings import MEET, PROFILE
from server.story.shown import OpenPlan
from server.vault.asked import Answered, Asking
from server.vault.invitations import Invitation
from server.vault.listings import Listing
from server.vault.once import Taken
from server.vault.open_page import OpenPages
from server.vault.posted import SealedPosts
from server.vault.tray import Tray

# A note comes before its draft: a draft asks whether its note is here. What was taken away comes after what was not.
HISTORY: tuple[Kind[Any], ...] = (HANDED, SHOWN, OPENINGS, HEARD, FRAMES, SAID)
CIRCLE: tuple[Kind[Any], ...] = (CARDS, MATTERS, CIRCLE_BIN, DIARY, MEET, PROFILE)
# Whom it was with comes first: what was written hangs on it.
CONVERSATIONS: tuple[Kind[Any], ...] = (TALKS, WRITTEN, THEIR_WORDS, UNSENT)
# The order of a board is told when all is there that it can list.
OWN_WORDS: tuple[Kind[Any], ...] = (ITEMS, BOARDS, ITEM_BIN, ITEM_DRAFTS)
KINDS: tuple[Kind[Any], ...] = (
    DAYS,
    BIN,
    DRAFTS,
    TASTE,
    REMINDERS,
    *CIRCLE,
    *OWN_WORDS,
    *HISTORY,
    *CONVERSATIONS,
    UNSAVED,
)
BY_STRUCT: dict[type, Kind[Any]] = {kind.struct: kind for kind in KINDS}
# Only on its way through, or a tool of this database's: a file that somebody is reading in, a phone's tray, an
# invitation, a handing over that is being prepared and what the next one takes again, who may read what just now,
# the number that a contact's events have reached, a farewell that has not been read, what was just taken away, of
# what was written too, and what a contact wrote of themselves, which is theirs. A question to a peer that waits, and
# what burns a report; an association's invitations and listings, which are this service's. The phones that show the
# safety plan unlocked, and what they show. The names of posts that came, so that none is taken twice, and those that
# came and are joined before the next page.
PASSING = (
    *(Waiting, Tray, Invitation, Handing, LastHanding, Audience, Log, Goodbyes, Presented, Thrown),
    *(
        MessageBin,
        Asking,
        Answered,
        Reported,
        Listing,
        Invitee,
        ListingBin,
        OpenPages,
        OpenPlan,
        Taken,
        SealedPosts,
    ),
)
