"""Så möter du mig: a page to read, a page to write, and who may see it."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from server.circle import sharing
from server.circle.sorting import sort_post
from server.circle.wording import WordingChanged
from server.story import inputs, meet, words
from server.vault.drawer import Drawer
from server.web.guard import unlocked
from server.web.inputs import edition
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("story", __name__, url_prefix="/kretsen/mot-mig")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("")
@unlocked
def page() -> Response:
    """The three texts, and who may read them now."""
    sort_post()
    now, audience = meet.read(drawer()), sharing.audience(drawer(), meet.ITEM, g.now)
    return respond(
        "story/meet.html",
        meet=now,
        item=meet.ITEM,
        titles=words.TITLES,
        audience=audience,
        readers={part: [one for one in audience if part in one.parts] for part in words.TITLES},
        changed=[one.id for one in audience if not now.is_empty and sharing.is_changed(one, now)],
    )


@bp.get("/andra")
@unlocked
def edit() -> Response:
    now = meet.read(drawer())
    return _form(now.texts, edition=now.edition)


@bp.post("/andra")
@unlocked
def save() -> Response:
    """All three are optional. Two tabs that changed the same: both versions are shown, and nothing is lost."""
    said, seen = inputs.texts(request.form), edition(request.form)
    if wrong := inputs.wrong(said):
        return _form(said, edition=seen, errors=wrong, code=422)
    try:
        saved = meet.tell(drawer(), said, seen)
    except WordingChanged as changed:
        return _form(said, edition=changed.theirs.edition, theirs=changed.theirs.texts, code=409)
    return done(url_for("story.page"), "saved", undo=url_for("story.undo", edition=saved.edition))


@bp.post("/angra/<int:edition>")
@unlocked
def undo(edition: int) -> Response:
    return done(url_for("story.page"), "undone" if meet.undo(drawer(), edition) else "nothing")


@joins("story.save")
def join_saved(drawer: Drawer, _values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    """What was saved while the drawer was locked. Beside a text that changed meanwhile, both are kept."""
    said = inputs.texts(fields)
    try:
        meet.tell(drawer, said, edition(fields))
    except WordingChanged:
        meet.tell_beside(drawer, said)


def _form(texts: dict[str, str], *, edition: int, code: int = 200, **more: Any) -> Response:
    page = respond(
        "story/meet_edit.html",
        texts=texts,
        titles=words.TITLES,
        edition=edition,
        errors=more.get("errors", {}),
        theirs=more.get("theirs"),
    )
    page.status_code = code
    return page
