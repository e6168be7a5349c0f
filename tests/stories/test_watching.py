"""A page that shows what somebody may take back, when nobody answers."""

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.test_handing_over import handed_over, met
from tests.stories.test_pairing import WORDS

pytestmark = pytest.mark.story

OFFLINE = "Ingen uppkoppling. Det som visas hämtas igen när det finns nät."
HIDDEN = (
    "Object.defineProperty(document, 'hidden', {{ value: {}, configurable: true }});"
    "document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))"
)


@pytest.mark.long  # it waits as long as a person would
def test_without_an_answer_the_copies_are_covered(phones: Phones) -> None:
    ada, fia = phones(), phones()
    met(ada, fia)
    handed_over(ada)
    fia.open("/delat")
    fia.tap("Ada")
    fia.tap("Öppna", inside=fia.main)
    fia.sees(WORDS)
    fia.page.get_by_label("Din fråga").fill("Halv fråga")

    # A poll that hangs is given up, and the next ones are made all the same.
    fia.page.route("**/stampel", lambda route: None)
    expect(fia.main).to_contain_text(OFFLINE, timeout=40_000)
    fia.does_not_see(WORDS)
    fia.page.unroute("**/stampel")
    expect(fia.main).to_contain_text(WORDS, timeout=20_000)
    fia.does_not_see(OFFLINE)

    # Away for longer than ten seconds: empty until there is an answer.
    fia.page.route("**/stampel", lambda route: route.abort())
    fia.measure(HIDDEN.format("true"))
    fia.page.wait_for_timeout(10_500)
    fia.measure(HIDDEN.format("false"))
    fia.sees(OFFLINE)
    fia.does_not_see(WORDS)
    ada.open("/kretsen")
    ada.tap("Fia", inside=ada.main)
    ada.tap("Sluta dela")
    fia.page.unroute("**/stampel")
    expect(fia.main).to_contain_text("Här ligger ingenting just nu", timeout=20_000)
    expect(fia.page.get_by_label("Din fråga")).to_have_value("Halv fråga")
    fia.complaints[:] = [
        one for one in fia.complaints if "ERR_FAILED" not in one and "ERR_ABORTED" not in one
    ]
