"""Back after a lock, in a browser that keeps whole pages in its memory, on a net that answers late."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect

from server.vault import codes
from tests.stories.conftest import Phones, how_to_launch
from tests.stories.keys import begin, keys, make_card, make_code, type_code
from tests.stories.phone import PATIENCE, Phone
from tests.stories.test_showing import prepared, written
from tests.world import World

pytestmark = pytest.mark.story

WORDS = "Satt en kvart"
LATE = 1.0  # seconds until an answer comes, where nobody else can say when
LOOKS = 20
# While a page is on its way nobody outside can ask the one that is left, so it keeps itself what could be read on it.
EYE = """addEventListener("pageshow", (event) => {
  const look = () => (sessionStorage.seen = `${sessionStorage.seen ?? ""}|${document.body.innerText}`);
  if (event.persisted) setInterval(look, 20);
})"""


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Playwright turns Chromium's memory for Back off; people have it on."""
    browser = playwright.chromium.launch(
        **how_to_launch(), ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@contextmanager
def silent(world: World) -> Iterator[Callable[[], None]]:
    """Nothing that is asked for is answered until the test says so; from then on, at once."""
    inside, said = world.app.wsgi_app, threading.Event()

    def late(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        said.wait(PATIENCE / 1000)
        return inside(environ, start)

    world.app.wsgi_app = late  # type: ignore[assignment, method-assign]
    yield said.set
    said.set()
    world.app.wsgi_app = inside  # type: ignore[method-assign]


def unreadable(phone: Phone, words: str) -> None:
    """However often one looks."""
    for _ in range(LOOKS):
        assert words not in phone.glance()
        phone.page.wait_for_timeout(20)


def unreadable_until(phone: Phone, words: str, title: str) -> None:
    """Nor for a moment, before that page has come."""
    end = time.monotonic() + PATIENCE / 1000
    while title not in (seen := phone.glance()):
        assert words not in seen
        assert time.monotonic() < end, f"“{title}” never came"
        phone.page.wait_for_timeout(20)
    assert words not in seen


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))


def locks(phone: Phone) -> None:
    """From now on this phone locks for real."""
    make_card(phone)
    make_code(phone)


@pytest.mark.parametrize("script", [True, pytest.param(False, marks=pytest.mark.long)])
def test_back_from_what_is_shown_is_never_the_own_page(phones: Phones, world: World, script: bool) -> None:
    """Row C16. The one across the table has the phone in the hand, and the net is slow."""
    phone = phones(script=script)
    phone.page.add_init_script(EYE)
    written(phone)
    locks(phone)
    phone.open("/dagar/2026-11-19")
    prepared(phone)
    phone.tap("Visa upp på min skärm", inside=phone.page.locator(".acts"))
    expect(phone.title).to_have_text("Till Maria")
    with silent(world) as answer:
        threading.Timer(LATE, answer).start()
        phone.back(until="commit")
        unreadable_until(phone, WORDS, "Låst")
    expect(phone.title).to_have_text("Låst")
    phone.does_not_see(WORDS)
    assert WORDS not in (phone.measure("sessionStorage.seen") or "")


def test_a_page_kept_for_back_is_blank_until_it_is_asked_for_anew(phone: Phone, world: World) -> None:
    phone.page.add_init_script(EYE)
    written(phone)
    phone.open("/dagar/2026-11-19")
    phone.sees(WORDS)
    phone.tap("Hjälp")
    with silent(world) as answer:
        threading.Timer(LATE, answer).start()
        phone.back(until="commit")
        phone.sees(WORDS)
    seen = phone.measure("sessionStorage.seen")
    assert seen, "Chromium kept nothing, so nothing was tried here"
    assert WORDS not in seen


def test_what_is_half_written_is_there_after_back(phone: Phone) -> None:
    """Hard rule 8."""
    begin(phone)
    phone.open("/dagar/2026-11-19/ny")
    phone.write("Med egna ord", "Halvskrivet.")
    phone.tap("Hjälp")
    expect(phone.page.get_by_role("link", name="Ring 112").first).to_be_visible()
    phone.back()
    expect(phone.page.get_by_label("Med egna ord", exact=True)).to_have_value("Halvskrivet.")


def test_a_lock_in_one_tab_empties_the_others(phone: Phone, world: World) -> None:
    written(phone)
    locks(phone)
    other, writing = phone.tab(), phone.tab()
    other.open("/dagar/2026-11-19")
    writing.open("/dagar/2026-11-18/ny")
    writing.write("Med egna ord", "Skrivet i en annan flik.")
    keys(phone)
    with silent(world) as answer:
        phone.ask("document.querySelector('form[data-closes]').requestSubmit()")
        other.until("document.documentElement.style.visibility === 'hidden'")
        unreadable(other, WORDS)
        answer()
        unreadable_until(other, WORDS, "Låst")
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
