"""A phone-sized Chromium in front of a real server with a world of its own, for stories told as people live them."""

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser import NoBrowser, find
from tests.stories.phone import PATIENCE, Phone
from tests.world import World


class Gone(io.BufferedReader):
    """What is left to read from somebody who has gone away is nothing."""

    def read(self, size: int | None = -1, /) -> bytes:
        try:
            return super().read(size)
        except ConnectionError:
            return b""


class Quiet(WSGIRequestHandler):
    """Says nothing about who asked for what, and closes every answer.

    After an answer werkzeug reads what the browser may still have sent, and closes the answer only then: a browser
    that went away in the middle made that reading fail, and the file that was being sent was left open.
    """

    def setup(self) -> None:
        super().setup()
        self.rfile = Gone(self.rfile.detach())

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:
        self.close_connection = True  # else whoever waits for the answer waits on

    def log(self, type: str, message: str, *args: object) -> None:
        pass


@contextmanager
def served(app: WSGIApplication) -> Iterator[str]:
    """On a free port; `localhost`, where a browser accepts Secure cookies."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


def how_to_launch() -> dict[str, Any]:
    """Where the browser is, and what it may not do by itself."""
    try:
        path = find()
    except NoBrowser as what_to_do:
        pytest.fail(str(what_to_do))
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {"executable_path": path, "args": [*root, "--disable-gpu", "--disable-background-networking"]}


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(**how_to_launch())
    yield browser
    browser.close()


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The world, as a browser reaches it."""
    with served(world.app) as address:
        yield address


class Phones(Protocol):
    def __call__(self, *, script: bool = True, width: int = 390, height: int = 844) -> Phone: ...


@pytest.fixture
def phones(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Phones]:
    """Makes a phone; each has its own cookies. `script=False` turns JavaScript off.

    The worker lives on every phone in the long run; in the quick one only on those of the stories about it.
    """
    made: list[Phone] = []
    marked = request.node.get_closest_marker("worker")
    worker = marked.args != (False,) if marked else not request.config.getoption("-m")

    def make(*, script: bool = True, width: int = 390, height: int = 844) -> Phone:
        small = width < 700
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            is_mobile=small,
            has_touch=small,
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
            java_script_enabled=script,
            reduced_motion="reduce",
            service_workers="allow" if worker else "block",
        )
        made.append(Phone(context, address, script=script))
        return made[-1]

    yield make
    for phone in made:
        phone.put_away()


@pytest.fixture
def phone(phones: Phones) -> Phone:
    return phones()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def both(phones: Phones, request: pytest.FixtureRequest) -> Phone:
    """The story is lived twice: with JavaScript, and without. For what everybody must be able to do."""
    return phones(script=request.param)


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["script", "no script"])
def either(phones: Phones, request: pytest.FixtureRequest) -> Phone:
    """As `both`, but without JavaScript only in the long run."""
    return phones(script=request.param)
