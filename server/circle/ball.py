"""“Vem har bollen”: a matter, whose turn it is, the way it has gone, and the ways on."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, g, request, url_for
from werkzeug.datastructures import MultiDict

from server.circle import inputs, matters, people, versions, words
from server.circle.matters import Holder, Told
from server.circle.payloads import ME, NOBODY, Card, Matter
from server.core import clock, ids
from server.vault.drawer import Drawer
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import edition, page_id
from server.web.language import gettext
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("ball", __name__, url_prefix="/kretsen/bollen")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.get("/ny")
@unlocked
def new() -> Response:
    """`vem` is the person from whose page the owner came."""
    told = Told(title="", since=clock.today())
    return _form(ids.token(), told, edition=0, actor=request.args.get("vem", NOBODY))


@bp.get("/avslutade")
@unlocked
def closed() -> Response:
    return respond("circle/closed.html", matters=matters.closed_matters(drawer()), **_around())


@bp.get("/<matter_id>")
@unlocked
def matter(matter_id: str) -> Response:
    return _page(matters.find_matter(drawer(), matter_id))


@bp.get("/<matter_id>/andra")
@unlocked
def edit(matter_id: str) -> Response:
    found = matters.find_matter(drawer(), matter_id)
    return _form(matter_id, found, edition=found.edition)


@bp.post("/<matter_id>/andra")
@unlocked
def save(matter_id: str) -> Response:
    """Save a new matter (edition 0) or new words about an old one. Two that changed the same: both are shown."""
    matter_id, seen, actor = page_id(matter_id), edition(request.form), inputs.actor(request.form)
    told, wrong = inputs.told(request.form, clock.today())
    if wrong:
        return _form(matter_id, told, edition=seen, actor=actor, errors=wrong, code=422)
    try:
        saved = _save(drawer(), matter_id, told, seen, _holder(drawer(), actor))
    except matters.MatterChanged as changed:
        return _form(matter_id, told, edition=changed.theirs.edition, theirs=changed.theirs, code=409)
    return _done(saved, "saved")


@bp.post("/<matter_id>/valj")
@unlocked
def choose(matter_id: str) -> Response:
    """Two phones wrote on one matter: what it says here or there stays, where the first one stands."""
    settled = versions.settle_matter(drawer(), page_id(matter_id), inputs.how(request.form))
    return done(url_for("ball.matter", matter_id=settled.id), "changed")


@bp.get("/<matter_id>/vidare")
@unlocked
def pass_on(matter_id: str) -> Response:
    return _pass_page(matters.find_matter(drawer(), matter_id))


@bp.post("/<matter_id>/vidare")
@unlocked
def passed(matter_id: str) -> Response:
    """Somebody else has the ball from now on."""
    what, on, wrong = inputs.happened(request.form, clock.today())
    actor, waiting_for = inputs.actor(request.form), inputs.waits_for(request.form, wrong)
    if wrong:
        found = matters.find_matter(drawer(), matter_id)
        return _pass_page(
            found, actor=actor, what=what, on=on, waiting_for=waiting_for, errors=wrong, code=422
        )
    holder, event = _holder(drawer(), actor), page_id(request.form.get("id"))
    return _done(
        matters.pass_on(drawer(), matter_id, event, holder, on, what=what, waiting_for=waiting_for), "passed"
    )


@bp.post("/<matter_id>/hande")
@unlocked
def note(matter_id: str) -> Response:
    """What was said or done; the ball stays."""
    what, on, wrong = inputs.happened(request.form, clock.today(), needed=True)
    if wrong:
        return _page(matters.find_matter(drawer(), matter_id), what=what, on=on, errors=wrong, code=422)
    return _done(matters.note(drawer(), matter_id, page_id(request.form.get("id")), on, what), "saved")


@bp.post("/<matter_id>/fragat")
@unlocked
def asked(matter_id: str) -> Response:
    event = page_id(request.form.get("id"))
    return _done(matters.ask_again(drawer(), matter_id, event, clock.today()), "asked")


@bp.post("/<matter_id>/vila")
@unlocked
def rest(matter_id: str) -> Response:
    return _done(matters.rest(drawer(), matter_id, ids.token(), clock.today()), "rests")


@bp.post("/<matter_id>/vila/bort")
@unlocked
def wake(matter_id: str) -> Response:
    return _done(matters.wake(drawer(), matter_id, ids.token(), clock.today()), "awake")


@bp.post("/<matter_id>/avsluta")
@unlocked
def close(matter_id: str) -> Response:
    return _done(matters.close(drawer(), matter_id, ids.token(), clock.today()), "closed")


@bp.post("/<matter_id>/avsluta/bort")
@unlocked
def reopen(matter_id: str) -> Response:
    return _done(matters.reopen(drawer(), matter_id, ids.token(), clock.today()), "awake")


@bp.post("/<matter_id>/angra/<int:change>")
@unlocked
def undo(matter_id: str, change: int) -> Response:
    """Take back what was just done; a new matter goes to the bin."""
    undone = matters.undo(drawer(), matter_id, change)
    there = undone and change > 1
    where = url_for("ball.matter", matter_id=matter_id) if there else url_for("circle.circle")
    return done(where, "undone" if undone else "nothing")


@bp.post("/<matter_id>/bort")
@unlocked
def take_away(matter_id: str) -> Response:
    matters.take_away(drawer(), page_id(matter_id))
    return done(url_for("circle.circle"), "removed", undo=url_for("ball.put_back", matter_id=matter_id))


@bp.post("/<matter_id>/tillbaka")
@unlocked
def put_back(matter_id: str) -> Response:
    matters.put_back(drawer(), matter_id)
    return done(url_for("ball.matter", matter_id=matter_id), "back")


@bp.errorhandler(matters.NoSuchMatter)
@bp.errorhandler(people.NoSuchCard)
def no_such(_error: Exception) -> Response:
    return missing()


@bp.errorhandler(matters.TooManyMatters)
def too_many(_error: matters.TooManyMatters) -> Response:
    return refused("many_matters")


@joins("ball.save")
def join_saved(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was saved while the drawer was locked. Beside words that changed meanwhile, both are kept."""
    told, _wrong = inputs.told(fields, clock.here(at).date())
    told = told if told.title else Told(**vars(told) | {"title": gettext("Without a name")})
    matter_id, holder = page_id(values["matter_id"]), _holder_if_here(drawer, inputs.actor(fields))
    try:
        _save(drawer, matter_id, told, edition(fields), holder)
    except (matters.MatterChanged, matters.NoSuchMatter):
        matters.begin(drawer, inputs.beside(matter_id, told), told, holder)


@joins("ball.note")
def join_note(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    what, on, _wrong = inputs.happened(fields, clock.here(at).date())
    matters.note(drawer, values["matter_id"], page_id(fields.get("id")), on, what)


@joins("ball.passed")
def join_passed(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    what, on, _wrong = inputs.happened(fields, clock.here(at).date())
    holder, event = _holder_if_here(drawer, inputs.actor(fields)), page_id(fields.get("id"))
    waiting_for = inputs.waits_for(fields, {})
    matters.pass_on(drawer, values["matter_id"], event, holder, on, what=what, waiting_for=waiting_for)


def _save(drawer: Drawer, matter_id: str, told: Told, seen: int, holder: Holder) -> Matter:
    if seen == 0:
        matters.begin(drawer, matter_id, told, holder)
    return matters.tell(drawer, matter_id, told, seen or 1)


def _holder(drawer: Drawer, actor: str) -> Holder:
    return Holder(actor) if actor in (ME, NOBODY) else Holder.of(people.find_card(drawer, actor))


def _holder_if_here(drawer: Drawer, actor: str) -> Holder:
    """Nobody, when the card has been taken away since: the words are kept all the same."""
    try:
        return _holder(drawer, actor)
    except people.NoSuchCard:
        return Holder()


def _done(saved: Matter, said: str) -> Response:
    undo = url_for("ball.undo", matter_id=saved.id, change=saved.changes)
    return done(url_for("ball.matter", matter_id=saved.id), said, undo=undo)


def _page(
    matter: Matter, *, what: str = "", on: date | None = None, code: int = 200, **more: Any
) -> Response:
    around = _around()
    actor: Card | None = around["cards"].get(matter.actor)
    page = respond(
        "circle/matter.html",
        matter=matter,
        other=_other_of(matter),
        homes=matters.homes_of(drawer(), matter),
        actor=actor,
        stuck=matters.stands_still(matter, clock.today()),
        what=what,
        on=on or clock.today(),
        event_id=ids.token(),
        errors=more.get("errors", {}),
        **around,
    )
    page.status_code = code
    return page


def _other_of(matter: Matter) -> str:
    """The address of the other version, where two phones wrote at once."""
    found = versions.of_matter(drawer(), matter)
    other = next((one.id for one in found or () if one.id != matter.id), None)
    return url_for("ball.matter", matter_id=other) if other else ""


def _form(matter_id: str, told: Told | Matter, *, edition: int, code: int = 200, **more: Any) -> Response:
    page = respond(
        "circle/matter_edit.html",
        matter_id=matter_id,
        told=told,
        edition=edition,
        actor=more.get("actor", NOBODY),
        errors=more.get("errors", {}),
        theirs=more.get("theirs"),
        **_around(),
    )
    page.status_code = code
    return page


def _pass_page(matter: Matter, *, code: int = 200, **more: Any) -> Response:
    page = respond(
        "circle/pass_on.html",
        matter=matter,
        actor=more.get("actor", NOBODY),
        what=more.get("what", ""),
        on=more.get("on", clock.today()),
        waiting_for=more.get("waiting_for", matter.waiting_for),
        event_id=ids.token(),
        errors=more.get("errors", {}),
        **_around(),
    )
    page.status_code = code
    return page


def _around() -> dict[str, Any]:
    """Everybody who may hold something, and what pages say about it."""
    everybody = people.everyone(drawer())
    return {
        "people": everybody,
        "cards": {card.id: card for card in everybody},
        "main": next((card for card in everybody if card.main), None),
        "today": clock.today(),
        "words": words,
    }
