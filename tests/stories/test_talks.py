"""Prata, on two phones: Ada writes with Ben, her support, who has said yes to messages."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_looks import CUT, OVERFLOW, SMALL, text_twice_as_large
from tests.stories.test_pairing import invited, said_yes, written

pytestmark = pytest.mark.story


def agreed(ada: Phone, ben: Phone) -> None:
    """They have met in the room, and Ben takes messages."""
    written(ada, "Ben")
    said_yes(ben, invited(ada, "Ben", "Här, i rummet"), "Ben")
    if not ada.script:
        ada.reload()
    ada.tap("Ja, det är rätt person")
    ada.sees("Ni möttes i rummet.")
    ben.open("/delat")
    ben.tap(
        "Ada", inside=ben.main if not ben.page.locator(".roster").count() else ben.page.locator(".roster")
    )
    ben.look()
    ben.tap("Ja, Ada kan skriva")
    ben.sees("Ada kan skriva till dig.")


def to_talk(phone: Phone, name: str) -> None:
    phone.tap("Prata", inside=phone.page.get_by_role("navigation", name="Huvudmeny"))
    expect(phone.title).to_have_text("Prata")
    phone.tap(name, inside=phone.main)
    expect(phone.title).to_have_text(f"Prata med {name}")


def says(phone: Phone, words: str) -> None:
    phone.page.get_by_role("textbox").fill(words)
    phone.tap("Skicka", inside=phone.page.locator(".compose"))
    expect(phone.page.locator(".thread .say").last).to_contain_text(words)


def more(phone: Phone, words: str) -> None:
    """What can be done with the message that says this."""
    phone.press(phone.page.locator(".say", has_text=words).get_by_role("link", name="Mer"))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_two_people_write(script: bool, phones: Phones) -> None:
    """Rows B2, C19, E20: what is written, read, changed and taken back, with and without script."""
    ada, ben = phones(script=script), phones(script=script)
    agreed(ada, ben)
    to_talk(ada, "Ben")
    ada.sees("Inget är skrivet än.")
    ada.look()
    says(ada, "Satt en timme med telefonen.")
    ada.sees("skickat")

    ben.tap("Prata", inside=ben.page.get_by_role("navigation", name="Huvudmeny"))
    ben.sees("Nytt")
    ben.look()
    ben.tap("Ada", inside=ben.main)
    ben.sees("Satt en timme med telefonen.")
    ben.look()
    ben.page.get_by_role("textbox").fill("halvskrivet")
    ben.tap("Läst, orkar inte svara")
    expect(ben.page.get_by_role("textbox")).to_have_value("halvskrivet")
    to_talk(ada, "Ben")
    ada.sees("läst. Orkar inte svara")

    says(ada, "Vi ses på tisdag")
    more(ada, "tisdag")
    ada.look()
    ada.page.get_by_label("Ändra meddelandet").fill("Vi ses på onsdag")
    ada.tap("Spara")
    expect(ada.page.locator(".thread")).to_contain_text("onsdag")
    to_talk(ben, "Ada")
    ben.sees("Vi ses på onsdag", "ändrat")
    more(ada, "onsdag")
    ada.tap("Ta tillbaka det")
    expect(ada.page.locator(".thread")).not_to_contain_text("onsdag")
    ada.undo()
    expect(ada.page.locator(".thread")).to_contain_text("onsdag")


def test_boundaries(phones: Phones) -> None:
    """Pause and block; the other learns of neither."""
    ada, ben = phones(), phones()
    agreed(ada, ben)
    to_talk(ada, "Ben")
    says(ada, "Hej")
    ada.tap("Gränser")
    ada.look()
    ada.tap("Låt det vila")
    ada.sees("Det vilar. Inget datum.")
    ada.undo()
    ada.tap("Blockera", inside=ada.main)
    ada.sees("Blockerad. Den andra får inte veta det.")
    ada.look()
    to_talk(ben, "Ada")
    says(ben, "Är du där?")
    ben.sees("skickat")
    ada.undo()
    to_talk(ada, "Ben")
    ada.does_not_see("Är du där?")


def test_everybody_can_write_at_other_sizes(phones: Phones) -> None:
    """320 px, 200 % text, dark: nothing is cut and nothing runs out."""
    ada, ben = phones(width=320, height=640), phones(width=1200, height=900)
    agreed(ada, ben)
    to_talk(ada, "Ben")
    says(ada, "Sjukersättningsutredningsförfarandet " * 3)
    ada.look()
    to_talk(ben, "Ada")
    ben.look()
    says(ben, "🙃 שלום")
    ada.open(ada.path)
    text_twice_as_large(ada)
    assert ada.measure(OVERFLOW) == []
    assert ada.measure(CUT) == []
    assert ada.measure(SMALL) == []
