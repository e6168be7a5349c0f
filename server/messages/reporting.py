"""Reporting, on the pages: picking messages and words, taking it back, and what the safeguarding contact reads."""

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request, url_for

from server.circle.sorting import sort_post
from server.core import ids
from server.hosts import founding, listings
from server.hosts.listings import SAFEGUARDING, Listing
from server.messages import reading, reports, talks
from server.messages.writing import Conversation
from server.vault.drawer import Drawer
from server.vault.errors import NotVouched
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import clean, line, page_id
from server.web.language import lazy_gettext as _
from server.web.limits import brake_account
from server.web.respond import done, respond

bp = Blueprint("reporting", __name__, url_prefix="/prata")

AN_HOUR = 20  # reports: nobody needs as many
WRONG: dict[type[Exception], Any] = {
    reports.NothingPicked: _("Tick a message, or write a few words."),
    reports.TooMuch: _("That is more than one report holds. Your text is still here. Send it in two."),
}


@bp.get("/<pair>/anmal")
@unlocked
def ask(pair: str) -> Response:
    sort_post()
    return _page(_conversation(pair))


@bp.post("/<pair>/anmal")
@unlocked
def send(pair: str) -> Response:
    sort_post()
    talk, form = _conversation(pair), request.form
    draft = reports.Draft(
        id=page_id(form.get("id")),
        picked=frozenset(_picked(one) for one in form.getlist("picked")),
        words=clean(form.get("words")),
        name=line(form.get("name")),
    )
    safe = _safe(talk)
    if safe is None or safe.to is None:
        return missing()
    brake_account("reports", g.keyring.account, AN_HOUR)
    try:
        reports.send(g.db, g.keyring, _keys(), talk, (safe.profile.name, safe.to), draft)
    except (reports.NothingPicked, reports.TooMuch) as wrong:
        return _page(talk, draft, WRONG[type(wrong)], code=422)
    undo = url_for("reporting.take_back", pair=pair, id=draft.id)
    return done(url_for("reporting.ask", pair=pair), "told", undo=undo)


@bp.post("/<pair>/anmal/<id>/ta-tillbaka")
@unlocked
def take_back(pair: str, id: str) -> Response:
    """Nothing of it can be read any more, also when it has been."""
    reports.take_back(g.db, g.keyring, page_id(id))
    g.forget_deleted = True
    return done(url_for("reporting.ask", pair=pair), "undone")


@bp.get("/anmalningar")
@unlocked
def received() -> Response:
    """What has been reported, for the one whom an association has named for it. For anybody else there is nothing."""
    _refuse_others()
    sort_post()
    return respond(
        "messages/reports.html", reports=reports.received(g.db, g.keyring, _keys()[1]), about=_about
    )


@bp.post("/anmalningar/<int:letter>/klar")
@unlocked
def dealt_with(letter: int) -> Response:
    _refuse_others()
    reports.done(g.db, g.keyring, letter)
    g.forget_deleted = True
    return done(url_for("reporting.received"), "destroyed")


@bp.errorhandler(talks.NoSuchTalk)
def no_such_talk(_error: talks.NoSuchTalk) -> Response:
    return missing()


@bp.errorhandler(NotVouched)
def not_vouched(_error: NotVouched) -> Response:
    return refused("key_changed")


def _page(
    talk: Conversation, draft: reports.Draft | None = None, wrong: object = "", code: int = 200
) -> Response:
    page = respond(
        "messages/report.html",
        talk=talk,
        safe=_safe(talk),
        lines=talk.thread(reading.time_of(request.args.get("fore", ""))),
        sent=reports.sent(Drawer(g.db, g.keyring), talk.pair),
        draft=draft or reports.Draft(ids.token(), frozenset(), "", ""),
        wrong=wrong,
    )
    page.status_code = code
    return page


def _picked(value: str) -> tuple[str, str]:
    """“2026-W47/id”. Raises NotOffered."""
    week, _slash, id = value.partition("/")
    return week, page_id(id)


def _safe(talk: Conversation) -> Listing | None:
    """Whom a report about this peer reaches, also after they have left or are listed no more; None for anybody else."""
    if not talk.talk.host:
        return None
    vouching = _keys()[0]
    host = founding.host_called(g.db, vouching, talk.talk.host)
    return listings.safeguarding(g.db, vouching, host) if host else None


def _about(key: bytes) -> Listing | None:
    """The page of whoever is reported, as it stands now: the name that a reporter uses may be another."""
    return listings.of_key(g.db, _keys()[0], key)


def _refuse_others() -> None:
    own = listings.of_account(g.db, _keys()[0], g.keyring.account)
    if own is None or own.role != SAFEGUARDING:
        abort(404)


def _keys() -> Any:
    return current_app.extensions["vouching"], current_app.extensions["frank"]


def _conversation(pair: str) -> Conversation:
    return Conversation(g.db, g.keyring, pair, g.now, current_app.extensions["frank"])
