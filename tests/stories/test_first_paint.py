"""What the very first page leaves out so that it is painted sooner, and that nothing is lost by it."""

import pytest

from tests.stories.conftest import Phones
from tests.stories.phone import Phone

pytestmark = pytest.mark.story

LOOK = """() => [...document.querySelectorAll("body, body *")].flatMap((one, at) =>
  ["", "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(one, part), names = [...style].filter((name) => !name.startsWith("--"));
    return names.map((name) => `${at} ${one.tagName}${part} ${name}: ${style.getPropertyValue(name)}`);
  }))"""
WHOLE = """(sheet) => new Promise((done) => {
  const link = document.createElement("link");
  Object.assign(link, {rel: "stylesheet", href: sheet, onload: done});
  document.querySelector("style").replaceWith(link);
})"""


@pytest.mark.parametrize("width", [390, pytest.param(1200, marks=pytest.mark.long)])
def test_the_part_of_the_sheet_is_all_that_the_first_page_needs(phones: Phones, width: int) -> None:
    """The same to the last property as with the whole sheet, also when it has become a clock."""
    phone = phones(width=width)
    phone.open()
    sheet = phone.page.locator("link[rel=prefetch]").get_attribute("href")
    looked = phone.page.evaluate(LOOK)
    hide(phone)
    hidden = phone.page.evaluate(LOOK)

    phone.context.clear_cookies()
    phone.open()
    phone.page.evaluate(WHOLE, sheet)
    assert set(phone.page.evaluate(LOOK)) ^ set(looked) == set()
    hide(phone)
    assert set(phone.page.evaluate(LOOK)) ^ set(hidden) == set()


def hide(phone: Phone) -> None:
    """Göm, held where the clock stands on the page and the next one has not come."""
    phone.page.route("**/gom", lambda _route: None)
    phone.page.evaluate("document.querySelector('[data-hide]').click()")
    phone.page.wait_for_selector(".clock.gone")
    phone.page.evaluate("document.querySelector('h1').textContent = '9.00'")
