"""Min berättelse over HTTP: the page that leads to all of it, and the own words that can be gathered for my picture."""

from typing import Any

from flask import Blueprint, Response, g, request, url_for

from server.circle import sharing
from server.circle.sorting import sort_post
from server.core import clock
from server.items import drafts, keeping
from server.items.sheets import ONE
from server.story import gathering, meet, words
from server.story.payloads import RECORD
from server.story.sheets import ADAPTATIONS, BOARD, PICTURE, STORY
from server.vault.drawer import Drawer
from server.web.guard import unlocked
from server.web.inputs import NotOffered
from server.web.respond import done, respond

bp = Blueprint("telling", __name__, url_prefix="/plan")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("/berattelse")
@unlocked
def whole() -> Response:
    """The parts in the owner's order, ways to begin, and what else belongs to it (row B14)."""
    sort_post()
    lines = keeping.read_board(drawer(), BOARD).lines
    seen = sharing.seen_on(drawer(), BOARD, g.now) | sharing.seen_on(drawer(), RECORD, g.now)
    parts = [line for line in lines if line.sheet == STORY.name]
    begun = [draft for draft in drafts.all_of(drawer(), STORY) if draft.edition == 0]
    headings = {part.title for part in parts} | {draft.texts.get("title") for draft in begun}
    return respond(
        "story/whole.html",
        parts=parts,
        begun=begun,
        starts=[start for start in words.STARTS if str(start) not in headings],
        seen=seen,
        meet=meet.ITEM,
        more=(PICTURE, ADAPTATIONS),
        one=ONE,
    )


@bp.get("/bild/hamta")
@unlocked
def gather() -> Response:
    """Own words that could stand in my picture (rows A12, C17, E6)."""
    return _gathered()


@bp.post("/bild/hamta")
@unlocked
def take() -> Response:
    """One of them, by an own tap, to the field that was tapped."""
    field, what = request.form.get("to", ""), request.form.get("line", "")
    if field not in gathering.FIELDS:
        raise NotOffered
    try:
        item = gathering.take(drawer(), field, what, clock.today(), g.now)
    except gathering.NoRoom:
        page = _gathered(full=PICTURE.field(field).label)
        page.status_code = 422
        return page
    undo = url_for("items.undo", slug=PICTURE.slug, item_id=ONE, edition=item.edition) if item else None
    return done(url_for("telling.gather"), "saved", undo=undo)


def _gathered(**more: Any) -> Response:
    return respond(
        "story/gather.html",
        found=gathering.gather(drawer(), clock.today()),
        sheet=PICTURE,
        fields=words.TO_FIELDS,
        one=ONE,
        **more,
    )
