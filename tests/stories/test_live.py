"""An open page that others write in: what is new stands there by itself, and nothing of the reader's own is touched.

A page of the test's own, with the real script, the real server and its streams.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from server.web.guard import SESSION
from tests.commands import free_port
from tests.live.conftest import House, house, port_of
from tests.stories.phone import PATIENCE
from tests.streams import Follower

pytestmark = pytest.mark.story

HIDDEN = (
    "Object.defineProperty(document, 'hidden', {{ value: {}, configurable: true }});"
    "document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))"
)


class Room:
    """Ada's open page; `lines` is what the server would show, `asked` how often the page has asked."""

    def __init__(self, context: BrowserContext, found: House, home: Path) -> None:
        self.found, self.ada = found, found.person()
        self.lines = ["Hej", "Hur är det?"]
        self.asked: list[dict[str, str]] = []
        self.status = 200
        self.reloads = 0
        self.context, self.page = context, context.new_page()
        self.address = f"http://localhost:{port_of(found.servers[0])}"
        (script,) = (home / "static").glob("live.*.js")
        self.script = f"/static/{script.name}"
        self.sign_in(self.ada)
        context.route("**/provrum", self._room)
        context.route("**/provrum/nytt", self._fresh)

    def sign_in(self, who: Follower) -> None:
        self.context.add_cookies(
            [
                {
                    "name": SESSION,
                    "value": who.session.as_text(),
                    "url": self.address.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                }
            ]
        )

    def open(self) -> "Room":
        with self.page.expect_response("**/live"):
            self.page.goto(f"{self.address}/provrum")
        expect(self.page.locator("li")).to_have_count(len(self.lines))
        return self

    def comes(self, line: str) -> None:
        """Somebody writes, on another server process."""
        self.lines.append(line)
        self.found.leave(self.ada)

    def sees(self, line: str, within: float = PATIENCE) -> None:
        expect(self.page.get_by_text(line, exact=True)).to_be_visible(timeout=within)

    @property
    def _list(self) -> str:
        items = "".join(
            f'<li id="say-{number}"><p>{line}</p><details><summary>Mer</summary>mer</details>'
            '<form><textarea aria-label="ändra"></textarea></form></li>'
            for number, line in enumerate(self.lines)
        )
        return f'<ol id="thread" role="log" data-live="/provrum/nytt">{items}</ol>'

    def _room(self, route: Route) -> None:
        self.reloads += 1
        route.fulfill(
            content_type="text/html; charset=utf-8",
            body=f"<!doctype html><title>Prov</title><main><h1>Prov</h1>{self._list}</main>"
            '<form><textarea id="words" aria-label="Skriv"></textarea></form>'
            f'<script type="module" src="{self.script}"></script>',
        )

    def _fresh(self, route: Route) -> None:
        self.asked.append(route.request.headers)
        if not self.status:
            route.abort()
        elif self.status == 303:
            route.fulfill(status=303, headers={"Location": "/nyckel"})
        else:
            route.fulfill(status=self.status, content_type="text/html; charset=utf-8", body=self._list)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="module")
def found(home: Path) -> Iterator[House]:
    """One server for all these tests; each has a person and a page of its own."""
    with house(home) as found:
        yield found


@pytest.fixture
def room(browser: Browser, found: House, home: Path) -> Iterator[Room]:
    context = browser.new_context(locale="sv-SE")
    yield Room(context, found, home).open()
    context.close()


def test_what_is_new_stands_there_by_a_word_from_the_server(room: Room) -> None:
    """The page asks by itself, says that nobody is behind it, and asks no more than it must."""
    expect(room.page.locator("li")).to_have_count(2)
    room.page.wait_for_timeout(500)
    before = len(room.asked)
    room.comes("Nytt")
    room.sees("Nytt")
    room.page.wait_for_timeout(1000)
    assert len(room.asked) == before + 1
    assert room.asked[-1]["x-unattended"] == "1"
    assert room.asked[-1]["hx-request"] == "true"


def test_what_has_not_changed_stays_as_it_is(room: Room) -> None:
    """The same nodes, open as they were, with the focus and what is half-written; only what changed is new."""
    page: Page = room.page
    page.locator("#say-0 summary").click()
    page.locator("#say-1 textarea").fill("halv ändring")
    page.locator("#words").fill("halvt svar")
    page.locator("#words").focus()
    page.evaluate("document.querySelectorAll('li').forEach(one => one.seen = true)")
    room.lines[1] = "Hur var det?"
    room.comes("Nytt")
    room.sees("Nytt")
    assert page.evaluate(
        "document.querySelector('#say-0').seen && document.querySelector('#say-0 details').open"
    )
    expect(page.locator("#say-1 textarea")).to_have_value("halv ändring")
    expect(page.locator("#words")).to_have_value("halvt svar")
    expect(page.locator("#words")).to_be_focused()
    page.locator("#say-1 textarea").fill("")
    page.locator("#words").focus()
    del room.lines[0]
    room.lines[:] = ["Hej", "Hur var det?", "Nytt"]
    room.comes("Sist")
    room.sees("Sist")
    room.sees("Hur var det?")
    assert page.locator("li p").all_inner_texts() == room.lines
    del room.lines[3]
    room.found.leave(room.ada)
    expect(page.get_by_text("Sist", exact=True)).to_have_count(0)
    assert page.evaluate("document.querySelector('#say-0').seen")


def test_the_place_on_the_page_stays_or_follows_at_the_end(room: Room) -> None:
    page: Page = room.page
    for number in range(40):
        room.lines.append(f"Rad {number}")
    room.comes("Nu är sidan lång")
    room.sees("Nu är sidan lång")
    page.evaluate("scrollTo(0, 100)")
    room.comes("Läs i lugn och ro")
    room.sees("Läs i lugn och ro")
    assert page.evaluate("scrollY") == 100
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    room.comes("Längst ner")
    room.sees("Längst ner")
    assert page.evaluate("document.scrollingElement.scrollHeight - scrollY - innerHeight") < 2


def test_a_hidden_page_asks_nothing_and_catches_up(room: Room) -> None:
    room.page.wait_for_timeout(300)
    room.page.evaluate(HIDDEN.format("true"))
    room.page.wait_for_timeout(200)
    before = len(room.asked)
    room.comes("Under tiden")
    room.page.wait_for_timeout(4000)
    assert len(room.asked) == before
    room.page.evaluate(HIDDEN.format("false"))
    room.sees("Under tiden")


def test_a_lock_is_seen_at_once_and_what_is_half_written_stays(room: Room) -> None:
    room.page.locator("#words").fill("halvt svar")
    room.status = 303
    room.comes("Hemligt")
    expect(room.page.locator("li")).to_have_count(0)
    expect(room.page.locator("#words")).to_have_value("halvt svar")
    assert room.reloads == 1
    before = len(room.asked)
    room.page.wait_for_timeout(4000)
    assert len(room.asked) == before


def test_a_lock_reloads_when_nothing_is_half_written(room: Room) -> None:
    room.status = 401
    with room.page.expect_navigation():
        room.comes("Hemligt")
    assert room.reloads == 2


@pytest.mark.long  # it waits as long as the page does
def test_without_a_stream_the_page_asks_by_itself(room: Room, browser: Browser) -> None:
    """A session that gets no stream: after three seconds, then ever more seldom."""
    context = browser.new_context(locale="sv-SE")
    other = Room(context, room.found, room.found.home)
    context.clear_cookies()
    other.open()
    other.comes("Utan ström")
    other.sees("Utan ström")
    other.page.wait_for_timeout(500)
    before = len(other.asked)
    other.page.wait_for_timeout(9000)
    assert 1 <= len(other.asked) - before <= 2
    context.close()


@pytest.mark.long  # test_talks_live has a restart with two people
def test_after_a_restart_the_page_comes_back_by_itself(browser: Browser, tmp_path: Path) -> None:
    context, home, port = browser.new_context(locale="sv-SE"), tmp_path, str(free_port())
    with house(home, PORT=port) as found:
        room = Room(context, found, home).open()
        room.status = 0  # nobody answers from here on
        process = found.servers[0].process
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=8)
    room.page.wait_for_timeout(1000)
    with house(home, PORT=port) as found:
        room.found, room.status = found, 200
        room.comes("Efter omstarten")
        room.sees("Efter omstarten")
        room.page.wait_for_timeout(4000)
        room.comes("Och genast igen")
        room.sees("Och genast igen")
    context.close()
