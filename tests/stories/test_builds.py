"""Two builds after one another on the same phone, and the switch that takes the worker away: nothing is stranded."""

import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from flask import Flask
from playwright.sync_api import expect

from server import create_app
from server.web import static
from tests.people import TODAY
from tests.stories.conftest import served
from tests.stories.faults import WAITS
from tests.stories.net import Net
from tests.stories.phone import PATIENCE, Phone
from tests.stories.test_offline import at_work, begun, day, no_complaint
from tests.world import World, settings

pytestmark = [pytest.mark.story, pytest.mark.worker, pytest.mark.long]

BUILD = "caches.keys().then((all) => all.join())"
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
NEWER = ("page.js", "outbox.js", "offline.js", "dagsform.css")  # what another build has changed
OUTBOX, WORKER = "/utkorg", "/sw.js"


class Host(Net):
    """One address behind which the build is changed. `silent`: where nobody answers meanwhile."""

    def __init__(self, world: World, folder: Path) -> None:
        super().__init__(world.app)
        self._world, self._folder = world, folder
        self.silent = set[str]()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in self.silent:
            start_response("503 Service Unavailable", [])
            return []
        return super().__call__(environ, start_response)

    def turns_to(self, name: str, *, worker: bool = True) -> Flask:
        """Another build on the same databases, and the connection is back."""
        home = self._folder / name
        if not home.exists():  # what has not changed need not be compressed again
            shutil.copytree(self._world.foundations / "static", home / "static")
        self._app = build = create_app(replace(settings(home, self._world.folder), worker=worker))
        self.down = False
        return build


@pytest.fixture
def net(world: World, tmp_path: Path) -> Host:
    return Host(world, tmp_path)


@pytest.fixture
def address(net: Host) -> Iterator[str]:
    with served(net) as address:
        yield address


@pytest.fixture
def newer(net: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the first build is there: every later one is another."""
    first = static._contents

    def contents() -> dict[str, bytes]:
        found = first()
        for name in NEWER:
            found[name] += b"\n/* newer */\n"
        return found

    monkeypatch.setattr(static, "_contents", contents)


def becomes(phone: Phone, script: str, wanted: Any) -> None:
    """Sooner or later the browser answers this."""
    end = time.monotonic() + PATIENCE / 1000
    while (said := phone.measure(script)) != wanted:
        assert time.monotonic() < end, f"{script}: {said}, never {wanted}"
        phone.page.wait_for_timeout(20)


def kept(phone: Phone) -> str:
    return str(phone.measure(BUILD))


def offline(phone: Phone, net: Host, words: str) -> None:
    """The connection goes, and something is written."""
    net.down = True
    phone.open()
    phone.write("Några ord, om du vill", words)
    phone.press(phone.page.get_by_role("button", name="Mycket tung"))
    expect(phone.title).to_have_text("Sparat här")


def writes(phone: Phone, words: str) -> None:
    """On the page that stands there."""
    phone.write("Med egna ord", words)
    phone.tap("Spara")


@pytest.mark.usefixtures("newer")
def test_a_newer_worker_takes_over_what_waits(phone: Phone, net: Host) -> None:
    """The outbox survives the change of worker, and an open page of the older build goes on writing."""
    begun(phone)
    first, old = kept(phone), phone.tab()
    old.open(f"/dagar/{TODAY}/ny")
    offline(phone, net, "skrivet före")
    net.silent = {OUTBOX}
    build = net.turns_to("newer")
    phone.open("/dagar")
    end = time.monotonic() + PATIENCE / 1000
    while first in kept(phone) or not kept(phone):
        assert time.monotonic() < end, f"the older worker is still there: {kept(phone)}"
        phone.page.wait_for_timeout(20)
    phone.until("navigator.serviceWorker.controller.state === 'activated'")
    writes(old, "från en gammal sida")
    expect(old.title).to_have_text("Sparat här")  # behind what waits already
    assert phone.measure(WAITS) == 2
    net.silent = set()
    phone.open()
    becomes(phone, WAITS, 0)
    words = day(phone)
    assert words.count("skrivet före") == words.count("från en gammal sida") == 1
    net.down = True
    phone.open("/kretsen")
    assert build.extensions["assets"].urls["offline.js"] in phone.page.content()
    net.down = False
    no_complaint(phone)


@pytest.mark.usefixtures("newer")
def test_a_newer_page_in_front_of_the_older_worker(phone: Phone, net: Host) -> None:
    """The worker's script does not come for a while: what it kept is sent to the newer server, new pages write."""
    begun(phone)
    first, old = kept(phone), phone.tab()
    old.open(f"/dagar/{TODAY}/ny")
    offline(phone, net, "skrivet före")
    net.silent = {WORKER}
    net.turns_to("newer")
    phone.open()
    becomes(phone, WAITS, 0)
    phone.open(f"/dagar/{TODAY}/ny")
    writes(phone, "från en ny sida")
    phone.open(f"/dagar/{TODAY}/ny")
    net.down = True
    writes(phone, "från en ny sida utan nät")
    expect(phone.title).to_have_text("Sparat här")
    writes(old, "från en gammal sida utan nät")
    net.down = False
    phone.open()
    becomes(phone, WAITS, 0)
    assert kept(phone) == first
    words = day(phone)
    for one in ("skrivet före", "från en ny sida utan nät", "från en gammal sida utan nät"):
        assert words.count(one) == 1, one
    assert words.count("från en ny sida") == 2  # alone, and in the longer words
    no_complaint(phone)


def test_the_worker_is_taken_away_and_comes_back(phone: Phone, net: Host) -> None:
    """The switch: worker and shell are gone, what waited is sent by the page, once. Then turned on again."""
    begun(phone)
    offline(phone, net, "skrivet före")
    net.asked.clear()
    net.turns_to("without", worker=False)
    phone.open("/dagar")
    becomes(phone, WAITS, 0)
    becomes(phone, WORKERS, 0)
    becomes(phone, BUILD, "")
    assert net.asked.count(f"POST {OUTBOX}") == 1
    phone.open(f"/dagar/{TODAY}/ny")
    assert phone.ask("navigator.serviceWorker.controller") is None
    writes(phone, "utan arbetare")
    words = day(phone)
    assert words.count("skrivet före") == words.count("utan arbetare") == 1
    net.turns_to("again")
    phone.open()
    at_work(phone)
    offline(phone, net, "och igen")
    net.down = False
    phone.open()
    becomes(phone, WAITS, 0)
    assert day(phone).count("och igen") == 1
    no_complaint(phone)
