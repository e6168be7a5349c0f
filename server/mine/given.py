"""What was handed over and shown, and who opened it: out as it is known, in as history (hard rule 6 of Mitt).

A copy in a file is nobody's copy: the letter it stood for, and what burns it, stay behind. What comes in is laid
where only “Vem har öppnat vad” looks, hangs on no contact, and is never handed to anybody.
"""

import re
from collections.abc import Sequence
from datetime import date

from msgspec.structs import replace

from server.circle.copies import Handed, Opening, Openings, Shown
from server.circle.handing import Frames
from server.circle.post import openings_name
from server.circle.sharing import BEFORE
from server.mine import given_text
from server.mine.entries import check_id
from server.mine.here import Here
from server.mine.history import check_item, check_pair, id_beside, kept
from server.mine.kind import Files, Kind, Reading, Voice
from server.mine.problems import BrokenFile, NewerFile
from server.vault.errors import NewerVersion, UnknownKind, VaultError
from server.vault.payloads import decode


def _(msgid: str) -> str:
    return msgid


def check_handed(handed: Handed, reading: Reading) -> Handed:
    """What was handed over, as history. Raises CannotRead's kinds."""
    check_id(handed.id, reading)
    check_pair(handed.pair, reading)
    check_item(handed.item, reading)
    try:
        decode(handed.share.body.encode())
    except (NewerVersion, UnknownKind):
        raise NewerFile(file=reading.file) from None
    except (VaultError, UnicodeError):
        raise BrokenFile(file=reading.file) from None
    return as_history(kept(handed, reading))


def check_shown(shown: Shown, reading: Reading) -> Shown:
    check_id(shown.id, reading)
    for item in shown.items:
        check_item(item, reading)
    return kept(shown, reading)


def check_openings(openings: Openings, reading: Reading) -> Openings:
    if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", openings.month):
        raise BrokenFile(file=reading.file)
    for line in openings.lines:
        check_pair(line.pair, reading)
        check_item(line.item, reading)
    return kept(openings, reading)


def check_frames(frames: Frames, reading: Reading) -> Frames:
    return kept(frames, reading)


def as_history(handed: Handed) -> Handed:
    """Without the letter that it stood for and what burns that."""
    receipt = replace(handed.receipt, letter=0) if handed.receipt else None
    return replace(handed, letter=0, burn="", receipt=receipt)


def lay_handed(here: Here, new: Handed) -> None:
    """What is here already stays as it is, also when somebody can read it now. Other words are kept beside."""
    old = here.get(Handed, _handed_name(new))
    if old and old.share != new.share:
        new = replace(new, id=id_beside("handed", new.id, new.share))
        old = here.get(Handed, _handed_name(new))
    if old:
        here.outcome.here += 1
        return
    here.change(_handed_name(new), new)
    here.outcome.history += 1


def lay_shown(here: Here, new: Shown) -> None:
    old = here.get(Shown, _shown_name(new))
    if old and old != new:
        new = replace(new, id=id_beside("shown", new))
        old = here.get(Shown, _shown_name(new))
    if old:
        here.outcome.here += 1
        return
    here.change(_shown_name(new), new)
    here.outcome.history += 1


def lay_openings(here: Here, new: Openings) -> None:
    """Lines that are not here are added to their month, in the order of time."""
    old = here.get(Openings, openings_name(new.month)) or Openings(month=new.month)
    added = tuple(line for line in new.lines if line not in old.lines)
    here.outcome.here += len(new.lines) - len(added)
    if added:
        lines = tuple(sorted((*old.lines, *added), key=_when)) if old.lines else added
        here.change(openings_name(new.month), replace(old, lines=lines))
        here.outcome.history += len(added)


def lay_frames(here: Here, new: Frames) -> None:
    """Own sentences that are not here can be taken again here too; the latest first."""
    old = here.get(Frames, _FRAMES) or Frames()
    known = {text for _day, text in old.own}
    added = tuple(one for one in new.own if one[1] not in known)
    here.outcome.here += len(new.own) - len(added)
    if added:
        own = tuple(sorted((*old.own, *added), key=_day_of, reverse=True)) if old.own else added
        here.change(_FRAMES, Frames(own=own))
        here.outcome.history += len(added)


def _when(line: Opening) -> str:
    return line.at.isoformat()


def _day_of(frame: tuple[date, str]) -> date:
    return frame[0]


def _handed_name(handed: Handed) -> str:
    return f"handed/{handed.id}"


def _shown_name(shown: Shown) -> str:
    return f"shown/{shown.id}/{shown.way}"


def _frames_files(frames: Sequence[Frames], voice: Voice) -> Files:
    return {"inramningar.md": given_text.frames([one for found in frames for one in found.own], voice)}


_FRAMES = "frames"
HANDED = Kind(
    stem="lamnat",
    struct=Handed,
    about=(
        ("lamnat.md", _("What you have handed over: to whom, for what, until when, and when it was opened.")),
    ),
    name=_handed_name,
    shelf=lambda _handed: BEFORE,
    files=lambda found, voice: {"lamnat.md": given_text.handed(found, voice)},
    check=check_handed,
    lay=lay_handed,
    goes=as_history,
)
SHOWN = Kind(
    stem="visat",
    struct=Shown,
    about=(("visat.md", _("What you have shown on your screen or printed.")),),
    name=_shown_name,
    shelf=lambda _shown: "shown",
    files=lambda found, voice: {"visat.md": given_text.shown(found, voice)},
    check=check_shown,
    lay=lay_shown,
)
OPENINGS = Kind(
    stem="oppnat",
    struct=Openings,
    about=(("oppnat.md", _("Who has opened what, and when.")),),
    name=lambda openings: openings_name(openings.month),
    shelf=lambda _openings: "openings",
    files=lambda found, voice: {"oppnat.md": given_text.openings(found, voice)},
    check=check_openings,
    lay=lay_openings,
)
FRAMES = Kind(
    stem="inramningar",
    struct=Frames,
    about=(("inramningar.md", _("Your own sentences on how your days hang together.")),),
    name=lambda _frames: _FRAMES,
    shelf=lambda _frames: "handing-known",
    files=_frames_files,
    check=check_frames,
    lay=lay_frames,
)
