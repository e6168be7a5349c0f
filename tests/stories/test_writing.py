"""An entry can grow: words, what was done, how it looked, what it cost, what lay around, what helped.

One story is lived without script in every run, the others in the long one.
"""

import pytest
from playwright.sync_api import expect

from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story


def begin(phone: Phone, answer: str = "Tung") -> None:
    phone.open()
    phone.answer(answer)


def test_an_entry_grows_bit_by_bit(both: Phone) -> None:
    """D8, D10: all of it optional, in any order, only for oneself."""
    begin(both)
    both.tap("Skriv några ord om dagen")
    expect(both.title).to_have_text("Skriv om dagen")
    both.sees("Allt är frivilligt. Bara du ser det.")
    both.write("Med egna ord", "Gick till brevlådan.")
    both.unfold("Vad jag gjorde")
    both.write("Vad jag gjorde", "Öppnade ett brev.")
    both.unfold("Hur det såg ut, och vad det kostade")
    both.choose("Hur det såg ut för andra", "Lätt")
    both.choose("Vad det kostade", "Tog mycket")
    both.unfold("Runt dagen")
    both.choose("Välj så många du vill.", "Brev från en myndighet")
    both.choose("Välj så många du vill.", "Sömn")
    both.unfold("Vad som hjälpte")
    both.write("Vad som hjälpte", "Att sätta mig på trappan.")
    both.unfold("Hur jag mådde")
    both.choose("Hur jag mådde", "Ganska dåligt")
    both.look()
    both.tap("Spara")
    expect(both.toast).to_contain_text("Sparat.")
    both.sees(
        "Gick till brevlådan.", "Öppnade ett brev.", "Hur det såg ut för andra", "Tog mycket",
        "Sömn, brev från en myndighet", "Att sätta mig på trappan.", "Ganska dåligt", "Formen: bara jag",
    )  # fmt: skip
    both.look()


def test_a_draft_keeps_itself(phone: Phone) -> None:
    """Hard rule 8: the page is closed in the middle of a sentence; nothing was lost."""
    begin(phone)
    phone.open("/dagar/2026-11-19/ny")
    phone.page.get_by_label("Med egna ord").press_sequentially("Jag började skriva men", delay=5)
    phone.sees("Sparas medan du skriver.")
    phone.unfold("Hur jag mådde")
    with phone.page.expect_response(lambda answer: answer.url.endswith("/utkast")):
        phone.choose("Hur jag mådde", "Bra")
    phone.reload()
    phone.sees("Det här är ditt utkast.")
    expect(phone.page.get_by_label("Med egna ord")).to_have_value("Jag började skriva men")
    expect(phone.page.get_by_role("radio", name="Bra", exact=True)).to_be_checked()
    phone.look()
    phone.open("/dagar/2026-11-19")
    phone.sees("Du började skriva.")
    phone.look()
    phone.tap("Fortsätt skriva")
    phone.write("Med egna ord", "Jag började skriva men gick ut.")
    phone.tap("Spara")
    phone.sees("Jag började skriva men gick ut.")
    phone.does_not_see("Du började skriva.")


def test_several_notes_in_a_day(either: Phone) -> None:
    begin(either)
    for words in ("Förmiddag hemma.", "Eftermiddag ute."):
        either.open("/dagar/2026-11-19")
        either.tap("En anteckning till")
        either.write("Med egna ord", words)
        either.tap("Spara")
    expect(either.page.get_by_role("article")).to_have_count(3)
    either.sees("Förmiddag hemma.", "Eftermiddag ute.")


def test_a_day_that_has_been_is_written_afterwards(either: Phone) -> None:
    begin(either)
    either.tap("Dagar")
    either.tap("Söndag 15: inget svar.")
    either.sees("Inget är skrivet den här dagen. Det går bra så.")
    either.look()
    either.tap("Skriv om dagen")
    either.choose("Hur var dagen?", "Mycket tung")
    either.write("Med egna ord", "Orkade inte då.")
    either.tap("Spara")
    either.sees("skrivet i efterhand", "Orkade inte då.")
    either.tap("November")
    expect(either.page.get_by_role("link", name="Söndag 15: mycket tung.")).to_be_visible()


def test_a_note_is_changed_taken_away_put_back_and_deleted_for_good(either: Phone) -> None:
    begin(either)
    either.tap("Skriv några ord om dagen")
    either.write("Med egna ord", "Första versionen.")
    either.tap("Spara")
    either.tap("Skriv mer")
    either.write("Med egna ord", "Andra versionen.")
    either.tap("Spara")
    either.sees("Andra versionen.")
    either.does_not_see("Första versionen.")

    either.tap("Ta bort", inside=either.page.get_by_role("article"))
    expect(either.toast).to_contain_text("Borttaget.")
    either.does_not_see("Andra versionen.")
    either.undo()
    either.sees("Det är tillbaka.", "Andra versionen.")

    either.tap("Ta bort", inside=either.page.get_by_role("article"))
    either.tap("Dagar")
    either.tap("Borttaget", inside=either.main)
    either.sees("Andra versionen.")
    either.look()
    either.tap("Ta bort för gott")
    expect(either.title).to_have_text("Ta bort för gott?")
    either.look()
    either.tap("Behåll")
    either.tap("Ta bort för gott")
    either.press(either.page.get_by_role("button", name="Ta bort för gott"))
    expect(either.toast).to_contain_text("Borta för gott.")
    either.does_not_see("Andra versionen.")
    either.sees("Inget här")
    either.look()


def test_two_tabs_lose_nothing(either: Phone) -> None:
    """Both versions are shown; what is saved next counts."""
    begin(either)
    other = either.tab()
    for tab in (either, other):
        tab.open("/dagar/2026-11-19")
        tab.tap("Skriv mer")
    either.write("Med egna ord", "Från första fliken.")
    either.tap("Spara")
    either.sees("Från första fliken.")
    other.write("Med egna ord", "Från andra fliken.")
    other.tap("Spara")
    other.sees("Det finns två versioner", "Från första fliken.")
    expect(other.page.get_by_label("Med egna ord")).to_have_value("Från andra fliken.")
    other.look()
    other.write("Med egna ord", "Från första fliken. Från andra fliken.")
    other.tap("Spara")
    other.sees("Från första fliken. Från andra fliken.")


def test_too_much_text_is_said_and_stays(phone: Phone) -> None:
    """Bad input gets a clear sentence and nothing is lost."""
    begin(phone)
    phone.open("/dagar/2026-11-18/ny")
    phone.write("Med egna ord", "å" * 20_001)
    phone.tap("Spara")
    phone.sees("Inte sparat än", "Texten är längre än vad som får plats.")
    expect(phone.page.get_by_label("Med egna ord")).to_have_value("å" * 20_001)
    phone.look()
    phone.write("Med egna ord", "kortare")
    phone.tap("Spara")
    phone.sees("kortare")


def test_a_page_left_open_overnight_still_saves(either: Phone, world: World) -> None:
    """architecture.md, CSRF: a token with a time limit would lose the text."""
    begin(either)
    either.open("/dagar/2026-11-19/ny")
    either.write("Med egna ord", "Somnade med telefonen i handen.")
    world.move(at("2026-11-20 08.00"))
    either.tap("Spara")
    expect(either.title).to_have_text("Torsdag 19 november")
    either.sees("Somnade med telefonen i handen.")
