"""What every answer carries: nothing from elsewhere, nothing inline, nothing kept by caches."""

import base64
import hashlib

from flask import Flask, Response, current_app, g

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'{sheet}; img-src 'self' data:; font-src 'self'; "
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
    digest = hashlib.sha256(app.extensions["assets"].sheet.encode()).digest()
    plain = _CSP.format(sheet="")
    with_sheet = _CSP.format(sheet=f" 'sha256-{base64.b64encode(digest).decode()}'")

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers["Content-Security-Policy"] = with_sheet if g.get("sheet_inside") else plain
        if not g.get("sheet_inside"):
            # Cuts off the window that opened ours. The very first page holds nobody's anything yet, and is painted
            # sooner when the browser need not change process for it (docs/bench.md); the next one cuts the same.
            response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if not app.debug:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def sheet_inside() -> str:
    """The whole style sheet, to stand inside the page of somebody who has never been here.

    It saves one round trip before anything is painted (docs/bench.md); later pages use the cached file.
    """
    g.sheet_inside = True
    sheet: str = current_app.extensions["assets"].sheet
    return sheet
