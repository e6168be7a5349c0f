"""The safety plan on a locked phone: only where its owner has chosen so, on that very phone, and only as it is now."""

import msgspec

from server.circle.kinds import NoSuchItem
from server.items.keeping import item_record
from server.items.payloads import Item, Texts
from server.items.sheets import ONE
from server.vault import open_page
from server.vault.drawer import Drawer
from server.vault.errors import RecordChanged
from server.vault.payloads import payload
from server.vault.sealing import Secret

RECORD = item_record("safety", ONE)
_TRIES = 5


@payload("safety-open", version=1)
class OpenPlan(msgspec.Struct, frozen=True):
    """The plan's words, for whoever holds the phone."""

    texts: Texts

    def __repr__(self) -> str:
        return "OpenPlan(hidden)"


def show(drawer: Drawer, tray: Secret) -> None:
    """From now on the phone with this tray shows the plan while it is locked. Raises NoSuchItem for an empty one.

    The plan's own record is written again as it is: a change from another phone comes wholly before this or wholly
    after, and then it finds this phone among those that show it.
    """
    for _ in range(_TRIES):
        record = drawer.find(RECORD).get(RECORD)
        if record is None or not record.payload.texts:
            raise NoSuchItem
        try:
            drawer.replace(record, record.payload)
        except RecordChanged:
            continue
        return open_page.show(drawer, tray, OpenPlan(record.payload.texts))
    raise RecordChanged


def keep_up(drawer: Drawer, item: Item | None) -> None:
    """What is shown follows what is written; an emptied plan, or one that is taken away, is shown nowhere."""
    open_page.renew(drawer, OpenPlan(item.texts) if item and item.texts else None)
