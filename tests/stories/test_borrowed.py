"""Row D32: written on a computer at the library, and nothing left there."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.keys import make_card, said, type_card, write

pytestmark = pytest.mark.story


def test_a_day_at_the_library(phones: Phones) -> None:
    """Narrow, so that there is room for signing out, too. A closed window has forgotten everything."""
    one = phones(width=320, height=640)
    one.open()
    one.tap("Andra använder den här datorn")
    one.sees("Det du skriver utan nyckelkort försvinner när fönstret stängs.")
    one.look()
    one.answer("Tung")
    one.sees("När fönstret stängs är nyckeln borta")
    write(one, "Skrivet på biblioteket.")
    card = make_card(one)
    assert all(cookie.get("expires") == -1 for cookie in one.context.cookies())
    one.tap("Logga ut", inside=one.page.get_by_role("banner"))
    one.press(one.main.get_by_role("button", name="Logga ut"))
    said(one, "Inget finns kvar")
    one.back()
    one.does_not_see("Skrivet på biblioteket.")
    assert one.measure("Boolean(document.body.dataset.forgets !== undefined)")
    assert one.measure("caches.keys().then((all) => all.length + localStorage.length)") == 0
    one.open("/nyckel")
    type_card(one, card)
    one.open("/dagar/2026-11-19")
    one.sees("Skrivet på biblioteket.")
    one.look()
    expect(one.page.get_by_role("banner").get_by_role("link", name="Logga ut")).to_be_visible()
