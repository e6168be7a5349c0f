"""The core stories once more, in Firefox ESR: told elsewhere, lived here as they stand."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.stories.conftest import Phones
from tests.stories.fox import Fox, how_to_launch
from tests.stories.phone import Phone
from tests.stories.test_first_day import (  # noqa: F401 - lived here, too
    test_a_light_day_is_not_praised_and_not_pushed,
    test_a_tap_by_mistake_is_undone,
    test_a_very_heavy_day_asks_for_very_little,
    test_a_visitor_says_how_the_day_is_and_finds_it_tomorrow,
    test_not_knowing_is_an_answer,
    test_not_today_saves_nothing,
    test_the_day_changes_and_is_answered_again,
)
from tests.stories.test_help_and_hide import (  # noqa: F401
    test_help_is_two_taps_from_every_page,
    test_hide_shows_a_clock_and_back_does_too,
    test_hiding_replaces_the_page_in_the_history,
)
from tests.stories.test_keep_lock import (  # noqa: F401
    cheap_codes,
    test_a_shared_phone_with_two_people,
    test_back_after_the_lock_shows_nothing,
    test_signing_out_leaves_nothing,
    test_ten_idle_minutes_lock_and_what_was_being_written_is_kept,
    test_two_tabs_and_a_lock_in_one_of_them,
)
from tests.stories.test_plan import (  # noqa: F401
    test_a_bit_of_the_life_map_and_a_way_forward,
    test_a_goal_is_shown_to_one_person_and_a_suggestion_becomes_a_step,
    test_words_are_changed_and_brought_back,
)
from tests.stories.test_talks import agreed, says, to_talk
from tests.stories.test_writing import (  # noqa: F401
    test_a_draft_keeps_itself,
    test_a_note_is_changed_taken_away_put_back_and_deleted_for_good,
    test_an_entry_grows_bit_by_bit,
    test_several_notes_in_a_day,
)

pytestmark = [pytest.mark.story, pytest.mark.long]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.firefox.launch(**how_to_launch())
    yield browser
    browser.close()


@pytest.fixture
def phones(browser: Browser, address: str) -> Iterator[Phones]:
    """As in Chromium; always with script."""
    made: list[Fox] = []

    def make(*, script: bool = True, width: int = 390, height: int = 844) -> Fox:
        assert script, "Playwright cannot turn scripts off in Firefox"
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            locale="sv-SE",
            timezone_id="Europe/Stockholm",
        )
        made.append(Fox(context, address))
        return made[-1]

    yield make
    for phone in made:
        phone.put_away()


@pytest.fixture
def both(phone: Phone) -> Phone:
    return phone


@pytest.fixture
def either(phone: Phone) -> Phone:
    return phone


def test_two_people_write(phones: Phones) -> None:
    """What one writes stands on the other's phone; one of them may sit in another browser as well."""
    ada, ben = phones(), phones()
    agreed(ada, ben)
    to_talk(ada, "Ben")
    says(ada, "Hej Ben. Det var en tung vecka.")
    ben.open("/prata")
    ben.tap("Ada", inside=ben.main)
    ben.sees("Det var en tung vecka.")
    says(ben, "Tack för att du skrev.")
    ada.sees("Tack för att du skrev.")
