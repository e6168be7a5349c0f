"""The last page of Lämna: this is what they see. From it a thing is handed over, shown, or printed."""

import hashlib
from typing import Any

import msgspec
from flask import Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.accounts.trying import site
from server.circle import giving_inputs as inputs
from server.circle import handing, people, sharing, words
from server.circle.copies import Handed
from server.circle.giving import bp, drawer, page_of, read_or_404, step_missing
from server.circle.handing import Handing, NoSuchHanding, Reader
from server.circle.openings import called, partly
from server.core import clock
from server.vault.errors import ContactKeyChanged, NoSuchContact, RecordChanged
from server.vault.slots import wants_card
from server.web import guard
from server.web.errors import missing
from server.web.guard import phone_locks, unlocked
from server.web.inputs import line
from server.web.respond import respond


@bp.get("/<handing_id>/se")
@unlocked
def see(handing_id: str) -> AnyResponse:
    """“Så ser Maria det. Det här, och inget annat.” The same template as her own page."""
    now = read_or_404(handing_id)
    if step := step_missing(now):
        return redirect(step, 303)
    return _see_page(now)


@bp.post("/<handing_id>/se")
@unlocked
def hand_over(handing_id: str) -> AnyResponse:
    """The one act that widens an audience: of what was seen, and nothing that changed since. Twice is once."""
    if any(one.share.set == handing_id for one in sharing.live(drawer(), g.now)):
        return redirect(url_for("giving.given", set_id=handing_id), 303)
    now = read_or_404(handing_id)
    to = handing.reader(drawer(), now)
    if to.pair is None or (step := step_missing(now)):
        return redirect(step if to.pair else url_for("giving.see", handing_id=handing_id), 303)
    if wants_card(g.keyring):
        return _see_page(now, wrong="card")
    if not _is_as_seen(now, to):
        return _see_page(now, wrong="changed")
    try:
        with g.db.begin_nested():  # what is refused half-way leaves nothing half done
            handed = _hand_over(now, to.pair)
    except RecordChanged:  # the other tap was faster by an instant
        return redirect(url_for("giving.given", set_id=handing_id), 303)
    except ContactKeyChanged:
        return _see_page(now, wrong="key")
    except NoSuchContact:
        return _see_page(now, wrong="gone")
    g.forget_deleted = bool(now.instead_of)
    return redirect(url_for("giving.given", set_id=handed[0].share.set), 303)


def _hand_over(now: Handing, to: bytes) -> list[Handed]:
    """Once: what was prepared is taken away first, and whoever comes second finds nothing to take."""
    things, terms = handing.pieces(drawer(), now), handing.terms(now, handing.reader(drawer(), now), g.now)
    handing.take(drawer(), now.id)
    handing.remember(drawer(), now, clock.today())
    return sharing.hand_over(
        g.db,
        g.keyring,
        current_app.extensions["frank"],
        g.now,
        to=to,
        pieces=things,
        terms=terms,
        set_id=now.id,
        instead_of=now.instead_of,
    )


@bp.get("/klart/<set_id>")
@unlocked
def given(set_id: str) -> Response:
    """Handed over. A line without content to send oneself, by SMS or mail: the app sends nothing."""
    handed = [one for one in sharing.live(drawer(), g.now) if one.share.set == set_id]
    if not handed:
        return missing()
    address = site().origin + url_for("shared.roster")
    card = next((one for one in people.everyone(drawer()) if one.relation == handed[0].pair), None)
    return respond(
        "circle/hand/given.html",
        handed=handed,
        address=address,
        card=card,
        called=called,
        partly=partly,
        words=words,
    )


@bp.post("/<handing_id>/visa")
@unlocked
def show(handing_id: str) -> AnyResponse:
    """Full screen on the own phone. The rest is locked from now on; nothing on the page leads anywhere."""
    now, to = _ready(handing_id)
    if not _is_as_seen(now, to):
        return _see_page(now, wrong="changed")
    handing.note_shown(drawer(), now, to, "screen", g.now)
    locks = phone_locks()
    page = respond("circle/hand/show.html", to=to, locks=locks, today=clock.today(), **_copies(now, to))
    if locks:
        guard.lock()
    return page


@bp.post("/<handing_id>/skriv-ut")
@unlocked
def print_out(handing_id: str) -> AnyResponse:
    now, to = _ready(handing_id)
    if not _is_as_seen(now, to):
        return _see_page(now, wrong="changed")
    handing.note_shown(drawer(), now, to, "print", g.now)
    name = line(request.form.get("name"))[: inputs.NAME]
    return respond("circle/hand/print.html", to=to, name=name, today=clock.today(), **_copies(now, to))


def _ready(handing_id: str) -> tuple[Handing, Reader]:
    now = read_or_404(handing_id)
    if step_missing(now):
        raise NoSuchHanding
    return now, handing.reader(drawer(), now)


def _see_page(now: Handing, *, wrong: str = "") -> Response:
    to = handing.reader(drawer(), now)
    copies = _copies(now, to)
    earlier = sharing.find_handed(drawer(), now.instead_of) if now.instead_of else None
    return page_of(
        "circle/hand/see.html",
        wrong,
        handing=now,
        to=to,
        locks=phone_locks(),
        earlier=earlier and (earlier.payload.share, sharing.body_of(earlier.payload.share)),
        seen=_stamp(to, copies["copies"]),
        **copies,
    )


def _copies(now: Handing, to: Reader) -> dict[str, Any]:
    """The copies, as (share, body, kind), made by the very act that hands them over."""
    things = handing.pieces(drawer(), now)
    shares = sharing.compose(things, handing.terms(now, to, g.now), to.hat, now.id, g.now)
    kinds = [piece.kind for piece in things]
    return {
        "copies": [(share, sharing.body_of(share), kind) for share, kind in zip(shares, kinds, strict=True)]
    }


def _is_as_seen(now: Handing, to: Reader) -> bool:
    """Whether the tap was on a page that showed just this, to just this person."""
    return request.form.get("seen") == _stamp(to, _copies(now, to)["copies"])


def _stamp(to: Reader, copies: list[Any]) -> str:
    """Stands for what the page shows: what was changed in another window since is seen again first."""
    said = [(to.name, to.hat, to.pair), *((share.terms, share.body) for share, _body, _kind in copies)]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]
