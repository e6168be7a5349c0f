"""Two phones at once: what one writes stands on the other's open page, on one process and across two (rows B2, E20).

Real servers with their streams: SQLite in one process, PostgreSQL behind two. A restart in the middle loses nothing and
doubles nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.commands import free_port
from tests.live.conftest import House, house
from tests.stories.phone import Phone
from tests.stories.test_live import HIDDEN
from tests.stories.test_talks import agreed, more, says, to_talk

pytestmark = pytest.mark.story

WAITS = 15_000  # milliseconds; how fast it is, the bench tells (live_wake_one_ms)


class Pair:
    """Ada and Ben, who have agreed to write, each on a phone of their own at a server of their own."""

    def __init__(self, browser: Browser, found: House) -> None:
        self.streams: list[int] = []  # how the server answered each page that asked for a stream
        self.ada, self.ben = (self._phone(browser, found.servers[n % len(found.servers)]) for n in (0, 1))
        agreed(self.ada, self.ben)
        to_talk(self.ada, "Ben")
        says(self.ada, "Hej")
        to_talk(self.ben, "Ada")
        says(self.ben, "Hej själv")
        expect(self.said(self.ada)).to_have_count(2)
        assert self.streams and set(self.streams) == {200}  # nothing here is asked for in vain

    def _phone(self, browser: Browser, server: Any) -> Phone:
        address = server.address.replace("127.0.0.1", "localhost")
        context = browser.new_context(
            service_workers="block",
            base_url=address,
            viewport={"width": 390, "height": 844},
            is_mobile=True,
            has_touch=True,
            locale="sv-SE",
        )
        context.on(
            "response", lambda one: self.streams.append(one.status) if one.url.endswith("/live") else None
        )
        return Phone(context, address)

    @staticmethod
    def said(phone: Phone) -> Any:
        return phone.page.locator(".thread .say > p")

    def reads(self, phone: Phone) -> list[str]:
        return [text.split(": ", 1)[1] for text in self.said(phone).all_text_contents()]

    def put_away(self) -> None:
        for phone in (self.ada, self.ben):
            # A server that is away for a while is no fault of the page, nor is a picture of a page that was left.
            phone.complaints[:] = [
                one for one in phone.complaints if "ERR_" not in one and "Transition was aborted" not in one
            ]
            phone.put_away()


@pytest.fixture
def on_sqlite(browser: Browser, tmp_path: Path) -> Iterator[Pair]:
    with house(tmp_path, PORT=str(free_port())) as found:
        pair = Pair(browser, found)
        yield pair
        pair.put_away()


@pytest.fixture
def on_postgresql(browser: Browser, tmp_path: Path, empty_postgresql: str) -> Iterator[Pair]:
    with house(tmp_path, servers=2, DAGSFORM_DATABASE=empty_postgresql) as found:
        pair = Pair(browser, found)
        yield pair
        pair.put_away()


def write_to_each_other(pair: Pair) -> None:
    """What one writes stands there, the other's half-written answer stays, and it is heard once."""
    pair.ben.page.get_by_role("textbox").fill("halvt svar")
    says(pair.ada, "Satt en timme med telefonen.")
    expect(pair.said(pair.ben).last).to_contain_text("Satt en timme", timeout=WAITS)
    expect(pair.ben.page.get_by_role("textbox")).to_have_value("halvt svar")
    pair.ben.tap("Läst, orkar inte svara")
    expect(pair.ada.page.locator(".thread")).to_contain_text("läst. Orkar inte svara", timeout=WAITS)
    expect(pair.ben.page.get_by_role("textbox")).to_have_value("halvt svar")
    says(pair.ben, "Vad låste sig?")
    expect(pair.said(pair.ada).last).to_contain_text("Vad låste sig?", timeout=WAITS)
    assert pair.reads(pair.ada) == pair.reads(pair.ben)
    more(pair.ada, "Satt en timme")
    pair.ada.tap("Ta tillbaka det")
    expect(pair.ben.page.locator(".thread")).not_to_contain_text("Satt en timme", timeout=WAITS)


@pytest.mark.long
def test_on_one_process(on_sqlite: Pair) -> None:
    """And a phone that slept catches up, in order and once."""
    pair = on_sqlite
    write_to_each_other(pair)
    before = pair.reads(pair.ben)
    pair.ben.measure(HIDDEN.format("true"))
    says(pair.ada, "Ett")
    says(pair.ada, "Två")
    pair.ben.page.wait_for_timeout(500)
    assert pair.reads(pair.ben) == before
    pair.ben.measure(HIDDEN.format("false"))
    expect(pair.said(pair.ben)).to_have_count(len(before) + 2)
    assert pair.reads(pair.ben) == [*before, "Ett", "Två"]


@pytest.mark.long  # tests/live/test_streams.py tells across two processes, without a screen
def test_across_two_processes(on_postgresql: Pair) -> None:
    write_to_each_other(on_postgresql)


@pytest.mark.worker(False)
def test_a_restart_loses_nothing_and_doubles_nothing(browser: Browser, tmp_path: Path) -> None:
    """What is sent while nobody answers stays in the field, and goes once."""
    port = str(free_port())
    with house(tmp_path, PORT=port) as found:
        pair = Pair(browser, found)
    pair.ada.page.get_by_role("textbox").fill("Under omstarten")
    pair.ada.tap("Skicka", inside=pair.ada.page.locator(".compose"))
    pair.ada.sees("Ingen uppkoppling. Texten är kvar.")
    expect(pair.ada.page.get_by_role("textbox")).to_have_value("Under omstarten")
    with house(tmp_path, PORT=port):
        says(pair.ada, "Under omstarten")
        expect(pair.said(pair.ben)).to_have_count(3, timeout=WAITS)
        says(pair.ben, "Nu är vi tillbaka")
        expect(pair.said(pair.ada)).to_have_count(4, timeout=WAITS)
        assert pair.reads(pair.ada) == pair.reads(pair.ben)
        assert pair.reads(pair.ada) == ["Hej", "Hej själv", "Under omstarten", "Nu är vi tillbaka"]
        pair.put_away()
