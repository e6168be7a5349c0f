"""What is sealed of a plan, a story, a safety plan: items in own words, the boards that list them, and a bin.

Every such thing is one Item. Which texts it has is said by its sheet (`sheets`), as the rows of a form are by the form.
"""

from datetime import datetime

import msgspec

from server.circle.copies import Sealed
from server.vault.payloads import payload

Texts = dict[
    str, str
]  # by the name of the field; an empty one is left out. Choices and days are texts too (ISO 8601)


class Version(Sealed, frozen=True, kw_only=True):
    """What an item said from `at` on."""

    at: datetime
    texts: Texts


@payload("item", version=1)
class Item(Sealed, frozen=True, kw_only=True):
    """One thing in own words. `edition` counts changes, so that two windows cannot overwrite each other; `worded` is
    the one in which its words last changed (0: in none known), so that a tap does not make an open form an old one.

    `earlier` holds what it said before, the latest last; `beside` what another phone wrote at the same time, until the
    owner has chosen.
    """

    sheet: str
    id: str
    texts: Texts
    at: datetime
    edition: int = 1
    worded: int = 0
    earlier: tuple[Version, ...] = ()
    beside: tuple[Version, ...] = ()

    def says_as_at(self, edition: int) -> bool:
        """Whether its words are those that were read at this edition."""
        return (self.worded or self.edition) <= edition <= self.edition

    @property
    def name(self) -> str:
        return f"{self.sheet}/{self.id}"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An item as a page of many shows it: `under` names what it hangs on, `note` is one line more. Only texts, so the
    garbage collector need not look at hundreds of them.
    """

    sheet: str
    id: str
    title: str
    state: str = ""
    under: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return f"{self.sheet}/{self.id}"


@payload("board", version=1)
class Board(Sealed, frozen=True, kw_only=True):
    """The items of one page in the owner's order: the page reads this record, not every item behind it.

    Written in the transaction that writes the item. `rests` pauses the whole.
    """

    name: str
    lines: tuple[Line, ...] = ()
    rests: bool = False


@payload("item-bin", version=1)
class ItemBin(Sealed, frozen=True, kw_only=True):
    """Items that were taken away and can come back."""

    items: tuple[Item, ...] = ()


@payload("item-draft", version=1)
class ItemDraft(Sealed, frozen=True, kw_only=True):
    """What stands in an item's fields before anybody pressed Save. Edition 0 is a new one."""

    sheet: str
    id: str
    edition: int
    texts: Texts


@payload("item-copy", version=1)
class ItemCopy(Sealed, frozen=True, kw_only=True):
    """Those texts of an item that were chosen, as a reader gets them. `id` is kept only where it names nothing."""

    sheet: str
    texts: Texts
    which: str = ""  # the fixed name of one of few, as an area of the life map; never a random id
