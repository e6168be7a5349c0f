"""What a person has said about activities: sealed in the drawer, never told to any host."""

import msgspec

from server.activities.matching import Taste
from server.vault.changing import change_record
from server.vault.drawer import Drawer, Record
from server.vault.payloads import payload

RECORD, SHELF = "taste", "taste"


@payload("taste", version=1)
class SavedTaste(msgspec.Struct, frozen=True, kw_only=True):
    """Slugs marked *Inte för mig*, in the order they were marked."""

    hidden: tuple[str, ...] = ()


def taste_in(record: Record | None) -> Taste:
    return Taste(hidden=frozenset(record.payload.hidden)) if record else Taste()


def read_taste(drawer: Drawer) -> Taste:
    return taste_in(drawer.find(RECORD).get(RECORD))


def hide(drawer: Drawer, slug: str) -> None:
    """Do not suggest it again; it still stands in *Visa allt*."""
    _change(drawer, slug, keep=True)


def show(drawer: Drawer, slug: str) -> None:
    _change(drawer, slug, keep=False)


def _change(drawer: Drawer, slug: str, *, keep: bool) -> None:
    def changed(old: SavedTaste) -> SavedTaste:
        rest = tuple(one for one in old.hidden if one != slug)
        return SavedTaste(hidden=(*rest, slug) if keep else rest)

    change_record(drawer, SHELF, RECORD, SavedTaste(), changed)
