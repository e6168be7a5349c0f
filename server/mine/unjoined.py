"""What could not be saved where it was to go, out and in: own words that wait for their owner to see to them."""

import re
from collections.abc import Sequence

from server.core.clock import here as at_home
from server.mine.here import Here
from server.mine.kind import Files, Kind, Reading, Voice
from server.mine.problems import BrokenFile
from server.vault.posted import LONGEST, UNJOINED, Posted, Unjoined, words_in

_MOST = 1000


def _(msgid: str) -> str:
    return msgid


def check(left: Unjoined, reading: Reading) -> Unjoined:
    """What may be kept. Raises BrokenFile for what no phone of ours leaves."""
    if len(left.posts) > _MOST or not all(_holds(posted) for posted in left.posts):
        raise BrokenFile(file=reading.file)
    return left


def lay(here: Here, new: Unjoined) -> None:
    """What is not here comes beside what is. None of it is done by being read in."""
    old = here.get(Unjoined, UNJOINED) or Unjoined()
    known = {posted.name for posted in old.posts}
    added = tuple(posted for posted in new.posts if posted.name not in known)
    here.outcome.drafts += len(added)
    if added:
        here.change(UNJOINED, Unjoined((*old.posts, *added)))


def _holds(posted: Posted) -> bool:
    named = re.fullmatch(r"[0-9a-f]{32}", posted.name) is not None
    short = sum(len(text) for pair in posted.fields for text in pair) <= LONGEST
    place = len(posted.endpoint) <= 100 and sum(map(len, posted.values.values())) <= 1000
    return named and short and place and posted.at.tzinfo is not None


def _files(found: Sequence[Unjoined], voice: Voice) -> Files:
    parts = [
        f"## {at_home(posted.at):%Y-%m-%d %H.%M}\n\n" + "\n\n".join(words_in(posted))
        for left in found
        for posted in left.posts
    ]
    return {"inte-sparat.md": f"# {voice.say(_('Not saved'))}\n\n" + "\n\n".join(parts) + "\n"}


UNSAVED = Kind(
    stem="inte-sparat",
    struct=Unjoined,
    about=(("inte-sparat.md", _("What you wrote that could not be saved in its place.")),),
    name=lambda _left: UNJOINED,
    shelf=lambda _left: UNJOINED,
    files=_files,
    check=check,
    lay=lay,
)
