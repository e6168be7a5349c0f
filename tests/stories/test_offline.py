"""Without a connection: what is written waits in the phone, sealed, and stands in the account once (hard rule 8)."""

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.accounts.acts import keep_card, lockable
from tests.client import Client
from tests.messages.conftest import agree
from tests.people import TODAY, WORDS, Ada
from tests.phone.sealing import box_of
from tests.stories.conftest import Phones, served
from tests.stories.keys import begin, make_passkey, type_code
from tests.stories.net import Net
from tests.stories.passkeys import Lock
from tests.stories.phone import PATIENCE, Phone
from tests.stories.test_live import HIDDEN
from tests.stories.test_looks import OVERFLOW
from tests.world import World

pytestmark = [pytest.mark.story, pytest.mark.worker]

WAITS = "Sparat här. Det skickas när det finns nät."
TWICE = 2  # Chromium by itself asks once more where nothing came back
POSTS = """outbox.all().then((all) =>
  JSON.stringify(all.map((post) => ({ ...post, blob: String.fromCharCode(...post.blob) }))))"""

KNOWS = """new Promise((yes) => setInterval(async () => {
  if (!(await indexedDB.databases()).length) return;
  const asked = indexedDB.open("dagsform", 1);
  asked.onsuccess = () => {
    const found = asked.result.transaction("kept").objectStore("kept").get("box");
    found.onsuccess = () => { asked.result.close(); if (found.result) yes(); };
  };
}, 20))"""

GONE = """(async () => {
  while ((await navigator.serviceWorker.getRegistrations()).length) await new Promise((yes) => setTimeout(yes, 20));
})()"""
EMPTIED = """new Promise((yes) => setInterval(() => {
  const asked = indexedDB.open("dagsform", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("posts").objectStore("posts").count();
    all.onsuccess = () => { asked.result.close(); if (!all.result) yes(); };
  };
}, 20))"""


@pytest.fixture
def net(world: World) -> Net:
    return Net(world.app)


@pytest.fixture
def address(net: Net) -> Iterator[str]:
    with served(net) as address:
        yield address


CLEARED = """(async () => {
  while ((await caches.keys()).length) await new Promise((yes) => setTimeout(yes, 50));
})()"""


def comes(phone: Phone, promise: str) -> None:
    """What the page promises, or a failure: never a wait without end."""
    late = f"new Promise((_yes, no) => setTimeout(no, {PATIENCE}, new Error('never')))"
    phone.measure(f"Promise.race([{promise.strip().rstrip(';')}, {late}]).then(() => true)")


def at_work(phone: Phone) -> None:
    """The worker stands between page and server, and knows whose phone it is."""
    phone.until("Boolean(navigator.serviceWorker.controller)")
    comes(phone, KNOWS)


def twice(phone: Phone, what: Locator) -> None:
    """Two quick taps after which the page stays."""
    for _ in range(2):
        phone.press_in_vain(what)


def begun(phone: Phone) -> None:
    """One tap, and the worker has what it needs."""
    phone.open()
    phone.answer("Tung")
    at_work(phone)


def no_complaint(phone: Phone) -> None:
    """Where nobody answers the browser says so, to whoever has its tools open; nothing else may be wrong."""
    assert all("ERR_" in one or "Failed to load resource" in one for one in phone.complaints), (
        phone.complaints
    )
    phone.complaints.clear()


def back_again(phone: Phone, path: str = "/") -> None:
    """Any page, with a network; until nothing waits."""
    phone.open(path)
    comes(phone, EMPTIED)


def day(phone: Phone, date: str = TODAY) -> str:
    phone.open(f"/dagar/{date}")
    return phone.main.inner_text()


def test_one_tap_and_a_few_words_without_a_connection(phone: Phone, net: Net) -> None:
    """Rows D7, D32. A bus: every address leads to a page that helps, and the crisis page is there."""
    begun(phone)
    net.down = True
    phone.open("/hjalp")
    phone.sees("Ring 112", "1177")
    phone.open("/kretsen")
    expect(phone.title).to_have_text("Utan nät")
    phone.look()
    assert not phone.measure(OVERFLOW)
    phone.write("Några ord, om du vill", "på bussen")
    phone.press(phone.page.get_by_role("button", name="Mycket tung"))
    expect(phone.title).to_have_text("Sparat här")
    phone.sees("1 sak är sparad här och väntar på nät.")
    assert "bussen" not in phone.measure(POSTS)
    phone.look()
    net.down = False
    phone.tap("Prova igen")
    phone.sees("Sparat i ditt konto.")
    assert day(phone).count("på bussen") == 1
    no_complaint(phone)


def test_a_note_that_was_open_when_the_connection_went(phone: Phone, net: Net) -> None:
    """The page that stood there is enough: its draft and what it saves both wait."""
    begun(phone)
    phone.open(f"/dagar/{TODAY}/ny")
    net.down = True
    phone.page.get_by_label("Med egna ord", exact=True).press_sequentially("i korridoren")
    expect(phone.page.locator("#posts")).to_have_text(WAITS)
    phone.tap("Spara")
    expect(phone.title).to_have_text("Sparat här")
    net.down = False
    back_again(phone)
    assert day(phone).count("i korridoren") == 1
    phone.sees("i korridoren")
    phone.does_not_see("utkast")
    no_complaint(phone)


def test_the_answer_got_lost_on_the_way(phone: Phone, net: Net) -> None:
    """The server had done it. The same name from the first try on: once."""
    begun(phone)
    phone.open(f"/dagar/{TODAY}/ny")
    phone.page.get_by_label("Med egna ord", exact=True).fill("en enda gång")
    phone.until("document.querySelector('#draft').textContent")
    net.lost = 2 * TWICE  # and so is the first answer to the outbox
    phone.tap("Spara")
    expect(phone.title).to_have_text("Sparat här")
    phone.page.wait_for_timeout(1000)
    assert not net.lost
    back_again(phone)
    assert day(phone).count("en enda gång") == 1
    no_complaint(phone)


def test_behind_a_proxy_that_finds_nobody(phone: Phone, net: Net) -> None:
    begun(phone)
    phone.open("/svara")
    net.gone = True
    phone.press(phone.page.get_by_role("button", name="Ganska lätt"))
    phone.sees("Det skickas av sig självt")
    net.gone = False
    back_again(phone)
    assert "Ganska lätt" in day(phone)
    no_complaint(phone)


def test_a_message_and_a_step_wait_too(phones: Phones, net: Net, ada: Ada, ben: Client) -> None:
    """What was sent goes to the one it was written to, once; a step stands as it was tapped."""
    hers, his = agree(ada.client, ben, "Ben")
    phone = phones()
    phone.becomes(ada.client)
    phone.open(hers.page)
    at_work(phone)
    net.down = True
    for words in ("Hej från bussen", "Jag kommer sent"):
        phone.page.get_by_role("textbox").fill(words)
        phone.tap("Skicka", inside=phone.page.locator(".compose"))
        expect(phone.page.locator(".thread .say").last).to_contain_text(WAITS)
    expect(phone.page.get_by_role("textbox")).to_have_value("")
    phone.look()
    assert his.reads() == []
    net.down = False
    back_again(phone, f"/plan/steg/{ada.plan['step']}")
    phone.open("/dagar")  # comes when what was sent is joined
    assert his.reads() == ["Ada L: Hej från bussen", "Ada L: Jag kommer sent"]
    phone.open(f"/plan/steg/{ada.plan['step']}")
    net.down = True
    phone.tap("Provar")
    expect(phone.title).to_have_text("Sparat här")
    net.down = False
    back_again(phone, f"/plan/steg/{ada.plan['step']}")
    no_complaint(phone)


def test_what_cannot_wait_stays_on_its_page(phone: Phone, net: Net) -> None:
    """To hand something over needs a network: nothing is done, and what was written stands there."""
    begun(phone)
    phone.open("/kretsen/ny")
    phone.open(f"/dagar/{TODAY}")
    net.down = True
    phone.press_in_vain(phone.page.get_by_role("button", name="Ta bort"))
    phone.until("document.querySelector('#posts').textContent.startsWith('Inget svar. Det här behöver nät.')")
    assert phone.path == f"/dagar/{TODAY}"
    net.down = False
    assert "Tung" in day(phone)
    no_complaint(phone)


def test_a_phone_that_cannot_keep_it_says_so_and_the_text_stays(phone: Phone, net: Net) -> None:
    """The browser has cleared what it kept for us. A phone that is full goes the same way."""
    begun(phone)
    phone.open(f"/dagar/{TODAY}/ny")
    phone.measure(
        "new Promise((yes) => (indexedDB.deleteDatabase('dagsform').onsuccess = yes)).then(() => 1)"
    )
    net.down = True
    phone.write("Med egna ord", "fullt")
    phone.press_in_vain(phone.page.get_by_role("button", name="Spara"))
    phone.until(
        "document.querySelector('#posts').textContent.startsWith('Det gick inte att spara i telefonen.')"
    )
    assert phone.ask("document.querySelector('#words').value") == "fullt"
    net.down = False
    phone.ask("document.querySelector('#entry').requestSubmit()")
    phone.until("document.querySelector('h1').textContent.includes('19 november')")
    assert day(phone).count("fullt") == 1
    no_complaint(phone)


def test_two_tabs_send_it_once(phone: Phone, net: Net) -> None:
    begun(phone)
    other = phone.tab()
    other.open("/dagar")
    phone.open("/svara")
    net.down = True
    phone.press(phone.page.get_by_role("button", name="Mycket tung"))
    expect(phone.title).to_have_text("Sparat här")
    net.down = False
    net.asked.clear()
    for one in (phone, other):
        one.ask("navigator.serviceWorker.controller.postMessage({})")
    phone.sees("Allt är sparat i ditt konto.")
    assert net.asked.count("POST /utkorg") == 1
    assert day(phone).count("Mycket tung ·") == 1
    no_complaint(phone)


def test_another_site_cannot_write_through_the_worker(phone: Phone, net: Net, address: str) -> None:
    """A form on a page of another origin: the worker lets it pass as it is, and the server refuses it."""
    begun(phone)
    other = phone.tab()
    fields = f'<input name="form" value="5"><input name="id" value="{"a" * 32}">'
    other.page.set_content(
        f'<form method="post" action="{address}/svara">{fields}<button>Skicka</button></form>'
    )
    net.asked.clear()
    # the page that comes lives in another process (COOP), where this tab's tools do not follow
    other.page.locator("button").dispatch_event("click")
    other.page.wait_for_url(f"{address}/svara")
    assert "POST /svara" in net.asked and "POST /utkorg" not in net.asked
    assert "Lätt ·" not in day(phone)
    phone.complaints.clear()


CODE = "4711"
BOOK = "Läs en sida ur boken hemma"  # what is possible on her heavy day


def to_reading(phone: Phone) -> None:
    phone.open("/mitt")
    phone.tap("Läsa utan nät")
    expect(phone.title).to_have_text("Läsa utan nät")


def choose_a_code(phone: Phone, code: str = CODE) -> None:
    to_reading(phone)
    phone.unfold("Lås med en kod")
    phone.look()
    phone.write("En kod med fyra till sex siffror", code)
    phone.write("Samma kod igen", code)
    phone.tap("Lås med koden")
    expect(phone.page.locator("#on")).to_be_visible()
    comes(phone, FETCHED)


KEPT = """(act) => new Promise((yes) => {
  const asked = indexedDB.open("dagsform", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("kept").objectStore("kept").get("reading");
    all.onsuccess = () => { asked.result.close(); yes(all.result); };
  };
})"""
FETCHED = (
    f"(async () => {{ while (!(await ({KEPT})())?.blob) await new Promise((yes) => setTimeout(yes, 20)) }})()"
)


def test_reading_behind_a_code(phones: Phones, net: Net, ada: Ada) -> None:
    """Rows D7, E24: only where its owner said yes; a wrong code opens nothing, and five take it away."""
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    choose_a_code(phone)
    phone.look()
    net.down = True
    phone.open("/")
    phone.write("Koden för att läsa här", "0000")
    phone.tap("Öppna")
    phone.sees("Det är inte koden.")
    phone.does_not_see(WORDS["today"])
    phone.look()
    phone.write("Koden för att läsa här", CODE)
    phone.tap("Öppna")
    phone.sees("Så här var det torsdag 19 november klockan 10.", "Möjligt då")
    for fold in ("Personer att ringa", "Planen", "De senaste dagarna"):
        phone.unfold(fold)
    phone.sees("0771-524 524", WORDS["goal"], WORDS["step"], WORDS["today"], "sparat i ditt konto")
    phone.look()
    assert not phone.measure(OVERFLOW)
    phone.reload()
    phone.does_not_see(WORDS["today"])
    for _ in range(5):
        phone.write("Koden för att läsa här", "1111")
        phone.tap("Öppna")
        expect(phone.page.locator("#wrong")).to_be_visible()
        phone.until("document.querySelector('#code').value === ''")
        phone.measure("new Promise((yes) => setTimeout(yes, 500))")
    phone.sees("Fem fel. Det som låg här är borttaget.")
    no_complaint(phone)


def opened(phone: Phone, path: str = "/") -> None:
    """Started without a network, and what is kept there is opened."""
    phone.open(path)
    phone.write("Koden för att läsa här", CODE)
    phone.tap("Öppna")
    phone.sees("Möjligt då")


def row(phone: Phone, within: Locator) -> Locator:
    """Where a form says how that is kept which was written in it."""
    return phone.page.locator("form").filter(has=within).locator("[data-row]")


def exactly(phone: Phone, word: str, group: str) -> Locator:
    return phone.page.get_by_role("group", name=group).get_by_role("button", name=word, exact=True)


def test_writing_from_a_cold_start(phones: Phones, net: Net, ada: Ada, ben: Client, fia: Client) -> None:
    """Row D7. A step, a try, what to do today, words on the day and a message; the copy stays open, and two quick taps
    are one. Each stands in the account once, and the message goes to the one it was written to.
    """
    hers, his = agree(ada.client, ben, "Ben")
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    choose_a_code(phone)
    net.down = True
    opened(phone)
    for fold in ("Personer att skriva till", "Ben", "Planen", WORDS["step"], WORDS["try"]):
        phone.unfold(fold)
    book = phone.page.get_by_role("button", name="Jag provar")
    step, attempt = exactly(phone, "Provar", WORDS["step"]), exactly(phone, "Provat", WORDS["try"])
    words, send = phone.page.get_by_label("Skriv till Ben"), phone.page.get_by_role("button", name="Skicka")
    for tapped in (book, step, attempt):
        twice(phone, tapped)
        expect(row(phone, tapped)).to_have_text(WAITS)
        expect(tapped).to_have_attribute("aria-pressed", "true")
    words.fill("Hej från hållplatsen")
    twice(phone, send)
    expect(row(phone, send)).to_have_text(WAITS)
    expect(words).to_have_value("")
    phone.write("Några ord, om du vill", "på hållplatsen")
    twice(phone, phone.page.get_by_role("button", name="Mycket tung"))
    expect(phone.page.locator("#answer [data-row]")).to_have_text(WAITS)
    phone.sees("5 saker är sparade här", "Möjligt då")
    sealed = phone.measure(POSTS)
    assert not any(one in sealed for one in ("hållplatsen", WORDS["step"], "Ben", hers.pair, "skriv"))
    phone.look()
    assert his.reads() == []
    net.down = False
    phone.ask("dispatchEvent(new Event('online'))")
    phone.sees("Allt är sparat i ditt konto.", "Möjligt då")
    for one in (book, step, attempt, send):
        expect(row(phone, one)).to_have_text("Sparat i ditt konto.")
    told = day(phone)
    assert his.reads() == ["Ada L: Hej från hållplatsen"]
    assert told.count("på hållplatsen") == told.count("Mycket tung ·") == told.count(f"Ta bort\n{BOOK}") == 1
    assert told.count("sparat i ditt konto") == 2  # the one of the morning, too
    for place, state in ((f"steg/{ada.plan['step']}", "Provar"), (f"forsok/{ada.plan['try']}", "Provat")):
        phone.open(f"/plan/{place}")
        expect(phone.page.locator("[aria-pressed=true]")).to_have_text(state)
    for other in (ben, fia):
        assert not any(
            one in other.get("/delat?har=1").text for one in (WORDS["step"], BOOK, "på hållplatsen")
        )
    no_complaint(phone)


@pytest.mark.long
def test_an_answer_lost_while_one_writes_from_a_cold_start(
    phones: Phones, net: Net, ada: Ada, ben: Client
) -> None:
    """The network is back when it is tapped, the server does it, and its answer is lost: here, then there, once."""
    _hers, his = agree(ada.client, ben, "Ben")
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    choose_a_code(phone)
    net.down = True
    opened(phone)
    phone.unfold("Personer att skriva till")
    phone.unfold("Ben")
    net.down, net.lost = False, TWICE
    phone.page.get_by_label("Skriv till Ben").fill("Hej en gång")
    send = phone.page.get_by_role("button", name="Skicka")
    phone.press_in_vain(send)
    expect(row(phone, send)).to_have_text(WAITS)
    phone.page.wait_for_timeout(1000)
    assert not net.lost
    phone.press_in_vain(phone.page.get_by_role("button", name="Jag provar"))
    expect(row(phone, send)).to_have_text("Sparat i ditt konto.")
    phone.open("/dagar")  # comes when what was sent is joined
    assert his.reads() == ["Ada L: Hej en gång"]
    no_complaint(phone)


@pytest.mark.long
def test_locked_meanwhile_a_message_from_a_cold_start_is_a_draft(
    phones: Phones, net: Net, ada: Ada, ben: Client
) -> None:
    """Nothing goes to anybody without a tap that is seen."""
    hers, his = agree(ada.client, ben, "Ben")
    lockable(ada)
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    choose_a_code(phone)
    net.down = True
    opened(phone)
    for fold in ("Personer att skriva till", "Ben", "Planen", WORDS["step"]):
        phone.unfold(fold)
    phone.page.get_by_label("Skriv till Ben").fill("Hej från låst")
    phone.tap("Skicka")
    exactly(phone, "Vilar", WORDS["step"]).click()
    phone.sees("2 saker är sparade här")
    net.down, net.shut = False, "/utkorg"
    phone.open("/mitt/nycklar")
    phone.tap("Lås nu")
    expect(phone.title).to_have_text("Låst")
    net.shut = ""
    phone.ask("dispatchEvent(new Event('online'))")
    comes(phone, EMPTIED)
    assert his.reads() == []
    type_code(phone)
    phone.open(hers.page)
    expect(phone.page.get_by_role("textbox")).to_have_value("Hej från låst")
    assert his.reads() == []
    phone.open(f"/plan/steg/{ada.plan['step']}")
    expect(phone.page.locator("[aria-pressed=true]")).to_have_text("Vilar")
    no_complaint(phone)


@pytest.mark.long
def test_a_message_that_was_begun_is_a_draft_when_the_copy_closes(
    phones: Phones, net: Net, ada: Ada, ben: Client
) -> None:
    """Ten still minutes close what was open. What stood in a field is kept, once, and the words on the day stay."""
    hers, his = agree(ada.client, ben, "Ben")
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    choose_a_code(phone)
    net.down = True
    phone.page.clock.install()
    opened(phone)
    phone.unfold("Personer att skriva till")
    phone.unfold("Ben")
    phone.write("Några ord, om du vill", "halva")
    words = phone.page.get_by_label("Skriv till Ben")
    words.fill("Jag hin")
    phone.ask(HIDDEN.format("true"))
    phone.sees("Möjligt då")
    phone.ask(HIDDEN.format("false"))
    words.fill("Jag hinner inte")
    phone.page.clock.fast_forward("10:01")
    expect(words).to_have_count(0)
    expect(phone.page.locator("#code")).to_be_visible()
    assert phone.ask("document.querySelector('#words').value") == "halva"
    assert "hinner" not in str(phone.ask("document.body.outerHTML")) + phone.measure(POSTS)
    assert phone.measure(POSTS).count('"name"') == 1
    net.down = False
    back_again(phone, hers.page)
    phone.reload()
    expect(phone.page.get_by_role("textbox")).to_have_value("Jag hinner inte")
    assert his.reads() == []
    no_complaint(phone)


@pytest.mark.long
def test_somebody_else_is_here_meanwhile(phones: Phones, net: Net, ada: Ada, ben: Client) -> None:
    """A copy that stands open in one tab, another account in the other: nothing of hers is sealed to them."""
    agree(ada.client, ben, "Ben")
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    choose_a_code(phone)
    net.down = True
    opened(phone)
    phone.unfold("Personer att skriva till")
    phone.unfold("Ben")
    phone.page.get_by_label("Skriv till Ben").fill("bara min")
    bens = base64.b64encode(box_of(ben)).decode()
    phone.measure(f"outbox.keep('box', '{bens}')")
    send = phone.page.get_by_role("button", name="Skicka")
    send.click()
    expect(row(phone, send)).to_contain_text("Det gick inte att spara i telefonen.")
    expect(phone.page.get_by_label("Skriv till Ben")).to_have_value("bara min")
    assert phone.measure(POSTS) == "[]"
    no_complaint(phone)


def test_reading_behind_a_passkey(phone: Phone, net: Net) -> None:
    """Its secret never leaves the browser, and it opens without a connection."""
    Lock(phone)
    begin(phone, "Bakom fingret.")
    make_passkey(phone)
    at_work(phone)
    to_reading(phone)
    phone.tap("Lås med passnyckeln")
    expect(phone.page.locator("#on")).to_be_visible()
    comes(phone, FETCHED)
    net.down = True
    phone.open("/dagar")
    assert "Bakom" not in phone.measure("document.body.outerHTML")
    phone.tap("Öppna med passnyckeln")
    phone.unfold("De senaste dagarna")
    phone.sees("Bakom fingret.")
    no_complaint(phone)


def test_hide_takes_everything_away(phone: Phone, net: Net) -> None:
    """Rows C30, C35: somebody comes in. What waits stays, sealed, and is sent when its owner is back."""
    begun(phone)
    choose_a_code(phone)
    net.down = True
    phone.open("/svara")
    phone.press(phone.page.get_by_role("button", name="Mycket tung"))
    expect(phone.title).to_have_text("Sparat här")
    net.down, net.shut = False, "/utkorg"
    phone.open("/utan-nat")
    phone.press(phone.page.get_by_role("button", name="Göm"))
    phone.page.wait_for_url("**/klocka")
    comes(phone, GONE)  # the last thing that the worker does
    assert phone.measure("caches.keys()") == []
    assert phone.measure("localStorage.length + sessionStorage.length") == 0
    assert phone.measure(f"({KEPT})()") is None
    net.shut = ""
    phone.tap("Tillbaka")
    at_work(phone)
    back_again(phone)
    assert day(phone).count("Mycket tung ·") == 1
    no_complaint(phone)


def test_signing_out_asks_what_becomes_of_what_waits(phones: Phones, net: Net, ada: Ada) -> None:
    """It is kept here, locked, or taken away with everything else."""
    card = keep_card(ada.client)
    phone = phones()
    phone.becomes(ada.client)
    phone.open("/")
    at_work(phone)
    phone.open("/logga-ut")
    expect(phone.page.locator("#unsent")).to_be_hidden()
    net.down = True
    phone.open("/dagar")
    phone.write("Några ord, om du vill", "skrivet före")
    phone.press(phone.page.get_by_role("button", name="Mycket tung"))
    expect(phone.title).to_have_text("Sparat här")
    net.down, net.shut = False, "/utkorg"
    phone.open("/logga-ut")
    phone.sees("Något du har skrivit finns bara i den här telefonen än.")
    phone.look()
    net.down = True
    phone.press_in_vain(phone.page.get_by_role("button", name="Logga ut, och behåll det här, låst"))
    phone.until("document.querySelector('#posts').textContent.startsWith('Inget svar.')")
    net.down = False
    phone.open("/logga-ut")
    assert (
        phone.measure("caches.keys().then((all) => all.length)") == 1
    )  # nobody had signed out: nothing went
    phone.tap("Logga ut, och behåll det här, låst")
    net.shut = ""
    phone.sees("Du är utloggad.")
    comes(phone, CLEARED)
    phone.open("/nyckel")
    phone.write("Eller med nyckelkort", card)
    phone.tap("Öppna med kortet")
    phone.open("/")
    at_work(phone)
    assert (
        phone.measure("caches.keys().then((all) => all.length)") == 1
    )  # also when the old one had not gone yet
    back_again(phone)
    assert day(phone).count("skrivet före") == 1
    phone.open("/logga-ut")
    phone.tap("Logga ut")
    phone.sees("Du är utloggad.")
    assert phone.measure("indexedDB.databases().then((all) => all.length)") == 0
    no_complaint(phone)
