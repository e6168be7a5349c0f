"""Lämna: four short pages, one question each. What, to whom, for what and until when, and: this is what they see.

The last page hands over to a contact with an account, shows on the own screen, or prints.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from server.circle import giving_inputs as inputs
from server.circle import handing, people, sharing
from server.circle.handing import Chosen, Handing, NobodyChosen, NoLength, NoSuchHanding
from server.circle.kinds import Kind, NoSuchItem, of_item
from server.circle.sharing import Piece
from server.circle.words import HATS, VERIFIED
from server.core import clock
from server.vault.drawer import Drawer
from server.web.errors import missing, refused
from server.web.guard import unlocked
from server.web.inputs import clean
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("giving", __name__, url_prefix="/lamna")


def drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


@bp.post("/ny")
@unlocked
def start() -> AnyResponse:
    """From a thing's own page: begin with that thing, and nothing else."""
    begun = handing.start(drawer(), (Chosen(item=request.form.get("item", "")),), clock.today())
    return redirect(url_for("giving.what", handing_id=begun.id), 303)


@bp.post("/igen")
@unlocked
def again() -> AnyResponse:
    """Hand over anew: the thing as it is now, to the same person or to whoever came after, with all else as it was."""
    record = sharing.find_handed(drawer(), request.form.get("handed", "")) or abort(404)
    begun = handing.anew(drawer(), record.payload, request.form.get("card", ""), clock.today())
    return redirect(url_for("giving.see", handing_id=begun.id), 303)


@bp.get("/<handing_id>")
@unlocked
def what(handing_id: str) -> Response:
    return _what_page(read_or_404(handing_id))


@bp.post("/<handing_id>")
@unlocked
def chose_what(handing_id: str) -> AnyResponse:
    """Which parts of each thing; then on, or to the list of what else could go along."""
    now = handing.alter(drawer(), handing_id, _with_parts)
    if "without" in request.form:
        handing.leave_out(drawer(), handing_id, request.form["without"])
        return redirect(url_for("giving.what", handing_id=handing_id), 303)
    if "more" in request.form:
        return redirect(url_for("giving.more", handing_id=handing_id), 303)
    if not now.chosen or not all(chosen.parts for chosen in now.chosen):
        return _what_page(now, wrong=True)
    if "as_last" in request.form and (last := handing.last(drawer())):
        known = {"purpose": last.purpose, "length": last.length, "day": last.day}
        handing.alter(
            drawer(), handing_id, lambda old: replace(handing.to_somebody(old, card=last.card), **known)
        )
        return redirect(url_for("giving.see", handing_id=handing_id), 303)
    return redirect(url_for("giving.who", handing_id=handing_id), 303)


@bp.get("/<handing_id>/fler")
@unlocked
def more(handing_id: str) -> Response:
    """Each thing by an own tap; nothing is ticked, and nothing is chosen many at a time."""
    begun = read_or_404(handing_id)
    kind, _name = of_item(begun.chosen[0].item) if begun.chosen else abort(404)
    there = {chosen.item for chosen in begun.chosen}
    names = [name for name in kind.more(drawer(), g.now) if f"{kind.name}/{name}" not in there]
    found = {name: thing for name in names if (thing := _there(kind, name))}
    return respond("circle/hand/more.html", handing=begun, kind=kind, found=found)


@bp.post("/<handing_id>/fler")
@unlocked
def add(handing_id: str) -> AnyResponse:
    item = request.form.get("item", "")
    Piece.of(drawer(), item, ())

    def with_item(old: Handing) -> Handing:
        if len(old.chosen) >= sharing.MOST_AT_ONCE or any(one.item == item for one in old.chosen):
            return old
        return replace(old, chosen=(*old.chosen, Chosen(item=item)))

    handing.alter(drawer(), handing_id, with_item)
    return redirect(url_for("giving.what", handing_id=handing_id), 303)


@bp.get("/<handing_id>/vem")
@unlocked
def who(handing_id: str) -> Response:
    return _who_page(read_or_404(handing_id))


@bp.post("/<handing_id>/vem")
@unlocked
def chose_who(handing_id: str) -> AnyResponse:
    said = inputs.whom(request.form)
    now = handing.alter(drawer(), handing_id, lambda old: handing.to_somebody(old, **said))
    try:
        handing.reader(drawer(), now)
    except NobodyChosen:
        return _who_page(now, wrong=True)
    if now.card == handing.PAPER and not (now.paper and now.paper.hat):
        return _who_page(now, wrong=True)
    return redirect(url_for("giving.why", handing_id=handing_id), 303)


@bp.get("/<handing_id>/varfor")
@unlocked
def why(handing_id: str) -> AnyResponse:
    return _why_page(read_or_404(handing_id))


@bp.post("/<handing_id>/varfor")
@unlocked
def chose_why(handing_id: str) -> AnyResponse:
    """Purpose, length, and the frame where a better day needs one. What was typed is kept, right or wrong."""
    said = inputs.terms(request.form)
    now = handing.save(drawer(), handing_id, **said)
    if "frame_again" in request.form:
        handing.save(drawer(), handing_id, frame=clean(request.form.get("frame_again")))
        return redirect(url_for("giving.why", handing_id=handing_id, _anchor="ihop"), 303)
    wrong = what_is_wrong(now)
    if wrong:
        return _why_page(now, wrong=wrong)
    return redirect(url_for("giving.see", handing_id=handing_id), 303)


@bp.post("/<handing_id>/bort")
@unlocked
def only_me(handing_id: str) -> Response:
    """“Bara jag”: nothing of this is kept."""
    begun = read_or_404(handing_id)
    handing.give_up(drawer(), handing_id)
    return done(_back(begun), "only_me")


@joins("giving.chose_who")
def join_who(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    """What was said while the drawer was locked. What has been handed over or given up since needs it no more."""
    with suppress(NoSuchHanding):
        said = inputs.whom(fields)
        handing.alter(drawer, values["handing_id"], lambda old: handing.to_somebody(old, **said))


@joins("giving.chose_why")
def join_why(drawer: Drawer, values: dict[str, str], fields: MultiDict[str, str], _at: datetime) -> None:
    said = inputs.terms(fields)
    if "frame_again" in fields:
        said["frame"] = clean(fields["frame_again"])
    with suppress(NoSuchHanding):
        handing.save(drawer, values["handing_id"], **said)


@bp.errorhandler(NoSuchHanding)
@bp.errorhandler(people.NoSuchCard)
@bp.errorhandler(NoSuchItem)
def not_there(_error: Exception) -> Response:
    return missing()


@bp.errorhandler(sharing.TooManyCopies)
def too_many_copies(_error: sharing.TooManyCopies) -> Response:
    return refused("many_copies")


@bp.errorhandler(sharing.NothingChosen)
@bp.errorhandler(NobodyChosen)
def unclear(_error: Exception) -> Response:
    return refused("unclear", 400)


def read_or_404(handing_id: str) -> Handing:
    return handing.read(drawer(), handing_id)


def _there(kind: Kind, name: str) -> Any:
    """The thing, when there is something of it to hand over."""
    try:
        return kind.find(drawer(), name)
    except NoSuchItem:
        return None


def _with_parts(old: Handing) -> Handing:
    chosen = []
    for number, one in enumerate(old.chosen):
        kind, _name = of_item(one.item)
        prefix = f"{number}-"
        fields = MultiDict(
            (key.removeprefix(prefix), text)
            for key, text in request.form.items(multi=True)
            if key.startswith(prefix)
        )
        chosen.append(Chosen(item=one.item, parts=kind.chosen(fields)))
    return replace(old, chosen=tuple(chosen))


def step_missing(now: Handing) -> str:
    """The first page that has not been answered, or nothing."""
    try:
        handing.pieces(drawer(), now)
    except sharing.NothingChosen:
        return url_for("giving.what", handing_id=now.id)
    try:
        handing.reader(drawer(), now)
    except NobodyChosen:
        return url_for("giving.who", handing_id=now.id)
    wrong = what_is_wrong(now)
    anchor = "ihop" if wrong == "frame" else None
    return url_for("giving.why", handing_id=now.id, _anchor=anchor) if wrong else ""


def what_is_wrong(now: Handing) -> str:
    """Why this cannot be handed over as it stands, in one word that the page has a sentence for."""
    try:
        to = handing.reader(drawer(), now)
        sharing.compose(handing.pieces(drawer(), now), handing.terms(now, to, g.now), to.hat, now.id, g.now)
    except NoLength:
        return "length" if now.purpose else "purpose"
    except sharing.PurposeRequired:
        return "purpose"
    except sharing.TooLong as error:
        return f"long_{error.field}"
    except sharing.EndPassed:
        return "passed"
    except sharing.EndTooFar as error:
        return "far_office" if error.longest == sharing.LONGEST["authority"] else "far"
    except sharing.FrameRequired:
        return "frame"
    return ""


def _what_page(now: Handing, *, wrong: bool = False) -> Response:
    things = []
    for chosen in now.chosen:
        try:
            things.append(Piece.of(drawer(), chosen.item, chosen.parts))
        except NoSuchItem:
            continue
    last = handing.last(drawer())
    card = next((one for one in people.everyone(drawer()) if last and one.id == last.card), None)
    return page_of("circle/hand/what.html", wrong, handing=now, things=things, last=last, last_card=card)


def _who_page(now: Handing, *, wrong: bool = False) -> Response:
    cards = [card for card in people.everyone(drawer()) if not card.ended]
    known = {card.id: g.keyring.contacts.get(bytes.fromhex(card.relation)) for card in cards}
    # Somebody who was asked has not said yes: nothing can be handed over before that.
    cards = [card for card in cards if not (found := known[card.id]) or found.state == "active"]
    return page_of(
        "circle/hand/who.html",
        wrong,
        handing=now,
        cards=cards,
        known=known,
        hats=HATS,
        verified=VERIFIED,
    )


def _why_page(now: Handing, *, wrong: str = "") -> AnyResponse:
    try:
        to, things = handing.reader(drawer(), now), handing.pieces(drawer(), now)
    except (NobodyChosen, sharing.NothingChosen):
        return redirect(step_missing(now), 303)
    return page_of(
        "circle/hand/why.html",
        wrong,
        handing=now,
        to=to,
        needs_frame=sharing.needs_frame(things, to.hat),
        why_frame=next((one.kind.why_frame for one in things if sharing.needs_frame([one], to.hat)), ""),
        frames=handing.own_frames(drawer())[:3],
        today=clock.today(),
    )


def _back(now: Handing) -> str:
    """The page of the first thing, where one came from."""
    if not now.chosen:
        return url_for("today.today")
    kind, name = of_item(now.chosen[0].item)
    return kind.address(name)


def page_of(template: str, wrong: object, **context: Any) -> Response:
    page = respond(template, wrong=wrong, back=_back(context["handing"]), **context)
    page.status_code = 422 if wrong else 200
    return page
