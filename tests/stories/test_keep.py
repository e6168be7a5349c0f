"""Keep it: try, passkey, another phone, a lost phone, leaving and coming back elsewhere.

Passkeys are played by Chromium's own virtual authenticator. Two of the three kinds of phones can be told apart
here: with PRF and without. “PRF only at get” cannot: our pages never take it from anywhere else but `get`, so a
phone that gives it at `create` too is treated exactly alike.
"""

import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from server.vault import codes
from tests.stories.conftest import Phones, Quiet
from tests.stories.passkeys import Lock
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story

CODE = "2468"


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))


@pytest.fixture
def abroad(
    foundations: Path, tmp_path: Path, move: Callable[[datetime], None], browser: Browser
) -> Iterator[Phone]:
    """A phone at another house: another server with databases of its own."""
    folder = tmp_path / "abroad"
    folder.mkdir()
    world = World.build(foundations, folder, move)
    server = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    address = f"http://localhost:{server.server_port}"
    viewport = {"width": 390, "height": 844}
    phone = Phone(browser.new_context(base_url=address, viewport=viewport, locale="sv-SE"), address)  # type: ignore[arg-type]
    yield phone
    phone.put_away()
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
    world.close()


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


def keys(phone: Phone) -> None:
    """From Idag, as everybody finds them."""
    phone.open()
    phone.tap("Mitt")
    phone.page.get_by_role("link", name=re.compile("^Nycklar")).click()
    expect(phone.title).to_have_text("Nycklar")


def new_key(phone: Phone, name: str) -> None:
    """A row under *En nyckel till*."""
    phone.page.get_by_label("En nyckel till").locator(".item").filter(has_text=re.compile(f"^{name}")).click()


def make_passkey(phone: Phone) -> None:
    """Both touches."""
    keys(phone)
    new_key(phone, "Passnyckel")
    phone.tap("Gör en passnyckel")
    expect(phone.title).to_have_text("En gång till")
    phone.tap("Prova passnyckeln")
    expect(phone.toast).to_contain_text("Passnyckeln är sparad.")


def make_card(phone: Phone) -> str:
    """Shown, copied on paper, typed back."""
    keys(phone)
    new_key(phone, "Nyckelkort")
    expect(phone.title).to_have_text("Nyckelkort")
    card = " ".join(phone.page.locator(".card-rows .mono-text").all_inner_texts())
    phone.tap("Jag har det på papper")
    phone.write("Nyckelkort", card.lower())
    phone.tap("Spara kortet")
    expect(phone.toast).to_contain_text("Nyckelkortet är sparat.")
    return card


def make_code(phone: Phone) -> None:
    keys(phone)
    new_key(phone, "Kod på den här telefonen")
    phone.write("Ny kod", CODE)
    phone.tap("Spara koden")
    expect(phone.toast).to_contain_text("Koden är sparad på den här telefonen.")


def type_code(phone: Phone, code: str = CODE) -> None:
    phone.write("Eller med din kod", code)
    phone.page.locator("form[action$='/kod']").get_by_role("button").click()


def type_card(phone: Phone, card: str) -> None:
    phone.write("Eller med nyckelkort", card)
    phone.tap("Öppna med kortet")


def take_away(phone: Phone, way: str) -> None:
    phone.page.get_by_role("listitem").filter(has_text=way).get_by_role("button", name="Ta bort").click()
    expect(phone.toast).to_contain_text("Nyckeln öppnar inget längre.")


def lock(phone: Phone) -> None:
    keys(phone)
    phone.tap("Lås nu")
    expect(phone.title).to_have_text("Låst")


def test_from_the_first_tap_to_another_house(
    phones: Phones, abroad: Phone, world: World, tmp_path: Path
) -> None:
    """A16, D31, D32: lasting without e-mail or password, survives a lost phone, and can be taken along."""
    lost, at_home, new = phones(), phones(), phones()
    Lock(lost)
    begin(lost, "Från den första dagen.")
    lost.look()
    make_passkey(lost)
    card = make_card(lost)

    keys(lost)
    new_key(lost, "En annan telefon")
    link = lost.page.locator(".mono-text").last.inner_text()
    at_home.open(link)
    at_home.tap("Öppna")
    expect(at_home.toast).to_contain_text("Öppnat här.")
    at_home.open("/dagar/2026-11-19")
    at_home.sees("Från den första dagen.")

    new.open()
    new.tap("Jag har redan en nyckel")
    type_card(new, card)
    new.sees("Kortet har använts.")
    new.tap("Se alla nycklar")
    take_away(new, "Passnyckel")
    write(new, "Skrivet efteråt.")

    lost.open("/dagar/2026-11-19")
    lost.does_not_see("Skrivet efteråt.", "Från den första dagen.")
    expect(lost.title).to_have_text("Låst")
    lost.tap("Öppna med passnyckel")
    lost.sees("Den passnyckeln öppnar inget här. Den kan vara borttagen.")
    at_home.open("/dagar/2026-11-19")
    at_home.sees("Från den första dagen.", "Skrivet efteråt.")

    take_along_and_leave(new, tmp_path / "allt.zip", world)
    for phone in (lost, at_home, new):
        phone.open("/dagar/2026-11-19")
        phone.does_not_see("Skrivet efteråt.", "Från den första dagen.")

    abroad.open()
    abroad.answer("Ganska lätt")
    abroad.tap("Mitt")
    abroad.tap("Läs in")
    abroad.page.set_input_files("#fil", tmp_path / "allt.zip")
    abroad.tap("Se vad den innehåller")
    abroad.page.locator("form").get_by_role("button", name="Läs in").click()
    abroad.open("/dagar/2026-11-19")
    abroad.sees("Från den första dagen.", "Skrivet efteråt.", "Tung", "Ganska lätt")


def take_along_and_leave(phone: Phone, file: Path, world: World) -> None:
    """As few taps as joining: one to see what goes, one to go."""
    accounts = world.rows("account")
    phone.open("/mitt")
    with phone.page.expect_download() as download:
        phone.tap("Ladda ner allt")
    download.value.save_as(file)
    phone.tap("Ta bort kontot")
    phone.sees("Det här försvinner", "Det här kan finnas kvar")
    phone.main.get_by_role("button", name="Ta bort kontot").click()
    expect(phone.title).to_have_text("Hur är dagen?")
    assert world.rows("account") == accounts - 1
    assert {cookie["name"] for cookie in phone.context.cookies()} <= {"__Host-h", "__Host-t"}


def test_every_page_of_keys_can_be_used_by_everybody(phone: Phone, phones: Phones) -> None:
    """axe, in light and dark."""
    Lock(phone)
    begin(phone)
    keys(phone)
    phone.look()
    for name in ("Passnyckel", "Nyckelkort", "Kod på den här telefonen", "En annan telefon"):
        new_key(phone, name)
        phone.look()
        keys(phone)
    new_key(phone, "Passnyckel")
    phone.tap("Gör en passnyckel")
    expect(phone.title).to_have_text("En gång till")
    phone.look()
    phone.open("/logga-ut")
    phone.look()
    keys(phone)
    phone.page.get_by_role("button", name="Ta bort Den här telefonen").click()
    expect(phone.title).to_have_text("Den sista nyckeln")
    phone.look()
    make_card(phone)
    make_code(phone)
    phone.look()
    phone.open("/logga-ut")
    phone.look()
    phone.open("/mitt/nycklar/kort/anvant")
    phone.look()
    phone.open("/mitt/nycklar/kort/bekrafta")
    phone.look()
    lock(phone)
    phone.look()
    type_code(phone, "1111")
    phone.look()
    type_card(phone, "A" * 36)
    phone.look()
    other = phones()
    other.open("/nyckel")
    other.look()
    other.open("/in/" + "A" * 43)
    other.look()
    other.tap("Öppna")
    other.sees("Länken fungerar inte längre")
    other.look()


def test_a_slip_on_the_card_is_said_where_it_is(either: Phone) -> None:
    """Without script too."""
    begin(either)
    card = make_card(either)
    other = card[:12] + ("B" if card[12] != "B" else "C") + card[13:]
    either.open("/nyckel")
    type_card(either, other)
    either.sees("Det är ett fel i grupp 2.")
    expect(either.page.get_by_label("Eller med nyckelkort")).to_have_value(other)
    type_card(either, card.lower().replace(" ", ""))
    either.sees("Kortet har använts.")


def test_card_and_code_work_without_script(phones: Phones) -> None:
    """Hard rule 10: a passkey needs script, and says so; the rest does not."""
    phone = phones(script=False)
    begin(phone, "Utan skript.")
    keys(phone)
    new_key(phone, "Passnyckel")
    phone.sees("En passnyckel kräver skript i webbläsaren. Ett nyckelkort fungerar utan.")
    card = make_card(phone)
    make_code(phone)
    lock(phone)
    type_code(phone, "1111")
    phone.sees("Det var en annan kod.", "4 försök kvar.")
    type_code(phone)
    expect(phone.toast).to_contain_text("Öppet.")
    lock(phone)
    type_card(phone, card)
    phone.open("/dagar/2026-11-19")
    phone.sees("Utan skript.")


def test_ten_idle_minutes_lock_and_what_was_being_written_is_kept(either: Phone, world: World) -> None:
    """Hard rule 8: nothing typed is ever lost; the page stood open while the phone locked itself."""
    begin(either)
    make_card(either)
    make_code(either)
    either.open("/dagar/2026-11-19/ny")
    world.move(at("2026-11-19 10.09"))
    either.open("/dagar/2026-11-19/ny")
    world.move(at("2026-11-19 10.20"))
    either.write("Med egna ord", "Skrivet efter låset.")
    either.tap("Spara")
    expect(either.title).to_have_text("Låst")
    either.sees("Det du skrev finns kvar, låst.")
    either.does_not_see("Skrivet efter låset.")
    either.look()
    type_code(either)
    expect(either.toast).to_contain_text("Det du skrev medan det var låst är sparat.")
    either.open("/dagar/2026-11-19")
    either.sees("Skrivet efter låset.")


def test_back_after_the_lock_shows_nothing(either: Phone) -> None:
    """Whoever picks the phone up."""
    begin(either, "Hemligt.")
    make_card(either)
    make_code(either)
    either.open("/dagar/2026-11-19")
    either.sees("Hemligt.")
    keys(either)
    either.tap("Lås nu")
    expect(either.title).to_have_text("Låst")
    for _ in range(3):
        either.page.go_back()
        expect(either.title).to_have_text("Låst")
        either.does_not_see("Hemligt.")
    type_code(either)
    either.open("/dagar/2026-11-19")
    either.sees("Hemligt.")


def test_signing_out_leaves_nothing(phone: Phone) -> None:
    """Cookies, caches, storage; Back."""
    begin(phone, "Hemligt.")
    card = make_card(phone)
    phone.open("/dagar/2026-11-19")
    phone.tap("Idag")
    phone.tap("Mitt")
    phone.tap("Logga ut")
    phone.main.get_by_role("button", name="Logga ut").click()
    expect(phone.toast).to_contain_text("Inget finns kvar i den här telefonen.")
    assert {cookie["name"] for cookie in phone.context.cookies()} <= {"__Host-h", "__Host-t"}
    assert (
        phone.measure("caches.keys().then((all) => all.length + localStorage.length + sessionStorage.length)")
        == 0
    )
    for _ in range(3):
        phone.page.go_back()
        phone.does_not_see("Hemligt.")
    phone.open("/nyckel")
    type_card(phone, card)
    phone.open("/dagar/2026-11-19")
    phone.sees("Hemligt.")


def test_a_key_is_offered_after_the_third_day_and_not_before(either: Phone, world: World) -> None:
    """Kindly, and never in the way."""
    begin(either)
    offer = "Vill du behålla det här?"
    for day, offered in (
        ("2026-11-19", False),
        ("2026-11-21", False),
        ("2026-11-22", True),
        ("2026-12-01", True),
    ):
        world.move(at(f"{day} 09.00"))
        either.open()
        if day != "2026-11-19":
            either.answer("Mittemellan")
        expect(either.main.get_by_text(offer)).to_have_count(int(offered))
    either.look()
    either.main.get_by_role("link", name="Spara en nyckel").click()
    expect(either.title).to_have_text("Nycklar")
    make_card(either)
    either.open()
    expect(either.main.get_by_text(offer)).to_have_count(0)


def test_a_shared_phone_with_two_people(phone: Phone) -> None:
    """Each sees only what is one's own; the one who was there first comes back with the card."""
    begin(phone, "Adas ord.")
    ada = make_card(phone)
    phone.open("/logga-ut")
    phone.main.get_by_role("button", name="Logga ut").click()
    begin(phone, "Bens ord.")
    phone.does_not_see("Adas ord.")
    ben = make_card(phone)
    phone.open("/logga-ut")
    phone.main.get_by_role("button", name="Logga ut").click()
    for card, mine, other in ((ada, "Adas ord.", "Bens ord."), (ben, "Bens ord.", "Adas ord.")):
        phone.open("/nyckel")
        type_card(phone, card)
        phone.open("/dagar/2026-11-19")
        phone.sees(mine)
        phone.does_not_see(other)
        phone.open("/logga-ut")
        phone.main.get_by_role("button", name="Logga ut").click()


def test_two_tabs_and_a_lock_in_one_of_them(phone: Phone) -> None:
    begin(phone, "Hemligt.")
    make_card(phone)
    make_code(phone)
    other = phone.tab()
    other.open("/dagar/2026-11-19")
    other.sees("Hemligt.")
    lock(phone)
    other.page.reload()
    expect(other.title).to_have_text("Låst")
    type_code(other)
    expect(other.title).to_have_text("Torsdag 19 november")  # where one was
    phone.open("/dagar/2026-11-19")
    phone.sees("Hemligt.")
