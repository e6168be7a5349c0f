"""Prata: who I write with, and one conversation."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import TooManyRequests

import server.messages.sorting  # noqa: F401 - what comes in is sorted from the first request on
from server.circle import words as circle_words
from server.circle.sorting import sort_post
from server.core import clock, ids
from server.hosts import listings
from server.hosts.listings import Listing
from server.messages import drafts, listing, near, peers, reading, talks, writing
from server.messages.asking_routes import asked_so_far
from server.messages.peer_routes import come_in, keys
from server.messages.writing import Conversation
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged, NoSuchContact
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import NotOffered, clean, day_in, page_id
from server.web.language import lazy_gettext as _
from server.web.limits import brake_account
from server.web.respond import done, respond
from server.web.tray import joins, sends

bp = Blueprint("messages", __name__, url_prefix="/prata")

AN_HOUR = 120  # messages to everybody together: a conversation never needs as many
READY = {"yes": _("Yes, please"), "no": _("No, thank you")}  # a tap that is a message
WRONG: dict[type[Exception], Any] = {
    writing.NothingWritten: _("Write a few words first."),
    writing.TooLong: _(
        "That is more than fits in one message. Your text is still here. Shorten it, or send it in two."
    ),
    writing.TooLate: _(
        "A message can be changed for five minutes. Your text is still here. Send it as a new one."
    ),
}

CANNOT_SEND = (
    *(writing.NothingWritten, writing.TooLong, writing.CannotWrite, talks.NoSuchTalk),
    *(NoSuchContact, ContactKeyChanged, TooManyRequests),
)


@bp.get("")
@unlocked
def all_talks() -> Response:
    """Whom I write with, in the order of the alphabet. News is a word beside the name."""
    come_in()
    drawer, own = Drawer(g.db, g.keyring), peers.own(g.db, keys(), g.keyring)
    return respond(
        "messages/talks.html",
        words=circle_words,
        own=own,
        asks=len(peers.asks(g.db, g.keyring)) if own else 0,
        asked=asked_so_far(),
        **listing.around(drawer),
    )


@bp.get("/nar-det-ar-svart")
@unlocked
def guidance() -> Response:
    """For whoever supports somebody, when a message is hard to answer."""
    own = peers.own(g.db, keys(), g.keyring)
    return respond("messages/guidance.html", host=own.host.words if own else None, words=circle_words)


@bp.get("/<pair>")
@unlocked
def talk(pair: str) -> Response:
    sort_post()
    return _page(_conversation(pair))


@bp.get("/<pair>/nytt")
@unlocked
def fresh(pair: str) -> Response:
    """What an open page asks for when it has heard that there is something new."""
    sort_post()
    found = _conversation(pair)
    _seen(found)
    return make_response(render_template("messages/_thread.html", **_thread(found)))


@bp.post("/<pair>/skriv")
@unlocked
def send(pair: str) -> Response:
    """A message, or one of the ready answers; what was typed beside a ready answer stays in the field."""
    sort_post()  # the other may have left, or said no, since the page was drawn
    found, ready, typed = _conversation(pair), request.form.get("ready", ""), clean(request.form.get("words"))
    brake_account("messages", g.keyring.account, AN_HOUR)
    if ready and ready not in READY:
        found.tell(by=_by(ready), tired=ready == "tired")
        _keep_draft(found, typed)
        return done(_address(pair), "told")
    text = str(READY[ready]) if ready else typed
    try:
        found.send(page_id(request.form.get("id")), text)
    except (writing.NothingWritten, writing.TooLong) as wrong:
        return _page(found, typed=text, wrong=WRONG[type(wrong)], code=422)
    _keep_draft(found, typed if ready else "")
    return _to(pair)


@bp.post("/<pair>/utkast")
@unlocked
def keep_draft(pair: str) -> Response:
    """What stands in the field, kept by itself."""
    kept = _keep_draft(_conversation(pair), request.form.get("words", "").replace("\0", ""))
    return Response(status=204 if kept else 413)


@bp.get("/<pair>/<id>")
@unlocked
def message(pair: str, id: str) -> Response:
    """One message, and what can be done with it."""
    found = _conversation(pair)
    return _message_page(found, found.line(id, _week()))


@bp.post("/<pair>/<id>/andra")
@unlocked
def edit(pair: str, id: str) -> Response:
    sort_post()
    found, text = _conversation(pair), clean(request.form.get("words"))
    brake_account("messages", g.keyring.account, AN_HOUR)
    try:
        found.edit(page_id(id), text)
    except (writing.NothingWritten, writing.TooLong, writing.TooLate) as wrong:
        return _message_page(found, found.line(id, _week()), typed=text, wrong=WRONG[type(wrong)], code=422)
    g.forget_deleted = True
    return done(_address(pair), "changed")


@bp.post("/<pair>/<id>/bort")
@unlocked
def remove(pair: str, id: str) -> Response:
    """My own is taken back from the other, too; theirs leaves my side only. The other is told of neither."""
    sort_post()
    _conversation(pair).remove(page_id(id), _week())
    g.forget_deleted = True
    return done(_address(pair), "removed", undo=url_for("messages.put_back", pair=pair))


@bp.post("/<pair>/tillbaka")
@unlocked
def put_back(pair: str) -> Response:
    return done(_address(pair), "back" if _conversation(pair).put_back() else "nothing")


@bp.post("/<pair>/ta-emot")
@unlocked
def take_messages(pair: str) -> Response:
    """Whoever was invited says whether the owner may write to them."""
    _conversation(pair).take_messages(request.form.get("yes") == "1")
    return done(url_for("shared.person", pair=pair), "saved")


@joins("messages.send")
def join_sent(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was sent while it was locked waits as a draft: it goes to somebody else only by a tap that is seen."""
    join_draft(drawer, values, fields, at)


@sends("messages.send")
def send_now(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was sent without a connection goes on its way, once. What cannot be sent any more waits as a draft."""
    ready, typed = fields.get("ready", ""), clean(fields.get("words"))
    try:
        with drawer.db.begin_nested():
            found = _conversation(values["pair"])
            brake_account("messages", g.keyring.account, AN_HOUR)
            if ready and ready not in READY:
                found.tell(by=_by(ready), tired=ready == "tired")
            else:
                found.send(page_id(fields.get("id")), str(READY[ready]) if ready else typed)
            if ready:
                drafts.join(drawer, found.pair, typed)
            else:
                drafts.forget(drawer, found.pair, typed)
    except CANNOT_SEND:
        join_draft(drawer, values, fields, at)


@joins("messages.keep_draft")
def join_draft(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    """Beside what stands in the draft meanwhile, both are kept."""
    drafts.join(drawer, values["pair"], clean(fields.get("words")))


@bp.errorhandler(talks.NoSuchTalk)
@bp.errorhandler(NoSuchContact)
def no_such_talk(_error: Exception) -> Response:
    return missing()


@bp.errorhandler(writing.CannotWrite)
@bp.errorhandler(ContactKeyChanged)
def cannot_write(_error: Exception) -> Response:
    return refused("cannot_write")


def _conversation(pair: str) -> Conversation:
    ours = current_app.extensions
    return Conversation(g.db, g.keyring, pair, g.now, ours["frank"], ours["push"])


def _page(found: Conversation, *, typed: str | None = None, wrong: object = "", code: int = 200) -> Response:
    drawer = Drawer(g.db, g.keyring)
    draft = drafts.read(drawer, found.pair) if typed is None else typed
    _seen(found)
    page = respond(
        "messages/talk.html",
        **_thread(found),
        typed=draft,
        wrong=wrong,
        new_id=ids.token(),
        days=near.answer_days(clock.today()),
        beside=listing.beside(drawer, found),
        peer=_listing(found),
        today=clock.today(),
        late=near.is_late(clock.here(g.now)),
        heavy=near.is_heavy(drawer, clock.today()),
        words=circle_words,
    )
    page.status_code = code
    return page


def _listing(found: Conversation) -> Listing | None:
    """The page of the peer whom one writes with: when they answer, and whether they are away."""
    if found.contact is None or not found.is_vouched:
        return None
    return listings.of_key(g.db, keys().vouching, found.contact.public_key)


def _thread(found: Conversation) -> dict[str, Any]:
    thread = found.thread(reading.time_of(request.args.get("fore", "")))
    mine = [one for one in thread.lines if one.sent]
    heard, told = found.talk.heard, found.talk.told
    theirs = [one for one in thread.lines if not one.mine and found.talk.theirs_last]
    read = [one.id for one in mine if heard and one.at <= heard.upto]
    return {
        "talk": found,
        "thread": thread,
        "last_mine": mine[-1].id if mine else "",
        "last_read": read[-1] if read else "",
        "heard": heard,
        "waits": talks.waits(found.talk),
        "told": told,
        "answered": next((one.id for one in theirs if told and one.at == told.upto), ""),
    }


def _week() -> str:
    """In which week a message lies, as its link says: so that it is not looked for in all the years."""
    return request.values.get("vecka", "")


def _message_page(
    found: Conversation, line: reading.Line, *, typed: str | None = None, wrong: object = "", code: int = 200
) -> Response:
    page = respond(
        "messages/message.html",
        talk=found,
        line=line,
        can_edit=line.sent and not found.closed and writing.can_edit(line.at, g.now),
        typed=line.text if typed is None else typed,
        wrong=wrong,
        new_id=ids.token(),
    )
    page.status_code = code
    return page


def _keep_draft(found: Conversation, text: str) -> bool:
    return drafts.keep(Drawer(g.db, g.keyring), found.pair, text)


def _seen(found: Conversation) -> None:
    """A page that only reads opens a transaction of its own to note that, and only when something was new."""
    if found.talk.news:
        with current_app.extensions["database"].write() as db:
            Conversation(db, g.keyring, found.pair, g.now).seen()


def _by(how: str) -> date | None:
    """“Läst” says no day, or one of those offered. Raises NotOffered."""
    if how in ("read", "tired"):
        return None
    try:
        by = day_in(how)
    except ValueError:
        raise NotOffered from None
    if by not in near.answer_days(clock.today()):
        raise NotOffered
    return by


def _address(pair: str) -> str:
    return url_for("messages.talk", pair=pair)


def _to(pair: str) -> Response:
    """After sending: the latest message is on the screen, without a toast; it stands there."""
    response = make_response("", 303)
    response.headers["Location"] = f"{_address(pair)}#senaste"
    return response
