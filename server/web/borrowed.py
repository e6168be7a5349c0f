"""A computer that others use, too (row D32): nothing of ours on it outlives the browser's window.

One cookie says so, and is itself gone with the window. Whoever sets a cookie, it is made to last as long. Pages carry
`data-borrowed`, so that scripts store nothing and begin no worker. Nothing is known about it on the server.
"""

import re
from datetime import timedelta

from flask import Response, g, request

BORROWED = "__Host-b"
# Shorter than at home, and long enough to read a page: the way back may be a card of 36 characters.
IDLE = timedelta(minutes=5)
_LASTS = re.compile(r"; (?:Expires=[^;]+|Max-Age=\d+)")


def borrowed() -> bool:
    """Whether this browser is on such a computer: said before, or by this very request."""
    found: bool = g.get("borrowed", BORROWED in request.cookies)
    return found


def let_nothing_last(response: Response) -> Response:
    """Every cookie that this answer sets is one of the browser's session; one that is taken away stays so."""
    if borrowed():
        cookies = response.headers.getlist("Set-Cookie")
        response.headers.setlist(
            "Set-Cookie", [one if "Max-Age=0" in one else _LASTS.sub("", one) for one in cookies]
        )
    return response
