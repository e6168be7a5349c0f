"""What was taken away, out and in."""

from collections.abc import Sequence

from msgspec.structs import replace

from server.days.payloads import Bin, Removed
from server.mine import markdown
from server.mine.entries import check_date, check_entry, new_here
from server.mine.here import Here
from server.mine.kind import Files, Kind, Reading, Voice

NAME = "bin"


def _(msgid: str) -> str:
    return msgid


def check(bin_: Bin, reading: Reading) -> Bin:
    """The bin as it may be kept. Raises CannotRead's kinds."""
    return Bin(removed=tuple(_check(one, reading) for one in bin_.removed))


def lay(here: Here, new: Bin) -> None:
    """What lies in the file's bin comes to the bin here, unless it is here already, on its day or in the bin."""
    old = here.get(Bin, NAME) or Bin()
    added = tuple(
        replace(one, entry=entry)
        for one in new.removed
        if (entry := new_here(here, one.date, one.entry, in_bin=True))
    )
    if added:
        here.change(NAME, Bin(removed=old.removed + added))
        here.outcome.removed += len(added)


def _check(one: Removed, reading: Reading) -> Removed:
    day = check_date(one.date, reading)
    return replace(one, entry=check_entry(one.entry, day, reading))


def _files(bins: Sequence[Bin], voice: Voice) -> Files:
    return {"borttaget.md": markdown.removed([one for bin_ in bins for one in bin_.removed], voice)}


BIN = Kind(
    stem="borttaget",
    struct=Bin,
    about=(("borttaget.md", _("What you have taken away but not deleted for good.")),),
    name=lambda _bin: NAME,
    shelf=lambda _bin: NAME,
    files=_files,
    check=check,
    lay=lay,
)
