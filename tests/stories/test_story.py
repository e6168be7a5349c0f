"""Min berättelse, on two phones: a part, a shorter length, handed to Ben, read and confirmed, and seen by Ada."""

import pytest
from playwright.sync_api import expect

from tests.circle.meeting import meets
from tests.client import Client
from tests.people import Ada
from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_looks import CUT, LONG, OVERFLOW, SMALL, text_twice_as_large
from tests.story.acts import ADAPTATIONS, GATHER, INDEX, PICTURE, begins, writes, writes_part
from tests.world import World

pytestmark = pytest.mark.story

WHOLE = "Jag har varit hemma i sex år. Det började med sömnen."
SHORT = "Hemma i sex år. En sak i taget, så går det mesta."


def told(phone: Phone) -> None:
    """From Planen: a way to begin, then the short one too."""
    phone.open("/plan")
    phone.tap("Min berättelse", inside=phone.main)
    expect(phone.title).to_have_text("Min berättelse")
    phone.look()
    phone.tap("Mitt liv nu")
    expect(phone.page.get_by_label("Rubrik")).to_have_value("Mitt liv nu")
    phone.page.get_by_label("Hela").fill(WHOLE)
    phone.tap("Spara")
    expect(phone.title).to_have_text("Mitt liv nu")
    phone.sees("Bara jag")
    phone.tap("Skriv en kortare också")
    phone.page.get_by_label("En minut").fill(SHORT)
    phone.look()
    phone.tap("Spara")
    phone.sees(WHOLE, SHORT)


def handed_to_ben(phone: Phone) -> None:
    phone.tap("Lämna eller visa upp")
    expect(phone.page.get_by_role("radio", checked=True)).to_have_count(0)
    phone.look()
    phone.press(phone.page.locator("label.opt", has_text="En minut"))
    phone.tap("Vidare")
    phone.press(phone.page.locator("label.opt", has_text="Ben"))
    phone.tap("Vidare")
    phone.page.get_by_label("Varför får Ben det?").fill("Inför mötet 3 december")
    phone.press(phone.page.locator(".seg label", has_text="30 dagar"))
    phone.tap("Se som Ben")
    phone.sees("Mitt liv nu", SHORT, "Det här, och inget annat.")
    phone.does_not_see(WHOLE, "En minut")
    phone.look()
    phone.tap("Lämna till Ben")
    expect(phone.title).to_have_text("Lämnat till Ben")


def test_told_once_and_read_before_the_meeting(phones: Phones, ada: Ada, ben: Client) -> None:
    """Row B14."""
    _card, pair = meets(ada.client, ben, "Ben")
    hers, his = phones(), phones()
    hers.becomes(ada.client)
    his.becomes(ben)
    told(hers)
    part = hers.path
    handed_to_ben(hers)

    his.open(f"/delat/{pair}")
    his.does_not_see("Mitt liv nu", SHORT)
    his.tap("Öppna", inside=his.main)
    his.sees("Min berättelse", "Mitt liv nu", SHORT)
    his.does_not_see(WHOLE, "En minut")
    his.look()
    his.tap("fredag 20")
    his.sees("Du har sagt: läst, svar senast fredag 20 november.")

    hers.open(part)
    hers.sees("Ben (en minut)", "Öppnad idag", "Läst. Svarar senast fredag 20 november.")
    hers.look()
    hers.open(INDEX)
    hers.sees("Visat för Ben")


@pytest.mark.long  # tests/story/test_gathering.py and test_picture.py have it without a screen
def test_own_words_become_my_picture(phone: Phone, ada: Ada) -> None:
    """Rows A12, E6, B21: each by an own tap, with undo; a time goes with what it takes."""
    phone.becomes(ada.client)
    phone.open(INDEX)
    phone.tap("Min bild", inside=phone.main)
    phone.tap("Hämta från mina ord")
    phone.look()
    own = phone.page.locator(".own")
    phone.tap("Det är jag bra på", inside=own.filter(has_text="adaord-gjorde"))
    phone.sees("Står i din bild.")
    phone.look()
    phone.tap("Det hjälper", inside=own.filter(has_text="adaord-hjalpte"))
    phone.undo()
    expect(phone.title).to_have_text("Min bild")
    phone.sees("adaord-gjorde")
    phone.does_not_see("adaord-hjalpte")
    phone.tap("Ändra")
    phone.unfold("Så länge orkar jag")
    phone.page.get_by_label("Orkar från").fill("1 timme")
    phone.tap("Spara")
    phone.sees("Skriv alla tre: från, till och vad som krävs.", "Orkar till")
    phone.look()
    phone.page.get_by_label("Orkar till").fill("2 timmar")
    phone.page.get_by_label("Orkar när").fill("Lugnt, inte på morgonen")
    phone.tap("Spara")
    phone.sees("1 timme – 2 timmar", "Lugnt, inte på morgonen")
    phone.look()


@pytest.mark.parametrize("width", [320, pytest.param(1200, marks=pytest.mark.long)])
def test_long_words_fit(width: int, phones: Phones, ada: Ada, world: World) -> None:
    """Hard rule 10: 320 px, and text twice as large; targets are 48 px (row C28)."""
    parts = [writes_part(ada.client, LONG[:150], full=LONG, middle=LONG, short=LONG) for _ in range(2)]
    line = dict.fromkeys(("range_from", "range_to"), LONG[:150])
    writes(ada.client, PICTURE, strengths=LONG, conditions=LONG, range_conditions=LONG, **line)
    writes(ada.client, ADAPTATIONS, can=LONG, follows=LONG[:150])
    part = f"/plan/berattelsen/{parts[0]}"
    chosen = begins(ada.client, f"story/{parts[0]}").path
    phone = phones(width=width)
    phone.becomes(ada.client)
    here = (INDEX, part, f"{part}/andra", PICTURE, f"{PICTURE}/andra", GATHER, f"{ADAPTATIONS}/andra", chosen)
    for path in (*here, f"{chosen}/fler", begins(ada.client, "picture/min").path):
        phone.open(path)
        phone.measure("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
        assert phone.measure(OVERFLOW) == [], path
        assert phone.measure(CUT) == [], path
        assert phone.measure(SMALL) == [], path
        text_twice_as_large(phone)
        assert phone.measure(OVERFLOW) == [], f"{path} with large text"
