"""What everything is compared with: Flask and nothing else, on granian as it comes, without the bridge."""

import time
from collections.abc import Iterator

from flask import Flask, Response, request

from server.web.bridge import HOLD, Bridge, Line
from tests.bench.serving import WSGI

BARE = [*WSGI, "tests.bench.bare:create"]
_HELD = 3600  # seconds
_PAGE = '<!doctype html><html lang="sv"><title>Hej</title><h1>Hej</h1><p>En liten sida.</p></html>'


def create() -> Flask:
    """A page of fixed text; without style or script it is the quickest thing a phone can show."""
    app = Flask("bare", static_folder=None)

    @app.get("/")
    def page() -> str:
        return _PAGE

    @app.get("/healthz")
    def health() -> str:
        return "ok\n"

    @app.get("/stream")
    def stream() -> Response:
        """An event stream that says one line and then keeps still; on a thread, where the server has nothing better."""
        hold = request.environ.get(HOLD)
        if hold:
            hold(_keep)
        return Response("" if hold else _still(), mimetype="text/event-stream")

    return app


def bridged() -> Bridge:
    """The same behind the bridge that our pages stand behind."""
    return Bridge(create(), stop=_lines.clear)


_lines: list[Line] = []


def _keep(line: Line) -> None:
    line.say(b": here\n\n")
    _lines.append(line)


def _still() -> Iterator[str]:
    yield ": here\n\n"
    time.sleep(_HELD)
