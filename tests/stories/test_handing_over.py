"""The heart of it, on two phones and by pages alone: a day seen, opened, taken back, given again."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_pairing import GONE_WITHIN, WORDS, invited, said_yes, written

pytestmark = pytest.mark.story

FRAME = "Dagen efter låg jag."


def met(ada: Phone, fia: Phone) -> None:
    written(ada, "Fia")
    said_yes(fia, invited(ada, "Fia", "Här, i rummet", hat="Myndighet"), "Fia")
    ada.reload()  # the page asks by itself every few seconds: test_pairing
    ada.tap("Ja, det är rätt person")
    ada.sees("Ni möttes i rummet.")


def handed_over(ada: Phone) -> None:
    """The four pages. A better day: written light, and Fia is at an authority."""
    ada.open("/dagar/2026-11-17")
    ada.tap("Skriv mer")
    ada.unfold("Hur var dagen?")
    ada.choose("Hur var dagen?", "Ganska lätt")
    ada.tap("Spara")
    ada.tap("Lämna eller visa upp")
    ada.press(ada.page.locator(".seg label", has_text="Formen och orden"))
    ada.tap("Vidare")
    ada.sees("Myndighet, mött i rummet")
    ada.press(ada.page.locator("label.opt", has_text="Fia"))
    ada.look()
    ada.tap("Vidare")
    ada.page.get_by_label("Varför får Fia det?").fill("Inför mötet 3 december")
    ada.press(ada.page.locator(".seg label", has_text="Till mötet"))
    ada.page.get_by_label("Vilken dag är den sista?").fill("2026-12-03")
    ada.page.get_by_label("Din mening").fill(FRAME)
    ada.tap("Se som Fia")
    ada.sees("Det här, och inget annat.", FRAME, WORDS, "Till torsdag 3 december", "en del av ditt ärende")
    ada.look()
    ada.tap("Lämna till Fia")
    expect(ada.title).to_have_text("Lämnat till Fia")
    ada.look()


def test_a_better_day_to_an_authority(phones: Phones) -> None:
    """Rows B20, D21, E15, E20: with its frame; opened and seen to be opened; stopped, and given again."""
    ada, fia = phones(), phones(width=1200, height=800)
    met(ada, fia)
    handed_over(ada)

    fia.open("/delat")
    fia.tap("Ada")
    fia.sees("Inför mötet 3 december", "En dag", "Den som visar får se att du öppnat.")
    fia.does_not_see(WORDS, FRAME)
    fia.tap("Öppna", inside=fia.main)
    fia.sees(WORDS, FRAME, "Ganska lätt")
    fia.look()
    fia.press(fia.page.get_by_role("button", name=re.compile("^fredag 20")))

    ada.open("/kretsen")
    ada.sees("Fia öppnade tisdag 17 november")
    ada.look()
    ada.tap("Fia", inside=ada.main)
    ada.sees("Öppnad idag 10.00.", "Läst. Svarar senast fredag 20 november.")
    ada.look()
    second = fia.tab()
    second.open(fia.path)
    second.sees(WORDS)
    fia.page.bring_to_front()
    fia.tap("Det här gäller för dig")
    ada.tap("Sluta dela")
    ada.sees("Stoppat. Det går inte att läsa längre.", "Fia har inget från dig.")
    second.looks_again()
    expect(second.page.locator("body")).not_to_contain_text(WORDS, timeout=GONE_WITHIN)
    fia.back()
    expect(fia.title).to_have_text("Ada visar dig")
    fia.does_not_see(WORDS, FRAME)

    ada.undo()
    ada.sees("Lämnat igen, samma som förut.")
    fia.open(fia.path)
    fia.tap("Öppna", inside=fia.main)
    fia.sees(WORDS, FRAME)


@pytest.mark.long  # tests/circle/test_taking_away.py has it without a screen
def test_somebody_new_has_the_task(phones: Phones) -> None:
    """Row C18: the one before reads nothing, the new one nothing until it is handed over, one thing at a time."""
    ada, fia = phones(), phones()
    met(ada, fia)
    handed_over(ada)
    fia.open("/delat")
    fia.tap("Ada")
    fia.tap("Öppna", inside=fia.main)
    fia.sees(WORDS)
    ada.open("/kretsen")
    ada.tap("Fia", inside=ada.main)
    ada.tap("Avsluta, eller byt till en ny person")
    ada.look()
    ada.page.get_by_label("Vad heter den nya?").fill("Petra")
    ada.tap("Byt till en ny person")
    expect(ada.title).to_have_text("Petra")
    ada.sees("Den förra kan inte läsa något av ditt.", "Det den förra hade", "Tisdag 17 november")
    ada.look()
    expect(fia.page.locator("body")).not_to_contain_text(WORDS, timeout=GONE_WITHIN)
    ada.tap("Lämna på nytt")
    expect(ada.title).to_have_text("Så ser Petra det")
    ada.sees(FRAME, WORDS, "Petra har inget konto här")


@pytest.mark.long  # tests/circle/test_seen_and_handed.py has it without a screen
def test_later_edits_stay_mine_until_handed_over_anew(phones: Phones) -> None:
    ada, fia = phones(), phones()
    met(ada, fia)
    handed_over(ada)
    ada.open("/dagar/2026-11-17")
    ada.tap("Skriv mer")
    ada.write("Med egna ord", "Ändrat efteråt.")
    ada.tap("Spara")
    ada.sees("Du har ändrat sen Fia fick sin kopia.")
    ada.look()
    fia.open("/delat")
    fia.tap("Ada")
    fia.tap("Öppna", inside=fia.main)
    fia.sees(WORDS)
    ada.tap("Lämna på nytt")
    ada.sees("Ändrat efteråt.", "Det Fia har nu")
    ada.tap("Lämna till Fia")
    fia.open(fia.path)
    fia.does_not_see(WORDS)
    fia.tap("Öppna", inside=fia.main)
    fia.sees("Ändrat efteråt.")
