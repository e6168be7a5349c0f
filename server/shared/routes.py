"""Delat med mig: the people who show me something, one page each, and what I answer."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.circle import post, presenting
from server.circle import words as said
from server.circle.sorting import sort_post
from server.circle.wording import WordingChanged
from server.core import clock, ids
from server.messages import talks
from server.shared import inputs, reading
from server.vault import pairing
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged, NoSuchContact, NoSuchLetter
from server.vault.keyring import write_keyring
from server.vault.posted import UNJOINED
from server.vault.sealing import Secret
from server.vault.ways_in import is_lasting
from server.web.errors import missing, refused
from server.web.guard import keyring, open_to_all, unlocked
from server.web.inputs import edition
from server.web.language import lazy_gettext as _
from server.web.limits import brake_account
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("shared", __name__, url_prefix="/delat")

# What cannot be sent as it is: by which field it is said, and how.
WRONG: dict[type[Exception], tuple[str, Any]] = {
    reading.NothingSaid: ("words", _("Write a few words first.")),
    reading.TooLong: ("words", inputs.TOO_LONG),
    reading.PointsNowhere: (
        "why",
        _("Choose the wish that it points at, or write why it is worth a thought."),
    ),
    reading.NoReason: ("why", _("Write why it is worth a thought.")),
    reading.WishGone: ("why", _("That wish is not shown any more. Choose another, or write why.")),
}
# Far more than anybody needs, for all whom a reader answers together; a brake for whoever wants to bury somebody.
WORDS_AN_HOUR, RECEIPTS_AN_HOUR = 60, 120


@bp.get("")
@unlocked
def roster() -> Response:
    """Everybody who shows me something, in the order of the alphabet. Never by what is new."""
    sort_post()
    around = _around()
    return respond(
        "shared/roster.html",
        goodbyes=post.goodbyes(Drawer(g.db, g.keyring)),
        asked=reading.asked_of_me(around["people"]),
        unsaved=Drawer(g.db, g.keyring).there(UNJOINED),
        **around,
    )


@bp.get("/valkommen")
@open_to_all
def welcome() -> Response:
    """What a contact may expect, and that their own duties stand. Says nothing about anybody."""
    keyring()  # so that the tabs are those of whoever asks
    return respond("shared/welcome.html")


@bp.post("/avsked")
@unlocked
def seen_goodbyes() -> Response:
    """“Jag har läst”: somebody has ended and said so, and that need not stand any longer."""
    post.seen_goodbyes(Drawer(g.db, g.keyring))
    return done(url_for("shared.roster"), "removed")


@bp.post("/hem")
@unlocked
def choose_home() -> Response:
    """Which page comes first: what others show me, or my own day."""
    home = "shared" if request.form.get("home") == "shared" else ""
    g.keyring = write_keyring(g.db, g.keyring, g.account_key, settings=g.keyring.settings | {"home": home})
    return done(url_for("shared.roster") if home else url_for("today.today"), "changed")


@bp.get("/om-mig")
@unlocked
def about_me() -> Response:
    """A few lines about oneself, the same to everybody who shows one something (rows E14, A15)."""
    own = presenting.read(Drawer(g.db, g.keyring))
    return _about_me_page(own.texts, own.edition)


@bp.post("/om-mig")
@unlocked
def present() -> Response:
    """Saved, and sent. Two tabs that changed the same: both versions are shown, and nothing is sent."""
    sort_post()
    told, seen = inputs.presentation(request.form), edition(request.form)
    if wrong := inputs.wrong_presentation(told):
        return _about_me_page(told, seen, errors=wrong, code=422)
    try:
        saved = presenting.tell(g.db, g.keyring, _frank(), told, seen, g.now)
    except WordingChanged as changed:
        return _about_me_page(told, changed.theirs.edition, theirs=changed.theirs.texts, code=409)
    undo = url_for("shared.present_as_before", edition=saved.edition)
    return done(url_for("shared.about_me"), "presented", undo=undo)


@bp.post("/om-mig/angra/<int:edition>")
@unlocked
def present_as_before(edition: int) -> Response:
    undone = presenting.undo(g.db, g.keyring, _frank(), edition, g.now)
    return done(url_for("shared.about_me"), "undone" if undone else "nothing")


@bp.get("/<pair>")
@unlocked
def person(pair: str) -> Response:
    """“Alma visar dig”: what lies here, and nothing about what does not."""
    sort_post()
    return _page(pair)


@bp.get("/<pair>/stampel")
@unlocked
def stamp(pair: str) -> Response:
    """For the open page: what is shown now, in one word. On another word the page empties itself at once."""
    id_, contact = reading.contact_called(g.keyring, pair)
    return Response(reading.stamp(g.db, g.keyring, id_, contact, g.now), mimetype="text/plain")


@bp.post("/<pair>/oppna")
@unlocked
def open_copies(pair: str) -> AnyResponse:
    """Opening is an act: the event is committed with it, and the next page shows the text."""
    sort_post()
    id_, _contact = reading.contact_called(g.keyring, pair)
    there = reading.copies(g.db, g.keyring, id_, g.now)
    wanted = inputs.letters_in(request.form, there)
    reading.open_copies(g.db, g.keyring, _frank(), id_, wanted, g.now)
    return redirect(url_for("shared.person", pair=pair, _anchor=_anchor(wanted)), 303)


@bp.post("/<pair>/last")
@unlocked
def acknowledge(pair: str) -> Response:
    """“Läst. Jag svarar senast …”"""
    id_, _contact = reading.contact_called(g.keyring, pair)
    letter = inputs.letter_in(request.form)
    try:
        by = inputs.answer_by(request.form, clock.today())
    except inputs.NotADay:
        return _page(pair, wrong={"day": letter}, code=422)
    brake_account("receipt", g.keyring.account, RECEIPTS_AN_HOUR)
    reading.acknowledge(g.db, g.keyring, _frank(), id_, letter, by, g.now)
    return done(url_for("shared.person", pair=pair), "told")


@bp.post("/<pair>/fraga")
@unlocked
def ask(pair: str) -> Response:
    return _say(pair, "question")


@bp.post("/<pair>/forslag")
@unlocked
def suggest(pair: str) -> Response:
    """A suggestion points at a wish, or says why not (row B18). It is the other's only by their yes."""
    return _say(pair, "suggestion")


@joins("shared.ask")
def join_question(_drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    _say_later(values["pair"], "question", fields, at)


@joins("shared.suggest")
def join_suggestion(
    _drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime
) -> None:
    _say_later(values["pair"], "suggestion", fields, at)


@bp.get("/<pair>/ord")
@unlocked
def words(pair: str) -> Response:
    sort_post()
    id_, contact = reading.contact_called(g.keyring, pair)
    three = pairing.three_words(g.keyring, id_)
    return respond("shared/words.html", contact=contact, three=three, **_around(pair))


@bp.get("/<pair>/sluta")
@unlocked
def ask_leave(pair: str) -> Response:
    """Leaving is for good, so it asks first."""
    _id, contact = reading.contact_called(g.keyring, pair)
    return respond("shared/leave.html", contact=contact, **_around(pair))


@bp.post("/<pair>/sluta")
@unlocked
def leave(pair: str) -> Response:
    id_, _contact = reading.contact_called(g.keyring, pair)
    g.keyring = reading.leave(g.db, g.keyring, g.account_key, _frank(), id_, g.now)
    g.forget_deleted = True
    return done(url_for("shared.roster"), "parted")


@bp.errorhandler(NoSuchContact)
def no_such_contact(_error: NoSuchContact) -> Response:
    return missing()


@bp.errorhandler(NoSuchLetter)
@bp.errorhandler(reading.NotOpened)
def taken_back(_error: Exception) -> Response:
    """Stopped or over since the page was drawn. Nothing was opened, and nothing was told."""
    return refused("taken_back", 409)


@bp.errorhandler(ContactKeyChanged)
def key_changed(_error: ContactKeyChanged) -> Response:
    return refused("key_changed", 409)


def _say(pair: str, what: Any) -> Response:
    """The words are kept on the page when they do not fit."""
    id_, _contact = reading.contact_called(g.keyring, pair)
    words = inputs.said(request.form, what, g.now)
    reading.met(g.keyring, id_)
    brake_account("words", g.keyring.account, WORDS_AN_HOUR)
    try:
        reading.say(g.db, g.keyring, _frank(), id_, words, g.now)
    except tuple(WRONG) as error:
        return _page(pair, wrong={what: WRONG[type(error)]}, typed={what: words}, code=422)
    return done(url_for("shared.person", pair=pair), "told")


def _say_later(pair: str, what: Any, fields: MultiDict[str, str], at: datetime) -> None:
    """What was sent while it was locked goes now. When there is nobody left to send it to, it goes nowhere."""
    words = inputs.said(fields, what, at)
    words = replace(words, text=words.text[: reading.LONGEST], why=words.why[: reading.LONGEST] or "–")
    with suppress(*WRONG, NoSuchContact):
        id_, _contact = reading.contact_called(g.keyring, pair)
        reading.met(g.keyring, id_)
        brake_account("words", g.keyring.account, WORDS_AN_HOUR)  # beyond it, what was left waits on
        reading.say(g.db, g.keyring, _frank(), id_, words, at)


def _page(pair: str, *, code: int = 200, **answered: Any) -> Response:
    id_, contact = reading.contact_called(g.keyring, pair)
    there = reading.copies(g.db, g.keyring, id_, g.now)
    page = respond(
        "shared/person.html",
        contact=contact,
        copies=there,
        asks=reading.asked(there),
        wishes=reading.wishes(there),
        said=reading.inbox_of(g.db, g.keyring, id_).said[::-1],
        stamp=reading.stamp(g.db, g.keyring, id_, contact, g.now),
        days=inputs.days_to_tap(clock.today()),
        new_ids=(ids.token(), ids.token()),
        today=clock.today(),
        takes=talks.takes(Drawer(g.db, g.keyring), pair),
        **{"wrong": {}, "typed": {}, **answered},
        **_around(pair),
    )
    page.status_code = code
    return page


def _about_me_page(texts: dict[str, str], edition: int, *, code: int = 200, **answered: Any) -> Response:
    more = {"errors": {}, "theirs": None, **answered}
    page = respond("shared/about_me.html", texts=texts, edition=edition, **more, **_around())
    page.status_code = code
    return page


def _around(pair: str = "") -> dict[str, Any]:
    """What stands beside every page here: the people, and whether there is a key to come back with."""
    return {
        "people": reading.roster(g.db, g.keyring, g.now),
        "here": pair,
        "lasting": is_lasting(g.keyring),
        "words": said,
        "at_home": g.keyring.settings.get("home") == "shared",
    }


def _frank() -> Secret:
    found: Secret = current_app.extensions["frank"]
    return found


def _anchor(letters: list[int]) -> str | None:
    return f"copy-{letters[0]}" if letters else None
