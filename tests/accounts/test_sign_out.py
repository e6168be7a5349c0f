"""Signing out leaves nothing; and says so first where that means everything."""

import pytest

from tests.accounts.acts import (
    CODE,
    KEYS,
    another_phone,
    choose_code,
    closed,
    keep_card,
    lock_for_real,
    open_card,
    open_code,
    qr,
    reads,
    take_away,
    ways,
)
from tests.accounts.authenticator import Authenticator, make_passkey, open_with
from tests.client import Client
from tests.people import TUESDAY, WORDS, Ada
from tests.world import World

OURS = {"__Host-s", "__Host-d", "__Host-l", "__Host-p"}


def sign_out(client: Client) -> None:
    page = client.follow(client.send(client.get("/logga-ut").form("Logga ut")))
    assert "Du är utloggad. Inget finns kvar i den här telefonen." in page.text


def test_a_try_account_warns_first(ada: Ada, world: World) -> None:
    """vault.md, rule 5: *Då försvinner allt. Spara en nyckel först?*"""
    page = ada.client.get("/logga-ut")
    assert "Då försvinner allt. Spara en nyckel först?" in page.text
    assert page.link("Spara en nyckel") == KEYS
    again = ada.client.post("/logga-ut", status=200)  # not by a post without the yes, either
    assert "Då försvinner allt." in again.text
    assert reads(ada.client)


def test_a_try_account_goes_with_everything(ada: Ada, world: World) -> None:
    accounts, before = world.rows("account"), ada.client.cookies()
    answer = ada.client.send(ada.client.get("/logga-ut").form("Logga ut och ta bort allt"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert world.rows("account") == accounts - 1
    assert not OURS & set(ada.client.cookies())
    thief = world.visitor()
    for name, value in before.items():
        thief.keep(name, value)
    assert not reads(thief)
    assert ada.client.get("/").h1 == "Hur är dagen?"


def test_a_lasting_account_leaves_nothing_on_the_phone(ada: Ada, world: World) -> None:
    card = lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    before = ada.client.cookies()
    assert set(before) >= OURS
    page = ada.client.get("/logga-ut")
    assert "Du kommer tillbaka med ditt nyckelkort." in page.text
    assert "passnyckel" not in page.text
    answer = ada.client.send(page.form("Logga ut"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not OURS & set(ada.client.cookies())
    thief = world.visitor()
    for name, value in before.items():
        thief.keep(name, value)
    assert not reads(thief)
    open_code(ada.client, status=422)
    assert ada.client.get("/").h1 == "Hur är dagen?"
    assert reads(another_phone(world, card))


def test_back_after_signing_out(ada: Ada) -> None:
    keep_card(ada.client)
    sign_out(ada.client)
    for path in ("/dagar", f"/dagar/{TUESDAY}", KEYS, "/mitt", "/mitt/allt.zip", "/logga-ut"):
        page = ada.client.get(path, status=303)
        assert page.location == "/"
        assert WORDS["tuesday"].encode() not in page.body


def test_what_was_written_is_there_when_one_comes_back(ada: Ada) -> None:
    card = keep_card(ada.client)
    sign_out(ada.client)
    ada.client.follow(open_card(ada.client, card))
    assert reads(ada.client)


def test_a_phone_that_signed_out_stands_in_no_list(ada: Ada, world: World) -> None:
    """Its half is gone, so neither its own opening nor its code can ever be used again."""
    card = keep_card(ada.client)
    choose_code(ada.client)
    sign_out(ada.client)
    phone = another_phone(world, card)
    assert [line.split(" Gjord")[0] for line in ways(phone)] == ["Nyckelkort"]


def test_the_other_phones_stay_as_they_are(ada: Ada, world: World) -> None:
    """Signing out here is about this phone."""
    card = keep_card(ada.client)
    phone = another_phone(world, card)
    choose_code(phone)
    ada.client.follow(open_card(ada.client, card))
    sign_out(ada.client)
    assert closed(phone) or reads(phone)
    phone.follow(open_code(phone, CODE))
    assert reads(phone)


def test_signing_out_twice(ada: Ada, world: World) -> None:
    """Two tabs, or a double tap."""
    card = keep_card(ada.client)
    form = ada.client.get("/logga-ut").form("Logga ut")
    ada.client.send(form)
    ada.client.send(form, status=401)
    assert reads(another_phone(world, card))


@pytest.mark.parametrize("prf", [True, False], ids=["prf", "no prf"])
def test_with_a_passkey(prf: bool, ada: Ada, world: World) -> None:
    """With PRF it brings one back. Without, it works only with what this phone keeps: so signing out must warn."""
    authenticator = Authenticator(prf=prf)
    make_passkey(ada.client, authenticator)
    page = ada.client.get("/logga-ut")
    if prf:
        sign_out(ada.client)
        open_with(ada.client, authenticator)
        assert reads(ada.client)
    else:
        assert "Då försvinner allt. Spara en nyckel först?" in page.text


def test_a_passkey_without_prf_and_a_card(ada: Ada) -> None:
    """The card brings one back; that passkey goes with the phone's half. It is not left in the list as if it opened."""
    authenticator = Authenticator(prf=False)
    make_passkey(ada.client, authenticator)
    card = keep_card(ada.client)
    page = ada.client.get("/logga-ut")
    assert "Telefonens passnyckel slutar fungera. Gör en ny när du är tillbaka." in page.text
    sign_out(ada.client)
    page = open_with(ada.client, authenticator, status=422)
    assert "Den passnyckeln öppnar inget här. Den kan vara borttagen." in page.text
    ada.client.follow(open_card(ada.client, card))
    assert reads(ada.client)
    assert not [way for way in ways(ada.client) if way.startswith("Passnyckel")]
    assert take_away(ada.client, "Nyckelkort", status=200).h1 == "Den sista nyckeln"


def test_the_other_phones_passkey_stays(ada: Ada, world: World) -> None:
    """Only what this phone's half opens goes with it."""
    first, second = Authenticator(prf=False), Authenticator(prf=False)
    card = keep_card(ada.client)
    make_passkey(ada.client, first)
    other = another_phone(world, card)
    make_passkey(other, second)
    sign_out(other)
    assert "Den här webbläsaren" not in open_with(ada.client, first).text
    assert reads(ada.client)
    assert len([way for way in ways(ada.client) if way.startswith("Passnyckel")]) == 1


def test_with_another_phone_only(ada: Ada, visitor: Client) -> None:
    """What is said about coming back is true for the keys there are."""
    visitor.post(qr(ada.client))
    page = visitor.get("/logga-ut")
    assert "Din andra telefon är öppen som förut. Läs av en bild från den när du vill tillbaka." in page.text
    assert "nyckelkort" not in page.text


def test_deleting_the_account_from_another_phone(ada: Ada, world: World) -> None:
    """Nothing opens afterwards, and this phone begins anew without a fault."""
    card = lock_for_real(ada.client)
    phone = another_phone(world, card)
    phone.follow(phone.send(phone.get("/mitt/ta-bort").form("Ta bort kontot")))
    open_card(world.visitor(), card, status=422)
    open_code(ada.client, status=422)
    assert not reads(ada.client)
    assert ada.client.look("/").status in (200, 303)
    assert not OURS & set(phone.cookies())
