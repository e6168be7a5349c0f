"""The first day in WebKit, behind the TLS proxy of the deploy recipe."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.proxy import Proxy, proxied
from tests.stories.webkit import Window, window
from tests.world import World, at

pytestmark = [
    pytest.mark.story,
    pytest.mark.long,
    # Selenium 4.51 does to itself what it advises others against.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]


@pytest.fixture
def proxy(address: str, tmp_path: Path) -> Iterator[Proxy]:
    with proxied(urlsplit(address).port or 0, tmp_path / "proxy") as proxy:
        yield proxy


@pytest.fixture
def safari(proxy: Proxy, tmp_path: Path) -> Iterator[Window]:
    with window(proxy.address, tmp_path / "webkit") as window_:
        yield window_


def test_a_visitor_answers_writes_and_finds_it_again(safari: Window) -> None:
    """A19, C10, D7; the cookies are kept, and the script runs."""
    safari.open()
    safari.sees("Hur är dagen?", "När du svarar sparas det, låst.")
    safari.answer("Tung")
    safari.sees("Sparat.", "Tung dag")
    assert {"__Host-s", "__Host-d"} <= {cookie["name"] for cookie in safari.driver.get_cookies()}
    safari.tap("Skriv några ord om dagen")
    safari.write("Med egna ord", "Gick till brevlådan.")
    safari.tap("Spara")
    safari.sees("Gick till brevlådan.")
    safari.open("/dagar")
    safari.tap("Torsdag 19")
    safari.sees("Torsdag 19 november", "Gick till brevlådan.", "Formen: bara jag")


def test_a_tap_by_mistake_is_undone_and_hiding_shows_a_clock(safari: Window) -> None:
    safari.open()
    safari.answer("Lätt")
    safari.tap("Ångra")
    safari.sees("Ångrat.", "Hur är dagen?")
    safari.answer("Tung")
    safari.sees("Tung dag")
    safari.tap("Göm")
    safari.until("location.pathname === '/klocka'")
    safari.does_not_see("Tung", "Dagsform")
    safari.open("/dagar/2026-11-19")
    safari.until("document.querySelector('[data-clock]')")


def test_what_is_written_without_a_connection_is_sent_once(
    safari: Window, proxy: Proxy, world: World
) -> None:
    """Rows D7, D32: nobody answers at all, the page still comes, and what is written waits until somebody does."""
    safari.open()
    safari.answer("Tung")
    safari.sees("Sparat.", "Tung dag")
    safari.until("navigator.serviceWorker.controller")
    safari.open("/dagar")
    proxy.stop()
    safari.open("/kretsen")
    safari.sees("Utan nät")
    safari.write("Några ord, om du vill", "Skrivet på bussen.")
    safari.answer("Lätt")
    safari.sees("Sparat här", "1 sak är sparad här och väntar på nät.")
    safari.open("/hjalp")
    safari.sees("Ring 112")
    proxy.start()
    world.move(at("2026-11-19 10.20"))
    safari.open()
    safari.sees("Sparat i ditt konto.")
    for _ in range(2):
        safari.open("/dagar/2026-11-19")
        safari.sees("Torsdag 19 november")
        assert safari.glance().count("Skrivet på bussen.") == 1
