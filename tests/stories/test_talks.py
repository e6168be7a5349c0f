"""Prata, on two phones: Ada writes with Ben, her support, who has said yes to messages."""

import pytest
from playwright.sync_api import expect

from tests.client import Client
from tests.hosts.listing import lists, publishes, settled
from tests.messages.conftest import Talking, receives_reports, taken_on
from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_looks import CUT, OVERFLOW, SMALL, text_twice_as_large
from tests.stories.test_pairing import invited, said_yes, written
from tests.world import World

pytestmark = pytest.mark.story


def agreed(ada: Phone, ben: Phone) -> None:
    """They have met in the room, and Ben takes messages."""
    written(ada, "Ben")
    said_yes(ben, invited(ada, "Ben", "Här, i rummet"), "Ben")
    ada.reload()  # the page asks by itself every few seconds: test_pairing
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


@pytest.mark.parametrize(
    "script", [False, pytest.param(True, marks=pytest.mark.long)], ids=["no script", "script"]
)
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


@pytest.mark.long
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


def with_a_peer(world: World) -> dict[Client, tuple[str, ...]]:
    """Ada writes with Pia, who suggests Maria and has been reported to Karin; each with the pages they have."""
    ada, pia, maria, karin = (
        world.ada().client,
        world.person("pia"),
        world.person("cleo"),
        world.person("fia"),
    )
    association = settled(world)
    lists(association.client, maria, "Maria")
    publishes(maria, name="Maria")
    receives_reports(association, karin)
    mine, theirs = taken_on(ada, pia)
    theirs.says("Något som inte är okej")
    _suggests_and_is_reported(mine, theirs)
    talk = mine.page
    return {
        ada: ("/prata", talk, f"{talk}/granser", f"{talk}/anmal", f"{talk}/vidare"),
        pia: ("/prata", talk, f"{talk}/granser", f"{talk}/kollega", "/prata/nar-det-ar-svart"),
        karin: ("/prata", "/prata/anmalningar"),
    }


def _suggests_and_is_reported(mine: Talking, theirs: Talking) -> None:
    suggest = theirs.client.get(f"{theirs.page}/kollega").form("Föreslå")
    other = next(one.value for one in suggest.controls if one.name == "to")
    theirs.client.follow(theirs.client.send(suggest, {"to": other, "words": "Hon kan mer om det här."}))
    report = mine.client.get(f"{mine.page}/anmal").form("/anmal")
    mine.client.follow(mine.client.send(report, {"picked": [mine.pick("okej")], "words": "Så här var det"}))


def test_a_report_and_a_colleague(world: World, phone: Phone) -> None:
    """Picked, sent with proof, read outside the peer group, taken back; and somebody else, with a yes (row E21)."""
    ada, pia, maria, karin = (
        world.ada().client,
        world.person("pia"),
        world.person("cleo"),
        world.person("fia"),
    )
    association = settled(world)
    lists(association.client, maria, "Maria")
    publishes(maria, name="Maria")
    receives_reports(association, karin)
    mine, theirs = taken_on(ada, pia)
    theirs.says("Något som inte är okej")

    phone.becomes(ada)
    phone.open(mine.page)
    phone.tap("Gränser")
    phone.tap("Anmäl", inside=phone.main)
    phone.sees("Karin, som inte är kamratstödjare")
    phone.tap("Skicka till Karin")
    phone.sees("Kryssa för ett meddelande")
    phone.press(phone.page.locator("label", has_text="Något som inte är okej"))
    phone.tap("Skicka till Karin")
    phone.sees("Det du har anmält")
    phone.becomes(karin)
    phone.open("/prata")
    phone.tap("Anmälningar")
    phone.sees("Om Pia", "Något som inte är okej", "Bevisat: så skickades det")
    phone.becomes(ada)
    phone.open(f"{mine.page}/anmal")
    phone.tap("Ta tillbaka det")
    phone.becomes(karin)
    phone.open("/prata/anmalningar")
    phone.sees("Inget är anmält.")

    phone.becomes(pia)
    phone.open(theirs.page)
    phone.tap("Gränser")
    phone.tap("Föreslå en kollega")
    phone.press(phone.page.locator("label", has_text="Maria"))
    phone.page.get_by_label("Några ord om varför").fill("Hon kan mer om det här.")
    phone.tap("Föreslå", inside=phone.main)
    phone.becomes(ada)
    phone.open(mine.page)
    phone.sees("Pia föreslår att du skriver med Maria", "Hon kan mer om det här.")
    phone.tap("Ja, gå vidare")
    phone.press(phone.page.locator("label", has_text="De senaste meddelandena"))
    phone.tap("Fråga Maria", inside=phone.main)
    phone.sees("Du har frågat Maria")
    phone.becomes(maria)
    phone.open("/prata/fragor")
    phone.unfold("Från ett tidigare samtal")
    phone.sees("Något som inte är okej")
    phone.tap("Ja, jag kan")
    phone.sees("Du har sagt ja.")


_MORE = [pytest.param(width, marks=pytest.mark.long) for width in (320, 390, 768, 1200)]


@pytest.mark.parametrize("width", _MORE)
def test_every_page_at_every_width(world: World, width: int, phones: Phones) -> None:
    """Hard rule 10: 320 px, 200 % text, targets of 48 px, axe in light and dark."""
    phone = phones(width=width, height=800)
    for who, paths in with_a_peer(world).items():
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
