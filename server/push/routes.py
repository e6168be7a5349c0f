"""Notiser: what to be told of outside the app, when not to be, and reminders. Off is one tap."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, request, url_for
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict

from server.activities.catalogue import catalogue
from server.activities.state import State, state_of
from server.activities.words import said as activity_said
from server.core import clock, ids
from server.messages.talks import resting_doors
from server.push import inputs, reminders
from server.push.courier import Courier
from server.push.endpoints import BadEndpoint
from server.push.inputs import NotASubscription
from server.push.payloads import Reminder, Reminders
from server.push.timing import next_time
from server.vault import codes, notices, ways_in
from server.vault.drawer import Drawer
from server.vault.notices import ACTIVITY, KINDS, REMINDER, Notices, Phone
from server.vault.sealing import Secret
from server.vault.tray import way_of
from server.web.guard import accounts_here, open_to_all, this_phone, tray_here, unlocked
from server.web.inputs import NotOffered, clean, page_id
from server.web.language import lazy_gettext as _
from server.web.limits import brake_account
from server.web.respond import done, respond
from server.web.tray import joins

bp = Blueprint("push", __name__, url_prefix="/mitt/notiser")

AN_HOUR = 30
NO_KIND = _("Choose at least one.")
NOT_ON = _("The browser gave no address to send to. Try again, or another browser.")
TOO_MANY = _("There are twenty already. Take one away first. Your text is still here.")
REPEAT = {"": _("Once"), "DAILY": _("Every day"), "WEEKLY": _("Every week")}


@bp.get("")
@unlocked
def page() -> Response:
    return _page()


@bp.post("")
@unlocked
def save() -> Response:
    """Turn on for this phone, or change what is told and when. Nothing is on before this tap."""
    half, phone = this_phone(), None
    kinds, quiet = inputs.kinds(request.form), inputs.quiet(request.form)
    if not kinds:
        return _page(wrong={"kinds": NO_KIND}, code=422)
    if request.form.get("subscription"):
        brake_account("push", g.keyring.account, AN_HOUR)  # each makes us ask where a host is
        try:
            phone = inputs.subscription(request.form["subscription"])
            _courier().check(phone)
        except (NotASubscription, BadEndpoint):
            return _page(wrong={"phone": NOT_ON}, code=422)
    if half is None or not (phone or _mark(half) in _mine().phones):
        return _page(wrong={"phone": NOT_ON}, code=422)
    notices.change(g.db, _key(), g.keyring.account, lambda old: _turned_on(old, half, phone, kinds, quiet))
    return done(url_for("push.page"), "notices_on")


@bp.post("/av")
@unlocked
def off() -> Response:
    """This phone is told nothing more. The others stay as they are."""
    half = this_phone()
    if half:
        notices.forget_phone(g.db, _key(), [g.keyring.account], half)
    g.forget_deleted = True
    return done(url_for("push.page"), "notices_off")


@bp.post("/byt")
@open_to_all
def renew() -> Response:
    """The browser has made a new address for a phone that is on. Locked or not: the phone's own cookie says which."""
    half, accounts = this_phone(), accounts_here()
    try:
        phone = inputs.subscription(request.form.get("subscription", ""))
        for account in accounts:
            brake_account("push", account, AN_HOUR)
            _courier().check(phone)
    except (NotASubscription, BadEndpoint):
        abort(400)
    if half:
        notices.renew_phone(g.db, _key(), accounts, half, phone)
    return Response(status=204)


@bp.post("/paminnelse")
@unlocked
def add() -> Response:
    found, wrong = inputs.reminder(request.form, g.now)
    if found is None:
        return _page(wrong=wrong, typed=request.form, code=422)
    try:
        _arm(reminders.add(_drawer(), found))
    except reminders.TooMany:
        return _page(wrong={"words": TOO_MANY}, typed=request.form, code=422)
    return done(url_for("push.page"), "saved")


@bp.post("/paminnelse/<id>/bort")
@unlocked
def remove(id: str) -> Response:
    _arm(reminders.remove(_drawer(), page_id(id)))
    return done(url_for("push.page"), "removed", undo=url_for("push.put_back", id=id))


@bp.post("/paminnelse/<id>/tillbaka")
@unlocked
def put_back(id: str) -> Response:
    _arm(reminders.put_back(_drawer(), page_id(id)))
    return done(url_for("push.page"), "back")


@bp.post("/paminnelse/<id>/last")
@unlocked
def put_away(id: str) -> Response:
    """It need not stand on Idag any longer."""
    _arm(reminders.put_away(_drawer(), page_id(id), g.now))
    return done(url_for("today.today"), "reminder_away")


@bp.get("/aktivitet/<slug>")
@unlocked
def activity(slug: str) -> Response:
    """“Säg till före”: how long before, and what the server knows of it then."""
    title, state = _coming(slug)
    return respond(
        "push/activity.html",
        slug=slug,
        title=title,
        start=state.start,
        ahead=[hours for hours in reminders.AHEAD if state.start and _before(state.start, hours) > g.now],
        watched=_watched(slug),
        on=ACTIVITY in _mine().kinds,
        new_id=ids.token(),
    )


@bp.post("/aktivitet/<slug>")
@unlocked
def watch(slug: str) -> Response:
    """The next time of it, once."""
    title, state = _coming(slug)
    hours = request.form.get("hours", "")
    if state.start is None or hours not in {str(one) for one in reminders.AHEAD}:
        raise NotOffered
    wall = inputs.local(_before(state.start, int(hours)))
    new = Reminder(id=page_id(request.form.get("id")), wall=wall, slug=slug, title=title, start=state.start)
    try:
        _arm(reminders.add(_drawer(), new))
    except reminders.TooMany:
        return _page(wrong={"words": TOO_MANY}, code=422)
    return done(url_for("push.page"), "saved")


@joins("push.add")
def join_add(drawer: Drawer, _values: dict[str, str], fields: MultiDict[str, str], at: datetime) -> None:
    """What was written while it was locked is kept, with a time that may have passed."""
    found, _wrong = inputs.reminder(fields, at)
    if found is None:
        words = clean(fields.get("words"))
        if not words:
            return
        found = Reminder(id=page_id(fields.get("id")), wall=inputs.local(at), words=words)
    mine = reminders.add(drawer, found)
    reminders.arm(drawer.db, _key(), drawer.keyring.account, mine, g.now)


def _turned_on(
    old: Notices, half: Secret, phone: Phone | None, kinds: tuple[str, ...], quiet: tuple[int, int]
) -> Notices:
    new = replace(old, kinds=kinds, quiet=quiet, resting=notices.resting(_key(), resting_doors(_drawer())))
    if phone:
        new = notices.put_phone(new, _mark(half), replace(phone, ways=_ways(half)))
    return reminders.with_times(new, reminders.read(_drawer()), g.now)


def _ways(half: Secret) -> tuple[bytes, ...]:
    """By what this phone is opened: when that is taken out of use, the phone is told nothing more."""
    tray = tray_here()
    through = way_of(_drawer(), tray) if tray else None
    return (ways_in.device_slot(half), codes.code_slot(half), *((through,) if through else ()))


def _page(*, wrong: dict[str, Any] | None = None, typed: Any = None, code: int = 200) -> Response:
    half, found, mine = this_phone(), _mine(), reminders.read(_drawer())
    kinds, quiet = found.kinds, found.quiet
    if wrong and request.endpoint == "push.save":
        kinds, quiet = inputs.kinds(request.form), inputs.quiet(request.form)
    answer = respond(
        "push/notices.html",
        public_key=_courier().public_key,
        here=bool(half and _mark(half) in found.phones),
        elsewhere=len(found.phones) > bool(half and _mark(half) in found.phones),
        kinds=kinds,
        all_kinds=KINDS,
        quiet=quiet,
        mine=[(one, _next(one)) for one in mine.standing],
        armed={one.id for one in found.due},
        tells=REMINDER in found.kinds,
        repeat=REPEAT,
        new_id=ids.token(),
        today=clock.today(),
        tomorrow=clock.today() + timedelta(days=1),
        typed=typed or {},
        wrong=wrong or {},
    )
    answer.status_code = code
    return answer


def _next(one: Reminder) -> datetime | None:
    return next_time(one.wall, one.repeat, g.now)


def _coming(slug: str) -> tuple[str, State]:
    """The activity's title, and how it stands now; 404 for one that is not there."""
    town = catalogue(g.db)
    found = town.activities.get(slug)
    if found is None:
        abort(404)
    times = town.upcoming(clock.today()).get((slug, False), ())
    ahead = [one for one in times if one.start > g.now]
    return str(activity_said(found, found.title)), state_of(found, g.now, ahead)


def _watched(slug: str) -> Reminder | None:
    mine = reminders.read(_drawer()).standing
    return next((one for one in mine if one.slug == slug and one.start and one.start > g.now), None)


def _before(start: datetime, hours: int) -> datetime:
    return start - timedelta(hours=hours)


def _arm(mine: Reminders) -> None:
    reminders.arm(g.db, _key(), g.keyring.account, mine, g.now)


def _mine() -> Notices:
    return notices.read(g.db, _key(), g.keyring.account)


def _mark(half: Secret) -> str:
    return notices.phone_mark(_key(), half)


def _drawer() -> Drawer:
    return Drawer(g.db, g.keyring)


def _key() -> Secret:
    key: Secret = current_app.extensions["push"]
    return key


def _courier() -> Courier:
    courier: Courier = current_app.extensions["courier"]
    return courier
