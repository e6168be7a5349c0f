"""What stands in an item's fields, kept without being asked for (hard rule 8)."""

from server.items import saying
from server.items.payloads import ItemDraft, Texts
from server.items.sheets import Sheet
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordChanged

SHELF, THROWN = "item-drafts", "item-draft-thrown"


def record(sheet: Sheet, item_id: str) -> str:
    return f"item-draft/{sheet.name}/{item_id}"


def keep(drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, edition: int) -> None:
    """Written over the earlier draft of the same item. What can be saved fits in a draft; empty fields are none."""
    draft = ItemDraft(sheet=sheet.name, id=item_id, edition=edition, texts=saying.filled(texts))
    empty = ItemDraft(sheet=sheet.name, id=item_id, edition=edition, texts={})
    change_record(drawer, SHELF, record(sheet, item_id), empty, lambda _old: draft)


def read(drawer: Drawer, sheet: Sheet, item_id: str) -> ItemDraft | None:
    found = drawer.find(record(sheet, item_id)).get(record(sheet, item_id))
    return found.payload if found else None


def all_of(drawer: Drawer, sheet: Sheet) -> list[ItemDraft]:
    """Drafts of one sort that wait: one statement."""
    return [found.payload for found in drawer.shelf(SHELF) if found.payload.sheet == sheet.name]


def forget(drawer: Drawer, sheet: Sheet, item_id: str) -> None:
    found = drawer.find(record(sheet, item_id)).get(record(sheet, item_id))
    if found:
        try:
            drawer.remove(found)
        except RecordChanged:
            return  # another window is still writing; its draft stays


def throw(drawer: Drawer, sheet: Sheet, item_id: str) -> None:
    """Put the draft aside; the latest one thrown can be fetched back."""
    draft = read(drawer, sheet, item_id)
    if draft:
        gone = ItemDraft(sheet="", id="", edition=0, texts={})
        change_record(drawer, THROWN, THROWN, gone, lambda _old: draft)
        forget(drawer, sheet, item_id)


def fetch_back(drawer: Drawer, sheet: Sheet, item_id: str) -> bool:
    """The draft that was just thrown is there again; False when it is another one, or none."""
    found = drawer.find(THROWN).get(THROWN)
    if found is None or (found.payload.sheet, found.payload.id) != (sheet.name, item_id):
        return False
    drawer.remove(found)
    keep(drawer, sheet, item_id, found.payload.texts, found.payload.edition)
    return True
