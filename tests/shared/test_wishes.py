"""Their wishes and strengths first, and a suggestion that points at a wish or says why not (row B18)."""

import pytest

from tests.circle.meeting import hands
from tests.client import Page
from tests.people import TUESDAY, Ada
from tests.shared.conftest import TUESDAYS_WORDS, Reader
from tests.story.test_meet import hands_over, writes
from tests.world import World

WISH, OTHER_WISH = "Jobba med djur", "Lugn på morgonen"


@pytest.fixture
def wished(world: World, ada: Ada, met_ben: Reader) -> Reader:
    """Ben has a day that asks something of him, and what Ada wants; nothing is opened."""
    writes(ada.client)
    hands_over(ada.client, met_ben.card, "wishes", "meeting", purpose="Inför starten")
    entry = ada.entries[TUESDAY]
    hands(world, ada.client, met_ben.card, f"day/{TUESDAY}", entry, asks="Kan du följa med?")
    return met_ben


def opens_all(reader: Reader) -> Page:
    page = reader.client.get(reader.page)
    return reader.client.follow(reader.client.send(page.form("/oppna"), press="Öppna alla"))


def suggests(reader: Reader, status: int = 303, **said: str) -> Page:
    form = reader.client.get(reader.page).form("/forslag")
    return reader.client.send(form, {"words": "Kom till ladan"} | said, status=status)


def test_closed_it_says_what_any_copy_says(wished: Reader) -> None:
    page = wished.client.get(wished.page)
    assert "Inför starten" in page.text and "Så möter du mig" in page.text
    assert WISH not in page.html and "Fråga en sak i taget" not in page.html
    assert page.text.index("Kan du följa med?") < page.text.index("Inför starten")


def test_opened_it_stands_above_the_others_and_above_what_is_asked(wished: Reader) -> None:
    text = opens_all(wished).text
    order = [text.index(one) for one in (WISH, "Fråga en sak i taget", "Kan du följa med?", TUESDAYS_WORDS)]
    assert order == sorted(order) and text.count(WISH) == 2  # the copy, and what a suggestion can point at
    assert "Baka" not in text


def test_a_suggestion_points_at_a_wish(ada: Ada, wished: Reader) -> None:
    opens_all(wished)
    page = wished.client.get(wished.page)
    radios = [one for one in page.form("/forslag").controls if one.name == "wish"]
    assert [one.value for one in radios] == [WISH, OTHER_WISH, ""] and not any(one.chosen for one in radios)
    told = wished.client.follow(suggests(wished, wish=WISH))
    assert f"Pekar på: {WISH}" in told.text
    heard = ada.client.get("/kretsen/sagt").text
    assert "Kom till ladan" in heard and f"Pekar på: {WISH}" in heard


def test_or_says_why_not(ada: Ada, wished: Reader) -> None:
    opens_all(wished)
    told = wished.client.follow(suggests(wished, why="För att du nämnde hästar"))
    assert "Därför: För att du nämnde hästar" in told.text and "Pekar på" not in told.text
    assert "För att du nämnde hästar" in ada.client.get("/kretsen/sagt").text


def test_one_of_the_two_is_needed(wished: Reader) -> None:
    """The words are kept."""
    opens_all(wished)
    wrong = suggests(wished, status=422)
    assert "Välj önskemålet som det pekar på, eller skriv varför" in wrong.text
    assert "Kom till ladan" in wrong.html


def test_without_an_open_wish_a_why_is_needed(wished: Reader) -> None:
    page = wished.client.get(wished.page)
    assert not [one for one in page.form("/forslag").controls if one.name == "wish"]
    wrong = suggests(wished, status=422)
    assert "Skriv varför det är värt en tanke." in wrong.text and "Kom till ladan" in wrong.html


@pytest.mark.parametrize("wish", ["Ett påhittat önskemål", "Fråga en sak i taget", "Baka"])
def test_nobody_can_put_a_wish_in_the_others_mouth(ada: Ada, wished: Reader, wish: str) -> None:
    opens_all(wished)
    form = wished.client.get(wished.page).form("/forslag")
    fields = [*form.filled("Skicka", {"words": "x"}), ("wish", wish)]
    assert "visas inte längre" in wished.client.post(form.action, fields, status=422).text
    assert "Inget än." in ada.client.get("/kretsen/sagt").text


def test_a_wish_that_was_never_opened_cannot_be_guessed(wished: Reader) -> None:
    """The same answer as for a wish that is not there."""
    form = wished.client.get(wished.page).form("/forslag")
    answers = [
        wished.client.post(form.action, [*form.filled("Skicka", {"words": "x"}), ("wish", wish)], status=422)
        for wish in (WISH, "Ett påhittat önskemål")
    ]
    assert [("visas inte längre" in answer.text, WISH in answer.html) for answer in answers] == [
        (True, False),
        (True, False),
    ]


def test_a_wish_that_was_taken_back_meanwhile(world: World, ada: Ada, wished: Reader) -> None:
    opens_all(wished)
    form = wished.client.get(wished.page).form("/forslag")
    ada.client.post(f"/kretsen/{wished.card}/sluta")
    late = wished.client.send(form, {"words": "Kom till ladan", "wish": WISH}, status=422)
    assert "Det önskemålet visas inte längre." in late.text and "Kom till ladan" in late.html
    assert WISH not in late.html
