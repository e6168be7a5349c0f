"""On the home screen: the browser finds nothing to complain of, and the page says how."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.stories.conftest import how_to_launch
from tests.stories.phone import Phone

pytestmark = pytest.mark.story


@pytest.fixture
def installing(playwright: Playwright, address: str, tmp_path: Path) -> Iterator[BrowserContext]:
    """A browser with a profile of its own: only there does Chromium say whether a page can be installed."""
    launch = how_to_launch()
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        base_url=address,
        viewport={"width": 390, "height": 844},
        locale="sv-SE",
        **launch,
    )
    yield context
    context.close()


SIZE = "(async (i) => { i.src = %s; await i.decode(); return `${i.width}x${i.height}` })(new Image())"


def test_chromium_has_nothing_against_installing_it(installing: BrowserContext, address: str) -> None:
    """Row C30: a neutral name and icon. The first page of all leaves the manifest out: nothing delays its paint."""
    phone = Phone(installing, address)
    phone.open("/hjalp")
    phone.open("/hemskarm")
    devtools = installing.new_cdp_session(phone.page)
    found = devtools.send("Page.getAppManifest")
    manifest = json.loads(found["data"])
    assert (
        found["errors"] == [] and devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
    )
    assert (manifest["name"], manifest["lang"], manifest["display"]) == ("Dagsform", "sv", "standalone")
    assert [shortcut["name"] for shortcut in manifest["shortcuts"]] == ["Idag", "Prata"]
    for picture in (*manifest["icons"], *manifest["screenshots"]):
        assert picture["sizes"] == phone.measure(SIZE % json.dumps(picture["src"]))


def test_how_is_said_for_every_phone(phone: Phone) -> None:
    """Row D32. On an iPhone the key has to come along, and the page says so before anything is lost."""
    phone.open("/")
    phone.answer("Mittemellan")
    phone.open("/mitt")
    phone.tap("På hemskärmen")
    phone.sees("Android", "iPhone", "få nyckeln")
    phone.look()


def visits(phone: Phone, count: int, first_day: int) -> None:
    """Each a day after the other, by the phone's own clock."""
    for day in range(first_day, first_day + count):
        phone.context.clock.set_fixed_time(f"2026-11-{day}T10:00:00+01:00")
        phone.open("/")
        phone.reload()  # the same visit


def test_offered_once_after_the_third_visit(phone: Phone) -> None:
    """Issue 7, point 1. Counted on the phone alone; what the server sees is the same all the time."""
    offer = phone.page.locator("[data-offer]")
    phone.context.clock.set_fixed_time("2026-11-19T10:00:00+01:00")
    phone.open("/")
    phone.answer("Tung")
    visits(phone, 2, 20)
    expect(offer).to_be_hidden()
    phone.context.clock.set_fixed_time("2026-11-22T10:00:00+01:00")
    phone.open("/")
    expect(offer).to_be_visible()
    phone.look()
    phone.tap("Nej tack")
    expect(offer).to_have_count(0)
    expect(phone.page.locator("main:focus")).to_have_count(1)
    visits(phone, 3, 23)
    expect(offer).to_be_hidden()


def test_never_offered_where_others_sit(phone: Phone) -> None:
    phone.open("/")
    phone.tap("Andra använder den här datorn")
    phone.answer("Tung")
    expect(phone.page.locator("[data-offer]")).to_have_count(0)
    assert phone.measure("localStorage.length") == 0
