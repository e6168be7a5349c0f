"""A safety plan in two bits, shown on the locked phone by choice, and locked again."""

import re

import pytest
from playwright.sync_api import expect

from server.vault import codes
from tests.stories.keys import begin, keys, make_card, make_code, said, type_code
from tests.stories.phone import Phone

pytestmark = pytest.mark.story


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))


def to_the_plan(phone: Phone) -> None:
    phone.open()
    phone.tap("Planen")
    phone.press(phone.page.get_by_role("link", name=re.compile("^Min krisplan")))
    expect(phone.title).to_have_text("Min krisplan")


def lock(phone: Phone) -> None:
    keys(phone)
    phone.tap("Lås nu")
    expect(phone.title).to_have_text("Låst")


def test_a_plan_that_the_locked_phone_shows_until_it_is_turned_off(phone: Phone) -> None:
    """Rows A19, D9; product.md, Min krisplan: offered on a heavy day, written in bits, shown only by choice."""
    begin(phone)
    make_card(phone)
    make_code(phone)
    phone.open()
    phone.tap("Gör en krisplan, i små bitar")
    expect(phone.title).to_have_text("Tecken att det blir tungt")
    phone.look()
    phone.write("Det du märker först. Sömn, tankar, kroppen.", "Sover inte")
    phone.tap("Spara, och nästa")
    phone.tap("Hoppa över")
    phone.tap("Hoppa över")
    phone.write("En på varje rad, med telefonnummer. Då kan du ringa med ett tryck.", "Lena 070-123 45 67")
    phone.tap("Räcker för nu")
    phone.sees("Sover inte", "Lena 070-123 45 67")

    lock(phone)
    phone.does_not_see("Min krisplan")
    type_code(phone)
    to_the_plan(phone)
    phone.tap("Visa krisplanen på den här telefonen")
    said(phone, "Visas på den här telefonen utan att du låser upp.")
    phone.look()

    lock(phone)
    phone.look()
    phone.tap("Min krisplan")
    phone.sees("Sover inte", "Lena 070-123 45 67", "Ring 112")
    expect(phone.main.get_by_role("link", name="Lena")).to_have_attribute("href", "tel:0701234567")
    phone.look()
    phone.tap("Lås upp")
    type_code(phone)

    to_the_plan(phone)
    phone.tap("Lås planen också")
    lock(phone)
    phone.does_not_see("Min krisplan")
    for _ in range(4):
        phone.back()
        phone.does_not_see("Sover inte", "Lena")
    phone.open("/krisplan")
    phone.does_not_see("Sover inte", "Lena")
