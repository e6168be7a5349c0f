"""A few texts of one's own in one record: told anew, undone, and both kept when two tabs tell them at once."""

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from server.circle.copies import Sealed
from server.vault.changing import change_record
from server.vault.drawer import Drawer

Texts = Mapping[str, str]
_OF_ITS_OWN = ("edition", "before")


class Wording(Sealed, frozen=True, kw_only=True):
    """Subclasses name the texts. `edition` counts changes, so that two tabs cannot overwrite each other."""

    edition: int = 0
    before: dict[str, str] | None = None  # what it said until the latest change, for undo

    @property
    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.__struct_fields__ if name not in _OF_ITS_OWN}

    @property
    def is_empty(self) -> bool:
        return not any(self.texts.values())


W = TypeVar("W", bound=Wording)


class WordingChanged(Exception):
    """Another tab or phone saved first; `theirs` is what it says now."""

    def __init__(self, theirs: Wording) -> None:
        super().__init__("wording changed")
        self.theirs = theirs


def read(drawer: Drawer, name: str, empty: W) -> W:
    """What it says now, or `empty`."""
    found = drawer.find(name).get(name)
    return found.payload if found else empty


def tell(drawer: Drawer, name: str, empty: W, texts: Texts, edition: int) -> W:
    """Put other texts in the place of those that were read at `edition`. Raises WordingChanged if it moved on."""

    def rewrite(old: W) -> W:
        if old.texts == texts:
            return old
        if old.edition != edition:
            raise WordingChanged(old)
        return _saying(old, texts)

    return change_record(drawer, name, name, empty, rewrite)


def undo(drawer: Drawer, name: str, empty: W, edition: int) -> W | None:
    """The texts before stand again. Only as long as it is at `edition`; None when it has moved on."""
    now = read(drawer, name, empty)
    if now.edition != edition or edition == 0:
        return None
    try:
        return tell(drawer, name, empty, now.before or empty.texts, edition)
    except WordingChanged:
        return None


def tell_beside(drawer: Drawer, name: str, empty: W, texts: Texts) -> W:
    """Add texts that were written while others were: where they differ both are kept. Twice is once."""
    return change_record(drawer, name, name, empty, lambda old: beside(old, texts))


def beside(old: W, texts: Texts) -> W:
    """`old` with what it does not say yet of `texts` added below."""
    return _saying(old, {name: _both(was, texts[name]) for name, was in old.texts.items()})


def _saying(old: W, texts: Texts) -> W:
    if old.texts == texts:
        return old
    return replace(old, **texts, before=old.texts, edition=old.edition + 1)


def _both(was: str, also: str) -> str:
    if also in was:
        return was
    return also if was in also else f"{was}\n\n{also}"
