"""Keep it: try, passkey, another phone, a lost phone, leaving and coming back elsewhere.

Passkeys are played by Chromium's own virtual authenticator. Two of the three kinds of phones can be told apart
here: with PRF and without. “PRF only at get” cannot: our pages never take it from anywhere else but `get`, so a
phone that gives it at `create` too is treated exactly alike.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from server.vault import codes
from tests.stories.conftest import Phones, served
from tests.stories.keys import (
    begin,
    keys,
    lock,
    make_card,
    make_code,
    make_passkey,
    new_key,
    said,
    take_away,
    touch,
    type_card,
    type_code,
    write,
)
from tests.stories.passkeys import Lock
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))


@pytest.fixture
def abroad(
    foundations: Path, tmp_path: Path, move: Callable[[datetime], None], browser: Browser
) -> Iterator[Phone]:
    """A phone at another house: another server with databases of its own."""
    folder = tmp_path / "abroad"
    folder.mkdir()
    world = World.build(foundations, folder, move)
    with served(world.app) as address:
        context = browser.new_context(
            base_url=address, viewport={"width": 390, "height": 844}, locale="sv-SE", reduced_motion="reduce"
        )
        phone = Phone(context, address)
        yield phone
        phone.put_away()
    world.close()


def test_from_the_first_tap_to_another_house(
    phones: Phones, abroad: Phone, world: World, tmp_path: Path
) -> None:
    """A16, D31, D32: lasting without e-mail or password, survives a lost phone, and can be taken along."""
    lost, at_home, new = phones(), phones(), phones()
    Lock(lost)
    begin(lost, "Från den första dagen.")
    lost.look()
    make_passkey(lost)
    card = make_card(lost)

    keys(lost)
    new_key(lost, "En annan telefon")
    link = lost.page.locator(".mono-text").last.inner_text()
    at_home.open(link)
    at_home.tap("Öppna")
    said(at_home, "Öppnat här.")
    at_home.open("/dagar/2026-11-19")
    at_home.sees("Från den första dagen.")

    new.open()
    new.tap("Jag har redan en nyckel")
    type_card(new, card)
    new.sees("Kortet har använts.")
    new.tap("Se alla nycklar")
    take_away(new, "Passnyckel")
    write(new, "Skrivet efteråt.")

    lost.open("/dagar/2026-11-19")
    lost.does_not_see("Skrivet efteråt.", "Från den första dagen.")
    expect(lost.title).to_have_text("Låst")
    touch(lost, "Öppna med passnyckel")
    lost.sees("Den passnyckeln öppnar inget här. Den kan vara borttagen.")
    at_home.open("/dagar/2026-11-19")
    at_home.sees("Från den första dagen.", "Skrivet efteråt.")

    take_along_and_leave(new, tmp_path / "allt.zip", world)
    for phone in (lost, at_home, new):
        phone.open("/dagar/2026-11-19")
        phone.does_not_see("Skrivet efteråt.", "Från den första dagen.")

    abroad.open()
    abroad.answer("Ganska lätt")
    abroad.tap("Mitt")
    abroad.tap("Läs in")
    abroad.page.set_input_files("#fil", tmp_path / "allt.zip")
    abroad.tap("Se vad den innehåller")
    abroad.press(abroad.page.locator("form").get_by_role("button", name="Läs in"))
    abroad.open("/dagar/2026-11-19")
    abroad.sees("Från den första dagen.", "Skrivet efteråt.", "Tung", "Ganska lätt")


def take_along_and_leave(phone: Phone, file: Path, world: World) -> None:
    """As few taps as joining: one to see what goes, one to go."""
    accounts = world.rows("account")
    phone.open("/mitt")
    with phone.page.expect_download() as download:
        phone.tap("Ladda ner allt")
    download.value.save_as(file)
    phone.tap("Ta bort kontot")
    phone.sees("Det här försvinner", "Det här kan finnas kvar")
    phone.press(phone.main.get_by_role("button", name="Ta bort kontot"))
    expect(phone.title).to_have_text("Hur är dagen?")
    assert world.rows("account") == accounts - 1
    assert {cookie["name"] for cookie in phone.context.cookies()} <= {"__Host-h", "__Host-t"}


@pytest.mark.long
def test_every_page_of_keys_can_be_used_by_everybody(phone: Phone, phones: Phones) -> None:
    """axe, in light and dark."""
    Lock(phone)
    begin(phone)
    keys(phone)
    phone.look()
    for name in ("Passnyckel", "Nyckelkort", "Kod på den här telefonen", "En annan telefon"):
        new_key(phone, name)
        expect(phone.title).to_have_text(name)
        phone.look()
        keys(phone)
    new_key(phone, "Passnyckel")
    expect(phone.title).to_have_text("Passnyckel")
    touch(phone, "Gör en passnyckel")
    expect(phone.title).to_have_text("En gång till")
    phone.look()
    phone.open("/logga-ut")
    phone.look()
    keys(phone)
    phone.press(phone.page.get_by_role("button", name="Ta bort Den här telefonen"))
    expect(phone.title).to_have_text("Den sista nyckeln")
    phone.look()
    make_card(phone)
    make_code(phone)
    phone.look()
    phone.open("/logga-ut")
    phone.look()
    phone.open("/mitt/nycklar/kort/anvant")
    phone.look()
    phone.open("/mitt/nycklar/kort/bekrafta")
    phone.look()
    lock(phone)
    phone.look()
    type_code(phone, "1111")
    phone.sees("4 försök kvar.")
    phone.look()
    type_card(phone, "A" * 36)
    phone.sees("Det är fel i grupperna 1, 2, 3, 4.")
    phone.look()
    other = phones()
    other.open("/nyckel")
    other.look()
    other.open("/in/" + "A" * 43)
    other.look()
    other.tap("Öppna")
    other.sees("Länken fungerar inte längre")
    other.look()


def test_a_new_key_is_told_on_the_other_phone(phones: Phones) -> None:
    """Somebody saw the picture over the shoulder: the owner reads it on Idag, and takes it away."""
    mine, thief = phones(), phones()
    begin(mine, "Mitt.")
    keys(mine)
    new_key(mine, "En annan telefon")
    link = mine.page.locator(".mono-text").last.inner_text()
    thief.open(link)
    thief.tap("Öppna")
    thief.does_not_see("En telefon till öppnar")
    mine.open()
    mine.sees("En telefon till öppnar det du har skrivit.", "Var det inte du?")
    mine.look()
    mine.tap("Se alla nycklar")
    take_away(mine, "En annan telefon")
    thief.open("/dagar/2026-11-19")
    thief.does_not_see("Mitt.")
    mine.open()
    mine.does_not_see("En telefon till öppnar")


def test_hand_over_to_the_home_screen(phones: Phones) -> None:
    """On an iPhone the app has cookies of its own: it begins at the page that was put on the home screen."""
    safari, app = phones(), phones()
    begin(safari, "I Safari.")
    keys(safari)
    new_key(safari, "En annan telefon")
    link = safari.page.locator(".mono-text a").last
    address = link.inner_text()
    safari.press(link)
    expect(safari.title).to_have_text("Öppna på den andra telefonen")
    safari.sees("lägg den här sidan på hemskärmen")
    assert safari.page.locator("link[rel=manifest]").count() == 0  # it would begin somewhere else
    safari.look()
    app.open(address)
    app.tap("Öppna")
    said(app, "Öppnat här.")
    app.open(address)
    expect(app.title).to_have_text("Tung dag")
    app.open("/dagar/2026-11-19")
    app.sees("I Safari.")


def test_the_card_is_paper_in_the_dark_too(phone: Phone) -> None:
    """What is to be copied or photographed is dark on white, whatever the phone is set to."""
    begin(phone)
    keys(phone)
    phone.page.emulate_media(color_scheme="dark")
    new_key(phone, "Nyckelkort")
    colours = "((one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).color])"
    paper = phone.measure(f"{colours}(document.querySelector('.paper-card'))")
    assert paper == ["rgb(255, 255, 255)", "rgb(34, 24, 41)"]


def test_a_slip_on_the_card_is_said_where_it_is(phone: Phone) -> None:
    """And what was typed stands there, ready to be mended."""
    begin(phone)
    card = make_card(phone)
    other = card[:12] + ("B" if card[12] != "B" else "C") + card[13:]
    phone.open("/nyckel")
    type_card(phone, other)
    phone.sees("Det är ett fel i grupp 2.")
    expect(phone.page.get_by_label("Eller med nyckelkort")).to_have_value(other)
    type_card(phone, card.lower().replace(" ", ""))
    phone.sees("Kortet har använts.")


def test_a_key_is_offered_after_the_third_day_and_not_before(phone: Phone, world: World) -> None:
    """Kindly, and never in the way."""
    begin(phone)
    offer = "Vill du behålla det här?"
    for day, offered in (("11-19", False), ("11-21", False), ("11-22", True), ("12-01", True)):
        world.move(at(f"2026-{day} 09.00"))
        phone.open()
        if day != "11-19":
            phone.answer("Mittemellan")
        expect(phone.main.get_by_text(offer)).to_have_count(int(offered))
    phone.look()
    phone.press(phone.main.get_by_role("link", name="Spara en nyckel"))
    expect(phone.title).to_have_text("Nycklar")
    make_card(phone)
    phone.open()
    expect(phone.main.get_by_text(offer)).to_have_count(0)
