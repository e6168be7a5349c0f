"""Activities that are not shown, out and in."""

from collections.abc import Sequence

from server.activities.taste import RECORD, SHELF, SavedTaste
from server.mine.days import LONGEST_NAME, SLUG
from server.mine.here import Here
from server.mine.kind import Files, Kind, Reading, Voice
from server.mine.problems import BrokenFile

_MOST = 5000


def _(msgid: str) -> str:
    return msgid


def check(taste: SavedTaste, reading: Reading) -> SavedTaste:
    """The list as it may be kept. Raises BrokenFile for names that no activity can have."""
    if len(taste.hidden) > _MOST or not all(
        SLUG.fullmatch(slug) and len(slug) <= LONGEST_NAME for slug in taste.hidden
    ):
        raise BrokenFile(file=reading.file)
    return SavedTaste(hidden=tuple(dict.fromkeys(taste.hidden)))


def lay(here: Here, new: SavedTaste) -> None:
    """What is hidden in the file is hidden here too; what is hidden here stays so."""
    old = here.get(SavedTaste, RECORD) or SavedTaste()
    added = tuple(slug for slug in new.hidden if slug not in old.hidden)
    here.outcome.hidden += len(added)
    if added:
        here.change(RECORD, SavedTaste(hidden=old.hidden + added))


def _files(found: Sequence[SavedTaste], voice: Voice) -> Files:
    lines = [f"- {slug}" for taste in found for slug in taste.hidden]
    return {"inte-for-mig.md": f"# {voice.say(_('Not shown on Today'))}\n\n" + "\n".join(lines) + "\n"}


TASTE = Kind(
    stem="inte-for-mig",
    struct=SavedTaste,
    about=(("inte-for-mig.md", _("Activities that you do not want to be shown.")),),
    name=lambda _taste: RECORD,
    shelf=lambda _taste: SHELF,
    files=_files,
    check=check,
    lay=lay,
)
