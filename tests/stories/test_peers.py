"""From the operator's link to a yes: an association, a peer and a participant, each at an own phone (B2, B9, D9)."""

import re

import pytest
from playwright.sync_api import expect

from tests.accounts.acts import keep_card
from tests.client import COOKIES, Client
from tests.hosts.listing import SAFE, SAFE_PHONE, operators_link, settled
from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_looks import CUT, OVERFLOW, SMALL, text_twice_as_large
from tests.world import World

pytestmark = pytest.mark.story


def keeps_a_key(world: World, phone: Phone) -> None:
    """A key card, made and typed back; that has its own stories."""
    client = Client(world.app)
    for cookie in phone.context.cookies():
        if cookie.get("name") in COOKIES:
            client.keep(str(cookie.get("name")), str(cookie.get("value")))
    keep_card(client)


def test_from_the_operators_link_to_a_yes(world: World, phones: Phones) -> None:
    host, pia, ada = phones(width=1200, height=800), phones(), phones(script=False)
    host.open("/")
    host.open(operators_link(world))
    host.look()
    host.tap("Börja")
    expect(host.title).to_have_text("Om föreningen")
    host.page.get_by_label("Några ord om föreningen").fill("Vi finns i Ljungvik.")
    host.page.get_by_label("Personens namn").fill(SAFE)
    host.page.get_by_label("Telefon till personen").fill(SAFE_PHONE)
    host.look()
    host.tap("Spara")
    host.sees("Spara en nyckel först")
    keeps_a_key(world, host)
    host.open("/vard")
    host.does_not_see("Spara en nyckel först")
    host.look()
    host.tap("Bjud in någon till listan")
    host.page.get_by_label("Vad heter personen?").fill("Pia")
    host.press(host.page.locator("label", has_text=re.compile(r"^\s*Kamratstödjare")))
    host.press(host.page.locator("label", has_text="Här, i rummet"))
    host.look()
    host.tap("Gör inbjudan")
    host.sees("Väntar på Pia")
    host.look()
    address = host.page.locator("#link").input_value().strip()

    pia.open("/")
    pia.open(address[address.index("/bjuden/") :])
    pia.sees("En förening vill ha med dig här")
    pia.look()
    pia.page.get_by_label("Vad heter du?").fill("Pia P")
    pia.tap("Tacka ja")
    pia.sees("Du står inte på någon förenings lista")
    pia.look()
    host.looks_again()
    host.sees("Är det rätt person?", "Pia P")
    host.look()
    host.tap("Ja, det är rätt person")
    host.sees("Visas inte än. Personen väljer själv när.")

    pia.tap("Titta igen")
    pia.sees("Personligt, men inte privat.")
    pia.look()
    pia.page.get_by_label("Det här kan jag hjälpa till med").fill("Att ta sig ut genom dörren.")
    pia.press(pia.page.get_by_label("tisdag"))
    pia.tap("Spara och titta")
    pia.sees("Det här skulle andra se.", "Att ta sig ut genom dörren.")
    pia.look()
    pia.tap("Visa min sida")
    pia.sees("Din sida visas")

    ada.open("/")
    ada.answer("Tung")
    ada.open("/prata/kamrater")
    ada.tap("Pia")
    ada.sees("Tisdag.", f"Vänd dig till {SAFE}")
    ada.page.get_by_label("Vad får Pia kalla dig?").fill("Ada")
    ada.page.get_by_label("Några ord, om du vill").fill("Jag sitter mest inne.")
    ada.tap("Fråga Pia", inside=ada.page.locator("form", has_text="Några ord"))
    ada.sees("Du har frågat Pia", "Inget svar än.")

    pia.open("/prata/fragor")
    pia.sees("Ada frågar dig", "Jag sitter mest inne.")
    pia.look()
    pia.tap("Ja, jag kan")
    pia.sees("Du har sagt ja.", "Ingen frågar dig just nu")
    ada.open("/prata/kamrater")
    ada.does_not_see("Du har frågat Pia")
    ada.tap("Pia")
    ada.sees("Pia är din kamratstödjare")


_MORE = [pytest.param(width, marks=pytest.mark.long) for width in (320, 390, 768, 1200)]


@pytest.mark.parametrize("width", _MORE)
def test_at_every_width(world: World, width: int, phones: Phones) -> None:
    """Hard rule 10: 320 px, 200 % text, targets of 48 px, axe in light and dark."""
    association = settled(world)
    phone = phones(width=width, height=800)
    for who, paths in {
        world.person("pia"): (
            "/prata/min-sida",
            "/prata/min-sida/se",
            "/prata/fragor",
            "/prata/min-sida/sluta",
        ),
        world.person("cleo"): ("/prata/kamrater", f"/prata/kamrater/{association.pia}", "/prata/min-sida"),
        association.client: ("/vard", "/vard/om", "/vard/bjud-in"),
    }.items():
        phone.becomes(who)
        for path in paths:
            phone.open(path)
            assert phone.measure(OVERFLOW) == [], f"{path} at {width}"
            assert phone.measure(CUT) == [], f"{path} at {width}"
            if width >= 360:
                assert phone.measure(SMALL) == [], f"{path} at {width}"
            phone.look()
            text_twice_as_large(phone)
            assert phone.measure(OVERFLOW) == [], f"{path} at {width} with large text"
