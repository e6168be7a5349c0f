"""Two phones at once: they meet, one shows a day, the other opens it, and it is taken back."""

import re

import pytest
from playwright.sync_api import expect

from server.core import clock
from server.vault import ways_in
from server.vault.drawer import Drawer
from server.vault.sealing import Secret
from tests.circle.meeting import give, take_back
from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_looks import CUT, OVERFLOW, SMALL, text_twice_as_large
from tests.world import World

pytestmark = pytest.mark.story

WORDS = "Satt en kvart vid fönstret."
GONE_WITHIN = 10_000  # milliseconds (issue 4, point 6)


def written(ada: Phone, name: str) -> None:
    """Ada has a day with words, and a card for somebody."""
    ada.open()
    ada.answer("Ganska lätt")
    ada.open("/dagar/2026-11-17/ny")
    ada.write("Med egna ord", WORDS)
    ada.tap("Spara")
    ada.open("/kretsen/ny")
    ada.write("Namn", name)
    ada.tap("Spara")


def invited(ada: Phone, name: str, where: str, hat: str = "Stöd") -> str:
    """From the card to the page that waits; the link that stands on it."""
    ada.tap(f"Bjud in {name}")
    expect(ada.title).to_have_text(f"Bjud in {name}")
    ada.look()
    ada.press(ada.page.locator("label", has_text=re.compile(rf"^\s*{hat}")))
    ada.page.get_by_label(f"Vad får {name} kalla dig?").fill("Ada")
    ada.press(ada.page.locator("label", has_text=where))
    ada.tap("Gör inbjudan")
    ada.sees(f"Väntar på {name}")
    ada.look()
    address = ada.page.locator("#link").input_value().strip()
    return address[address.index("/bjuden/") :]


def said_yes(who: Phone, link: str, name: str, code: str = "") -> None:
    who.open(link)
    expect(who.title).to_have_text("Du är inbjuden")
    who.look()
    who.page.get_by_label("Vad heter du?").fill(name)
    if code:
        who.page.get_by_label("Koden").fill(code)
    who.tap("Tacka ja")
    expect(who.title).to_have_text("Delat med mig")


def half_of(ada: Phone) -> Secret:
    found = next(one for one in ada.context.cookies() if one.get("name") == "__Host-d")
    return Secret.from_text(found.get("value", ""))


def shows(world: World, ada: Phone, name: str) -> str:
    """Ada hands the day over; which copy it is. Its four pages have their own story."""
    half = half_of(ada)
    with world.database.read() as db:
        keyring, _key = ways_in.open_device(db, half, now=clock.now())
        cards = [record.payload for record in Drawer(db, keyring).shelf("circle")]
    relation = next(card.relation for card in cards if card.name == name)
    return give(world, half, relation, "day/2026-11-17", whole=True, purpose="Inför samtalet").id


def test_in_the_room(world: World, phones: Phones) -> None:
    """QR, the yes, a day shown, opened, and taken back: the open page, Back and a second session show nothing."""
    ada, ben = phones(), phones()
    written(ada, "Ben")
    link = invited(ada, "Ben", "Här, i rummet")
    expect(ada.page.get_by_role("img", name="Bild att läsa av")).to_be_visible()
    said_yes(ben, link, "Ben, coach")
    ben.sees("Spara en nyckel så att du kommer in igen", "Väntar på svar")
    ben.look()
    ada.looks_again()
    ada.sees("Är det rätt person?", "Ben, coach")
    ada.look()
    ada.tap("Ja, det är rätt person")
    ada.sees("Ni möttes i rummet.", "Inget är lämnat än.")
    ada.look()
    copy = shows(world, ada, "Ben")

    ben.open("/")  # who came as a contact comes here first
    expect(ben.title).to_have_text("Delat med mig")
    ben.tap("Ada", inside=ben.page.get_by_role("navigation", name="De som visar dig något"))
    expect(ben.title).to_have_text("Ada visar dig")
    ben.look()
    ben.does_not_see(WORDS)
    ben.tap("Öppna", inside=ben.main)
    ben.sees(WORDS, "Läst. Jag svarar senast …")
    ben.look()
    ben.tap("fredag 20")
    ben.sees("Du har sagt: läst, svar senast fredag 20 november.")
    second = ben.tab()
    second.open(ben.path)
    second.sees(WORDS)
    ben.page.bring_to_front()
    ben.tap("Det här gäller för dig")
    ben.back()
    ben.sees(WORDS)
    ben.tap("Det här gäller för dig")

    take_back(world, half_of(ada), copy)
    second.looks_again()
    expect(second.page.locator("body")).not_to_contain_text(WORDS, timeout=GONE_WITHIN)
    second.sees("Här ligger ingenting just nu")
    ben.back()
    expect(ben.title).to_have_text("Ada visar dig")
    ben.does_not_see(WORDS)


def test_a_page_that_lies_open_forgets_within_ten_seconds(world: World, phones: Phones) -> None:
    """What Ben is writing just then is not lost."""
    ada, ben = phones(), phones()
    written(ada, "Ben")
    said_yes(ben, invited(ada, "Ben", "Här, i rummet"), "Ben")
    ada.reload()
    ada.tap("Ja, det är rätt person")
    ada.sees("Ni möttes i rummet.")
    copy = shows(world, ada, "Ben")
    ben.tap("Din inbjudan")
    ben.tap("Öppna", inside=ben.main)
    ben.sees(WORDS)
    ben.page.get_by_label("Din fråga").fill("Hur var det")
    take_back(world, half_of(ada), copy)
    expect(ben.page.locator("body")).not_to_contain_text(WORDS, timeout=GONE_WITHIN)
    ben.sees("Här ligger ingenting just nu")
    expect(ben.page.get_by_label("Din fråga")).to_have_value("Hur var det")
    ben.tap("Skicka")
    ben.sees("Skickat.", "Hur var det")


@pytest.mark.long
def test_at_a_distance_with_a_code_and_three_words(phones: Phones) -> None:
    """And without script on Ben's side: plain forms and links do."""
    ada, fia = phones(), phones(script=False)
    written(ada, "Fia")
    link = invited(ada, "Fia", "Någon annanstans", hat="Myndighet")
    digits = ada.page.locator(".digits").inner_text().replace(" ", "")
    fia.open(link)
    fia.page.get_by_label("Vad heter du?").fill("Fia på FK")
    fia.page.get_by_label("Koden").fill("1")
    fia.tap("Tacka ja")
    fia.sees("Antingen är koden fel, eller så gäller inbjudan inte längre.")
    expect(fia.page.get_by_label("Vad heter du?")).to_have_value("Fia på FK")
    said_yes(fia, link, "Fia på FK", digits)
    ada.sees("Är det rätt person?", "Fia på FK")
    ada.look()
    three = ada.page.locator(".three-words").inner_text()
    ada.reload()
    ada.tap("Ja, det är rätt person")
    ada.sees("Inte bekräftad.")
    ada.tap("Vi har samma ord")
    ada.sees("Ni har jämfört tre ord.")
    fia.open("/delat")
    fia.tap("Ada")
    fia.tap("Jämför tre ord")
    expect(fia.page.locator(".three-words")).to_have_text(three, use_inner_text=True)


_WIDTHS = [pytest.param(width, marks=pytest.mark.long) for width in (320, 390, 768, 1200)]


@pytest.mark.parametrize("width", _WIDTHS)
def test_what_a_contact_sees_at_every_width(world: World, width: int, phones: Phones) -> None:
    """Hard rule 10: 320 px, 200 % text, targets of 48 px, axe in light and dark."""
    ada, ben = phones(), phones(width=width, height=800)
    written(ada, "Ben")
    said_yes(ben, invited(ada, "Ben", "Här, i rummet"), "Ben")
    ada.reload()
    ada.tap("Ja, det är rätt person")
    ada.sees("Ni möttes i rummet.")
    shows(world, ada, "Ben")
    ben.tap("Din inbjudan")
    address = ben.path
    ben.tap("Öppna", inside=ben.main)
    ben.sees(WORDS)
    for path in ("/delat", address, f"{address}/ord", f"{address}/sluta", "/delat/valkommen", "/bjuden/hej"):
        ben.open(path)
        assert ben.measure(OVERFLOW) == [], f"{path} at {width}"
        assert ben.measure(CUT) == [], f"{path} at {width}"
        if width >= 360:
            assert ben.measure(SMALL) == [], f"{path} at {width}"
        ben.look()
        text_twice_as_large(ben)
        assert ben.measure(OVERFLOW) == [], f"{path} at {width} with large text"
