"""What each contact holds: until when, opened when, what they said; stopping it, and ending with somebody."""

import csv
import io
from contextlib import suppress
from datetime import datetime

from flask import Blueprint, Response, current_app, g, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from server.circle import hearing, openings, people, post, sharing
from server.circle.copies import Answer, Farewell
from server.circle.payloads import About, Card
from server.circle.sorting import sort_post
from server.core import ids
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged, NoSuchContact
from server.vault.letters import Letters
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import NotOffered, clean, line, page_id
from server.web.language import gettext, when
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("holding", __name__, url_prefix="/kretsen")

_ANSWERS: dict[str, Answer] = {"yes": "yes", "not_now": "not_now", "no": "no", "read": "read", "": ""}


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.post("/<card_id>/sluta/<handed_id>")
@unlocked
def stop_one(card_id: str, handed_id: str) -> Response:
    return _stop(people.find_card(drawer(), card_id), [handed_id])


@bp.post("/<card_id>/sluta")
@unlocked
def stop_all(card_id: str) -> Response:
    """Every copy that this contact has."""
    card = people.find_card(drawer(), card_id)
    return _stop(card, [one.id for one in sharing.live(drawer(), g.now) if one.pair == card.relation])


@bp.post("/<card_id>/sluta/<batch>/angra")
@unlocked
def give_again(card_id: str, batch: str) -> Response:
    """Undo a stop: the same versions are handed over anew."""
    card = people.find_card(drawer(), card_id)
    frank = current_app.extensions["frank"]
    again = sharing.give_again(g.db, g.keyring, frank, g.now, _pair(card), batch)
    return done(url_for("circle.card", card_id=card_id), "again" if again else "nothing")


@bp.post("/sluta-allt")
@unlocked
def stop_everything() -> Response:
    """Every copy that anybody has."""
    batch = sharing.stop(g.db, g.keyring, g.now, [one.id for one in sharing.live(drawer(), g.now)])
    g.forget_deleted = True
    undo = url_for("holding.give_everything_again", batch=batch)
    return done(url_for("circle.circle"), "stopped", undo=undo)


@bp.post("/sluta-allt/<batch>/angra")
@unlocked
def give_everything_again(batch: str) -> Response:
    """Undo it: to everybody who still is in the circle."""
    frank, again = current_app.extensions["frank"], 0
    here = {card.relation for card in people.everyone(drawer())}
    for pair in g.keyring.contacts:
        if pair.hex() in here:
            again += sharing.give_again(g.db, g.keyring, frank, g.now, pair, batch)
    return done(url_for("circle.circle"), "again" if again else "nothing")


@bp.get("/<card_id>/avsluta")
@unlocked
def ask_end(card_id: str) -> Response:
    return _end_page(people.find_card(drawer(), card_id))


@bp.post("/<card_id>/avsluta")
@unlocked
def end(card_id: str) -> Response:
    """End with somebody: told or quietly. Quietly looks to them like stopping, and what they write is dropped."""
    sort_post()  # what came before is heard
    card = people.find_card(drawer(), card_id)
    contact = g.keyring.contacts.get(_pair(card))
    if request.form.get("how") == "told" and contact and contact.state == "active":
        Letters(g.db, g.keyring, g.now, current_app.extensions["frank"]).send(_pair(card), Farewell(at=g.now))
    _part(card)
    return done(url_for("circle.card", card_id=card_id), "ended")


@bp.post("/<card_id>/ny-person")
@unlocked
def somebody_new(card_id: str) -> Response:
    """“Ny handläggare”: the old one reads nothing from now on, the new one nothing until handed anew. Twice is once."""
    sort_post()
    old, new_id = people.find_card(drawer(), card_id), page_id(request.form.get("id"))
    name = line(request.form.get("name"))[:200]
    if not name:
        return _end_page(old, new_id, wrong="name")
    _part(old)
    kept = {field: getattr(old, field) for field in ("role", "organisation", "hat", "decides", "called")}
    new = people.add(drawer(), new_id, About(name=name, **kept))
    people.alter(drawer(), new.id, lambda card: replace(card, follows=old.relation))
    if old.main:
        people.make_main(drawer(), new.id)
    return done(url_for("circle.card", card_id=new.id), "replaced")


@bp.post("/hort/<pair>/<said_id>")
@unlocked
def answer(pair: str, said_id: str) -> Response:
    """Yes, not now, no, or in other words. Nobody is told; the reason stays private."""
    given = request.form.get("answer", "")
    if given not in _ANSWERS:
        raise NotOffered
    own, reason = clean(request.form.get("own")), clean(request.form.get("reason"))
    hearing.answer(drawer(), pair, said_id, _ANSWERS[given], own, reason)
    return done(url_for("holding.said"), "saved")


@bp.post("/hort/<pair>/<said_id>/bort")
@unlocked
def take_away(pair: str, said_id: str) -> Response:
    """Also when whoever said it is in the circle no more. Nobody is told."""
    hearing.take_away(drawer(), pair, said_id)
    g.forget_deleted = True
    undo = url_for("holding.put_back", pair=pair, said_id=said_id)
    return done(url_for("holding.said"), "removed", undo=undo)


@bp.post("/hort/<pair>/<said_id>/tillbaka")
@unlocked
def put_back(pair: str, said_id: str) -> Response:
    back = hearing.put_back(drawer(), pair, said_id)
    return done(url_for("holding.said"), "back" if back else "nothing")


@joins("holding.answer")
def join_answer(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    """What was answered while the drawer was locked. What was taken away since is answered no more."""
    own, reason = clean(fields.get("own")), clean(fields.get("reason"))
    given = _ANSWERS.get(fields.get("answer", ""), "")
    with suppress(hearing.NotHeard):
        hearing.answer(drawer, values["pair"], values["said_id"], given, own, reason)


@bp.get("/sagt")
@unlocked
def said() -> Response:
    """What contacts have asked and suggested."""
    sort_post()
    return respond("circle/said.html", heard=hearing.heard(drawer()))


@bp.get("/oppnat")
@unlocked
def opened() -> Response:
    """Vem har öppnat vad, and what was shown or printed; the latest month first."""
    sort_post()
    return respond("circle/opened.html", before=sharing.history(drawer()), **openings.everything(drawer()))


@bp.get("/oppnat.csv")
@unlocked
def opened_as_file() -> Response:
    """The same as a table, for one's own keeping."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\r\n")
    rows.writerow([gettext("When"), gettext("Who"), gettext("What")])
    for one in openings.everything(drawer())["lines"]:
        rows.writerow([when(one.at), _plain(one.name), _plain(openings.title_of(one.item))])
    headers = {"Content-Disposition": 'attachment; filename="oppnat.csv"'}
    return Response("\ufeff" + table.getvalue(), mimetype="text/csv", headers=headers)


@bp.errorhandler(ContactKeyChanged)
@bp.errorhandler(NoSuchContact)
def contact_gone(_error: Exception) -> Response:
    return refused("contact_gone")


@bp.errorhandler(people.NoSuchCard)
@bp.errorhandler(hearing.NotHeard)
def not_there(_error: Exception) -> Response:
    return missing()


def _stop(card: Card, going: list[str]) -> Response:
    mine = {one.id for one in sharing.live(drawer(), g.now) if one.pair == card.relation}
    batch = sharing.stop(g.db, g.keyring, g.now, mine & set(going))
    g.forget_deleted = True
    undo = url_for("holding.give_again", card_id=card.id, batch=batch) if mine & set(going) else None
    return done(url_for("circle.card", card_id=card.id), "stopped" if undo else "nothing", undo=undo)


def _end_page(card: Card, new_id: str = "", *, wrong: str = "") -> Response:
    page = respond("circle/end.html", card=card, new_id=new_id or ids.token(), wrong=wrong, name="")
    page.status_code = 422 if wrong else 200
    return page


def _part(card: Card) -> None:
    """Nothing more can be read, and nothing more comes from there. The card stays, on paper."""
    if _pair(card) in g.keyring.contacts:
        frank = current_app.extensions["frank"]
        g.keyring = post.part(g.db, g.keyring, g.account_key, _pair(card), g.now, frank)
    people.alter(drawer(), card.id, lambda one: replace(one, ended=bool(one.relation)))
    g.forget_deleted = True


def _pair(card: Card) -> bytes:
    return bytes.fromhex(card.relation)


def _plain(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
