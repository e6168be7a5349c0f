"""What every answer carries: nothing from elsewhere, nothing inline, nothing kept by caches."""

import base64
import hashlib
from functools import cache

from flask import Flask, Response, current_app, g, request

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'{sheet}; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "X-Robots-Tag": "noindex",
}


def init_app(app: Flask) -> None:
    plain = _CSP.format(sheet="")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        if not _tells_of_nobody():
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Content-Security-Policy"] = _with(g.sheet_inside) if "sheet_inside" in g else plain
        if not app.debug:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def _tells_of_nobody() -> bool:
    """The question of the day as a browser gets it that has nothing of ours: the same for everybody, nothing to type.

    Only there may the page that opened it keep its hold of the window: a browser changes process to cut it, which costs
    the first paint a tenth (docs/bench.md). The answer leads to a page that cuts it before anything is shown.
    """
    return request.path == "/" and not request.cookies


def sheet_inside(*, first: bool) -> str:
    """The style sheet, to stand inside the page of somebody who has never been here.

    It saves one round trip before anything is painted (docs/bench.md); later pages use the cached file. `first`: only
    the part that the question of the day needs, which is painted sooner.
    """
    assets = current_app.extensions["assets"]
    g.sheet_inside = assets.first if first else assets.sheet
    sheet: str = g.sheet_inside
    return sheet


@cache
def _with(sheet: str) -> str:
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return _CSP.format(sheet=f" 'sha256-{digest}'")
