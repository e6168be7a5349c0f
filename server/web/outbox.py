"""The outbox of a phone: what was written without a connection, taken once and in order (pwa/outbox.js).

Each post is sealed to the owner. What came lies in the drawer, or while the phone is locked in its tray, as sealed as
it came; it is joined when the phone has its answer, or with the next page. Signed out, it stays on the phone.
"""

import base64
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Annotated

import msgspec
from flask import Blueprint, Response, abort, copy_current_request_context, g, jsonify, request
from msgspec import Meta

from server.vault.drawer import Drawer
from server.vault.outbox import public_key
from server.web import tray
from server.web.guard import join_what_waits, keyring, open_to_all, tray_here
from server.web.inputs import page_id

bp = Blueprint("outbox", __name__)

_WRONG_CLOCK = timedelta(minutes=2)


class Coming(msgspec.Struct, frozen=True):
    """The first line: names that the phone gave its posts, each with how many bytes it has; to whom all are sealed
    (base64); the phone's clock (milliseconds since 1970). The posts themselves follow, one right after another.
    """

    now: int
    to: bytes
    posts: list[tuple[str, Annotated[int, Meta(ge=1)]]]


@bp.post("/utkorg")
@open_to_all
def take() -> Response:
    """Says which were taken, for the phone to forget: all or none.

    And whose drawer is open: what is sealed to somebody else waits on for them.
    """
    try:
        head, _line, sealed = request.get_data().partition(b"\n")
        coming = msgspec.json.decode(head, type=Coming)
        slow = g.now - datetime.fromtimestamp(coming.now / 1000, UTC)
    except (msgspec.DecodeError, ValueError, OverflowError, OSError):
        abort(400)
    names = [page_id(name) for name, _size in coming.posts]
    if sum(size for _name, size in coming.posts) != len(sealed):
        abort(400)
    stream = BytesIO(sealed)
    posts = [(name, stream.read(size)) for name, size in coming.posts]
    slow = slow if abs(slow) > _WRONG_CLOCK else timedelta()
    mine, held = keyring(), tray_here()
    box = public_key(mine) if mine else b""
    if mine and box == coming.to:
        tray.lay_by(Drawer(g.db, mine), posts, slow)
    elif mine:
        names = []
    elif held:
        tray.leave_sealed(held, posts, slow)
    else:
        abort(401)
    response = jsonify(taken=names, box=base64.b64encode(box).decode())
    if names:
        response.call_on_close(copy_current_request_context(join_what_waits))
    return response
