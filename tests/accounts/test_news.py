"""A new way in is told to the others, and can be taken away (issue 3, point 1)."""

from datetime import timedelta

import pytest

from tests.accounts.acts import (
    KEYS,
    another_phone,
    choose_code,
    keep_card,
    open_code,
    qr,
    reads,
    take_away,
    ways,
)
from tests.accounts.authenticator import Authenticator, make_passkey
from tests.client import Client
from tests.people import Ada
from tests.world import NOW, World

TELLS = {
    "passkey": "En ny passnyckel öppnar det du har skrivit.",
    "card": "Ett nytt nyckelkort öppnar det du har skrivit.",
    "code": "En ny kod på en telefon öppnar det du har skrivit.",
    "device": "En telefon till öppnar det du har skrivit.",
}


def told(client: Client) -> set[str]:
    page = client.get("/inte-idag")  # as Idag, whatever the day has been answered
    return {kind for kind, sentence in TELLS.items() if sentence in page.text}


@pytest.fixture
def other(ada: Ada, visitor: Client) -> Client:
    """Ada's second phone, which has been told about what there is."""
    visitor.post(qr(ada.client))
    ada.client.get(KEYS)
    return visitor


def test_another_phone_is_told(ada: Ada, visitor: Client) -> None:
    """Somebody scanned the picture over the shoulder."""
    visitor.post(qr(ada.client))
    assert told(visitor) == set()  # it is the new one
    page = ada.client.get("/")
    assert TELLS["device"] in page.text
    assert "Var det inte du? Ta bort den under Nycklar." in page.text
    ada.client.get(page.link("Se alla nycklar"))
    assert told(ada.client) == set()
    take_away(ada.client, "En annan telefon")
    assert not reads(visitor)
    gone = next(line for line in ways(ada.client) if "Borttagen." in line)
    assert gone.startswith("En annan telefon")


def test_each_kind_is_told_to_the_other_phone_and_not_to_the_one_that_made_it(
    ada: Ada, other: Client, world: World
) -> None:
    keep_card(ada.client)
    assert (told(ada.client), told(other)) == (set(), {"card"})
    choose_code(other)
    assert told(other) == set()
    assert told(ada.client) == {"code"}
    make_passkey(ada.client, Authenticator())
    other.follow(open_code(other))
    assert told(other) == {"passkey"}


def test_it_is_told_for_as_long_as_it_is_new(ada: Ada, other: Client, world: World) -> None:
    """72 hours; a phone that shows itself for the first time is told as well."""
    card = keep_card(ada.client)
    world.move(NOW + timedelta(hours=71))
    assert "card" in told(another_phone(world, card))
    assert told(other) == {"card"}
    world.move(NOW + timedelta(hours=73))
    assert told(other) == set()
    assert told(another_phone(world, card)) == set()


def test_a_try_account_of_one_phone_hears_nothing(ada: Ada) -> None:
    assert told(ada.client) == set()
