"""Items over HTTP: a page, a form, earlier versions, the order, the bin. One set of pages for every sheet."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, g, request, url_for
from werkzeug.datastructures import MultiDict

from server.circle import sharing
from server.circle.kinds import NoSuchItem, kind_called
from server.circle.sorting import sort_post
from server.core import clock, ids
from server.items import drafts, inputs, keeping, saying
from server.items.payloads import Item, Texts
from server.items.sheets import Sheet, every_sheet, sheet_at
from server.vault.drawer import Drawer
from server.web.errors import fields_of, missing, refused
from server.web.guard import unlocked
from server.web.inputs import NotOffered, edition
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("items", __name__, url_prefix="/plan")
VERSIONS_AT_ONCE = 10  # of a long text a hundred are more than an old phone can show


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("/<slug>/<item_id>")
@unlocked
def page(slug: str, item_id: str) -> Response:
    """The item as it stands, who may read it, and what can be done with it."""
    sheet = sheet_at(slug)
    sort_post()
    item = _or_new(sheet, item_id)
    audience = sharing.audience(drawer(), item.name, g.now)
    return respond(
        sheet.page,
        sheet=sheet,
        kind=kind_called(sheet.name),
        item=item,
        audience=audience,
        changed=[one.id for one in audience if item.edition and sharing.is_changed(one, item)],
        **sheet.about(g.db, drawer(), item, g.now),
    )


@bp.get("/<slug>/ny")
@unlocked
def new(slug: str) -> Response:
    """An empty form, or with what its address brings along (`?goal=` and the like) and what that begins with.

    What was begun waits for whoever asks for a new one, unless the address names another one.
    """
    sheet = sheet_at(slug)
    if sheet.few:
        abort(404)
    links = inputs.brought(sheet, request.args)
    texts = sheet.begun(g.db, drawer(), links) | links
    heading = texts.get(sheet.heading)
    for draft in drafts.all_of(drawer(), sheet):
        if draft.edition == 0 and heading in (None, "", draft.texts.get(sheet.heading)):
            return _form(sheet, draft.id, draft.texts, edition=0, drafted=True)
    return _form(sheet, ids.token(), texts, edition=0)


@bp.get("/<slug>/<item_id>/andra")
@unlocked
def edit(slug: str, item_id: str) -> Response:
    sheet = sheet_at(slug)
    draft = drafts.read(drawer(), sheet, item_id)
    if draft:
        return _form(sheet, item_id, draft.texts, edition=draft.edition, drafted=True)
    item = _or_new(sheet, item_id)
    return _form(sheet, item_id, item.texts, edition=item.edition)


@bp.post("/<slug>/<item_id>/andra")
@unlocked
def save(slug: str, item_id: str) -> Response:
    """A new item (edition 0) or new words in an old one. Two that changed the same: both are shown."""
    sheet, seen = sheet_at(slug), edition(request.form)
    item_id = inputs.item_id(sheet, item_id)
    texts, wrong = inputs.told(sheet, request.form)
    if wrong:
        return _form(sheet, item_id, texts, edition=seen, errors=wrong, code=422)
    if "both" in request.form:  # what another phone wrote meanwhile stays as well
        texts = saying.joined(sheet, texts, keeping.find(drawer(), sheet, item_id).texts)
    try:
        saved = keeping.save(drawer(), sheet, item_id, texts, seen, g.now)
    except keeping.ItemChanged as changed:
        theirs = changed.theirs
        return _form(sheet, item_id, texts, edition=theirs.edition, theirs=theirs.texts, code=409)
    drafts.forget(drawer(), sheet, item_id)
    # Where nothing was changed, an undo would take back something older.
    if saved.edition == seen or saying.was_tapped(sheet, saved):
        return done(sheet.address(item_id), "saved")
    return _done(sheet, saved, "saved")


@bp.post("/<slug>/<item_id>/utkast")
@unlocked
def keep_draft(slug: str, item_id: str) -> Response:
    sheet = sheet_at(slug)
    item_id, texts = inputs.item_id(sheet, item_id), inputs.anyhow(sheet, request.form)
    drafts.keep(drawer(), sheet, item_id, texts, edition(request.form))
    return Response(status=204)


@bp.post("/<slug>/<item_id>/utkast/bort")
@unlocked
def drop_draft(slug: str, item_id: str) -> Response:
    """What was begun is thrown away; what was saved before stands as it was."""
    sheet = sheet_at(slug)
    drafts.throw(drawer(), sheet, inputs.item_id(sheet, item_id))
    there = item_id in sheet.few or keeping.peek(drawer(), sheet, item_id)
    undo = url_for("items.fetch_draft", slug=slug, item_id=item_id)
    return done(sheet.address(item_id) if there else sheet.home, "removed", undo=undo)


@bp.post("/<slug>/<item_id>/utkast/tillbaka")
@unlocked
def fetch_draft(slug: str, item_id: str) -> Response:
    """What was just thrown away stands in the fields again."""
    sheet = sheet_at(slug)
    if not drafts.fetch_back(drawer(), sheet, inputs.item_id(sheet, item_id)):
        return done(sheet.home, "nothing")
    there = item_id in sheet.few or keeping.peek(drawer(), sheet, item_id)
    where = url_for("items.edit", slug=slug, item_id=item_id) if there else url_for("items.new", slug=slug)
    return done(where, "back")


@bp.post("/<slug>/<item_id>/satt")
@unlocked
def tap(slug: str, item_id: str) -> Response:
    """One tap changes how it stands."""
    sheet = sheet_at(slug)
    changed = keeping.alter(drawer(), sheet, item_id, inputs.tapped(sheet, request.form), g.now)
    if not saying.was_tapped(sheet, changed):  # it stood so: an undo would take back words, or the whole
        return done(sheet.address(item_id), "changed")
    return _done(sheet, changed, "changed")


@bp.post("/<slug>/<item_id>/angra/<int:edition>")
@unlocked
def undo(slug: str, item_id: str, edition: int) -> Response:
    """Take back what was just saved; a new item goes to the bin."""
    sheet = sheet_at(slug)
    try:
        back = keeping.undo(drawer(), sheet, item_id, edition, g.now)
    except keeping.ItemChanged:
        return done(sheet.address(item_id), "nothing")
    return done(sheet.address(item_id) if back else sheet.home, "undone")


@bp.get("/<slug>/<item_id>/tidigare")
@unlocked
def earlier(slug: str, item_id: str) -> Response:
    """What it said before, the latest first, some at a time. A tap alone makes no version to read."""
    sheet = sheet_at(slug)
    item = keeping.find(drawer(), sheet, item_id)
    found, after = saying.versions(sheet, item), request.args.get("fore", "")
    if after.isascii() and after.isdecimal() and len(after) < 9:
        found = [one for one in found if one[0] < int(after)]
    more = found[VERSIONS_AT_ONCE - 1][0] if len(found) > VERSIONS_AT_ONCE else None
    return respond("items/earlier.html", sheet=sheet, item=item, versions=found[:VERSIONS_AT_ONCE], more=more)


@bp.post("/<slug>/<item_id>/tidigare/<int:number>")
@unlocked
def restore(slug: str, item_id: str, number: int) -> Response:
    """An earlier version stands again; what it said until now is kept among the earlier ones."""
    sheet = sheet_at(slug)
    try:
        item = keeping.restore(drawer(), sheet, item_id, number, edition(request.form), g.now)
    except keeping.ItemChanged:
        return done(sheet.address(item_id), "nothing")
    return _done(sheet, item, "back")


@bp.post("/<slug>/<item_id>/valj")
@unlocked
def choose(slug: str, item_id: str) -> Response:
    """Two phones wrote at once: mine, theirs, or both."""
    sheet = sheet_at(slug)
    how = request.form.get("how", "")
    if how not in ("mine", "theirs", "both"):
        raise NotOffered
    try:
        keeping.choose(drawer(), sheet, item_id, how, edition(request.form), g.now)
    except keeping.ItemChanged:
        return done(sheet.address(item_id), "nothing")
    return done(sheet.address(item_id), "saved")


@bp.post("/<slug>/<item_id>/flytta")
@unlocked
def move(slug: str, item_id: str) -> Response:
    """One place up or down, without dragging."""
    sheet = sheet_at(slug)
    steps = {"upp": -1, "ner": 1}.get(request.form.get("vart", ""))
    if steps is None:
        raise NotOffered
    item = keeping.find(drawer(), sheet, item_id)
    moved = keeping.move(drawer(), sheet.board, item.name, steps)
    return done(f"{sheet.home}#{item.name.replace('/', '-')}", "changed" if moved else "nothing")


@bp.post("/<slug>/<item_id>/bort")
@unlocked
def take_away(slug: str, item_id: str) -> Response:
    sheet = sheet_at(slug)
    keeping.take_away(drawer(), sheet, inputs.item_id(sheet, item_id))
    return done(sheet.home, "removed", undo=url_for("items.put_back", slug=slug, item_id=item_id))


@bp.post("/<slug>/<item_id>/tillbaka")
@unlocked
def put_back(slug: str, item_id: str) -> Response:
    """Twice is once."""
    sheet = sheet_at(slug)
    try:
        keeping.put_back(drawer(), sheet, item_id)
    except NoSuchItem:
        keeping.find(drawer(), sheet, item_id)
    return done(sheet.address(item_id), "back")


@bp.get("/borttaget")
@unlocked
def removed() -> Response:
    return respond("items/bin.html", items=keeping.bin_of(drawer())[::-1], sheets=every_sheet())


@bp.get("/<slug>/<item_id>/for-gott")
@unlocked
def ask_destroy(slug: str, item_id: str) -> Response:
    """Deleting for good asks first (hard rule 8)."""
    sheet = sheet_at(slug)
    return respond("items/destroy.html", sheet=sheet, item=keeping.binned(drawer(), sheet, item_id))


@bp.post("/<slug>/<item_id>/for-gott")
@unlocked
def destroy(slug: str, item_id: str) -> Response:
    sheet = sheet_at(slug)
    keeping.destroy(drawer(), sheet, item_id)
    if not keeping.peek(drawer(), sheet, item_id):
        drafts.forget(drawer(), sheet, item_id)
    g.forget_deleted = True
    return done(url_for("items.removed"), "destroyed")


@fields_of("items")
def typed(parts: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is held out again when a form could not be taken: every field of its sheet."""
    try:
        sheet = sheet_at(parts.get("slug", ""))
    except NoSuchItem:
        return (), ()
    own = tuple(one.name for one in sheet.written if one.kind in ("text", "line"))
    return own, (*sheet.names, "edition")


@bp.app_errorhandler(NoSuchItem)
def no_such_item(_error: NoSuchItem) -> Response:
    return missing()


@bp.app_errorhandler(keeping.TooManyItems)
def too_many(_error: keeping.TooManyItems) -> Response:
    return refused("many_items")


@joins("items.save")
def join_saved(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was saved while the drawer was locked. Beside words that changed meanwhile, both are kept; where there is no
    room for one more it waits as a draft.
    """
    sheet = sheet_at(values["slug"])
    item_id, texts = inputs.item_id(sheet, values["item_id"]), inputs.anyhow(sheet, fields)
    if not edition(fields) and not any(texts.values()):
        return
    try:
        with drawer.db.begin_nested():
            _join(drawer, sheet, item_id, texts, edition(fields), at)
    except keeping.TooManyItems:
        drafts.keep(drawer, sheet, item_id, texts, 0)
        return
    drafts.forget(drawer, sheet, item_id)


@joins("items.tap")
def join_tap(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """How it stands, tapped while it was locked or without a connection. What has been taken away is let be."""
    sheet = sheet_at(values["slug"])
    with suppress(NoSuchItem):
        keeping.alter(drawer, sheet, values["item_id"], inputs.tapped(sheet, fields), at)


@joins("items.keep_draft")
def join_draft(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    """What was typed in the last second before another tab locked everything."""
    sheet = sheet_at(values["slug"])
    item_id = inputs.item_id(sheet, values["item_id"])
    drafts.keep(drawer, sheet, item_id, inputs.anyhow(sheet, fields), edition(fields))


def _join(drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, seen: int, at: datetime) -> None:
    try:
        keeping.save(drawer, sheet, item_id, texts, seen, at)
    except keeping.ItemChanged:
        keeping.tell_beside(drawer, sheet, item_id, texts, at)
    except NoSuchItem:
        keeping.begin(drawer, sheet, inputs.beside(item_id, texts), texts, at)


def _or_new(sheet: Sheet, item_id: str) -> Item:
    """The item, or an empty one of those few that there can be. Raises NoSuchItem."""
    found = keeping.peek(drawer(), sheet, item_id).get(item_id)
    if found is None and item_id not in sheet.few:
        raise NoSuchItem
    return found or Item(sheet=sheet.name, id=item_id, texts={}, at=g.now, edition=0)


def _done(sheet: Sheet, item: Item, said: str) -> Response:
    undo = url_for("items.undo", slug=sheet.slug, item_id=item.id, edition=item.edition)
    return done(sheet.address(item.id), said, undo=undo)


def _form(
    sheet: Sheet, item_id: str, texts: Texts, *, edition: int, code: int = 200, **more: Any
) -> Response:
    item = Item(sheet=sheet.name, id=item_id, texts=texts, at=g.now, edition=edition)
    page = respond(
        sheet.edit_page,
        sheet=sheet,
        item_id=item_id,
        texts=texts,
        edition=edition,
        today=clock.today(),
        errors=more.get("errors", {}),
        theirs=more.get("theirs"),
        drafted=more.get("drafted", False),
        **sheet.around(g.db, drawer(), item, g.now),
    )
    page.status_code = code
    return page
