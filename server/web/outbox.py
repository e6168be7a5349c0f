"""The outbox of a phone: what was written without a connection, taken once and in order (pwa/outbox.js).

Each post is sealed to the owner. With an open drawer it is joined; while the phone is locked it waits in the tray, as
sealed as it came. Signed out, it stays on the phone.
"""

import base64
from datetime import UTC, datetime, timedelta

import msgspec
from flask import Blueprint, Response, abort, g, jsonify, request

from server.vault.drawer import Drawer
from server.vault.outbox import public_key
from server.web import tray
from server.web.guard import keyring, open_to_all, tray_here
from server.web.inputs import page_id

bp = Blueprint("outbox", __name__)

_WRONG_CLOCK = timedelta(minutes=2)


class Coming(msgspec.Struct, frozen=True):
    """Posts by the names that the phone gave them, and its clock (milliseconds since 1970) as it sends them."""

    now: int
    posts: list[tuple[str, bytes]]


@bp.post("/utkorg")
@open_to_all
def take() -> Response:
    """Says which were taken, for the phone to forget, and which nobody can join: those it keeps.

    And whose drawer is open: what is sealed to somebody else waits on for them.
    """
    try:
        coming = msgspec.json.decode(request.get_data(), type=Coming)
        slow = g.now - datetime.fromtimestamp(coming.now / 1000, UTC)
    except (msgspec.DecodeError, ValueError, OverflowError, OSError):
        abort(400)
    names = [page_id(name) for name, _blob in coming.posts]
    slow = slow if abs(slow) > _WRONG_CLOCK else timedelta()
    mine, held = keyring(), tray_here()
    if mine:
        refused = tray.join_sealed(Drawer(g.db, mine), coming.posts, slow, g.now, awake=True)
    elif held:
        refused = []
        tray.leave_sealed(held, coming.posts, slow)
    else:
        abort(401)
    box = base64.b64encode(public_key(mine)).decode() if mine else ""
    return jsonify(taken=[name for name in names if name not in refused], refused=refused, box=box)
