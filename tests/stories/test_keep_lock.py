"""The lock, signing out, and more than one person or page: nothing is lost, and nothing is left to be read."""

import pytest
from playwright.sync_api import expect

from server.vault import codes
from tests.stories.conftest import Phones
from tests.stories.keys import begin, keys, lock, make_card, make_code, new_key, said, type_card, type_code
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))


def test_ten_idle_minutes_lock_and_what_was_being_written_is_kept(either: Phone, world: World) -> None:
    """Hard rule 8: nothing typed is ever lost; the page stood open while the phone locked itself."""
    begin(either)
    make_card(either)
    make_code(either)
    either.open("/dagar/2026-11-19/ny")
    world.move(at("2026-11-19 10.09"))
    either.open("/dagar/2026-11-19/ny")
    world.move(at("2026-11-19 10.20"))
    either.write("Med egna ord", "Skrivet efter låset.")
    either.tap("Spara")
    expect(either.title).to_have_text("Låst")
    either.sees("Det du skrev finns kvar, låst.")
    either.does_not_see("Skrivet efter låset.")
    either.look()
    type_code(either)
    said(either, "Det du skrev medan det var låst är sparat.")
    either.open("/dagar/2026-11-19")
    either.sees("Skrivet efter låset.")


def test_back_after_the_lock_shows_nothing(either: Phone) -> None:
    """Whoever picks the phone up."""
    begin(either, "Hemligt.")
    make_card(either)
    make_code(either)
    either.open("/dagar/2026-11-19")
    either.sees("Hemligt.")
    keys(either)
    either.tap("Lås nu")
    expect(either.title).to_have_text("Låst")
    for _ in range(3):
        either.back()
        expect(either.title).to_have_text("Låst")
        either.does_not_see("Hemligt.")
    type_code(either)
    either.open("/dagar/2026-11-19")
    either.sees("Hemligt.")


def test_signing_out_leaves_nothing(phone: Phone) -> None:
    """Cookies, caches, storage; Back."""
    begin(phone, "Hemligt.")
    card = make_card(phone)
    phone.open("/dagar/2026-11-19")
    phone.tap("Idag")
    phone.tap("Mitt")
    phone.tap("Logga ut")
    phone.press(phone.main.get_by_role("button", name="Logga ut"))
    said(phone, "Inget finns kvar i den här telefonen.")
    assert {cookie["name"] for cookie in phone.context.cookies()} <= {"__Host-h", "__Host-t"}
    kept = "caches.keys().then((all) => all.length + localStorage.length + sessionStorage.length)"
    assert phone.measure(kept) == 0
    for _ in range(3):
        phone.back()
        phone.does_not_see("Hemligt.")
    phone.open("/nyckel")
    type_card(phone, card)
    phone.open("/dagar/2026-11-19")
    phone.sees("Hemligt.")


@pytest.mark.long  # tests/accounts has it without a screen
def test_a_shared_phone_with_two_people(phone: Phone) -> None:
    """Each sees only what is one's own; the one who was there first comes back with the card."""
    begin(phone, "Adas ord.")
    ada = make_card(phone)
    phone.open("/logga-ut")
    phone.press(phone.main.get_by_role("button", name="Logga ut"))
    begin(phone, "Bens ord.")
    phone.does_not_see("Adas ord.")
    ben = make_card(phone)
    phone.open("/logga-ut")
    phone.press(phone.main.get_by_role("button", name="Logga ut"))
    for card, mine, other in ((ada, "Adas ord.", "Bens ord."), (ben, "Bens ord.", "Adas ord.")):
        phone.open("/nyckel")
        type_card(phone, card)
        phone.open("/dagar/2026-11-19")
        phone.sees(mine)
        phone.does_not_see(other)
        phone.open("/logga-ut")
        phone.press(phone.main.get_by_role("button", name="Logga ut"))


@pytest.mark.long  # test_back.py has a lock in one tab, and more of it
def test_two_tabs_and_a_lock_in_one_of_them(phone: Phone) -> None:
    begin(phone, "Hemligt.")
    make_card(phone)
    make_code(phone)
    other = phone.tab()
    other.open("/dagar/2026-11-19")
    other.sees("Hemligt.")
    lock(phone)
    expect(other.title).to_have_text("Låst")  # by itself
    type_code(other)
    expect(other.title).to_have_text("Torsdag 19 november")  # where one was
    phone.open("/dagar/2026-11-19")
    phone.sees("Hemligt.")


def test_card_and_code_work_without_script(phones: Phones) -> None:
    """Hard rule 10: a passkey needs script, and says so; the rest does not."""
    phone = phones(script=False)
    begin(phone, "Utan skript.")
    keys(phone)
    new_key(phone, "Passnyckel")
    phone.sees("En passnyckel kräver skript i webbläsaren. Ett nyckelkort fungerar utan.")
    card = make_card(phone)
    make_code(phone)
    lock(phone)
    type_code(phone, "1111")
    phone.sees("Det var en annan kod.", "4 försök kvar.")
    type_code(phone)
    said(phone, "Öppet.")
    lock(phone)
    type_card(phone, card)
    phone.open("/dagar/2026-11-19")
    phone.sees("Utan skript.")
