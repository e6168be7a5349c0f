"""Notices: asked for, told in the quiet, and off again by one tap. The phone hears one word that is always the same."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from server.push.courier import TEXT
from server.push.worker import Worker
from server.vault.sealing import derive
from tests.messages.conftest import agree
from tests.people import Ada
from tests.push.service import Browser, Service, serving
from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_looks import CUT, OVERFLOW, SMALL
from tests.world import NOW, World, at

pytestmark = pytest.mark.story

PAGE = "/mitt/notiser"
# Chromium reaches no push service here, so its subscription is given; its key is a real one, held by the test.
SUBSCRIBE = """(said) => {
  let there = null;
  const made = (options) => {
    window.asked = { userVisibleOnly: options.userVisibleOnly, key: options.applicationServerKey.length };
    there = { toJSON: () => JSON.parse(said), unsubscribe: async () => { there = null; return true; } };
    return there;
  };
  PushManager.prototype.getSubscription = async () => there;
  PushManager.prototype.subscribe = async (options) => made(options);
  Notification.requestPermission = async () => window.answer ?? "granted";
}"""


@pytest.fixture
def service(tmp_path: Path, world: World) -> Iterator[Service]:
    with serving(tmp_path) as found:
        world.app.extensions["courier"] = found.courier()
        yield found


def told(world: World, service: Service) -> Worker:
    return Worker(world.database, derive(world.app.extensions["settings"].secret, "push"), service.courier())


def registers(phone: Phone, address: str) -> tuple[Any, dict[str, Any]]:
    """The phone has a service worker; where a push can be handed to it."""
    devtools = phone.context.new_cdp_session(phone.page)
    found: dict[str, Any] = {}
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda said: found.update(*said["registrations"][:1])
    )
    devtools.send("ServiceWorker.enable")
    phone.measure("navigator.serviceWorker.ready.then(() => 1)")  # begun by the page itself, and soon there
    return devtools, found


@pytest.mark.worker
def test_on_a_message_in_the_night_and_off(
    world: World,
    ada: Ada,
    ben: Any,
    phones: Phones,
    address: str,
    service: Service,
    move: Callable[[datetime], None],
) -> None:
    """Row B20. Nobody but the reader learns that there are notices; the words wait behind the lock."""
    mine, theirs = agree(ada.client, ben, "Ben")
    mine.says("Hej")
    browser, phone, worker = Browser("ada"), phones(), told(world, service)
    phone.becomes(ada.client)
    phone.context.grant_permissions(["notifications"], origin=address)
    phone.open("/mitt")
    phone.tap("Notiser")
    phone.sees("En notis säger ”Du har något nytt” och inget mer.", "Google, Apple, Mozilla eller Microsoft")
    phone.look()
    devtools, registration = registers(phone, address)
    phone.page.evaluate(SUBSCRIBE, browser.subscription)

    phone.tap("Slå på för den här telefonen")
    phone.sees("Välj minst en.")
    phone.page.evaluate(SUBSCRIBE, browser.subscription)
    phone.page.evaluate("window.answer = 'denied'")
    phone.page.get_by_label("Meddelanden").check()
    phone.tap("Slå på för den här telefonen")
    phone.sees("Webbläsaren säger nej till notiser härifrån.")
    phone.page.evaluate("window.answer = 'granted'")
    phone.page.get_by_label("Från", exact=True).select_option("20")
    phone.tap("Slå på för den här telefonen")
    expect(phone.toast).to_contain_text("Notiser är på för den här telefonen.")
    phone.look()

    move(at("2026-11-19 21.00"))
    theirs.says("Sov gott, hemligtord")
    theirs.says("Och en sak till")
    for when in ("2026-11-19 21.30", "2026-11-20 07.59"):
        move(at(when))
        worker.round()
        assert service.came == []
    move(at("2026-11-20 08.00"))
    worker.round()
    (came,) = service.came
    assert browser.opens(came.body) == TEXT

    devtools.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": f"{address}/", "registrationId": registration["registrationId"], "data": TEXT.decode()},
    )
    shown = """navigator.serviceWorker.ready.then((one) => one.getNotifications())
      .then((all) => JSON.stringify(all.map((one) => [one.title, one.body, one.tag, one.lang])))"""
    expected = [["Dagsform", "Du har något nytt.", "dagsform", "sv"]]
    for _ in range(100):
        if json.loads(phone.measure(shown)) == expected:
            break
        phone.page.wait_for_timeout(50)
    assert json.loads(phone.measure(shown)) == expected

    phone.open(PAGE)
    phone.tap("Stäng av på den här telefonen")
    expect(phone.toast).to_contain_text("Notiser är av på den här telefonen.")
    theirs.says("Hör du?")
    move(at("2026-11-20 09.00"))
    worker.round()
    assert len(service.came) == 1
    assert world.rows("push") == 0


def test_reminders_need_no_notices_and_no_script(either: Phone, move: Callable[[datetime], None]) -> None:
    """The words stand on Idag when the time has come; and the page says what it is without script."""
    phone = either
    phone.open()
    phone.answer("Mittemellan")
    phone.open("/mitt")
    phone.tap("Notiser")
    if phone.script:
        expect(phone.page.get_by_role("button", name="Slå på för den här telefonen")).to_be_enabled()
    else:
        phone.sees("För att slå på notiser behövs skript i webbläsaren.")
        expect(phone.page.get_by_role("button", name="Slå på för den här telefonen")).to_be_disabled()
    phone.write("Vad vill du bli påmind om?", "Ring Karin")
    phone.write("Dag", "2026-11-19")
    phone.write("Tid", "10:30")
    phone.tap("Spara påminnelsen")
    phone.sees("Ring Karin", "Torsdag 19 november, klockan 10.30", "Ingen notis, den står på Idag.")
    phone.look()
    phone.open("/aktiviteter/oppen-fika")
    phone.tap("Säg till före")
    phone.look()
    phone.page.get_by_text("3 timmar före").click()
    phone.tap("Säg till")
    phone.sees("Öppen fika", "Måndag 23 november, klockan 9")
    move(NOW + timedelta(hours=1))
    phone.open("/")
    phone.sees("Du bad om en påminnelse", "Ring Karin")
    phone.look()
    phone.tap("Lägg undan")
    phone.does_not_see("Ring Karin")
    phone.open(PAGE)
    phone.sees("Den har varit.")


@pytest.mark.parametrize(
    "width", [320, pytest.param(390, marks=pytest.mark.long), pytest.param(1200, marks=pytest.mark.long)]
)
def test_the_pages_fit(width: int, phones: Phones, ada: Ada) -> None:
    phone = phones(width=width, height=640)
    phone.becomes(ada.client)
    for path in (PAGE, f"{PAGE}/aktivitet/oppen-fika"):
        phone.open(path)
        assert phone.measure(OVERFLOW) == []
        assert phone.measure(SMALL) == []
        assert phone.measure(CUT) == []
