"""The lock: by itself after ten minutes, by the button, and by Göm. Locked is not signed out."""

from datetime import timedelta

import pytest

from tests.accounts.acts import (
    CODE,
    LATER,
    another_phone,
    choose_code,
    closed,
    keep_card,
    lock,
    lock_for_real,
    lockable,
    open_card,
    open_code,
    reads,
    sessions,
)
from tests.accounts.authenticator import Authenticator, make_passkey
from tests.client import Client
from tests.people import TUESDAY, WORDS, Ada
from tests.world import NOW, World


def test_the_button_ends_the_session_in_the_store(ada: Ada, world: World) -> None:
    """Locking deletes the sealed account key: there is nothing left that the cookie could open."""
    lockable(ada)
    before = ada.client.cookies()
    assert sessions(world) == 1
    lock(ada.client)
    assert sessions(world) == 0
    thief = world.visitor()
    for name, value in before.items():
        thief.keep(name, value)
    assert closed(thief)


def test_back_after_the_lock_shows_nothing(ada: Ada) -> None:
    """No cache may keep a page, so Back asks again; and what is asked for is closed."""
    lockable(ada)
    assert ada.client.get(f"/dagar/{TUESDAY}").headers["Cache-Control"] == "no-store"
    lock(ada.client)
    assert closed(ada.client)


def test_ten_idle_minutes_lock(ada: Ada, world: World) -> None:
    lockable(ada)
    world.move(NOW + timedelta(minutes=9, seconds=59))
    assert reads(ada.client)  # that was activity: ten more
    world.move(NOW + timedelta(minutes=19, seconds=58))
    assert reads(ada.client)
    world.move(NOW + timedelta(minutes=30))
    assert closed(ada.client)
    assert sessions(world) == 0


def test_what_a_page_does_by_itself_keeps_nothing_open(ada: Ada, world: World) -> None:
    lockable(ada)
    form = ada.client.get(f"/dagar/{TUESDAY}/ny").form("Spara")
    for minutes in (4, 8):
        world.move(NOW + timedelta(minutes=minutes))
        ada.client.autosave(form, words="x")
    world.move(LATER)
    assert closed(ada.client)


def test_twelve_hours_are_the_most(ada: Ada, world: World) -> None:
    """However busy somebody is."""
    lockable(ada)
    for minutes in range(9, 12 * 60, 9):
        world.move(NOW + timedelta(minutes=minutes))
        assert reads(ada.client)
    world.move(NOW + timedelta(hours=12))
    assert closed(ada.client)


def test_a_hidden_phone_opens_by_itself_and_a_locked_one_does_not(ada: Ada, world: World) -> None:
    """vault.md: a try-account is hidden, not locked; a card on paper changes nothing on this phone."""
    keep_card(ada.client)
    world.move(NOW + timedelta(days=1))
    assert reads(ada.client)
    choose_code(ada.client)
    world.move(NOW + timedelta(days=1, minutes=11))
    assert closed(ada.client)


def test_the_way_back_is_where_one_was(ada: Ada) -> None:
    lock_for_real(ada.client)
    page = ada.client.follow(ada.client.get(f"/dagar/{TUESDAY}", status=303))
    assert page.h1 == "Låst"
    answer = ada.client.send(page.form("/nyckel/kod"), code=CODE)
    assert answer.location == f"/dagar/{TUESDAY}"
    assert WORDS["tuesday"] in ada.client.follow(answer).text


def test_a_slip_on_the_way_does_not_forget_where_one_was(ada: Ada) -> None:
    lock_for_real(ada.client)
    page = ada.client.follow(ada.client.get(f"/dagar/{TUESDAY}", status=303))
    page = ada.client.send(page.form("/nyckel/kod"), code="1111", status=422)
    assert ada.client.send(page.form("/nyckel/kod"), code=CODE).location == f"/dagar/{TUESDAY}"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:",
        "http://evil.example",
        "https:/evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\x00/evil.example",
        "evil.example",
        "/dagar\r\nSet-Cookie: x=y",
        "",
    ],
)
def test_the_way_back_never_leads_elsewhere(wanted: str, ada: Ada) -> None:
    """What a link from elsewhere may put in the address must not become an open redirect."""
    lock_for_real(ada.client)
    answer = ada.client.post("/nyckel/kod", {"code": CODE, "vidare": wanted})
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")
    assert not set(answer.location) & set("\\\r\n\t\0")
    assert "x=y" not in str(answer.headers.get("Set-Cookie"))
    assert reads(ada.client)


def test_an_address_from_elsewhere_is_not_shown_as_code(ada: Ada) -> None:
    lock_for_real(ada.client)
    page = ada.client.get('/nyckel?vidare="><b>hej</b>')
    assert "<b>hej" not in page.html


def test_every_signed_in_page_leads_to_the_door(ada: Ada, world: World) -> None:
    """And tells nothing of what is behind it: an id that exists and one that does not get the same answer."""
    lock_for_real(ada.client)
    there, missing = f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}", f"/dagar/{TUESDAY}/{'0' * 32}"
    answers = [ada.client.get(path, status=303) for path in (there, missing)]
    assert [
        answer.location.replace(path, "…") for answer, path in zip(answers, (there, missing), strict=True)
    ] == [answers[0].location.replace(there, "…")] * 2


def test_hiding_locks_where_there_is_something_to_lock(ada: Ada, world: World) -> None:
    """Issue 3, point 2: whoever takes the phone and finds *Tillbaka* meets the lock."""
    lockable(ada)
    ada.client.post("/gom")
    ada.client.post("/klocka")
    assert closed(ada.client)
    assert sessions(world) == 0
    open_code(ada.client)
    assert reads(ada.client)


def test_hiding_locks_nobody_out(ada: Ada) -> None:
    """Where nothing could open again, hiding hides."""
    ada.client.post("/gom")
    ada.client.post("/klocka")
    assert reads(ada.client)


def test_a_locked_phone_keeps_what_opens_it(ada: Ada, world: World) -> None:
    """Locked is not signed out: for months."""
    lock_for_real(ada.client)
    world.move(NOW + timedelta(days=300))
    open_code(ada.client)
    assert reads(ada.client)


def test_a_clock_that_was_wrong_by_a_day(ada: Ada, world: World) -> None:
    """Issue 3, point 5. Set back, nothing is lost and everything opens; set forward, it locks and opens again."""
    card = lockable(ada)
    for days in (-1, 1, -1):
        world.move(NOW + timedelta(days=days))
        if not reads(ada.client):
            assert closed(ada.client)
            ada.client.follow(open_code(ada.client))
            assert reads(ada.client)
    lock(ada.client)
    open_code(ada.client)
    assert reads(another_phone(world, card))


def test_the_door_is_there_for_whoever_has_a_key(visitor: Client, ada: Ada) -> None:
    """From the first page, quietly."""
    card = keep_card(ada.client)
    page = visitor.get(visitor.get("/").link("Jag har redan en nyckel"))
    assert page.h1 == "Jag har redan en nyckel"
    assert "Finns ingen nyckel kvar?" in page.text
    visitor.follow(visitor.send(page.form("Öppna med kortet"), card=card))
    assert reads(visitor)
    open_card(visitor, card)


def test_without_passkeys_the_code_comes_first(ada: Ada) -> None:
    """The nearest first: a button that would only ever say no does not stand on top."""
    lock_for_real(ada.client)
    page = ada.client.get("/nyckel").text
    assert page.index("Din kod") < page.index("Eller med nyckelkort") < page.index("Öppna med passnyckel")
    ada.client.follow(open_code(ada.client))
    make_passkey(ada.client, Authenticator())
    lock(ada.client)
    page = ada.client.get("/nyckel").text
    assert page.index("Öppna med passnyckel") < page.index("Eller med din kod")
