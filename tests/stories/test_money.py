"""Pengar, lived on a phone: a question is asked, and the answer written down with name and day."""

import re

import pytest

from tests.stories.phone import Phone

pytestmark = pytest.mark.story

QUESTION = "Kan min handlingsplan ha färre timmar de första veckorna?"


def test_a_question_and_the_answer_one_got(phone: Phone) -> None:
    """Rows A3, C25: never an answer of ours, always a checked date; who said it, when, and whether in writing."""
    phone.open("/")
    phone.answer("Mittemellan")
    phone.tap("Planen")
    phone.tap("Pengar", inside=phone.main)
    phone.press(phone.page.locator("summary").nth(1))
    phone.sees("Reglerna ändras och gäller olika för olika personer.", "Kontrollerad 1 november 2026")
    phone.look()
    phone.tap(QUESTION)
    phone.page.get_by_label("Vad svarade de?").fill("Ja, de första fyra veckorna")
    phone.page.get_by_label("Vem svarade?").fill("Petra")
    phone.choose("Är svaret skriftligt?", "Nej, muntligt")
    phone.look()
    phone.tap("Spara")
    phone.sees(QUESTION, "Ja, de första fyra veckorna", "Petra", "Bara jag")
    phone.look()
    phone.tap("Tillbaka")
    phone.press(phone.page.get_by_role("link", name=re.compile("^Kan min handlingsplan.*Petra")))
    phone.sees("Nej, muntligt")
