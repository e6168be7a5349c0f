"""Without a connection in Firefox: the stories of test_offline that need no tools of Chromium's."""

import pytest

from tests.people import TODAY
from tests.stories.net import Net
from tests.stories.phone import Phone
from tests.stories.test_firefox import browser, phones  # noqa: F401 - the phone is a Firefox
from tests.stories.test_offline import (  # noqa: F401 - lived here, too
    address,
    begun,
    day,
    net,
    no_complaint,
    test_a_message_and_a_step_wait_too,
    test_a_note_that_was_open_when_the_connection_went,
    test_another_site_cannot_write_through_the_worker,
    test_behind_a_proxy_that_finds_nobody,
    test_one_tap_and_a_few_words_without_a_connection,
    test_two_tabs_send_it_once,
    test_what_cannot_wait_stays_on_its_page,
)

pytestmark = [pytest.mark.story, pytest.mark.long, pytest.mark.worker]


def test_the_answer_got_lost_on_the_way(phone: Phone, net: Net) -> None:  # noqa: F811 - the fixture
    """The server had done it. Firefox asks once; what waits is sent by the page that says so."""
    begun(phone)
    phone.open(f"/dagar/{TODAY}/ny")
    phone.write("Med egna ord", "en enda gång")
    phone.until("document.querySelector('#draft').textContent")
    net.lost = 1
    phone.tap("Spara")
    phone.sees("Allt är sparat i ditt konto.")
    assert day(phone).count("en enda gång") == 1
    no_complaint(phone)
