"""An entry can grow: words, what was done, how it looked, what it cost, what lay around, what helped."""

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


def test_several_notes_in_a_day(both: Phone) -> None:
    begin(both)
    for words in ("Förmiddag hemma.", "Eftermiddag ute."):
        both.open("/dagar/2026-11-19")
        both.tap("En anteckning till")
        both.write("Med egna ord", words)
        both.tap("Spara")
    expect(both.page.get_by_role("article")).to_have_count(3)
    both.sees("Förmiddag hemma.", "Eftermiddag ute.")


def test_a_day_that_has_been_is_written_afterwards(both: Phone) -> None:
    begin(both)
    both.tap("Dagar")
    both.tap("Söndag 15: inget svar.")
    both.sees("Inget är skrivet den här dagen. Det går bra så.")
    both.look()
    both.tap("Skriv om dagen")
    both.choose("Hur var dagen?", "Mycket tung")
    both.write("Med egna ord", "Orkade inte då.")
    both.tap("Spara")
    both.sees("skrivet i efterhand", "Orkade inte då.")
    both.tap("November")
    expect(both.page.get_by_role("link", name="Söndag 15: mycket tung.")).to_be_visible()


def test_a_note_is_changed_taken_away_put_back_and_deleted_for_good(both: Phone) -> None:
    begin(both)
    both.tap("Skriv några ord om dagen")
    both.write("Med egna ord", "Första versionen.")
    both.tap("Spara")
    both.tap("Skriv mer")
    both.write("Med egna ord", "Andra versionen.")
    both.tap("Spara")
    both.sees("Andra versionen.")
    both.does_not_see("Första versionen.")

    both.tap("Ta bort", inside=both.page.get_by_role("article"))
    expect(both.toast).to_contain_text("Borttaget.")
    both.does_not_see("Andra versionen.")
    both.undo()
    both.sees("Det är tillbaka.", "Andra versionen.")

    both.tap("Ta bort", inside=both.page.get_by_role("article"))
    both.tap("Dagar")
    both.tap("Borttaget", inside=both.main)
    both.sees("Andra versionen.")
    both.look()
    both.tap("Ta bort för gott")
    expect(both.title).to_have_text("Ta bort för gott?")
    both.look()
    both.tap("Behåll")
    both.tap("Ta bort för gott")
    both.press(both.page.get_by_role("button", name="Ta bort för gott"))
    expect(both.toast).to_contain_text("Borta för gott.")
    both.does_not_see("Andra versionen.")
    both.sees("Inget här")
    both.look()


def test_two_tabs_lose_nothing(both: Phone) -> None:
    """Both versions are shown; what is saved next counts."""
    begin(both)
    other = both.tab()
    for tab in (both, other):
        tab.open("/dagar/2026-11-19")
        tab.tap("Skriv mer")
    both.write("Med egna ord", "Från första fliken.")
    both.tap("Spara")
    both.sees("Från första fliken.")
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


def test_a_page_left_open_overnight_still_saves(both: Phone, world: World) -> None:
    """architecture.md, CSRF: a token with a time limit would lose the text."""
    begin(both)
    both.open("/dagar/2026-11-19/ny")
    both.write("Med egna ord", "Somnade med telefonen i handen.")
    world.move(at("2026-11-20 08.00"))
    both.tap("Spara")
    expect(both.title).to_have_text("Torsdag 19 november")
    both.sees("Somnade med telefonen i handen.")
