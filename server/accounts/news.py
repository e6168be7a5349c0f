"""A new way in is told on every other phone, for as long as it counts as new (72 hours).

The list of ways in tells all of them, so a phone that has shown the list has been told: that is noted in a cookie of
its own. Whoever makes a way in is led to the list, so the phone where it was made is not told again.
"""

from collections.abc import Iterable
from datetime import datetime

from flask import Response, request

from server.vault.keyring import Keyring
from server.vault.ways_in import Way, ways

TOLD = "__Host-n"


def untold(account: Keyring, now: datetime) -> list[Way]:
    """The new ways in that this phone has not shown in its list."""
    told = set(request.cookies.get(TOLD, "").split("."))
    return [way for way in _new(account, now) if _mark(way) not in told]


def note(response: Response, account: Keyring, now: datetime) -> Response:
    """This phone has been told about every way in that there is."""
    new = list(_new(account, now))
    if new:
        ends = max(way.undo_until for way in new if way.undo_until)
        response.set_cookie(
            TOLD,
            ".".join(_mark(way) for way in new),
            max_age=int((ends - now).total_seconds()),
            secure=True,
            httponly=True,
            samesite="Lax",
            path="/",
        )
    return response


def _new(account: Keyring, now: datetime) -> Iterable[Way]:
    return (way for way in ways(account) if way.state == "active" and way.undo_until and way.undo_until > now)


def _mark(way: Way) -> str:
    return way.id[:6].hex()
