"""Drafts save themselves: what stands in the fields, before anybody pressed Save (hard rule 8)."""

from datetime import date

from werkzeug.datastructures import MultiDict

from server.days.payloads import Draft
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordChanged

SHELF, THROWN = "drafts", "draft-thrown"
_MOST = 200_000


def record(entry_id: str) -> str:
    return f"draft/{entry_id}"


def keep(drawer: Drawer, draft: Draft) -> bool:
    """Write the draft over the earlier one of the same entry; False when it is far too long to keep."""
    if sum(len(text) for texts in draft.fields.values() for text in texts) > _MOST:
        return False
    empty = Draft(entry_id=draft.entry_id, date=draft.date, edition=draft.edition, fields={})
    change_record(drawer, SHELF, record(draft.entry_id), empty, lambda _old: draft)
    return True


def read(drawer: Drawer, entry_id: str) -> Draft | None:
    found = drawer.find(record(entry_id)).get(record(entry_id))
    return found.payload if found else None


def of_day(drawer: Drawer, day: date) -> list[Draft]:
    """Drafts that wait on this day."""
    return [found.payload for found in drawer.shelf(SHELF) if found.payload.date == day]


def forget(drawer: Drawer, entry_id: str) -> None:
    found = drawer.find(record(entry_id)).get(record(entry_id))
    if found:
        try:
            drawer.remove(found)
        except RecordChanged:
            return  # another window is still writing; its draft stays


def throw(drawer: Drawer, entry_id: str) -> None:
    """Put the draft aside; the latest one thrown can be fetched back."""
    draft = read(drawer, entry_id)
    if draft:
        gone = Draft(entry_id="", date=draft.date, edition=0, fields={})
        change_record(drawer, THROWN, THROWN, gone, lambda _old: draft)
        forget(drawer, entry_id)


def fetch_back(drawer: Drawer, entry_id: str) -> bool:
    """The draft that was just thrown is there again; False when it is another one, or none."""
    found = drawer.find(THROWN).get(THROWN)
    if found is None or found.payload.entry_id != entry_id:
        return False
    drawer.remove(found)
    return keep(drawer, found.payload)


def fields_of(form: MultiDict[str, str]) -> dict[str, list[str]]:
    return {
        name: [text.replace("\0", "") for text in form.getlist(name)] for name in form if name != "edition"
    }


def as_fields(draft: Draft) -> MultiDict[str, str]:
    return MultiDict(draft.fields)
