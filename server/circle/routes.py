"""Kretsen: my people, one card each, and what was taken away."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from server.circle import (
    diary,
    hearing,
    inputs,
    matters,
    openings,
    people,
    post,
    presenting,
    sharing,
    versions,
    words,
)
from server.circle.payloads import About, Card, Hat
from server.circle.sorting import sort_post
from server.core import clock, ids
from server.vault import invitations, pairing
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged
from server.vault.keyring import Contact
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import edition, page_id
from server.web.language import gettext, long_date, lower_first
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("circle", __name__, url_prefix="/kretsen")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("")
@unlocked
def circle() -> Response:
    """Everybody on one page: who they are, what they have, and who holds what."""
    sort_post()
    cards, live = people.everyone(drawer()), sharing.live(drawer(), g.now)
    return respond(
        "circle/circle.html",
        people=cards,
        holds=openings.by_pair(live),
        opened=openings.latest(drawer()),
        title_of=openings.title_of,
        invited=invitations.invitations(g.db, g.keyring),
        now=g.now,
        unanswered=[one for one in hearing.heard(drawer()) if not one.answer],
        cards={card.id: card for card in cards},
        main=next((card for card in cards if card.main), None),
        matters=matters.open_matters(drawer()),
        today=clock.today(),
        stands_still=matters.stands_still,
        words=words,
    )


@bp.get("/ny")
@unlocked
def new() -> Response:
    return _form(ids.token(), About(name=""), edition=0)


@bp.get("/<card_id>")
@unlocked
def card(card_id: str) -> Response:
    sort_post()
    found = people.find_card(drawer(), card_id)
    return respond(
        "circle/card.html",
        card=found,
        other=_other_of(found),
        matters=[one for one in matters.open_matters(drawer()) if one.actor == card_id],
        notes=diary.notes(drawer(), card_id),
        note_id=ids.token(),
        today=clock.today(),
        words=words,
        invitation=invitations.invitation_for(g.db, g.keyring, card_id),
        now=g.now,
        **_shared_with(found),
    )


@bp.post("/<card_id>/valj")
@unlocked
def choose(card_id: str) -> Response:
    """Two phones wrote on one card: what it says here or there stays, where the first one stands."""
    settled = versions.settle_card(drawer(), page_id(card_id), inputs.how(request.form))
    _meet_as_written(settled.id)
    return done(url_for("circle.card", card_id=settled.id), "changed")


@bp.get("/<card_id>/andra")
@unlocked
def edit(card_id: str) -> Response:
    found = people.find_card(drawer(), card_id)
    return _form(card_id, found.about, edition=found.edition)


@bp.post("/<card_id>/andra")
@unlocked
def save(card_id: str) -> Response:
    """Save a new card (edition 0) or new text on an old one. Two that changed the same: both are shown."""
    card_id, about, seen = page_id(card_id), inputs.about(request.form), edition(request.form)
    if wrong := inputs.wrong_about(about):
        return _form(card_id, about, edition=seen, errors=wrong, code=422)
    try:
        saved = _save(drawer(), card_id, about, seen)
    except people.CardChanged as changed:
        return _form(card_id, about, edition=changed.theirs.edition, theirs=changed.theirs, code=409)
    _meet_as_written(card_id)
    undo = url_for("circle.undo", card_id=card_id, edition=saved.edition)
    return done(url_for("circle.card", card_id=card_id), "saved", undo=undo)


@bp.post("/<card_id>/angra/<int:edition>")
@unlocked
def undo(card_id: str, edition: int) -> Response:
    """Take back what was just saved; a new card goes to the bin."""
    undone = people.undo(drawer(), card_id, edition)
    _meet_as_written(card_id)
    where = url_for("circle.circle") if edition == 1 else url_for("circle.card", card_id=card_id)
    return done(where if undone else url_for("circle.circle"), "undone" if undone else "nothing")


@bp.post("/<card_id>/huvudkontakt")
@unlocked
def make_main(card_id: str) -> Response:
    earlier = people.make_main(drawer(), card_id)
    undo = url_for("circle.make_main", card_id=earlier) if earlier else _not_main(card_id)
    return done(url_for("circle.card", card_id=card_id), "main", undo=undo)


@bp.post("/<card_id>/huvudkontakt/bort")
@unlocked
def not_main(card_id: str) -> Response:
    people.not_main(drawer(), card_id)
    undo = url_for("circle.make_main", card_id=card_id)
    return done(url_for("circle.card", card_id=card_id), "not_main", undo=undo)


@bp.post("/<card_id>/bort")
@unlocked
def take_away(card_id: str) -> Response:
    """Whoever is taken out of the circle reads nothing more. It looks to them like stopping, and can be undone."""
    _stop_all(page_id(card_id))
    people.take_away(drawer(), card_id)
    return done(url_for("circle.circle"), "removed", undo=url_for("circle.put_back", card_id=card_id))


@bp.get("/borttaget")
@unlocked
def removed() -> Response:
    return respond("circle/bin.html", bin=people.bin_of(drawer()), words=words)


@bp.post("/borttaget/<card_id>/tillbaka")
@unlocked
def put_back(card_id: str) -> Response:
    """With what this person could read when they were taken away: the same versions, until the same end."""
    _give_back(people.put_back(drawer(), card_id))
    return done(url_for("circle.card", card_id=card_id), "back")


@bp.get("/borttaget/<thing_id>/for-gott")
@unlocked
def ask_destroy(thing_id: str) -> Response:
    """Deleting for good asks first (hard rule 8)."""
    bin_ = people.bin_of(drawer())
    names = {card.id: card.name for card in bin_.cards} | {matter.id: matter.title for matter in bin_.matters}
    names |= {note.id: f"{note.name}, {lower_first(long_date(note.on))}" for note in bin_.notes}
    if thing_id in names:
        return respond("circle/destroy.html", name=names[thing_id], thing_id=thing_id)
    abort(404)


@bp.post("/borttaget/<thing_id>/for-gott")
@unlocked
def destroy(thing_id: str) -> Response:
    """Gone for good, and with a card its notes and the pairing: what that person writes is not received any more."""
    for card in people.bin_of(drawer()).cards:
        if card.id == thing_id:
            frank = current_app.extensions["frank"]
            g.keyring = post.part_unless_here(g.db, g.keyring, g.account_key, card, g.now, frank)
    diary.destroy(drawer(), thing_id)
    people.destroy(drawer(), thing_id)
    matters.destroy(drawer(), thing_id)
    g.forget_deleted = True
    return done(url_for("circle.removed"), "destroyed")


@bp.errorhandler(people.NoSuchCard)
def no_such_card(_error: people.NoSuchCard) -> Response:
    return missing()


@bp.errorhandler(people.TooManyPeople)
def too_many(_error: people.TooManyPeople) -> Response:
    return refused("full_circle")


@joins("circle.save")
def join_saved(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    """What was saved while the drawer was locked. Beside a text that changed meanwhile, both are kept."""
    about, card_id = inputs.about(fields), page_id(values["card_id"])
    about = about if about.name else replace(about, name=gettext("Without a name"))
    try:
        _save(drawer, card_id, about, edition(fields))
    except (people.CardChanged, people.NoSuchCard):
        people.add(drawer, inputs.beside(card_id, about), about)


def _other_of(card: Card) -> str:
    """The address of the other version, where two phones wrote at once."""
    found = versions.of_card(drawer(), card)
    other = next((one.id for one in found or () if one.id != card.id), None)
    return url_for("circle.card", card_id=other) if other else ""


def _meet_as_written(card_id: str) -> None:
    """The keyring knows somebody by the name that the card says."""
    try:
        card = people.find_card(drawer(), card_id)
    except people.NoSuchCard:
        return
    contact = _contact(drawer(), card)
    if contact and contact.name != card.name:
        pair = bytes.fromhex(card.relation)
        g.keyring = pairing.change(g.db, g.keyring, g.account_key, pair, name=card.name)


def _contact(drawer: Drawer, card: Card) -> Contact | None:
    """The account behind a card, while there is one."""
    return drawer.keyring.contacts.get(bytes.fromhex(card.relation))


def _stop_all(card_id: str) -> None:
    """No copy is left with this person, and no invitation to come in by. The pairing lasts as long as the card."""
    try:
        card = people.find_card(drawer(), card_id)
    except people.NoSuchCard:
        return
    invitations.cancel(g.db, g.keyring, card_id)
    theirs = [one.id for one in sharing.live(drawer(), g.now) if one.pair == card.relation]
    if theirs:
        batch = sharing.stop(g.db, g.keyring, g.now, theirs)
        people.alter(drawer(), card_id, lambda one: replace(one, stopped=batch))
        g.forget_deleted = True


def _give_back(card: Card) -> None:
    """What was stopped when the card was taken away; nothing when the other has left, or has another key, since."""
    pair = bytes.fromhex(card.relation)
    ended = card.ended or bool(card.relation and pair not in g.keyring.contacts)
    if card.stopped and not ended:
        with suppress(ContactKeyChanged, sharing.FrameRequired), g.db.begin_nested():
            sharing.give_again(g.db, g.keyring, current_app.extensions["frank"], g.now, pair, card.stopped)
    people.alter(drawer(), card.id, lambda one: replace(one, stopped="", ended=ended))


def _shared_with(card: Card) -> dict[str, Any]:
    """What this person holds and has said, and what whoever was here before had."""
    if not (card.relation or card.follows):
        return {"holds": [], "before": []}
    live, followed = sharing.live(drawer(), g.now), card.follows
    return {
        "contact": None if card.ended else g.keyring.contacts.get(bytes.fromhex(card.relation)),
        "holds": [one for one in live if one.pair == card.relation],
        "heard": hearing.heard(drawer(), card.relation) if card.relation else [],
        "presented": presenting.of(drawer(), card.relation) if card.relation else {},
        "gap": card.relation in openings.gaps(drawer()),
        "before": sharing.over(drawer(), bytes.fromhex(followed)) if followed else [],
        "called": openings.called,
        "partly": openings.partly,
        "verified": words.VERIFIED,
    }


def _save(drawer: Drawer, card_id: str, about: About, seen: int) -> Card:
    """The hat of somebody who has been met stays: what they hold was handed to them in it (row D21)."""
    known = drawer.find(people.card_record(card_id)).get(people.card_record(card_id))
    contact = _contact(drawer, known.payload) if known else None
    if contact:
        about = replace(about, hat=Hat(contact.hat))
    if seen == 0:
        people.add(drawer, card_id, about)
    return people.change(drawer, card_id, about, seen or 1)


def _not_main(card_id: str) -> str:
    return url_for("circle.not_main", card_id=card_id)


def _form(card_id: str, about: About, *, edition: int, code: int = 200, **more: Any) -> Response:
    known = drawer().find(people.card_record(card_id)).get(people.card_record(card_id))
    page = respond(
        "circle/edit.html",
        met=_contact(drawer(), known.payload) if known else None,
        card_id=card_id,
        about=about,
        edition=edition,
        errors=more.get("errors", {}),
        theirs=more.get("theirs"),
        words=words,
    )
    page.status_code = code
    return page
