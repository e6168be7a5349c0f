"""Help is two taps away from everywhere; hiding is one."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.phone import Phone

pytestmark = pytest.mark.story

PAGES = (
    "/", "/svara", "/inte-idag", "/aktiviteter", "/aktiviteter/oppen-fika", "/sa-funkar-det", "/dagar",
    "/dagar/2026-11/lista",
    "/dagar/2026-11-18", "/dagar/2026-11-18/ny", "/dagar/borttaget", "/finns-inte",
)  # fmt: skip


def test_help_is_two_taps_from_every_page(either: Phone) -> None:
    """Hard rule 6: Hjälp, then 112: always in the same place, never triggered by guessing."""
    either.open()
    either.answer("Tung")
    places = set()
    for path in PAGES:
        either.open(path)
        link = either.page.get_by_role("link", name="Hjälp", exact=True)
        box = link.bounding_box()
        assert box
        places.add((round(box["x"]), round(box["y"])))
        either.press(link)
        expect(either.page.get_by_role("link", name="Ring 112").first).to_be_visible()
    assert len(places) == 1
    expect(either.page.get_by_role("link", name="Ring 112").first).to_have_attribute("href", "tel:112")
    either.sees("90101", "1177", "Kontrollerad november 2026.", "Dagsform läser inte det du skriver")
    either.look()


def test_help_without_having_been_here(phone: Phone) -> None:
    phone.open()
    phone.tap("Hjälp")
    expect(phone.page.get_by_role("link", name="Ring 112").first).to_be_visible()
    phone.look()


def test_hide_shows_a_clock_and_back_does_too(either: Phone) -> None:
    """C30, C35: somebody looks over the shoulder."""
    either.open()
    either.answer("Tung")
    either.tap("Skriv några ord om dagen")
    either.write("Med egna ord", "Hemligt.")
    either.tap("Spara")
    either.sees("Hemligt.")
    either.tap("Göm")
    either.page.wait_for_url("**/klocka")
    expect(either.page).not_to_have_title("Dagsform")
    either.does_not_see("Hemligt.", "Dagsform", "dagen")
    either.look()
    for _ in range(3):
        either.back()
        expect(either.page.locator("[data-clock]")).to_be_visible()
        either.does_not_see("Hemligt.", "Tung")
    either.open("/dagar/2026-11-19")
    expect(either.page.locator("[data-clock]")).to_be_visible()
    either.tap("Tillbaka")
    expect(either.title).to_have_text("Tung dag")
    either.open("/dagar/2026-11-19")
    either.sees("Hemligt.")


def test_hiding_replaces_the_page_in_the_history(phone: Phone) -> None:
    """With script the page that was hidden is no longer in the history."""
    phone.open()
    phone.open("/aktiviteter")
    before: int = phone.measure("history.length")
    phone.tap("Göm")
    phone.page.wait_for_url("**/klocka")
    assert phone.measure("history.length") == before


def test_the_clock_looks_like_a_clock(phone: Phone) -> None:
    """C30: a glance over the shoulder sees the time, as large as a clock shows it, at once and when it stays."""
    phone.open()
    phone.answer("Tung")
    phone.tap("Göm")
    large = re.compile(r"^(7[2-9]|[89]\d|1\d\d)(\.\d+)?px$")
    expect(phone.page.locator(".clock")).to_have_css("font-size", large)
    phone.page.wait_for_url("**/klocka")
    expect(phone.page.locator(".clock")).to_have_css("font-size", large)
