"""The own code: four to six digits that reopen on this phone, five tries, and nothing without this phone."""

import pytest

from tests.accounts.acts import (
    CODE,
    KEYS,
    another_phone,
    choose_code,
    closed,
    keep_card,
    lock,
    lock_for_real,
    open_card,
    open_code,
    reads,
    take_away,
    ways,
)
from tests.client import Client
from tests.people import Ada
from tests.world import World


def test_a_code_reopens_after_the_lock(ada: Ada) -> None:
    lock_for_real(ada.client)
    assert closed(ada.client)
    page = ada.client.follow(open_code(ada.client))
    assert "Öppet." in page.text
    assert reads(ada.client)


@pytest.mark.parametrize("code", ["0000", "13579", "123456"])
def test_four_to_six_digits(code: str, ada: Ada) -> None:
    keep_card(ada.client)
    assert "Koden är sparad på den här telefonen." in choose_code(ada.client, code).text
    lock(ada.client)
    open_code(ada.client, code)
    assert reads(ada.client)


@pytest.mark.parametrize("code", ["", "123", "1234567", "abcd", "12 34", "-123", "١٢٣٤", "½½½½", "1234\0"])
def test_what_is_no_code_is_said(code: str, ada: Ada) -> None:
    page = ada.client.post(f"{KEYS}/kod", {"code": code}, status=422)
    assert "Koden har fyra till sex siffror." in page.text
    assert not [line for line in ways(ada.client) if "Kod på en telefon" in line]


def test_what_is_no_code_costs_no_try(ada: Ada) -> None:
    lock_for_real(ada.client)
    for _ in range(6):
        assert "Koden har fyra till sex siffror." in open_code(ada.client, "12", status=422).text
    assert "4 försök kvar." in open_code(ada.client, "1111", status=422).text


def test_five_wrong_tries_close_it_and_the_count_survives(ada: Ada, world: World) -> None:
    """The count stands in the row: another browser window, a new start of the server, nothing resets it."""
    card = lock_for_real(ada.client)
    for left in (4, 3, 2, 1):
        page = open_code(ada.client, "1111", status=422)
        assert "Det var en annan kod." in page.text
        assert f"{left} försök kvar." in page.text
        for store in world.stores:
            store.dispose()  # as after a new start
    assert "Koden blev fel fem gånger" in open_code(ada.client, "1111", status=422).text
    assert "Koden blev fel fem gånger" in open_code(ada.client, CODE, status=422).text
    assert closed(ada.client)
    assert not [form for form in ada.client.get("/nyckel").forms if form.action.endswith("/kod")]
    ada.client.follow(open_card(ada.client, card))
    choose_code(ada.client, "8642")
    lock(ada.client)
    open_code(ada.client, "8642")
    assert reads(ada.client)


def test_a_right_code_sets_the_count_back(ada: Ada) -> None:
    lock_for_real(ada.client)
    for _ in range(3):
        for left in (4, 3, 2, 1):
            assert f"{left} försök kvar." in open_code(ada.client, "1111", status=422).text
        open_code(ada.client)
        lock(ada.client)


def test_the_code_alone_opens_nothing_on_another_phone(ada: Ada, visitor: Client) -> None:
    """vault.md: not without the half that this phone keeps; and it takes none of this phone's tries."""
    lock_for_real(ada.client)
    for _ in range(6):
        open_code(visitor, status=422)
    open_code(ada.client)
    assert reads(ada.client)


def test_the_half_alone_opens_nothing(ada: Ada, world: World) -> None:
    lock_for_real(ada.client)
    thief = world.visitor()
    for name, value in ada.client.cookies().items():
        thief.keep(name, value)
    assert closed(thief)


def test_without_another_key_the_code_does_not_lock_yet_and_says_so(ada: Ada) -> None:
    """A code is spent after five tries: alone it may not be what stands between a person and the text."""
    page = ada.client.get(f"{KEYS}/kod")
    assert "Telefonen låser sig på riktigt först när det finns ett sätt till att öppna." in page.text
    page = choose_code(ada.client)
    assert "Den här telefonen är dold, inte låst" in page.text
    assert reads(ada.client)


def test_a_card_after_the_code_locks_the_phone_too(ada: Ada) -> None:
    """The other way round: what the code page promised holds when the card has been typed back."""
    choose_code(ada.client)
    keep_card(ada.client)
    assert "Lås nu" in ada.client.get(KEYS).text
    lock(ada.client)
    assert closed(ada.client)


def test_a_new_code_replaces_the_old_one(ada: Ada) -> None:
    keep_card(ada.client)
    choose_code(ada.client, "1357")
    assert "Byt kod på den här telefonen" in ada.client.get(KEYS).text
    choose_code(ada.client, "2468")
    assert sum("Kod på en telefon" in line for line in ways(ada.client)) == 1
    lock(ada.client)
    open_code(ada.client, "1357", status=422)
    open_code(ada.client, "2468")


def test_a_removed_code_opens_nothing(ada: Ada, world: World) -> None:
    card = lock_for_real(ada.client)
    phone = another_phone(world, card)
    take_away(phone, "Kod på en telefon")
    open_code(ada.client, status=422)
    assert closed(ada.client)
    assert reads(phone)


def test_each_phone_has_a_code_of_its_own(ada: Ada, world: World) -> None:
    card = keep_card(ada.client)
    phone = another_phone(world, card)
    choose_code(ada.client, "1111")
    phone.follow(open_card(phone, card))  # the locks were changed: its session is over
    choose_code(phone, "2222")
    ada.client.follow(open_code(ada.client, "1111"))
    lock(ada.client)
    lock(phone)
    open_code(phone, "1111", status=422)
    open_code(ada.client, "2222", status=422)
    open_code(phone, "2222")
    open_code(ada.client, "1111")
    assert reads(phone)
    assert reads(ada.client)
