"""The own plan, lived on a phone: a dream, a goal, a step that was tried, and one of them shown to one person."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.stories.test_pairing import invited, said_yes, written

pytestmark = pytest.mark.story

GOAL = "Två förmiddagar i veckan i ett växthus"
LEARNED = "Telefon på morgonen låser sig. Mejl går."


def begun(phone: Phone) -> None:
    """A plan from minute one: the first answer is all there is before it (rows A19, B23, C10)."""
    phone.open("/")
    phone.answer("Mittemellan")
    phone.tap("Planen")
    phone.sees("Om du får drömma, vad vill du göra helst?")
    phone.look()
    phone.tap("Skriv, om du vill")
    phone.page.get_by_label("Om du får drömma").fill("Jag vill jobba med växter")
    phone.unfold("Vad finns i drömmen?")
    phone.page.get_by_label("Det jag gör").fill("odla")
    phone.look()
    phone.tap("Spara")
    phone.sees("Odla i krukor och pallkrage")
    phone.look()


@pytest.mark.parametrize("script", [False, pytest.param(True, marks=pytest.mark.long)])
def test_from_a_dream_to_a_step_that_was_tried(phones: Phones, script: bool) -> None:
    """Rows A8, A9, A13, A14, C22, E12: without a script, as with one."""
    lived = phones(script=script)
    begun(lived)
    lived.open("/plan")
    lived.tap("Ett eget mål")
    lived.page.get_by_label("Vad vill du?").fill(GOAL)
    lived.tap("Spara")
    lived.tap("Nytt litet steg")
    lived.page.get_by_label("Vilket är steget?").fill("Ringa växthuset")
    lived.page.get_by_label("Minsta varianten").fill("Leta upp numret")
    lived.look()
    lived.tap("Spara")
    lived.tap("Provat")
    lived.sees("Vad lärde jag mig?", "Ett ord räcker.")
    lived.look()
    lived.tap("Skriv", inside=lived.page.locator(".notice"))
    lived.page.get_by_label("Vad lärde jag mig?").fill(LEARNED)
    lived.tap("Spara")
    lived.open("/plan")
    lived.sees(GOAL, "Ringa växthuset", "Provat", LEARNED)
    lived.look()
    lived.tap("Ringa växthuset", inside=lived.main)
    lived.tap("Förbered ett försök")
    lived.page.get_by_label("Om det inte fungerar, då …").fill("Jag går hem")
    lived.tap("Spara")
    lived.sees("Jag går hem", "Bara jag")
    lived.look()
    lived.tap("Ta bort")
    lived.undo()
    lived.sees("Jag går hem")


def test_words_are_changed_and_brought_back(phone: Phone) -> None:
    """Hard rule 8: earlier versions can be seen, and one stands again."""
    begun(phone)
    phone.tap("Ändra")
    phone.page.get_by_label("Om du får drömma").fill("Något helt annat")
    phone.tap("Spara")
    phone.tap("Tidigare versioner")
    phone.sees("Jag vill jobba med växter")
    phone.look()
    phone.tap("Ta tillbaka den här")
    expect(phone.main).to_contain_text("Jag vill jobba med växter")
    phone.tap("Tidigare versioner")
    phone.sees("Något helt annat")


def test_a_bit_of_the_life_map_and_a_way_forward(phone: Phone) -> None:
    """Rows B22, B24, E11: one question, skipped or answered; a map that nobody else sees."""
    phone.open("/")
    phone.answer("Tung")
    phone.tap("Planen")
    phone.tap("En liten fråga")
    phone.page.get_by_label("Så är det nu").fill("Lugnt nu")
    phone.look()
    phone.tap("Spara")
    phone.tap("Hellre prata om det")
    phone.tap("Räcker för nu")
    phone.sees("Lugnt nu", "Det här vill du hellre prata om")
    phone.look()
    phone.open("/plan/vagar?fran=tidningen")
    phone.sees("Ingen ser vad du tittar på här.", "Mindre", "Större")
    phone.look()
    phone.tap("Bokprat", inside=phone.main)
    phone.sees("Här är du: Bokprat")


def test_a_goal_is_shown_to_one_person_and_a_suggestion_becomes_a_step(phones: Phones) -> None:
    """Rows A6, B18, B20: Fia at an authority sees the goal she was handed and nothing else; her suggestion points at
    it, and is a step only by a yes."""
    ada, fia = phones(), phones(width=1200, height=800)
    written(ada, "Fia")
    said_yes(fia, invited(ada, "Fia", "Här, i rummet", hat="Myndighet"), "Fia")
    ada.reload()
    ada.tap("Ja, det är rätt person")
    ada.open("/plan/drom/min/andra")
    ada.page.get_by_label("Om du får drömma").fill("Hemlig dröm")
    ada.tap("Spara")
    ada.open("/plan/mal/ny")
    ada.page.get_by_label("Vad vill du?").fill(GOAL)
    ada.page.get_by_label("Varför det är viktigt för mig").fill("Bara mitt")
    ada.tap("Spara")
    ada.tap("Lämna eller visa upp")
    ada.look()
    ada.tap("Vidare")
    ada.press(ada.page.locator("label.opt", has_text="Fia"))
    ada.tap("Vidare")
    ada.page.get_by_label("Varför får Fia det?").fill("Inför mötet")
    ada.press(ada.page.locator(".seg label", has_text="30 dagar"))
    ada.tap("Se som Fia")
    ada.sees("Det här, och inget annat.", GOAL)
    ada.does_not_see("Bara mitt", "Hemlig dröm")
    ada.look()
    ada.tap("Lämna till Fia")

    fia.open("/delat")
    fia.tap("Ada")
    fia.tap("Öppna", inside=fia.main)
    fia.sees(GOAL)
    fia.does_not_see("Bara mitt", "Hemlig dröm", "dröm")
    fia.look()
    fia.unfold("Föreslå något")
    fia.press(fia.page.locator("label", has_text=GOAL))
    fia.page.get_by_label("Ditt förslag").fill("Besök växthuset en torsdag")
    fia.tap("Skicka", inside=fia.page.locator("form[action$='/forslag']"))

    fia.sees("Skickat")
    ada.open("/plan")
    ada.sees("Förslag till dig", "Besök växthuset en torsdag", f"Pekar på: {GOAL}")
    ada.look()
    ada.tap("Besök växthuset en torsdag")
    ada.tap("Ja", inside=ada.main)
    ada.look()
    ada.tap("Se det i planen")
    ada.sees("Besök växthuset en torsdag", "Vill")
    ada.does_not_see("Förslag till dig")


def test_two_weeks_on_trial_an_obstacle_and_a_rest(phone: Phone) -> None:
    """Rows A5, A9, A23, C3, C6: own days around a try, whose turn an obstacle is, all at rest by a tap."""
    phone.open("/")
    phone.answer("Tung")
    phone.open("/plan/forsok")
    phone.tap("Två veckor på prov")
    phone.page.get_by_label("Vad vill du prova?").fill("Kaféet på förmiddagarna")
    phone.tap("Spara")
    phone.tap("Hämta från mina dagar")
    phone.sees("De två veckorna: tung.")
    phone.tap("Se sammanfattningen")
    phone.sees("Torsdag 19", "Bara du ser den.")
    phone.look()
    phone.open("/plan/hinder")
    phone.look()
    phone.tap("Skriv upp ett hinder")
    phone.page.get_by_label("Vad är i vägen?").fill("Bussen går inte före nio")
    phone.tap("Spara")
    phone.unfold("Skriv upp vem som ska göra nästa sak")
    phone.press(phone.page.locator("label.opt", has_text="Jag"))
    phone.look()
    phone.press(phone.page.locator("form[action$='/bollen'] button"))
    phone.sees("Du har bollen")
    phone.open("/plan/mal/ny")
    phone.page.get_by_label("Vad vill du?").fill("Sova bättre")
    phone.tap("Spara")
    phone.open("/plan")
    phone.tap("Låt hela planen vila")
    phone.sees("Planen vilar. Inget datum.")
    phone.look()
    phone.undo()
    phone.does_not_see("Planen vilar.")


def test_two_windows_that_wrote_at_once_lose_nothing(phone: Phone) -> None:
    """Hard rule 8: both versions are shown, and what is saved then stands; the other lies among the earlier ones."""
    phone.open("/")
    phone.answer("Tung")
    phone.open("/plan/mal/ny")
    phone.page.get_by_label("Vad vill du?").fill("Sova bättre")
    phone.tap("Spara")
    address = phone.path
    other = phone.tab()
    for window in (phone, other):
        window.open(f"{address}/andra")
    other.page.get_by_label("Vad vill du?").fill("Sova hela natten")
    other.tap("Spara")
    phone.page.get_by_label("Vad vill du?").fill("Vakna utvilad")
    phone.tap("Spara")
    phone.sees("Det finns två versioner", "Sova hela natten")
    phone.look()
    phone.tap("Spara")
    phone.sees("Vakna utvilad")
    phone.tap("Tidigare versioner")
    phone.sees("Sova hela natten", "Sova bättre")
