"""*Notiser*: nothing is on before a tap, off is one tap, and nobody else learns anything."""

from datetime import timedelta
from pathlib import Path

import pytest

from server.vault import notices
from server.vault.notices import ACTIVITY, KINDS, MESSAGE, REMINDER, Notices
from server.vault.sealing import Secret, derive
from tests.accounts.acts import (
    another_phone,
    keep_card,
    lock,
    lock_for_real,
    lockable,
    open_card,
    open_code,
    take_away,
)
from tests.accounts.authenticator import Authenticator, make_passkey
from tests.client import Client, Page
from tests.messages.conftest import agree
from tests.people import Ada
from tests.push.service import Browser, Service
from tests.test_canary import Canaries, find, walk
from tests.world import NOW, World, at

PAGE = "/mitt/notiser"


@pytest.fixture
def world(world: World, service: Service) -> World:
    """The house, with a push service that can be reached."""
    world.app.extensions["courier"] = service.courier()
    return world


def turn_on(client: Client, browser: Browser, *kinds: str, quiet: tuple[int, int] = (21, 8)) -> Page:
    fields = [("subscription", browser.subscription), *(("kind", kind) for kind in kinds or KINDS)]
    return client.submit(PAGE, [*fields, ("from", str(quiet[0])), ("to", str(quiet[1]))])


def remind(
    client: Client, words: str, day: str = "2026-11-20", time: str = "10:00", repeat: str = ""
) -> None:
    form = client.get(PAGE).form("/paminnelse")
    client.follow(client.send(form, {"words": words, "day": day, "time": time, "repeat": repeat}))


def key(world: World) -> Secret:
    return derive(world.app.extensions["settings"].secret, "push")


def rows(world: World) -> list[Notices]:
    with world.database.read() as db:
        return list(notices.everything(db, key(world), {}).values())


def test_nothing_is_on_before_a_tap(world: World, ada: Ada, browser: Browser) -> None:
    page = ada.client.get(PAGE)
    assert "Slå på för den här telefonen" in page.text
    assert " checked" not in page.html
    assert rows(world) == []
    ada.client.follow(turn_on(ada.client, browser, REMINDER, quiet=(22, 7)))
    (row,) = rows(world)
    assert (row.kinds, row.quiet, len(row.phones)) == ((REMINDER,), (22, 7), 1)
    assert "Notiser är på för den här telefonen." in ada.client.get(PAGE).text


def test_what_is_chosen_can_be_changed_without_asking_the_browser_anew(
    world: World, ada: Ada, browser: Browser
) -> None:
    turn_on(ada.client, browser)
    ada.client.post(PAGE, {"subscription": "", "kind": MESSAGE, "from": "0", "to": "0"})
    (row,) = rows(world)
    assert (row.kinds, row.quiet, next(iter(row.phones.values())).endpoint) == (
        (MESSAGE,),
        (0, 0),
        browser.endpoint,
    )


@pytest.mark.parametrize(
    "said",
    [
        "",
        "x",
        "[]",
        "{}",
        "1" * 4000,
        "[" * 2000,
        '{"endpoint": 1, "keys": {}}',
        Browser("x", "evil.example").subscription,
        Browser("x", "127.0.0.1").subscription,
        Browser().subscription.replace("https", "http"),
        '{"endpoint": "https://push.example.org/x", "keys": {"p256dh": "BAAA", "auth": "AAAA"}}',
        '{"endpoint": "https://push.example.org/x", "keys": {"p256dh": 5, "auth": null}}',
    ],
    ids=range(12),
)
def test_what_is_no_subscription_turns_nothing_on(said: str, world: World, ada: Ada) -> None:
    fields = {"subscription": said, "kind": REMINDER, "from": "21", "to": "8"}
    page = ada.client.post(PAGE, fields, status=422)
    assert "Webbläsaren gav ingen adress" in page.text
    assert rows(world) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "sleep", "from": "21", "to": "8"},
        {"kind": REMINDER, "from": "24", "to": "8"},
        {"kind": REMINDER},
    ],
)
def test_what_no_page_offers_is_refused(fields: dict[str, str], ada: Ada) -> None:
    ada.client.post(PAGE, fields, status=400)


def test_a_reminder_lies_in_the_drawer_and_only_its_time_with_the_server(
    world: World, ada: Ada, browser: Browser
) -> None:
    turn_on(ada.client, browser)
    remind(ada.client, "Ta medicinen", "2026-11-20", "09:30", "DAILY")
    ((due,),) = [row.due for row in rows(world)]
    assert (due.at, due.repeat, due.kind) == (at("2026-11-20 09.30"), "DAILY", REMINDER)
    assert "medicin" not in repr(due) + str(due)
    page = ada.client.get(PAGE)
    assert "Ta medicinen" in page.text and "Fredag 20 november" in page.text and "Varje dag" in page.text


def test_its_words_stand_on_idag_when_the_time_has_come(world: World, ada: Ada) -> None:
    """Also without any notice, and until it is put away. What comes again comes again."""
    remind(ada.client, "Ring Karin", "2026-11-19", "11:00", "DAILY")
    assert "Ring Karin" not in ada.client.get("/").text
    for hours in (2, 26):
        world.move(NOW + timedelta(hours=hours))
        if hours == 26:
            assert "Du bad om en påminnelse" in ada.client.get("/").text, "beside the question of the day"
            ada.client.post("/svara", {"form": "3", "id": "5" * 32})
        page = ada.client.get("/")
        assert "Ring Karin" in page.text
        ada.client.follow(ada.client.send(page.form("/last")))
        assert "Ring Karin" not in ada.client.get("/").text


def test_taking_away_can_be_undone(world: World, ada: Ada, browser: Browser) -> None:
    turn_on(ada.client, browser)
    remind(ada.client, "Ring Karin")
    page = ada.client.follow(ada.client.send(ada.client.get(PAGE).form("/bort")))
    assert "Ring Karin" not in page.text and rows(world)[0].due == ()
    page = ada.client.follow(ada.client.send(page.form("/tillbaka")))
    assert "Ring Karin" in page.text and len(rows(world)[0].due) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"words": ""}, "Skriv några ord först."),
        ({"words": "x" * 501}, "får plats"),
        ({"day": ""}, "Välj en dag och en tid."),
        ({"time": "25:00"}, "Välj en dag och en tid."),
        ({"day": "2026-11-18"}, "Den tiden har varit."),
    ],
)
def test_what_cannot_be_kept_is_said_and_the_words_stay(
    fields: dict[str, str], sentence: str, ada: Ada
) -> None:
    told = {
        "id": "e" * 32,
        "words": "Ring Karin",
        "day": "2026-11-20",
        "time": "10:00",
        "repeat": "",
    } | fields
    page = ada.client.post(f"{PAGE}/paminnelse", told, status=422)
    assert sentence in page.text
    assert told["words"] in page.text


def test_there_is_an_end_to_how_many(ada: Ada) -> None:
    for number in range(20):
        told = {"id": f"{number:032x}", "words": "x", "day": "2026-11-20", "time": "10:00"}
        ada.client.post(f"{PAGE}/paminnelse", told)
        ada.client.post(f"{PAGE}/paminnelse", told)
    page = ada.client.post(f"{PAGE}/paminnelse", told | {"id": "f" * 32, "words": "kvar"}, status=422)
    assert "Ta bort en först" in page.text and "kvar" in page.text


def test_a_reminder_written_while_locked_is_kept(world: World, ada: Ada) -> None:
    lock_for_real(ada.client)
    told = {"id": "e" * 32, "words": "Ring Karin", "day": "2026-11-20", "time": "10:00", "repeat": ""}
    assert ada.client.post(f"{PAGE}/paminnelse", told).location == "/nyckel?sparat=1"
    ada.client.follow(open_code(ada.client))
    assert "Ring Karin" in ada.client.get(PAGE).text


def test_an_activity_is_told_of_before_and_the_server_knows_a_time(
    world: World, ada: Ada, browser: Browser
) -> None:
    turn_on(ada.client, browser)
    page = ada.client.get("/aktiviteter/oppen-fika")
    assert f"{PAGE}/aktivitet/oppen-fika" in page.links
    form = ada.client.get(f"{PAGE}/aktivitet/oppen-fika").form("/oppen-fika")
    page = ada.client.follow(ada.client.send(form, {"hours": "1"}))
    ((due,),) = [row.due for row in rows(world)]
    assert (due.kind, due.at, due.until) == (ACTIVITY, at("2026-11-23 11.00"), at("2026-11-23 12.00"))
    assert "fika" not in repr(due).lower() and "fika" in page.text.lower()
    assert "Säg inte till" in ada.client.get(f"{PAGE}/aktivitet/oppen-fika").text
    world.move(at("2026-11-23 11.10"))
    assert "Du bad om en påminnelse" in ada.client.get("/").text
    world.move(at("2026-11-23 13.10"))
    assert "Du bad om en påminnelse" not in ada.client.get("/").text


def test_off_is_one_tap_and_leaves_no_row(world: World, ada: Ada, browser: Browser) -> None:
    turn_on(ada.client, browser)
    remind(ada.client, "Ring Karin")
    page = ada.client.follow(ada.client.send(ada.client.get(PAGE).form("/av")))
    assert rows(world) == []
    assert "Ring Karin" in page.text, "what was written stays"
    turn_on(ada.client, Browser("ny"))
    assert len(rows(world)[0].due) == 1, "and is told of again when it is turned on again"


@pytest.mark.parametrize("how", ["hide", "hide locked", "sign out", "delete"])
def test_hiding_and_leaving_end_them_on_that_phone(
    how: str, world: World, ada: Ada, browser: Browser
) -> None:
    locked = how in ("hide locked", "sign out")
    if locked:
        lock_for_real(ada.client)
        ada.client.follow(open_code(ada.client))
    turn_on(ada.client, browser)
    assert len(rows(world)) == 1
    if how == "hide locked":
        ada.client.post("/las")
        assert len(rows(world)) == 1, "locked is not signed out"
    path = {"sign out": "/logga-ut", "delete": "/mitt/ta-bort"}.get(how, "/gom")
    assert ada.client.post(path).status == 303
    assert rows(world) == []


def test_another_phone_goes_on(world: World, ada: Ada, browser: Browser) -> None:
    lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    turn_on(ada.client, browser)
    with world.database.write() as db:
        from server.vault.notices import put_phone

        account = rows(world)[0]
        (id,) = notices.everything(db, key(world), {})
        notices.change_row(db, key(world), id, lambda old: put_phone(old, "other", Browser("annan").phone))
    assert "en annan telefon" in ada.client.get(PAGE).text
    ada.client.post("/gom")
    ada.client.post("/klocka")
    (row,) = rows(world)
    assert list(row.phones) == ["other"] and account.kinds == row.kinds
    ada.client.follow(open_code(ada.client))
    assert "Slå på för den här telefonen" in ada.client.get(PAGE).text


def test_somebody_else_on_the_same_phone_hears_nothing_of_ada(
    world: World, ada: Ada, cleo: Client, browser: Browser
) -> None:
    lockable(ada)
    cleos, phone = keep_card(cleo), ada.client
    turn_on(phone, browser)
    lock(phone)
    assert len(rows(world)) == 1
    phone.follow(open_card(phone, cleos))
    assert rows(world) == []
    assert "Slå på för den här telefonen" in phone.get(PAGE).text


def test_a_lost_phone_hears_nothing_more_when_its_way_in_is_taken_away(world: World, ada: Ada) -> None:
    card = lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    make_passkey(ada.client, Authenticator())
    turn_on(ada.client, Browser("here"))
    lost = another_phone(world, card)
    turn_on(lost, Browser("lost"))
    assert len(rows(world)[0].phones) == 2
    take_away(ada.client, "Nyckelkort")
    (row,) = rows(world)
    assert [one.endpoint for one in row.phones.values()] == [Browser("here").endpoint]


def test_the_browser_can_give_another_address_while_locked(
    world: World, ada: Ada, cleo: Client, browser: Browser
) -> None:
    turn_on(ada.client, browser)
    lock_for_real(ada.client)
    fresh = Browser("fresh")
    for who in (cleo, world.visitor(), ada.client):
        who.post(f"{PAGE}/byt", {"subscription": fresh.subscription}, status=204)
    (row,) = rows(world)
    assert [one.endpoint for one in row.phones.values()] == [fresh.endpoint]


def test_a_message_is_due_for_its_reader_alone(world: World, ada: Ada, ben: Client) -> None:
    """And nothing else that comes from Ada or Ben is: no share, no “läst”, no suggestion, no edit."""
    mine, theirs = agree(ada.client, ben, "Ben")
    turn_on(ada.client, Browser("ada"))
    turn_on(ben, Browser("ben"))
    ada.client.post(f"{mine.page}/skriv", {"ready": "read", "id": "1" * 32, "words": ""})
    assert [row.due for row in rows(world)] == [(), ()]
    mine.says("hej")
    assert sorted(len(row.due) for row in rows(world)) == [0, 1]
    before = rows(world)
    id = mine.id_of("hej")
    ada.client.post(f"{mine.page}/{id}/andra", {"words": "hej hej"})
    ben.post(f"{theirs.page}/skriv", {"ready": "read", "id": "2" * 32, "words": ""})
    assert rows(world) == before


def test_a_conversation_that_rests_or_is_blocked_says_nothing(world: World, ada: Ada, ben: Client) -> None:
    mine, theirs = agree(ada.client, ben, "Ben")
    mine.says("hej")
    ada.client.post(f"{mine.page}/pausa")
    turn_on(ada.client, Browser("ada"))
    theirs.says("du vilar")
    assert rows(world)[0].due == ()
    ada.client.post(f"{mine.page}/fortsatt")
    theirs.says("nu igen")
    assert len(rows(world)[0].due) == 1


def test_a_page_that_shows_it_is_enough(world: World, ada: Ada, ben: Client, service: Service) -> None:
    from server.push.worker import Worker

    mine, theirs = agree(ada.client, ben, "Ben")
    turn_on(ada.client, Browser("ada"))
    mine.says("hej")
    worker = Worker(world.database, key(world), service.courier())
    for seen in (True, False):
        theirs.says(f"svar {seen}")
        if seen:
            ada.client.get(mine.page)
        world.move(NOW + timedelta(minutes=1 if seen else 2))
        worker.round()
        assert len(service.came) == (0 if seen else 1)


def test_no_word_of_a_reminder_is_found_anywhere(world: World, ada: Ada, browser: Browser) -> None:
    canaries = Canaries()
    turn_on(ada.client, browser)
    for number in range(3):
        remind(ada.client, canaries.word(f"reminder {number}"))
    form = ada.client.get(f"{PAGE}/aktivitet/oppen-fika").form("/oppen-fika")
    ada.client.follow(ada.client.send(form, {"hours": "1"}))
    assert len(rows(world)[0].due) == 4
    files = {str(file): Path(file).read_bytes() for file in walk(world.folder)}
    assert not find(canaries, files)
    for word in (browser.endpoint, "push.example.org"):
        assert not find(Canaries(word), files)


def test_the_page_tells_who_can_know_what(ada: Ada) -> None:
    text = ada.client.get(PAGE).text
    for word in (
        "Google, Apple, Mozilla eller Microsoft",
        "tjänstens egen nyckel",
        "Göm",
        "skulle kunna läsa",
    ):
        assert word in text


def test_the_time_of_a_notice_is_not_before_the_page_could_show_it() -> None:
    assert timedelta(seconds=3) < notices.AFTER < timedelta(seconds=15)
