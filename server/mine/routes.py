"""Mitt: take everything along, read it in, leave."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, request, url_for

from server.circle.sorting import sort_post
from server.core import clock
from server.days import inputs as day_words
from server.days.payloads import Day
from server.messages.along import here_already, taken_along
from server.mine import inputs
from server.mine.bring import Incoming, bring, foretell
from server.mine.export import export
from server.mine.kind import Voice
from server.mine.others import others
from server.mine.problems import CannotRead
from server.mine.receive import Moment, Opened, open_waiting, receive
from server.mine.waiting import Waiting, lay_by, throw, waiting_in
from server.vault.drawer import Drawer
from server.vault.leaving import delete_account
from server.vault.notices import forget as forget_notices
from server.web.guard import SESSION, is_locked, key_fits_nothing, keyring, open_to_all, sign_out, unlocked
from server.web.language import LANGUAGE, gettext
from server.web.limits import brake
from server.web.respond import done, respond

bp = Blueprint("mine", __name__, url_prefix="/mitt")

FILES_AN_HOUR = 120  # many may sit behind one address; a brake for a script


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("")
@unlocked
def mine() -> Response:
    return respond("mine/mine.html", host=current_app.extensions["host_of"](g.db, account=g.keyring.account))


@bp.get("/allt.zip")
@unlocked
def everything() -> Response:
    """“Ladda ner allt”."""
    brake("files", FILES_AN_HOUR)
    sort_post()
    response = make_response(export(drawer(), _voice(), taken_along(g.db, g.keyring, g.now)))
    response.mimetype = "application/zip"
    response.headers["Content-Disposition"] = f"attachment; filename=dagsform-{clock.today()}.zip"
    return response


@bp.get("/las-in")
@unlocked
def read_in() -> Response:
    return respond("mine/read_in.html", waits=waiting_in(drawer()) is not None, problem=None)


@bp.post("/las-in")
@unlocked
def upload() -> Response:
    """The file is looked through and lies sealed until the next page has told what is in it."""
    brake("files", FILES_AN_HOUR)
    try:
        lay_by(drawer(), receive(inputs.file_in(request), _moment()))
    except CannotRead as problem:
        return _not_read(problem)
    return make_response(redirect(url_for("mine.waiting"), 303))


@bp.get("/las-in/fil")
@unlocked
def waiting() -> Response:
    """What the file holds and what would happen. Nothing has been laid in."""
    sort_post()
    found = _waiting()
    try:
        opened = open_waiting(found, _moment())
    except CannotRead as problem:
        return _not_read(problem)
    return respond(
        "mine/waiting.html",
        outcome=foretell(drawer(), _known(opened)),
        log=opened.log,
        days=_days_in(opened),
        moods=day_words.MOODS,
    )


@bp.post("/las-in/fil")
@unlocked
def lay_in() -> Response:
    sort_post()
    found = _waiting()
    try:
        opened = open_waiting(found, _moment(), lambda words: inputs.moods_in(request.form, words))
    except CannotRead as problem:
        return _not_read(problem)
    bring(drawer(), _known(opened))
    throw(drawer())
    g.forget_deleted = True
    return done(_where(opened), "brought")


@bp.post("/las-in/fil/slang")
@unlocked
def throw_away() -> Response:
    throw(drawer())
    g.forget_deleted = True
    return done(url_for("mine.read_in"), "thrown")


@bp.get("/ta-bort")
@unlocked
def ask_delete() -> Response:
    """Deleting for good asks first (hard rule 8), and says who has something now."""
    return respond("mine/delete.html", others=others(drawer(), g.keyring, g.now))


@bp.post("/ta-bort")
@open_to_all
def delete() -> Response:
    """Gone for good, and this device keeps nothing. Twice is harmless."""
    account = keyring()
    if account:
        delete_account(g.db, account)
        forget_notices(g.db, current_app.extensions["push"], account.account)
        current_app.extensions["sessions"].end_all(account.account)
    elif is_locked() or (SESSION in request.cookies and not key_fits_nothing()):
        abort(401)  # closed just now: nothing is deleted, so nothing is said to be
    sign_out()
    g.forget_deleted = True
    return done(url_for("today.today"), "left")


def _waiting() -> Waiting:
    """The file that waits; 404 when there is none (read in or thrown away in another tab)."""
    return waiting_in(drawer()) or abort(404)


def _known(opened: Opened) -> Incoming:
    """What comes in, beside what others have written here."""
    return replace(opened.incoming, known=tuple(here_already(g.db, g.keyring, g.now)))


def _days_in(opened: Opened) -> list[date]:
    return sorted(thing.date for _kind, thing in opened.incoming.things if isinstance(thing, Day))


def _where(opened: Opened) -> str:
    """Where what was read in can be seen: the month of its latest day."""
    days = _days_in(opened)
    if not days:
        return url_for("mine.mine")
    return url_for("days.month", year=days[-1].year, month=f"{days[-1].month:02d}")


def _not_read(problem: CannotRead) -> Response:
    """One sentence, and the form again. Nothing was changed."""
    sentence = gettext(problem.sentence, **problem.values)
    page = respond("mine/read_in.html", waits=False, problem=sentence)
    page.status_code = 422
    return page


def _moment() -> Moment:
    return Moment(now=g.now, today=clock.today(), say=gettext)


def _voice() -> Voice:
    """The words in the language of the page, for files that people read."""
    return Voice(
        say=gettext,
        locale=LANGUAGE,
        forms={form: str(word) for form, word in day_words.FORMS.items()},
        costs={cost: str(word) for cost, word in day_words.COSTS.items()},
        moods={mood: str(word) for mood, word in day_words.MOODS.items()},
        circumstances={one: str(word) for one, word in day_words.CIRCUMSTANCES.items()},
        names={pair.hex(): one.name for pair, one in g.keyring.contacts.items() if one.side == "theirs"},
    )
