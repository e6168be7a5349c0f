"""What is possible today: something else, not for me, maybe."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.phone import Phone
from tests.world import World, at

pytestmark = pytest.mark.story


def test_something_else_comes_without_a_new_page(phone: Phone) -> None:
    """B11: others are shown; with script only that part of the page changes, and the first thing is in view."""
    phone.open()
    phone.answer("Mittemellan")
    phone.measure("window.same = true")
    before = phone.page.locator("#possible h3").all_inner_texts()
    with phone.page.expect_response(lambda answer: "annat=1" in answer.url):
        phone.tap("Något annat")
    expect(phone.page.locator("#possible h3").first).not_to_have_text(before[0])
    assert phone.measure("window.same") is True
    assert phone.path == "/"
    phone.sees("Vila. Inget försvinner.")
    phone.look()
    top: float = phone.measure("document.querySelector('#possible').getBoundingClientRect().top")
    assert abs(top) < 844


def test_something_else_without_script(phones: Phones) -> None:
    phone = phones(script=False)
    phone.open()
    phone.answer("Tung")
    before = phone.page.locator("#possible h3").all_inner_texts()
    phone.tap("Något annat")
    assert phone.page.locator("#possible h3").all_inner_texts() != before
    phone.sees("Vila. Inget försvinner.")


def test_not_for_me_and_back_again(either: Phone) -> None:
    """A8, D6: hidden with one tap, undone with one; forbidden nowhere."""
    either.open()
    either.answer("Mittemellan")
    first = either.page.get_by_role("article").first
    title = first.get_by_role("heading").inner_text()
    either.tap("Inte för mig", inside=first)
    expect(either.toast).to_contain_text("Visas inte mer på Idag.")
    expect(either.page.get_by_role("heading", name=title, exact=True)).to_have_count(0)
    either.undo()
    expect(either.title).to_have_text(title)
    either.tap("Idag")
    expect(either.page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def test_maybe_stands_on_the_day_until_it_is_taken_away(either: Phone) -> None:
    """B8: to look is no promise, and nobody asks afterwards."""
    either.open()
    either.answer("Mittemellan")
    first = either.page.get_by_role("article").first
    title = first.get_by_role("heading").inner_text()
    either.tap("Jag kanske går", inside=first)
    expect(either.toast).to_contain_text("Sparat. Det står kvar på Idag.")
    either.look()
    either.open("/dagar/2026-11-19")
    either.sees("Kanske", title)
    either.look()
    either.tap(f"Ta bort {title}")
    expect(either.toast).to_contain_text("Borttaget.")
    either.does_not_see("Kanske idag")


def test_the_evening_of_a_day_that_is_done(phone: Phone, world: World) -> None:
    """D7: right at any minute: over is gone, and tomorrow's times are said to be tomorrow's."""
    world.move(at("2026-11-19 22.00"))
    phone.open()
    phone.answer("Ganska lätt")
    phone.sees("Möjligt nu och snart", "Öppet i morgon")
    phone.does_not_see("Pågår till")
    phone.look()
