"""Kretsen: the people around one, whom to ask, and who has the ball."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story


def begin(phone: Phone) -> None:
    phone.open()
    phone.answer("Tung")
    phone.tap("Kretsen")
    expect(phone.title).to_have_text("Kretsen")


def add(phone: Phone, name: str, number: str = "") -> None:
    """A person, from the page of the circle; the card is what is shown then."""
    phone.tap("Lägg till en person")
    phone.write("Namn", name)
    phone.write("Telefon", number)
    phone.tap("Spara")
    expect(phone.title).to_have_text(name)


def to_circle(phone: Phone) -> None:
    phone.tap("Kretsen", inside=phone.page.get_by_role("navigation"))


def test_a_person_to_call(either: Phone) -> None:
    """E24, C19, D20: a name is enough; a number is one tap away; and somebody stands in."""
    begin(either)
    either.sees("Bara du ser vilka som står här.", "Ingen står här än")
    either.look()
    either.tap("Lägg till en person")
    either.sees("Bara namnet behövs.")
    either.look()
    either.tap("Spara")
    either.sees("Inte sparat än", "Skriv något, till exempel ett förnamn.")
    either.look()
    either.write("Namn", "Fia")
    either.page.get_by_label("Roll").fill("Handläggare")
    either.page.get_by_label("Telefon", exact=True).fill("0771-524 524")
    either.choose("Personen möter mig som", "Myndighet")
    either.unfold("Vad personen bestämmer")
    either.page.get_by_label("Bestämmer om").fill("Sjukpenning")
    either.unfold("När personen svarar, och vem som ersätter")
    either.page.get_by_label("Borta").fill("till 7 december")
    either.page.get_by_label("Ersättare", exact=True).fill("Pia")
    either.page.get_by_label("Telefon till ersättaren").fill("010-116 00 00")
    either.tap("Spara")
    expect(either.toast).to_contain_text("Sparat.")
    expect(either.title).to_have_text("Fia")
    either.sees(
        "Handläggare",
        "Myndighet",
        "Sjukpenning",
        "Borta: till 7 december. Fråga Pia då.",
        "Bara jag ser kortet",
    )
    expect(either.page.get_by_role("link", name="Ring Fia")).to_have_attribute("href", "tel:0771524524")
    expect(either.page.get_by_role("link", name="Ring Pia")).to_have_attribute("href", "tel:0101160000")
    either.look()

    either.tap("Ta bort ur kretsen")
    either.does_not_see("Handläggare")
    either.undo()
    expect(either.title).to_have_text("Fia")


def test_whom_to_ask(either: Phone) -> None:
    """D2: one main contact; choosing another is one tap, and so is undoing it."""
    begin(either)
    for name, number in (("Ben", "070-123 45 67"), ("Fia", "0771-524 524")):
        add(either, name, number)
        either.tap("Gör till huvudkontakt")
        expect(either.toast).to_contain_text("Det är din huvudkontakt nu.")
        if name == "Ben":
            to_circle(either)
    either.undo()
    to_circle(either)
    either.sees("Vet du inte vem du ska fråga?", "Fråga Ben, din huvudkontakt.")
    either.look()
    either.tap("Ben", inside=either.main.get_by_role("list"))
    either.tap("Inte min huvudkontakt längre")
    to_circle(either)
    either.does_not_see("Vet du inte vem du ska fråga?")


def test_who_has_the_ball(either: Phone, world: World) -> None:
    """A23, D3: the days are Fia's; when it stands still there are three ways on, and the way is kept."""
    begin(either)
    add(either, "Fia", "0771-524 524")
    to_circle(either)
    add(either, "Pia")
    to_circle(either)
    either.tap("Skriv upp ett ärende")
    either.look()
    either.page.get_by_label("Vad handlar det om?").fill("Sjukpenningen")
    either.press(either.page.get_by_role("group", name="Vem har bollen?").locator("label", has_text="Fia"))
    either.page.get_by_label("Vad väntar du på?").fill("Besked")
    either.tap("Spara")
    either.sees("Fia har bollen. Sedan idag.")
    either.look()

    world.move(at("2026-12-05 09.00"))
    to_circle(either)
    either.sees("Fia har bollen. Sedan torsdag 19 november, 16 dagar.", "Det står still.")
    either.look()
    either.tap("Sjukpenningen")
    either.sees("Fråga igen", "Fråga din huvudkontakt", "Ta en annan väg", "Det är inte din tur.")
    expect(either.page.get_by_label("En text att kopiera och skicka")).to_have_value(
        re.compile("När kan jag få svar?")
    )
    either.look()
    either.tap("Jag har frågat igen")
    either.does_not_see("Fråga din huvudkontakt")

    either.tap("Skicka bollen vidare")
    either.press(either.page.get_by_role("group", name="Vem har bollen?").locator("label", has_text="Pia"))
    either.page.get_by_label("Vad sas?").fill("Fia sa att Pia bestämmer.")
    either.look()
    either.tap("Spara")
    either.sees(
        "Pia har bollen. Sedan idag.", "Fia skickade det vidare till Pia.", "Fia sa att Pia bestämmer."
    )
    either.undo()
    either.sees("Fia har bollen.")

    either.unfold("Skriv vad som hände")
    either.page.get_by_label("Vad som hände").fill("Hon ringde upp.")
    either.tap("Spara", inside=either.main)
    either.sees("Hon ringde upp.")
    either.tap("Avsluta")
    either.sees("Avslutat lördag 5 december.")
    to_circle(either)
    either.does_not_see("Sjukpenningen")
    either.tap("Avslutade ärenden")
    either.sees("Sjukpenningen")
    either.look()


def test_the_bin_of_the_circle(either: Phone) -> None:
    begin(either)
    add(either, "Fia")
    either.tap("Ta bort ur kretsen")
    either.tap("Borttaget")
    either.sees("Fia")
    either.look()
    either.tap("Ta bort för gott")
    expect(either.title).to_have_text("Ta bort för gott?")
    either.look()
    either.press(either.page.get_by_role("button", name="Ta bort för gott"))
    either.sees("Inget här")


@pytest.mark.long  # tests/circle has both cards without a screen
def test_two_tabs_show_both_cards(either: Phone) -> None:
    """Hard rule 8."""
    begin(either)
    add(either, "Fia")
    other, path = either.tab(), either.path
    for tab, number in ((either, "08-1"), (other, "08-22")):
        tab.open(f"{path}/andra")
        tab.page.get_by_label("Telefon", exact=True).fill(number)
    either.tap("Spara")
    other.tap("Spara")
    other.sees("Det finns två versioner", "08-1")
    other.look()
    other.tap("Spara")
    other.sees("08-22")


def test_the_card_on_paper(phone: Phone) -> None:
    """E24: printed, the card holds the numbers and nothing to tap."""
    begin(phone)
    add(phone, "Fia", "0771-524 524")
    phone.page.emulate_media(media="print")
    expect(phone.page.get_by_role("definition").filter(has_text="0771-524 524")).to_be_visible()
    for gone in ("Ändra", "Ring Fia", "Kretsen"):
        expect(phone.page.get_by_role("link", name=gone)).to_have_count(0)


def test_a_text_to_copy(phone: Phone, world: World) -> None:
    """A23: ready to send as an SMS; nothing is sent from here."""
    begin(phone)
    add(phone, "Fia")
    phone.tap("Skriv upp ett ärende")
    expect(phone.page.get_by_role("radio", name="Fia")).to_be_checked()
    phone.page.get_by_label("Vad handlar det om?").fill("Intyget")
    phone.tap("Spara")
    world.move(at("2026-12-05 09.00"))
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    phone.reload()
    phone.tap("Kopiera")
    expect(phone.page.get_by_role("button", name="Kopierat")).to_be_visible()
    copied = phone.measure("navigator.clipboard.readText()")
    assert copied.startswith("Hej Fia.\nJag undrar hur det går med det här: Intyget.")


@pytest.mark.parametrize("width", [pytest.param(width, marks=pytest.mark.long) for width in (320, 768)])
def test_everybody_can_use_it_at_other_widths(width: int, phones: Phones, world: World) -> None:
    """D2, A23 at the narrowest and on a tablet, in light and dark."""
    phone = phones(width=width)
    begin(phone)
    add(phone, "Fia", "0771-524 524")
    phone.look()
    phone.tap("Skriv upp ett ärende")
    phone.page.get_by_label("Vad handlar det om?").fill("Intyget")
    phone.tap("Spara")
    world.move(at("2026-12-05 09.00"))
    phone.reload()
    phone.look()
    to_circle(phone)
    phone.look()
