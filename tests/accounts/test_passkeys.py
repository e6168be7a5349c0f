"""Passkeys over HTTP, with an authenticator that can answer wrongly on purpose."""

import json
from datetime import timedelta

import pytest

from server.accounts.challenges import ask
from tests.accounts.acts import KEYS, another_phone, closed, keep_card, lock, reads, take_away, ways
from tests.accounts.authenticator import (
    Authenticator,
    first_touch,
    make_passkey,
    open_with,
    options_on,
    text,
    try_passkey,
)
from tests.client import Client
from tests.people import Ada
from tests.world import NOW, World

PERSONAS = pytest.mark.parametrize("prf", [True, False], ids=["prf", "no prf"])


@PERSONAS
def test_two_touches_and_the_phone_locks(prf: bool, ada: Ada) -> None:
    """The first makes it, the second shows that it opens; then this phone no longer opens by itself."""
    authenticator = Authenticator(prf=prf)
    page = make_passkey(ada.client, authenticator)
    assert ("Den fungerar bara på den här telefonen." in page.text) is not prf
    assert [line.split(" Gjord")[0] for line in ways(ada.client)] == ["Passnyckel"]
    lock(ada.client)
    assert closed(ada.client)
    open_with(ada.client, authenticator)
    assert reads(ada.client)


def test_with_prf_it_opens_on_another_phone_without_a_name(ada: Ada, visitor: Client) -> None:
    """Username-less: the phone says who it is."""
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    assert not options_on(visitor.get("/nyckel")).get("allowCredentials")
    open_with(visitor, authenticator)
    assert reads(visitor)


def test_without_prf_it_works_on_its_own_phone_only_and_says_so(ada: Ada, visitor: Client) -> None:
    authenticator = Authenticator(prf=False)
    make_passkey(ada.client, authenticator)
    page = open_with(visitor, authenticator, status=422)
    assert (
        "Den passnyckeln fungerar bara på telefonen där den gjordes. Använd ditt nyckelkort här." in page.text
    )
    assert not reads(visitor)
    assert "Fungerar bara på en telefon." in ada.client.get(KEYS).text


def test_nothing_is_stored_before_the_second_touch(ada: Ada, world: World) -> None:
    """Cancelled between the two: the person has what they had."""
    slots = world.rows("slot")
    first_touch(ada.client, Authenticator())
    assert world.rows("slot") == slots
    assert reads(ada.client)


def test_the_person_is_asked_for_by_the_phone(ada: Ada, visitor: Client) -> None:
    """Discoverable, and the phone must have seen finger, face or code."""
    options = options_on(ada.client.get(f"{KEYS}/passnyckel"))
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["user"]["name"] == "Dagsform"  # nobody's name
    assert options_on(visitor.get("/nyckel"))["userVerification"] == "required"


def test_a_phone_that_has_one_is_told(ada: Ada) -> None:
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    page = ada.client.get(f"{KEYS}/passnyckel")
    assert [one["id"] for one in options_on(page)["excludeCredentials"]] == [text(authenticator.id)]
    second = first_touch(ada.client, authenticator)
    answer = try_passkey(ada.client, second, authenticator, status=422)
    assert "Den här telefonen har redan en passnyckel här." in answer.text
    assert sum("Passnyckel" in line for line in ways(ada.client)) == 1


def test_somebody_elses_passkey_is_not_taken_over(ada: Ada, cleo: Client, world: World) -> None:
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    second = first_touch(cleo, authenticator)
    try_passkey(cleo, second, authenticator, status=422)
    elsewhere = world.visitor()
    open_with(elsewhere, authenticator)
    assert reads(elsewhere)  # it is Ada's as before
    assert not reads(cleo)


def test_a_question_is_answered_once(ada: Ada, world: World) -> None:
    """Whoever copied the answer off the wire has nothing."""
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    page = ada.client.get("/nyckel")
    answer = {"credential": json.dumps(authenticator.get(options_on(page))), "kek": authenticator.kek}
    ada.client.post("/nyckel/passnyckel", answer)
    thief = world.visitor()
    again = thief.post("/nyckel/passnyckel", answer, status=422)
    assert "Sidan hade varit öppen för länge. Prova igen." in again.text
    assert not reads(thief)


def test_a_question_is_good_for_ten_minutes(ada: Ada, world: World) -> None:
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    for minutes, status in ((9, 303), (10, 422)):
        phone = world.visitor()
        world.move(NOW)
        page = phone.get("/nyckel")
        world.move(NOW + timedelta(minutes=minutes))
        answer = json.dumps(authenticator.get(options_on(page)))
        form = page.form("Öppna med passnyckel")
        page = phone.send(form, status=status, credential=answer, kek=authenticator.kek)
        assert ("för länge" in page.text) is (status == 422)


def test_a_question_that_was_never_asked(ada: Ada, visitor: Client) -> None:
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    open_with(visitor, authenticator, status=422, challenge=text(bytes(32)))
    assert not reads(visitor)


@pytest.mark.parametrize("minutes", [11, 60 * 24, -60 * 24])
def test_the_second_touch_too_late(minutes: int, ada: Ada, world: World) -> None:
    """Also when the clock of the server was set by a day between the two."""
    authenticator = Authenticator()
    second = first_touch(ada.client, authenticator)
    world.move(NOW + timedelta(minutes=minutes))
    answer = try_passkey(ada.client, second, authenticator, status=303 if minutes < 0 else 422)
    assert ("för länge" in answer.text) is (minutes > 0)
    assert reads(ada.client)


def test_a_removed_passkey_opens_nothing_written_after(ada: Ada, visitor: Client) -> None:
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    keep_card(ada.client)
    take_away(ada.client, "Passnyckel")
    page = open_with(visitor, authenticator, status=422)
    assert "Den kan vara borttagen. Prova ett annat sätt." in page.text
    assert not reads(visitor)


def test_a_passkey_that_was_put_back_opens_again(ada: Ada, visitor: Client) -> None:
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    card = keep_card(ada.client)
    page = ada.client.follow(take_away(ada.client, "Passnyckel"))
    ada.client.follow(ada.client.send(page.form("Ångra")))
    open_with(visitor, authenticator)
    assert reads(visitor)
    assert card


def test_questions_do_not_pile_up(ada: Ada, world: World, visitor: Client) -> None:
    for _ in range(3):
        visitor.get("/nyckel")
    world.move(NOW + timedelta(minutes=11))
    with world.app.extensions["session_database"].write() as db:
        ask(db, NOW + timedelta(minutes=11))
        left = db.exec_driver_sql("SELECT count(*) FROM challenge").scalar_one()
    assert left == 1


def test_a_name_for_the_passkey_is_shown_as_text(ada: Ada) -> None:
    authenticator = Authenticator()
    second = first_touch(ada.client, authenticator)
    fields = {
        "credential": json.dumps(authenticator.get(options_on(second))),
        "kek": authenticator.kek,
        "made": dict(second.form("Prova passnyckeln").filled("", {}))["made"],
        "label": "<b>Adas</b> telefon" + "å" * 100,
    }
    page = ada.client.follow(ada.client.post(f"{KEYS}/passnyckel/prova", fields))
    assert "<b>Adas" in page.text
    assert "å" * 41 not in page.text


def test_a_passkey_and_a_card_and_no_phone(ada: Ada, world: World) -> None:
    """Lost phone: either brings one back, and the list says what there is."""
    authenticator = Authenticator()
    make_passkey(ada.client, authenticator)
    card = keep_card(ada.client)
    ada.client.lose()
    for phone in (another_phone(world, card), world.visitor()):
        if not reads(phone):
            open_with(phone, authenticator)
        assert reads(phone)
        assert [line.split(" Gjord")[0] for line in ways(phone)] == ["Passnyckel", "Nyckelkort"]
