"""The key card: shown once, typed back, and then it opens on any phone. A slip is said to the group."""

from collections.abc import Callable

import pytest

from server.accounts.routes import CARD_TRIES_AN_HOUR
from server.vault.cards import Card
from tests.accounts.acts import (
    KEYS,
    another_phone,
    keep_card,
    new_card,
    open_card,
    reads,
    take_away,
    type_back,
    ways,
)
from tests.client import Client
from tests.people import Ada
from tests.world import World


def with_slip(card: str, *groups: int) -> str:
    """One wrong character in each of these groups (1–4)."""
    rows = [card[start : start + 11] for start in range(0, len(card), 12)]
    for group in groups:
        old = rows[group - 1]
        rows[group - 1] = ("B" if old[0] != "B" else "C") + old[1:]
    return " ".join(rows)


def test_a_card_counts_when_it_has_been_typed_back(ada: Ada) -> None:
    """A16: kept without e-mail or password."""
    card = new_card(ada.client)
    assert len(card.replace(" ", "")) == 36
    page = ada.client.get(KEYS)
    assert "inte avskrivet än" in page.text
    assert "Nu ligger den enda nyckeln i den här telefonen." in page.text
    page = ada.client.follow(type_back(ada.client, card))
    assert "Nyckelkortet är sparat." in page.text
    assert "den enda nyckeln" not in page.text
    assert card[:9] not in page.html  # shown only once


def test_it_opens_on_any_phone(ada: Ada, world: World) -> None:
    """A lost phone loses nothing."""
    card = keep_card(ada.client)
    phone = world.visitor()
    page = phone.follow(open_card(phone, card))
    assert "Kortet har använts." in page.text
    assert reads(phone)
    assert reads(ada.client)


@pytest.mark.parametrize(
    "forgive",
    [
        str.lower,
        lambda card: card.replace(" ", ""),
        lambda card: card.replace(" ", "-"),
        lambda card: f"  {card}\n",
        lambda card: card.replace("0", "o").replace("1", "l"),
        lambda card: card.replace(" ", "\u00a0–\u00a0"),
    ],
)
def test_typing_is_forgiven(forgive: Callable[[str], str], ada: Ada, world: World) -> None:
    card = keep_card(ada.client)
    phone = world.visitor()
    open_card(phone, forgive(card))
    assert reads(phone)


@pytest.mark.parametrize(("groups", "says"), [((3,), "i grupp 3"), ((1, 4), "i grupperna 1, 4")])
def test_a_slip_is_said_to_the_group(groups: tuple[int, ...], says: str, ada: Ada, world: World) -> None:
    card, phone = keep_card(ada.client), world.visitor()
    page = open_card(phone, with_slip(card, *groups), status=422)
    assert says in page.text
    assert ("card", with_slip(card, *groups)) in page.form("kortet").filled("", {})  # ready to be mended
    again = type_back(ada.client, with_slip(card, *groups), status=422)
    assert says in again.text


def test_groups_in_another_order_are_a_slip_too(ada: Ada, visitor: Client) -> None:
    card = keep_card(ada.client)
    assert "i grupperna 1, 2" in open_card(visitor, f"{card[12:23]} {card[:11]}{card[23:]}", status=422).text


@pytest.mark.parametrize(("cut", "count"), [(slice(0, 35), 27), (slice(0, 1), 1)])
def test_a_card_of_another_length(cut: slice, count: int, ada: Ada, visitor: Client) -> None:
    card = keep_card(ada.client)
    typed = card[cut]
    page = open_card(visitor, typed, status=422)
    assert f"Ett kort har 36 tecken. Du har skrivit {len(typed.replace(' ', ''))}." in page.text


@pytest.mark.parametrize(
    "typed",
    ["", " ", "å" * 36, "\0" * 36, "A" * 100_000, "😀" * 36, "U" * 36],
    ids=["empty", "space", "letters", "NUL", "long", "emoji", "not in the alphabet"],
)
def test_what_is_no_card_at_all(typed: str, visitor: Client, someone: Client) -> None:
    new_card(someone)
    assert visitor.post("/nyckel/kort", {"card": typed}, status=422).h1 == "Jag har redan en nyckel"
    assert someone.post(f"{KEYS}/kort/bekrafta", {"card": typed}, status=422).h1 == "Skriv av kortet"


def test_another_persons_card_does_not_count_as_typed_back(ada: Ada, cleo: Client) -> None:
    theirs = keep_card(cleo)
    new_card(ada.client)
    page = type_back(ada.client, theirs, status=422)
    assert "Det här är ett annat nyckelkort." in page.text
    assert [line for line in ways(ada.client) if "inte avskrivet än" in line]


def test_a_made_up_card_opens_nothing_and_says_no_more(ada: Ada, visitor: Client) -> None:
    page = open_card(visitor, Card.new().text, status=422)
    assert "Det kortet öppnar inget här." in page.text


def test_a_used_card_is_replaced_and_dies_when_the_new_one_is_typed_back(ada: Ada, world: World) -> None:
    """Issue 3: used card."""
    old = keep_card(ada.client)
    phone = another_phone(world, old)
    page = phone.get(f"{KEYS}/kort/anvant")
    assert "Nytt nyckelkort" in page.text
    new = new_card(phone)
    assert reads(another_phone(world, old))  # until the new one has been typed back
    phone.follow(type_back(phone, new))
    late = world.visitor()
    assert "Det kan vara ett gammalt som har bytts ut." in open_card(late, old, status=422).text
    assert reads(another_phone(world, new))
    assert sum("Nyckelkort" in line for line in ways(phone)) == 1


def test_a_card_that_was_shown_and_never_typed_back_opens_and_then_counts(ada: Ada, world: World) -> None:
    """Somebody wrote it down, lost the phone and never came to the second step."""
    card = new_card(ada.client)
    phone = another_phone(world, card)
    assert reads(phone)
    assert not [line for line in ways(phone) if "inte avskrivet än" in line]


def test_a_removed_card_opens_nothing(ada: Ada, world: World) -> None:
    card = keep_card(ada.client)
    take_away(ada.client, "Nyckelkort")
    phone = world.visitor()
    open_card(phone, card, status=422)
    assert reads(ada.client)


def test_the_card_is_in_no_store_and_no_log(ada: Ada, world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Hard rule 3: not as text, and not as the number behind it."""
    card = keep_card(ada.client)
    open_card(world.visitor(), card)
    open_card(world.visitor(), with_slip(card, 2), status=422)
    found = b"".join(file.read_bytes() for file in world.folder.iterdir()) + caplog.text.encode()
    plain = card.replace(" ", "")
    assert not [row for row in (plain[:9], plain[9:18], card[:9], plain) if row.encode() in found]


def test_a_brake_on_guessing_cards(visitor: Client) -> None:
    for _ in range(CARD_TRIES_AN_HOUR):
        visitor.post("/nyckel/kort", {"card": "x"}, status=422)
    assert "För många på en gång" in visitor.post("/nyckel/kort", {"card": "x"}, status=429).text
