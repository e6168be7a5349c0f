"""The month by keyboard, as a list, and any month there is."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone

pytestmark = pytest.mark.story


SAID = """(() => {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  return (one.getAttribute("aria-label") || one.textContent).replace(/\\s+/g, " ").trim();
})()"""


def tab_to(phone: Phone, name: str, most: int = 60) -> None:
    """Presses Tab until the thing with that name has the focus, as somebody without a pointer does."""
    for _ in range(most):
        phone.key("Tab")
        said: str = phone.measure(SAID)
        if name in said:
            return
    raise AssertionError(f"“{name}” was not reached with {most} presses of Tab")


def test_the_month_is_used_with_the_keyboard_alone(phones: Phones) -> None:
    """Hard rule 10: keyboard only. The first Tab is the way past the menus; what has the focus is seen."""
    phone = phones(width=1200, height=800)
    phone.open()
    tab_to(phone, "Ganska lätt")
    phone.key("Enter")
    expect(phone.title).to_have_text("Ganska lätt dag")
    tab_to(phone, "Dagar")
    phone.key("Enter")
    expect(phone.title).to_have_text("November")

    phone.key("Tab")
    expect(phone.page.locator(":focus")).to_have_text("Till innehållet")
    phone.key("Enter")
    expect(phone.page.locator("main:focus")).to_have_count(1)
    tab_to(phone, "Oktober")
    phone.key("Enter")
    expect(phone.title).to_have_text("Oktober")
    tab_to(phone, "November")
    phone.key("Enter")
    expect(phone.title).to_have_text("November")
    tab_to(phone, "Torsdag 19: ganska lätt.")
    outline: str = phone.measure("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    phone.look()
    phone.key("Enter")
    expect(phone.title).to_have_text("Torsdag 19 november")


def test_every_day_is_said_in_words(either: Phone) -> None:
    """Screen reader: a table with a caption and headers; each day is a link that says its form."""
    either.open()
    either.answer("Mycket tung")
    either.tap("Dagar")
    table = either.page.get_by_role("table", name=re.compile("November 2026"))
    expect(table.get_by_role("columnheader")).to_have_count(7)
    expect(table.get_by_role("link")).to_have_count(19)
    expect(table.get_by_role("link", name="Torsdag 19: mycket tung.")).to_be_visible()
    expect(table.get_by_role("link", name="Onsdag 18: inget svar.")).to_be_visible()
    either.sees("Tomma rutor är bara dagar utan svar.")
    either.look()


def test_the_month_as_a_list_and_another_month(either: Phone) -> None:
    either.open()
    either.answer("Mittemellan")
    either.tap("Dagar")
    either.tap("Visa som lista")
    either.sees("Torsdag 19, mittemellan")
    either.look()
    either.press(either.page.get_by_role("link", name="Oktober"))
    expect(either.title).to_have_text("Oktober")
    either.sees("Inga svar den här månaden", "Det säger inget om dig.")
    either.look()
    either.tap("Visa som månad")
    expect(either.page.get_by_role("table").get_by_role("link")).to_have_count(31)


def test_going_to_a_day_far_back(either: Phone) -> None:
    either.open()
    either.answer("Tung")
    either.tap("Dagar")
    either.page.get_by_label("Gå till en dag").fill("1998-05-01")
    either.tap("Visa", inside=either.page.locator("form", has=either.page.get_by_label("Gå till en dag")))
    expect(either.title).to_have_text("Fredag 1 maj 1998")
    either.tap("Skriv om dagen")
    either.write("Med egna ord", "Slutade skolan.")
    either.tap("Spara")
    either.sees("skrivet i efterhand", "Slutade skolan.")
