"""Visa upp: how most meetings with an authority go. The phone across the table, or a paper."""

from playwright.sync_api import expect

from tests.stories.phone import Phone


def written(phone: Phone) -> None:
    phone.open()
    phone.answer("Ganska lätt")
    phone.open("/dagar")
    phone.press(phone.page.locator("[aria-current=date]"))
    phone.tap("Skriv mer")
    phone.write("Med egna ord", "Satt en kvart vid fönstret.")
    phone.tap("Spara")


def prepared(phone: Phone) -> None:
    """Four short pages, as far as what is seen."""
    phone.tap("Lämna eller visa upp")
    expect(phone.title).to_have_text("Vad lämnar du?")
    phone.look()
    phone.press(phone.page.locator(".seg label", has_text="Formen och orden"))
    phone.tap("Vidare")
    expect(phone.title).to_have_text("Till vem?")
    phone.press(phone.page.locator("label", has_text="Någon på papper"))
    phone.page.get_by_label("Vem är det, på papper?").fill("Maria")
    phone.press(phone.page.locator(".seg label", has_text="Myndighet"))
    phone.look()
    phone.tap("Vidare")
    expect(phone.title).to_have_text("Varför?")
    phone.look()
    phone.page.get_by_label("Varför får Maria det?").fill("Inför mötet 3 december")
    phone.tap("Se som Maria")
    phone.sees("Skriv en mening")
    phone.page.get_by_label("Din mening").fill("Dagen efter låg jag.")
    phone.look()
    phone.tap("Se som Maria")
    expect(phone.title).to_have_text("Så ser Maria det")


def test_a_better_day_shown_across_the_table(either: Phone) -> None:
    """Rows B20, C16: full screen, with its frame, nothing else beside it."""
    phone = either
    written(phone)
    prepared(phone)
    phone.look()
    phone.sees(
        "Det här, och inget annat.", "Dagen efter låg jag.", "Satt en kvart vid fönstret.", "ditt ärende"
    )
    phone.tap("Visa upp på min skärm", inside=phone.page.locator(".acts"))
    expect(phone.title).to_have_text("Till Maria")
    phone.look()
    expect(phone.page.locator("nav")).to_have_count(0)
    phone.tap("Klar")
    phone.does_not_see("Satt en kvart")


def test_a_paper_to_bring(phone: Phone) -> None:
    written(phone)
    prepared(phone)
    phone.unfold("Skriv ut")
    phone.page.get_by_label("Ditt namn på pappret").fill("Ada Lind")
    phone.tap("Till utskriften")
    expect(phone.title).to_have_text("Ada Lind")
    phone.look()
    phone.page.emulate_media(media="print")
    expect(phone.page.locator(".top")).to_be_hidden()
    phone.sees("Till Maria", "Inför mötet 3 december", "Dagen efter låg jag.")
    assert len(phone.page.pdf()) > 5_000


def test_only_me_is_always_one_tap_away(phone: Phone) -> None:
    written(phone)
    prepared(phone)
    phone.tap("Bara jag")
    phone.sees("Inget lämnades. Bara du ser det.", "Formen: bara jag")
