"""The key card as text: forgiving where people slip in the same way, exact about where the slip is."""

import json
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core import ids
from server.vault.cards import DATA, GROUPS, LENGTH, Card
from server.vault.errors import MistypedCard, WrongLengthCard
from server.vault.sealing import Secret

prove = settings(max_examples=150, deadline=None)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
cards = st.binary(min_size=20, max_size=20).map(lambda secret: Card(Secret(secret)))
places = st.integers(0, LENGTH - 1)


def plain(card: Card) -> str:
    return card.text.replace("-", "")


def group(place: int) -> int:
    return place // (DATA + 1) + 1


def slip(text: str) -> tuple[int, ...]:
    with pytest.raises(MistypedCard) as caught:
        Card.parse(text)
    return caught.value.groups


@prove
@given(cards)
def test_what_is_shown_is_read_back(card: Card) -> None:
    for text in (card.text, "\n".join(card.rows), plain(card)):
        assert Card.parse(text).find == card.find
        assert Card.parse(text).unlock == card.unlock


@prove
@given(cards, st.data())
def test_case_spaces_dashes_and_look_alikes_are_forgiven(card: Card, data: st.DataObject) -> None:
    between = st.text(" -–—\u00a0\n\t.,", max_size=2)
    alike = {"0": "0oO", "1": "1iIlL"}
    typed = ""
    for character in plain(card):
        either = st.sampled_from(alike.get(character, character + character.lower()))
        typed += data.draw(between) + data.draw(either)
    assert Card.parse(typed).unlock == card.unlock


@prove
@given(cards, places, st.sampled_from(ALPHABET + "UÅ!"))
def test_one_wrong_character_is_located(card: Card, place: int, wrong: str) -> None:
    text = plain(card)
    if text[place] != wrong:
        assert slip(text[:place] + wrong + text[place + 1 :]) == (group(place),)


@prove
@given(cards, places, places)
def test_two_characters_that_changed_places_are_located(card: Card, one: int, other: int) -> None:
    typed = list(plain(card))
    typed[one], typed[other] = typed[other], typed[one]
    if "".join(typed) != plain(card):
        assert slip("".join(typed)) == tuple(sorted({group(one), group(other)}))


@prove
@given(cards, st.permutations(range(GROUPS)))
def test_groups_in_each_others_places_are_located(card: Card, order: list[int]) -> None:
    moved = tuple(to + 1 for to, came_from in enumerate(order) if to != came_from)
    if moved:
        assert slip(" ".join(card.rows[came_from] for came_from in order)) == moved


@prove
@given(st.text(max_size=60))
def test_any_text_is_a_card_or_is_refused_by_name(text: str) -> None:
    try:
        Card.parse(text)
    except WrongLengthCard as refused:
        assert refused.typed != refused.wanted == 36
    except MistypedCard as refused:
        assert set(refused.groups) <= {1, 2, 3, 4}


@pytest.mark.parametrize("change", [lambda text: text[:-1], lambda text: text + "0", lambda text: ""])
def test_a_card_of_the_wrong_length_says_how_long_it_was(change: object) -> None:
    typed = change(plain(Card.new()))  # type: ignore[operator]
    with pytest.raises(WrongLengthCard) as caught:
        Card.parse(typed)
    assert (caught.value.typed, caught.value.wanted) == (len(typed), 36)


def test_it_is_four_rows_of_eight_and_a_check_character() -> None:
    card = Card.new()
    assert len(card.rows) == 4
    assert all([len(part) for part in row.split()] == [4, 4, 1] for row in card.rows)
    assert set(plain(card)) <= set(ALPHABET)


def test_a_card_of_zeros_and_one_of_ones_have_different_checks_in_every_row() -> None:
    for secret in (bytes(20), b"\xff" * 20):
        rows = Card(Secret(secret)).rows
        assert len({row[:9] for row in rows}) == 1
        assert len({row[-1] for row in rows}) == 4  # so that two rows that changed places are noticed


def test_finding_and_unlocking_are_derived_apart() -> None:
    card = Card.new()
    assert len(card.find) == 16
    assert card.find != card.unlock.reveal()[:16]
    assert Card.parse(card.text).find == card.find


def test_it_never_shows_by_accident() -> None:
    card = Card.new()
    for text in (repr(card), str(card), f"{card}", repr([card]), "%r %s" % (card, card)):  # noqa: UP031
        assert "hidden" in text
        assert not any(row[:4] in text for row in card.rows)
    with pytest.raises(TypeError):
        json.dumps(card)
    with pytest.raises(TypeError):
        pickle.dumps(card)


def test_its_randomness_comes_from_the_one_place() -> None:
    with ids.seeded("card"):
        first = Card.new()
    with ids.seeded("card"):
        assert Card.new().text == first.text
    assert Card.new().text != first.text
