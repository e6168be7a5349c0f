"""Contact diary over HTTP: written on a person's card, changed, taken away, and printed as a dated account."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from server.circle import diary, inputs, people
from server.circle.payloads import About, Card, DiaryNote, Noted
from server.core import clock
from server.vault.drawer import Drawer
from server.web.errors import missing
from server.web.guard import unlocked
from server.web.inputs import edition, page_id
from server.web.language import gettext
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("noting", __name__, url_prefix="/kretsen")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("/<card_id>/dagbok")
@unlocked
def account(card_id: str) -> Response:
    """A dated account to print, the oldest day first."""
    card = people.find_card(drawer(), card_id)
    return respond(
        "circle/account.html", card=card, notes=diary.notes(drawer(), card_id)[::-1], today=clock.today()
    )


@bp.get("/<card_id>/dagbok/<note_id>")
@unlocked
def edit(card_id: str, note_id: str) -> Response:
    note = diary.find_note(drawer(), card_id, note_id)
    return _form(people.find_card(drawer(), card_id), note_id, note.noted, edition=note.edition)


@bp.post("/<card_id>/dagbok/<note_id>")
@unlocked
def save(card_id: str, note_id: str) -> Response:
    """Save a new note (edition 0) or new words on an old one. Two that changed the same: both are shown."""
    card, note_id, seen = people.find_card(drawer(), card_id), page_id(note_id), edition(request.form)
    what, on, wrong = inputs.happened(request.form, clock.today(), needed=True)
    noted = Noted(on=on, what=what)
    if wrong:
        return _form(card, note_id, noted, edition=seen, errors=wrong, code=422)
    try:
        saved = _save(drawer(), card, note_id, noted, seen, g.now)
    except diary.NoteChanged as changed:
        return _form(card, note_id, noted, edition=changed.theirs.edition, theirs=changed.theirs, code=409)
    undo = url_for("noting.undo", card_id=card_id, note_id=note_id, edition=saved.edition)
    return done(_card(card_id), "saved", undo=undo)


@bp.post("/<card_id>/dagbok/<note_id>/angra/<int:edition>")
@unlocked
def undo(card_id: str, note_id: str, edition: int) -> Response:
    """Take back what was just saved; a new note goes to the bin."""
    undone = diary.undo(drawer(), card_id, note_id, edition)
    return done(_card(card_id) if undone else url_for("circle.circle"), "undone" if undone else "nothing")


@bp.post("/<card_id>/dagbok/<note_id>/bort")
@unlocked
def take_away(card_id: str, note_id: str) -> Response:
    diary.take_away(drawer(), page_id(card_id), page_id(note_id))
    return done(_card(card_id), "removed", undo=url_for("noting.put_back", note_id=note_id))


@bp.post("/dagbok/<note_id>/tillbaka")
@unlocked
def put_back(note_id: str) -> Response:
    """Back on its card; when the card is taken away too, the note comes with it."""
    note = diary.put_back(drawer(), note_id)
    there = any(card.id == note.card for card in people.everyone(drawer()))
    return done(_card(note.card) if there else url_for("circle.removed"), "back")


@bp.errorhandler(diary.NoSuchNote)
@bp.errorhandler(people.NoSuchCard)
def no_such(_error: Exception) -> Response:
    return missing()


@joins("noting.save")
def join_saved(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was saved while the drawer was locked. Beside words that changed meanwhile, both are kept."""
    what, on, _wrong = inputs.happened(fields, clock.here(at).date())
    card, note_id, noted = (
        _card_anyhow(drawer, values["card_id"]),
        page_id(values["note_id"]),
        Noted(on=on, what=what),
    )
    try:
        _save(drawer, card, note_id, noted, edition(fields), at)
    except (diary.NoteChanged, diary.NoSuchNote):
        diary.add(drawer, card, inputs.beside(note_id, noted), noted, at)


def _save(drawer: Drawer, card: Card, note_id: str, noted: Noted, seen: int, now: datetime) -> DiaryNote:
    if seen == 0:
        diary.add(drawer, card, note_id, noted, now)
    return diary.change(drawer, card.id, note_id, noted, seen or 1)


def _card_anyhow(drawer: Drawer, card_id: str) -> Card:
    """The card, taken away or not; a new one if it is gone for good, so that the words have somewhere to stand."""
    taken_away = {card.id: card for card in people.bin_of(drawer).cards}
    if card_id in taken_away:
        return taken_away[card_id]
    return people.add(drawer, page_id(card_id), About(name=gettext("Without a name")))


def _card(card_id: str) -> str:
    return url_for("circle.card", card_id=card_id, _anchor="dagbok")


def _form(card: Card, note_id: str, noted: Noted, *, edition: int, code: int = 200, **more: Any) -> Response:
    page = respond(
        "circle/note_edit.html",
        card=card,
        note_id=note_id,
        noted=noted,
        edition=edition,
        today=clock.today(),
        errors=more.get("errors", {}),
        theirs=more.get("theirs"),
    )
    page.status_code = code
    return page
