"""Passkeys in a real browser: each kind of phone, each way it can go wrong, and what is never sent."""

import base64
import json
import re
from datetime import timedelta
from urllib.parse import unquote_to_bytes

import pytest
from playwright.sync_api import Request, Route, expect

from tests.stories.conftest import Phones
from tests.stories.keys import (
    begin,
    keys,
    lock,
    make_card,
    make_passkey,
    new_key,
    said,
    touch,
    type_card,
    write,
)
from tests.stories.passkeys import Lock, cancel, listen
from tests.stories.phone import Phone
from tests.world import NOW, World

pytestmark = pytest.mark.story

# Some phones make a passkey without telling its PRF; only a later touch does.
NOTHING_AT_CREATE = """
const create = navigator.credentials.create.bind(navigator.credentials);
navigator.credentials.create = async (options) => {
  const made = await create(options);
  made.getClientExtensionResults = () => ({prf: {enabled: true}});
  return made;
};
"""


@pytest.mark.parametrize(
    "persona", ["prf", pytest.param("prf only at get", marks=pytest.mark.long), "no prf"]
)
def test_each_kind_of_phone(persona: str, phone: Phone) -> None:
    """Made, tried, locked, opened. Without PRF it is said that it works here only."""
    prf = persona != "no prf"
    Lock(phone, prf=prf)
    if persona == "prf only at get":
        phone.context.add_init_script(NOTHING_AT_CREATE)
    begin(phone, "Bakom låset.")
    make_passkey(phone)
    if prf:
        said(phone, "Telefonen låser sig själv nu.")
    else:
        said(phone, "Gör ett nyckelkort också.")
        phone.sees("Fungerar bara på en telefon.")
    lock(phone)
    phone.open("/dagar/2026-11-19")
    phone.does_not_see("Bakom låset.")
    touch(phone, "Öppna med passnyckel")
    phone.sees("Bakom låset.")


def test_the_phone_offers_its_passkey_by_itself(phone: Phone) -> None:
    """Conditional UI: in the field where one would type the card."""
    Lock(phone, offering=True)
    begin(phone, "Bakom låset.")
    make_passkey(phone)
    keys(phone)
    phone.tap("Lås nu")
    said(phone, "Öppet.")
    phone.open("/dagar/2026-11-19")
    phone.sees("Bakom låset.")


def test_the_raw_output_of_the_authenticator_is_in_no_request(phone: Phone) -> None:
    """vault.md: a key derived from it is sent, never itself. Every request is looked through, in every encoding."""
    sent: list[bytes] = []

    def note(request: Request) -> None:
        body = request.post_data_buffer or b""
        head = json.dumps([request.url, request.headers]).encode()
        sent.extend((head, body, unquote_to_bytes(body.replace(b"+", b" "))))

    heard = listen(phone)
    phone.context.on("request", note)
    Lock(phone)
    begin(phone)
    make_passkey(phone)
    lock(phone)
    touch(phone, "Öppna med passnyckel")
    said(phone, "Öppet.")
    assert heard, "the authenticator gave nothing, so nothing was tested"
    assert all(len(one) == 32 for one in heard)
    assert any(re.search(rb"kek=[\w-]{43}", body) for body in sent)
    for output in heard:
        for way in encodings(output):
            assert not [body for body in sent if way in body]


def encodings(output: bytes) -> list[bytes]:
    numbers = ",".join(str(one) for one in output)
    return [
        output,
        base64.b64encode(output).rstrip(b"="),
        base64.urlsafe_b64encode(output).rstrip(b"="),
        output.hex().encode(),
        output.hex().upper().encode(),
        numbers.encode(),
        numbers.replace(",", ", ").encode(),
        json.dumps({str(place): one for place, one in enumerate(output)}, separators=(",", ":")).encode(),
        output.decode("latin-1").encode(),
    ]


@pytest.mark.long  # `test_cancelled_and_then_not` is the story; these are its further doors
def test_cancelled(phone: Phone) -> None:
    """The finger was not given: nothing has changed, and one can try again."""
    finger = Lock(phone)
    begin(phone)
    keys(phone)
    new_key(phone, "Passnyckel")
    expect(phone.title).to_have_text("Passnyckel")
    finger.refuse()
    touch(phone, "Gör en passnyckel")
    phone.sees("Det avslutades, eller tog för lång tid. Inget har ändrats.")
    phone.look()
    finger.ready_again()
    touch(phone, "Gör en passnyckel")
    expect(phone.title).to_have_text("En gång till")
    finger.refuse()
    touch(phone, "Prova passnyckeln")
    phone.sees("Det avslutades, eller tog för lång tid. Inget har ändrats.")
    keys(phone)
    phone.sees("Nu ligger den enda nyckeln i den här telefonen.", "dold, inte låst")


@pytest.mark.long
def test_cancelled_at_the_door(phone: Phone) -> None:
    """Another way stands on the same page."""
    finger = Lock(phone)
    begin(phone, "Bakom låset.")
    make_passkey(phone)
    card = make_card(phone)
    lock(phone)
    finger.refuse()
    touch(phone, "Öppna med passnyckel")
    phone.sees("Det avslutades, eller tog för lång tid.")
    phone.write("Eller med nyckelkort", card)
    phone.tap("Öppna med kortet")
    phone.open("/dagar/2026-11-19")
    phone.sees("Bakom låset.")


def test_cancelled_and_then_not(phone: Phone) -> None:
    """Issue 3, point 5: a tap on *Avbryt* uses nothing up. The same button on the same page works the next time."""
    tap_cancel = cancel(phone)
    Lock(phone)
    begin(phone, "Bakom låset.")
    keys(phone)
    new_key(phone, "Passnyckel")
    expect(phone.title).to_have_text("Passnyckel")
    for button, after in (("Gör en passnyckel", "En gång till"), ("Prova passnyckeln", "Nycklar")):
        for _ in range(2):
            tap_cancel()
            touch(phone, button)
            phone.sees("Det avslutades, eller tog för lång tid. Inget har ändrats. Du kan prova igen.")
        touch(phone, button)
        expect(phone.title).to_have_text(after)
    lock(phone)
    tap_cancel()
    touch(phone, "Öppna med passnyckel")
    phone.sees("Det avslutades, eller tog för lång tid.")
    touch(phone, "Öppna med passnyckel")
    said(phone, "Öppet.")
    write(phone, "Och vidare.")


def test_an_answer_that_came_too_late_and_then_in_time(phone: Phone, world: World) -> None:
    """The page had stood open for longer than its question lasts. It comes back with a new one."""
    Lock(phone)
    begin(phone, "Bakom låset.")
    make_passkey(phone)
    lock(phone)
    world.move(NOW + timedelta(minutes=11))
    touch(phone, "Öppna med passnyckel")
    phone.sees("Sidan hade varit öppen för länge. Prova igen.")
    touch(phone, "Öppna med passnyckel")
    said(phone, "Öppet.")


@pytest.mark.long  # tests/accounts has it without a screen
def test_one_is_there_already(phone: Phone) -> None:
    finger = Lock(phone)
    begin(phone)
    make_passkey(phone)
    new_key(phone, "Passnyckel")
    expect(phone.title).to_have_text("Passnyckel")
    touch(phone, "Gör en passnyckel")
    phone.sees("Den här telefonen har redan en passnyckel här. Den fungerar som förut.")
    assert finger.passkeys() == 1


def test_a_browser_without_passkeys(phone: Phone) -> None:
    """Old, or turned off: it says so, and the card is there."""
    phone.context.add_init_script("delete window.PublicKeyCredential")
    begin(phone, "På en gammal telefon.")
    keys(phone)
    new_key(phone, "Passnyckel")
    phone.sees("Den här webbläsaren har inga passnycklar. Använd ett nyckelkort i stället.")
    phone.look()
    card = make_card(phone)
    phone.open("/nyckel")
    phone.sees("Den här webbläsaren har inga passnycklar.")
    phone.write("Eller med nyckelkort", card)
    phone.tap("Öppna med kortet")
    phone.open("/dagar/2026-11-19")
    phone.sees("På en gammal telefon.")


@pytest.mark.long  # as `test_a_browser_without_passkeys`, in an older one
@pytest.mark.worker(False)
def test_a_browser_too_old_for_our_scripts(phone: Phone) -> None:
    """Issue 3, point 5: it knows no modules, so the button cannot work. It says so and shows the way to a card."""

    def as_it_reads(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        page = answer.text().replace('type="module"', 'type="unknown"').replace("<script nomodule", "<script")
        route.fulfill(response=answer, body=page)

    begin(phone, "På en gammal telefon.")
    phone.page.route("**/mitt/nycklar/passnyckel", as_it_reads)
    phone.page.route("**/nyckel", as_it_reads)
    phone.open("/mitt/nycklar/passnyckel")
    phone.sees("Den här webbläsaren har inga passnycklar. Använd ett nyckelkort i stället.")
    phone.tap("Gör ett nyckelkort i stället")
    expect(phone.title).to_have_text("Nyckelkort")
    card = make_card(phone)
    phone.open("/nyckel")
    phone.sees("Den här webbläsaren har inga passnycklar.")
    type_card(phone, card)
    phone.sees("Kortet har använts.")


def test_a_phone_with_another_passkey_only(phones: Phones) -> None:
    """The phone knows none of ours: a sentence, and other ways."""
    phone = phones()
    Lock(phone)
    phone.open("/nyckel")
    touch(phone, "Öppna med passnyckel")
    phone.sees("Det avslutades, eller tog för lång tid.")
    phone.sees("Finns ingen nyckel kvar?")


@pytest.mark.long
def test_the_phones_clock_is_wrong_by_a_day(phones: Phones) -> None:
    """Issue 3, point 5: nothing here asks the phone what time it is."""
    phone = phones()
    phone.context.clock.install(time="2026-11-20T10:00:00+01:00")
    Lock(phone)
    begin(phone, "Fel klocka.")
    make_passkey(phone)
    lock(phone)
    touch(phone, "Öppna med passnyckel")
    said(phone, "Öppet.")
    write(phone, "Och igen.")


@pytest.mark.long
def test_each_phone_has_a_passkey_of_its_own(phones: Phones) -> None:
    """One account; each phone opens with its own lock."""
    one, other = phones(), phones()
    Lock(one)
    Lock(other)
    begin(one, "På båda.")
    make_passkey(one)
    keys(one)
    new_key(one, "En annan telefon")
    link = one.page.locator(".mono-text").last.inner_text()
    other.open(link)
    other.tap("Öppna")
    make_passkey(other)
    for phone in (one, other):
        phone.open("/dagar/2026-11-19")
        if phone is one:
            touch(phone, "Öppna med passnyckel")  # the locks were changed when the other phone got one
        phone.sees("På båda.")


def test_a_tap_before_the_script_has_arrived(phone: Phone) -> None:
    """A slow network: the button is there before what it needs, and cannot be tapped until then."""
    Lock(phone)
    begin(phone)
    phone.page.route("**/passkey*.js", lambda _route: None)  # still on its way
    phone.open("/mitt/nycklar/passnyckel", until="commit")
    button = phone.page.get_by_role("button", name="Gör en passnyckel")
    expect(button).to_be_disabled()
    phone.does_not_see("Telefonen klarade det inte.")
