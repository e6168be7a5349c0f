"""Dagar: the month, a day, an entry that can grow."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.circle import sharing
from server.core import clock, ids
from server.days import copies, drafts, inputs, log, twins
from server.days.month import next_month, read_month
from server.days.payloads import Draft, Told
from server.vault.drawer import Drawer
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.language import lower_first
from server.web.respond import done, respond
from server.web.tray import joins

_LINES = 7  # under the month; the list has them all

bp = Blueprint("days", __name__, url_prefix="/dagar")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("")
@unlocked
def this_month() -> Response:
    return _month(clock.today().replace(day=1))


@bp.get("/<int:year>-<int:month>")
@unlocked
def month(year: int, month: int) -> Response:
    return _month(_first_of(year, month))


@bp.get("/<int:year>-<int:month>/lista")
@unlocked
def month_list(year: int, month: int) -> Response:
    return _month(_first_of(year, month), as_list=True)


@bp.get("/till")
@unlocked
def jump() -> AnyResponse:
    """“Gå till en dag”: any day, picked in the phone's own calendar."""
    try:
        return redirect(url_for("days.day", day=inputs.day_in_path(request.args.get("dag", ""))), 303)
    except ValueError:
        raise log.NotADay from None


@bp.get("/<day>")
@unlocked
def day(day: str) -> Response:
    date_ = _day(day)
    written = log.read_day(drawer(), date_)
    item = f"{copies.KIND.name}/{date_}"
    audience = sharing.audience(drawer(), item, g.now)
    return respond(
        "days/day.html",
        day=written,
        date=date_,
        drafts=drafts.of_day(drawer(), date_),
        twins=twins.twins(written),
        item=item,
        audience=audience,
        changed=[one.id for one in audience if sharing.is_changed(one, written)],
        readers={entry.id: [one for one in audience if entry.id in one.parts] for entry in written.entries},
        **_words(),
    )


@bp.get("/<day>/ny")
@unlocked
def new(day: str) -> Response:
    """A further entry, of today or of any day that has been."""
    date_ = _day(day)
    for draft in drafts.of_day(drawer(), date_):
        if draft.edition == 0:
            return _drafted_page(draft)
    return _entry_page(date_, ids.token(), Told(), edition=0)


@bp.get("/<day>/<entry_id>")
@unlocked
def entry(day: str, entry_id: str) -> Response:
    date_ = _day(day)
    draft = drafts.read(drawer(), entry_id)
    if draft and draft.date == date_:
        return _drafted_page(draft)
    found = log.find_entry(log.read_day(drawer(), date_), entry_id)
    return _entry_page(date_, entry_id, found.told, edition=found.edition)


@bp.post("/<day>/<entry_id>")
@unlocked
def save(day: str, entry_id: str) -> Response:
    """Save a new entry (edition 0) or new text in an old one. Two that changed the same: both are shown."""
    date_, told, edition = _day(day), inputs.told(request.form), inputs.edition(request.form)
    entry_id = inputs.entry_id({"id": entry_id})
    if "both" in request.form:  # what another phone wrote meanwhile stays as well
        told = twins.joined(log.find_entry(log.read_day(drawer(), date_), entry_id).told, told)
    if errors := inputs.too_long(told):
        return _entry_page(date_, entry_id, told, edition=edition, errors=errors, code=422)
    try:
        if edition == 0:
            log.answer(drawer(), date_, entry_id, told, g.now)
            log.tell(drawer(), date_, entry_id, told, edition=1)
        else:
            log.tell(drawer(), date_, entry_id, told, edition)
    except log.EntryChanged as changed:
        theirs = changed.theirs
        return _entry_page(date_, entry_id, told, edition=theirs.edition, theirs=theirs.told, code=409)
    drafts.forget(drawer(), entry_id)
    undo = url_for("days.undo_text", day=date_, entry_id=entry_id)
    return done(url_for("days.day", day=date_), "saved", undo=undo)


@bp.post("/<day>/<entry_id>/utkast")
@unlocked
def keep_draft(day: str, entry_id: str) -> Response:
    """What stands in the fields right now, kept without being asked for (hard rule 8)."""
    return Response(status=204 if drafts.keep(drawer(), _draft(_day(day), entry_id, request.form)) else 413)


@bp.post("/<day>/<entry_id>/utkast/bort")
@unlocked
def drop_draft(day: str, entry_id: str) -> Response:
    date_ = _day(day)
    drafts.throw(drawer(), entry_id)
    undo = url_for("days.fetch_draft", day=date_, entry_id=entry_id)
    return done(url_for("days.day", day=date_), "removed", undo=undo)


@bp.post("/<day>/<entry_id>/utkast/tillbaka")
@unlocked
def fetch_draft(day: str, entry_id: str) -> Response:
    fetched = drafts.fetch_back(drawer(), entry_id)
    return done(url_for("days.day", day=_day(day)), "back" if fetched else "nothing")


@bp.post("/<day>/<entry_id>/bort")
@unlocked
def take_away(day: str, entry_id: str) -> Response:
    date_ = _day(day)
    log.take_away(drawer(), date_, entry_id)
    drafts.forget(drawer(), entry_id)
    return done(url_for("days.day", day=date_), "removed", undo=url_for("days.put_back", entry_id=entry_id))


@bp.post("/<day>/<entry_id>/valj")
@unlocked
def choose(day: str, entry_id: str) -> Response:
    """Two phones wrote in one note: the first, the second, or both in one."""
    date_ = _day(day)
    how = inputs.how(request.form)
    kept = twins.settle(drawer(), date_, entry_id, how)
    drafts.forget(drawer(), entry_id)
    undo = url_for("days.undo_text", day=date_, entry_id=kept.id)
    if how == "first":
        undo = url_for("days.put_back", entry_id=entry_id)
    return done(url_for("days.day", day=date_), "saved", undo=undo)


@bp.post("/<day>/<entry_id>/angra")
@unlocked
def undo(day: str, entry_id: str) -> Response:
    """Take back a tap that was just made."""
    undone = log.undo_answer(drawer(), _day(day), entry_id)
    return done(url_for("today.today"), "undone" if undone else "nothing")


@bp.post("/<day>/<entry_id>/angra-text")
@unlocked
def undo_text(day: str, entry_id: str) -> Response:
    """Take back what was just saved in a note; a new one goes to the bin."""
    date_ = _day(day)
    undone = log.undo_text(drawer(), date_, entry_id)
    return done(url_for("days.day", day=date_), "undone" if undone else "nothing")


@bp.post("/<day>/kanske/<slug>/bort")
@unlocked
def maybe_not(day: str, slug: str) -> Response:
    date_ = _day(day)
    log.maybe_not(drawer(), date_, slug)
    if date_ == clock.today():
        return done(url_for("today.today"), "removed", undo=url_for("today.maybe", slug=slug))
    return done(url_for("days.day", day=date_), "removed")


@bp.get("/borttaget")
@unlocked
def removed() -> Response:
    return respond("days/bin.html", removed=log.bin_of(drawer()), **_words())


@bp.post("/borttaget/<entry_id>/tillbaka")
@unlocked
def put_back(entry_id: str) -> Response:
    date_ = log.put_back(drawer(), entry_id)
    return done(url_for("days.day", day=date_), "back")


@bp.get("/borttaget/<entry_id>/for-gott")
@unlocked
def ask_destroy(entry_id: str) -> Response:
    """Deleting for good asks first (hard rule 8)."""
    for found in log.bin_of(drawer()):
        if found.entry.id == entry_id:
            return respond("days/destroy.html", removed=found, **_words())
    abort(404)


@bp.post("/borttaget/<entry_id>/for-gott")
@unlocked
def destroy(entry_id: str) -> Response:
    log.destroy(drawer(), entry_id)
    g.forget_deleted = True
    return done(url_for("days.removed"), "destroyed")


@bp.errorhandler(log.NoSuchEntry)
def no_such_entry(_error: log.NoSuchEntry) -> Response:
    return missing()


@bp.errorhandler(log.NotADay)
def not_a_day(_error: log.NotADay) -> Response:
    return refused("not_a_day")


@bp.errorhandler(log.TooManyEntries)
def too_many(_error: log.TooManyEntries) -> Response:
    return refused("too_many")


@joins("days.save")
def join_saved(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was saved while the drawer was locked. Beside a text that changed meanwhile, both are kept."""
    day, told = inputs.day_in_path(values["day"]), inputs.told(fields)
    try:
        log.answer(drawer, day, values["entry_id"], told, at)
        log.tell(drawer, day, values["entry_id"], told, inputs.edition(fields) or 1)
    except log.EntryChanged:
        log.answer(drawer, day, twins.beside(values["entry_id"], told), told, at)
    drafts.forget(drawer, values["entry_id"])


@joins("days.keep_draft")
def join_draft(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was typed in the last second before another tab locked everything."""
    drafts.keep(drawer, _draft(inputs.day_in_path(values["day"]), values["entry_id"], fields))


def _draft(day: date, entry_id: str, fields: MultiDict[str, str]) -> Draft:
    return Draft(
        entry_id=inputs.entry_id({"id": entry_id}),
        date=day,
        edition=inputs.edition(fields),
        fields=drafts.fields_of(fields),
    )


def _month(first: date, *, as_list: bool = False) -> Response:
    today = clock.today()
    wall = read_month(drawer(), first, today)
    seen = sharing.seen(drawer(), copies.KIND, log.month_shelf(first), g.now)
    page = "days/list.html" if as_list else "days/month.html"
    return respond(
        page,
        month=wall,
        seen=seen,
        lines=wall.in_words(_LINES + 1),
        most=_LINES,
        today=today,
        day_url=url_for("days.this_month") + "/",
        said={form: lower_first(word) for form, word in inputs.FORMS.items()},
        **_words(),
    )


def _entry_page(
    day: date, entry_id: str, told: Told, *, edition: int, code: int = 200, **more: Any
) -> Response:
    page = respond(
        "days/entry.html",
        date=day,
        today=clock.today(),
        entry_id=entry_id,
        told=told,
        edition=edition,
        errors=more.get("errors", {}),
        theirs=more.get("theirs"),
        drafted=more.get("drafted", False),
        **_words(),
    )
    page.status_code = code
    return page


def _drafted_page(draft: Draft) -> Response:
    told = inputs.told_in_draft(drafts.as_fields(draft))
    return _entry_page(draft.date, draft.entry_id, told, edition=draft.edition, drafted=True)


def _day(text: str) -> date:
    """The day in the address. 404 when it is no date; a sentence when it cannot be written about."""
    try:
        found = inputs.day_in_path(text)
    except ValueError:
        abort(404)
    return log.check_day(found, clock.today())


def _first_of(year: int, month: int) -> date:
    """The first day of a month that can be shown: from FIRST_DAY's to the one after this."""
    try:
        first = date(year, month, 1)
    except (ValueError, OverflowError):
        abort(404)
    if not log.FIRST_DAY <= first <= next_month(clock.today()):
        raise log.NotADay
    return first


def _words() -> dict[str, Any]:
    return {
        "forms": inputs.FORMS,
        "hints": inputs.HINTS,
        "costs": inputs.COSTS,
        "moods": inputs.MOODS,
        "circumstances": inputs.CIRCUMSTANCES,
    }
