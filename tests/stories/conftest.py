"""A phone-sized Chromium in front of a real server with a world of its own, for stories told as people live them."""

import os
import threading
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser import NoBrowser, find
from tests.stories.phone import PATIENCE, Phone
from tests.world import World


class Quiet(WSGIRequestHandler):
    """Says nothing about who asked for what."""

    def log(self, type: str, message: str, *args: object) -> None:
        pass


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
    """The world served on a free port; `localhost`, where a browser accepts Secure cookies."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()


class Phones(Protocol):
    def __call__(self, *, script: bool = True, width: int = 390, height: int = 844) -> Phone: ...


@pytest.fixture
def phones(browser: Browser, address: str) -> Iterator[Phones]:
    """Makes a phone; each has its own cookies. `script=False` turns JavaScript off."""
    made: list[Phone] = []

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
def either(phones: Phones, request: pytest.FixtureRequest) -> Phone:
    """The story is lived twice: with JavaScript, and without."""
    return phones(script=request.param)
