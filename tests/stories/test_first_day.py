"""The first day of somebody with a phone, no account, no e-mail and little energy."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story


def test_a_visitor_says_how_the_day_is_and_finds_it_tomorrow(phone: Phone, world: World) -> None:
    """A19, C10, D7: alone, from the first minute, with one tap; nobody asks for a name, a code or a diagnosis."""
    phone.open()
    expect(phone.title).to_have_text("Hur är dagen?")
    phone.sees("När du svarar sparas det, låst.", "Från 18 år.")
    phone.look()

    phone.tap("Så funkar det")
    phone.sees("Vem som driver", "Föreningen Ljung", "Vad som sparas", "Dina rättigheter", "Tillgänglighet")
    phone.look()
    phone.tap("Idag")

    phone.answer("Tung")
    expect(phone.toast).to_contain_text("Sparat.")
    expect(phone.title).to_have_text("Tung dag")
    phone.sees("Något litet, om du vill", "Nyckeln ligger i den här telefonen")
    phone.look()

    phone.tap("Visa allt")
    phone.sees("I Ljungvik", "Öppen fika")
    phone.look()
    phone.tap("Öppen fika")
    expect(phone.title).to_have_text("Öppen fika")
    phone.sees("Minsta varianten")
    phone.look()

    world.move(at("2026-11-20 09.00"))
    phone.open()
    expect(phone.title).to_have_text("Hur är dagen?")
    phone.tap("Dagar")
    phone.tap("Torsdag 19: tung.")
    expect(phone.title).to_have_text("Torsdag 19 november")
    phone.sees("Tung", "Formen: bara jag")
    phone.look()


def test_a_tap_by_mistake_is_undone(either: Phone) -> None:
    """Undo beats confirm (hard rule 8)."""
    either.open()
    either.answer("Lätt")
    either.undo()
    expect(either.toast).to_contain_text("Ångrat.")
    expect(either.title).to_have_text("Hur är dagen?")
    either.tap("Dagar")
    either.does_not_see("lätt.")


def test_a_very_heavy_day_asks_for_very_little(both: Phone) -> None:
    """D7, D27, B11: one large possibility, two quiet rows, rest among them; help is near, quietly."""
    both.open()
    both.answer("Mycket tung")
    expect(both.page.get_by_role("article")).to_have_count(1)
    expect(both.main.locator("a.item").filter(has_text="Vila. Inget försvinner.")).to_have_count(1)
    both.tap("Varför visas den?")
    both.sees("Det kostar inget och kräver inget.")
    both.look()
    both.tap("Jag provar")
    expect(both.toast).to_contain_text("Sparat. Det står kvar på Idag.")
    both.sees("Kanske idag")
    both.undo()
    both.does_not_see("Kanske idag")
    both.tap("Vila. Inget försvinner.")
    expect(both.title).to_have_text("Vila")
    both.look()


def test_a_light_day_is_not_praised_and_not_pushed(either: Phone) -> None:
    """Level 5 is never praised; rest stands there too, and it is said that nothing is promised."""
    either.open()
    either.answer("Lätt")
    expect(either.title).to_have_text("Lätt dag")
    expect(either.page.get_by_role("article")).to_have_count(3)
    either.sees("Vila. Inget försvinner.", "Att titta är inget löfte", "Ingen ser att du har haft den.")
    either.does_not_see("!", "Bra jobbat", "Toppen", "Grattis")
    either.look()


def test_not_knowing_is_an_answer(either: Phone) -> None:
    """*Vet inte* saves an entry without a level and shows what fits a heavy day."""
    either.open()
    either.tap("Vet inte")
    expect(either.title).to_have_text("Vet inte")
    expect(either.page.get_by_role("article")).to_have_count(1)
    either.look()
    either.tap("Dagar")
    expect(either.page.get_by_role("link", name="Torsdag 19: vet inte.")).to_be_visible()


def test_not_today_saves_nothing(either: Phone, world: World) -> None:
    before = world.rows("account"), world.rows("record")
    either.open()
    either.tap("Inte idag")
    expect(either.title).to_have_text("Inte idag")
    either.sees("Inget är sparat.", "Vila. Inget försvinner.")
    either.look()
    either.tap("Något annat")
    either.tap("Tillbaka")
    expect(either.title).to_have_text("Hur är dagen?")
    assert (world.rows("account"), world.rows("record")) == before
    assert {cookie["name"] for cookie in either.context.cookies()} == {"__Host-h"}


def test_the_day_changes_and_is_answered_again(either: Phone) -> None:
    """D7: one feels differently; the latest answer counts. Within ten minutes it corrects the one before."""
    either.open()
    either.answer("Tung")
    either.tap("Svara igen")
    either.sees("Dagen kan ha flera svar.")
    either.look()
    either.answer("Ganska lätt")
    expect(either.title).to_have_text("Ganska lätt dag")
    either.tap("Dagar")
    either.tap("Torsdag 19: ganska lätt.")
    expect(either.page.get_by_role("article")).to_have_count(1)


def test_the_question_fits_on_a_small_phone_with_nothing_chosen(phones: Phones) -> None:
    """All five levels on 360 × 640 without scrolling, lightest on top, heaviest nearest the thumb (design, 6)."""
    phone = phones(width=360, height=640)
    phone.open()
    buttons = phone.main.get_by_role(
        "button", name=re.compile("^(Lätt|Ganska lätt|Mittemellan|Tung|Mycket tung)")
    )
    boxes = [button.bounding_box() for button in buttons.all()]
    assert len(boxes) == 5
    tops = [box["y"] for box in boxes if box]
    assert tops == sorted(tops)
    last = boxes[-1]
    assert last
    assert last["y"] + last["height"] <= 640
    assert phone.page.locator(":focus").count() == 0


def test_what_was_said_leaves_room_for_the_first_choice(phone: Phone) -> None:
    """Design: the first choice lies above the fold, also right after the answer."""
    phone.open()
    phone.answer("Tung")
    boxes = [one.bounding_box() for one in phone.toast.locator(".chip:visible").all()]
    assert len({box and box["y"] + box["height"] / 2 for box in boxes}) == 1, "one row at 390 px"
    phone.reload()
    phone.sees("Bara jag", "Svara igen")  # beside the voice that this phone does not have
    phone.tap("Hjälp")
    expect(phone.page.get_by_role("link", name="Så funkar sidorna")).to_be_visible()
