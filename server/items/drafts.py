"""What stands in an item's fields, kept without being asked for (hard rule 8)."""

from server.items import saying
from server.items.payloads import ItemDraft, Texts
from server.items.sheets import Sheet
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordChanged

SHELF = "item-drafts"


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
