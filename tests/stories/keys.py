"""What a person does with keys in the browser, said once for the stories."""

import re

from playwright.sync_api import expect

from tests.stories.phone import Phone

CODE = "2468"


def begin(phone: Phone, words: str = "") -> None:
    """One tap, and perhaps a few words."""
    phone.open()
    phone.answer("Tung")
    if words:
        write(phone, words)


def write(phone: Phone, words: str, day: str = "2026-11-19") -> None:
    phone.open(f"/dagar/{day}/ny")
    phone.write("Med egna ord", words)
    phone.tap("Spara")
    phone.sees(words)


def said(phone: Phone, words: str) -> None:
    """What the last act has to say, wherever it stands on the page."""
    expect(phone.page.locator("[data-said]")).to_contain_text(words)


def keys(phone: Phone) -> None:
    """From Idag, as everybody finds them."""
    phone.open()
    phone.tap("Mitt")
    phone.press(phone.page.get_by_role("link", name=re.compile("^Nycklar")))
    expect(phone.title).to_have_text("Nycklar")


def new_key(phone: Phone, name: str) -> None:
    """A row under *En nyckel till*."""
    phone.press(
        phone.page.get_by_label("En nyckel till").locator(".item").filter(has_text=re.compile(f"^{name}"))
    )


def touch(phone: Phone, words: str) -> None:
    """A button that asks for finger, face or code: a script's work, so the page has to be there as a whole."""
    phone.page.wait_for_load_state()
    phone.tap(words)


def make_passkey(phone: Phone) -> None:
    """Both touches."""
    keys(phone)
    new_key(phone, "Passnyckel")
    expect(phone.title).to_have_text("Passnyckel")
    touch(phone, "Gör en passnyckel")
    expect(phone.title).to_have_text("En gång till")
    touch(phone, "Prova passnyckeln")
    said(phone, "Passnyckeln är sparad.")


def make_card(phone: Phone) -> str:
    """Shown, copied on paper, typed back."""
    keys(phone)
    new_key(phone, "Nyckelkort")
    expect(phone.title).to_have_text("Nyckelkort")
    card = " ".join(phone.page.locator(".card-rows .mono-text").all_inner_texts())
    phone.tap("Jag har det på papper")
    phone.write("Nyckelkort", card.lower())
    phone.tap("Spara kortet")
    said(phone, "Nyckelkortet är sparat.")
    return card


def make_code(phone: Phone) -> None:
    keys(phone)
    new_key(phone, "Kod på den här telefonen")
    phone.write("Ny kod", CODE)
    phone.tap("Spara koden")
    said(phone, "Koden är sparad på den här telefonen.")


def type_code(phone: Phone, code: str = CODE) -> None:
    phone.page.get_by_label(re.compile("^(Eller med din|Din) kod$")).fill(code)
    phone.press(phone.page.locator("form[action$='/kod']").get_by_role("button"))


def type_card(phone: Phone, card: str) -> None:
    phone.write("Eller med nyckelkort", card)
    phone.tap("Öppna med kortet")


def take_away(phone: Phone, way: str) -> None:
    phone.press(phone.page.get_by_role("listitem").filter(has_text=way).get_by_role("button", name="Ta bort"))
    said(phone, "Nyckeln öppnar inget längre.")


def lock(phone: Phone) -> None:
    keys(phone)
    phone.tap("Lås nu")
    expect(phone.title).to_have_text("Låst")
