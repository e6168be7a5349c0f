"""Contact diary: what was said, decided and promised, by whom and on which day, and how one was met (row B12).

It lies beside the card, and nobody but the owner ever sees it. A change of a note is compare-and-swap by its edition.
"""

from contextlib import suppress
from datetime import datetime

from msgspec.structs import replace

from server.circle.payloads import Card, DiaryNote, Noted
from server.circle.people import bin_of, change_bin
from server.vault.changing import NoSuchRecord, change_existing
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists


class NoSuchNote(Exception):
    """No note with that id about that person in this drawer."""


class NoteChanged(Exception):
    """Another tab or phone saved this note first; `theirs` is what it says now."""

    def __init__(self, theirs: DiaryNote) -> None:
        super().__init__("note changed")
        self.theirs = theirs


def note_record(note_id: str) -> str:
    return f"diary-note/{note_id}"


def shelf_of(card_id: str) -> str:
    return f"diary/{card_id}"


def notes(drawer: Drawer, card_id: str) -> list[DiaryNote]:
    """Every note about one person, the newest day first: one statement."""
    found = [record.payload for record in drawer.shelf(shelf_of(card_id))]
    return sorted(found, key=lambda note: (note.on, note.written, note.id), reverse=True)


def find_note(drawer: Drawer, card_id: str, note_id: str) -> DiaryNote:
    """Raises NoSuchNote."""
    found = drawer.find(note_record(note_id)).get(note_record(note_id))
    if found is None or found.payload.card != card_id:
        raise NoSuchNote
    note: DiaryNote = found.payload
    return note


def add(drawer: Drawer, card: Card, note_id: str, noted: Noted, now: datetime) -> None:
    """A new note under the id that the page made: the same id twice is one note (hard rule 8)."""
    note = DiaryNote(id=note_id, card=card.id, name=card.name, on=noted.on, what=noted.what, written=now)
    with suppress(RecordExists):
        drawer.put(shelf_of(card.id), note_record(note_id), note)


def change(drawer: Drawer, card_id: str, note_id: str, noted: Noted, edition: int) -> DiaryNote:
    """Put a new text on a note that was read at `edition`.

    Raises NoSuchNote, and NoteChanged with the other text if it moved on.
    """

    def rewrite(old: DiaryNote) -> DiaryNote:
        if old.noted == noted:
            return old
        if old.edition != edition:
            raise NoteChanged(old)
        return old.saying(noted)

    find_note(drawer, card_id, note_id)
    try:
        return change_existing(drawer, note_record(note_id), rewrite)
    except NoSuchRecord:
        raise NoSuchNote from None


def undo(drawer: Drawer, card_id: str, note_id: str, edition: int) -> bool:
    """Take back what was just saved: the text before stands again, and a new note goes to the bin.

    Only as long as the note is at `edition`; False when it has moved on or is gone.
    """
    try:
        note = find_note(drawer, card_id, note_id)
        if note.edition != edition:
            return False
        if note.before:
            change(drawer, card_id, note_id, note.before, edition)
        else:
            take_away(drawer, card_id, note_id)
    except (NoSuchNote, NoteChanged):
        return False
    return True


def take_away(drawer: Drawer, card_id: str, note_id: str) -> None:
    """Move a note to the bin, whence it can come back. Twice is once."""
    record = drawer.find(note_record(note_id)).get(note_record(note_id))
    if record is None or record.payload.card != card_id:
        return
    change_bin(drawer, lambda old: replace(old, notes=(*_others(old.notes, note_id), record.payload)))
    drawer.remove(record)


def put_back(drawer: Drawer, note_id: str) -> DiaryNote:
    """Take a note out of the bin again. Raises NoSuchNote."""
    note = next((one for one in bin_of(drawer).notes if one.id == note_id), None)
    if note is None:
        raise NoSuchNote
    with suppress(RecordExists):
        drawer.put(shelf_of(note.card), note_record(note_id), note)
    change_bin(drawer, lambda old: replace(old, notes=_others(old.notes, note_id)))
    return note


def destroy(drawer: Drawer, thing_id: str) -> None:
    """A note in the bin is gone for good; with a card in the bin everything that was noted about that person."""
    with_card = any(card.id == thing_id for card in bin_of(drawer).cards)
    going = (
        (lambda note: thing_id in (note.id, note.card)) if with_card else (lambda note: note.id == thing_id)
    )
    change_bin(drawer, lambda old: replace(old, notes=tuple(note for note in old.notes if not going(note))))
    for record in drawer.shelf(shelf_of(thing_id)) if with_card else ():
        drawer.remove(record)


def _others(notes: tuple[DiaryNote, ...], note_id: str) -> tuple[DiaryNote, ...]:
    return tuple(note for note in notes if note.id != note_id)
