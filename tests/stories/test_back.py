"""Back after a lock, in a browser that keeps whole pages in its memory, on a net that answers late."""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from server.vault import codes
from tests.stories.conftest import Phones, how_to_launch
from tests.stories.keys import begin, keys, make_card, make_code, type_code
from tests.stories.phone import Phone
from tests.stories.test_showing import prepared, written
from tests.world import World

pytestmark = pytest.mark.story

WORDS = "Satt en kvart"
LATE = 2.0  # seconds until an answer comes
PERSISTED = "addEventListener('pageshow', (event) => event.persisted && (sessionStorage.kept = 1))"


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Playwright turns Chromium's memory for Back off; people have it on."""
    browser = playwright.chromium.launch(
        **how_to_launch(), ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


def slow(world: World) -> None:
    inside = world.app.wsgi_app

    def late(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        time.sleep(LATE)
        return inside(environ, start)

    world.app.wsgi_app = late  # type: ignore[assignment, method-assign]


def readable(phone: Phone, words: str) -> bool:
    """What an eye would see just now, without waiting for anything."""
    return words in str(phone.page.evaluate("document.body?.innerText ?? ''"))


def never_readable(phone: Phone, words: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(Error):  # between two pages there is nothing to ask
            assert not readable(phone, words)
        phone.page.wait_for_timeout(50)


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))


def locks(phone: Phone) -> None:
    """From now on this phone locks for real."""
    make_card(phone)
    make_code(phone)


@pytest.mark.parametrize("script", [True, False])
def test_back_from_what_is_shown_is_never_the_own_page(phones: Phones, world: World, script: bool) -> None:
    """Row C16. The one across the table has the phone in the hand, and the net is slow."""
    phone = phones(script=script)
    written(phone)
    locks(phone)
    phone.open("/dagar/2026-11-19")
    prepared(phone)
    phone.tap("Visa upp på min skärm", inside=phone.page.locator(".acts"))
    expect(phone.title).to_have_text("Till Maria")
    slow(world)
    phone.page.go_back(wait_until="commit")
    never_readable(phone, WORDS, LATE + 1)
    expect(phone.title).to_have_text("Låst")


def test_a_page_kept_for_back_is_blank_until_it_is_asked_for_anew(phone: Phone, world: World) -> None:
    phone.page.add_init_script(PERSISTED)
    written(phone)
    phone.open("/dagar/2026-11-19")
    phone.sees(WORDS)
    phone.tap("Hjälp")
    slow(world)
    phone.page.go_back(wait_until="commit")
    never_readable(phone, WORDS, LATE / 2)
    phone.sees(WORDS)
    assert phone.measure("sessionStorage.kept"), "Chromium kept nothing, so nothing was tried here"


def test_what_is_half_written_is_there_after_back(phone: Phone) -> None:
    """Hard rule 8."""
    begin(phone)
    phone.open("/dagar/2026-11-19/ny")
    phone.write("Med egna ord", "Halvskrivet.")
    phone.tap("Hjälp")
    expect(phone.page.get_by_role("link", name="Ring 112").first).to_be_visible()
    phone.page.go_back()
    expect(phone.page.get_by_label("Med egna ord", exact=True)).to_have_value("Halvskrivet.")


def test_a_lock_in_one_tab_empties_the_others(phone: Phone, world: World) -> None:
    written(phone)
    locks(phone)
    other, writing = phone.tab(), phone.tab()
    other.open("/dagar/2026-11-19")
    writing.open("/dagar/2026-11-18/ny")
    writing.write("Med egna ord", "Skrivet i en annan flik.")
    keys(phone)
    slow(world)
    phone.page.evaluate("document.querySelector('form[data-closes]').requestSubmit()")
    other.page.wait_for_timeout(300)
    never_readable(other, WORDS, LATE)
    for one in (phone, other, writing):
        expect(one.title).to_have_text("Låst")
    type_code(other)
    expect(other.title).to_have_text("Torsdag 19 november")
    other.open("/dagar/2026-11-18")
    other.tap("Fortsätt skriva")
    expect(other.page.get_by_label("Med egna ord", exact=True)).to_have_value("Skrivet i en annan flik.")


def test_hide_in_one_tab_hides_the_others(phone: Phone) -> None:
    written(phone)
    other = phone.tab()
    other.open("/dagar/2026-11-19")
    other.sees(WORDS)
    phone.tap("Göm")
    expect(other.page.locator("[data-clock]")).to_be_visible()
