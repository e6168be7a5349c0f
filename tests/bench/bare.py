"""What everything is compared with: Flask and nothing else, on the same server with the same settings."""

import time
from collections.abc import Iterator

from flask import Flask, Response

from server import config
from server.serving import serve
from tests.bench.streams import HELD

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
        """An event stream that says one line and then keeps still."""
        return Response(_still(), mimetype="text/event-stream")

    return app


def _still() -> Iterator[str]:
    yield ": here\n\n"
    time.sleep(HELD)


if __name__ == "__main__":
    serve(config.for_development(), "tests.bench.bare:create", lambda: None)
