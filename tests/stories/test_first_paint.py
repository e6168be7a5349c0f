"""What the very first page leaves out so that it is painted sooner, and that nothing is lost by it."""

from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.conftest import Phones, served
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


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A page of another site."""

    def page(_environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [b"<!doctype html><title>En annan sida</title>"]

    with served(page) as address:
        yield address.replace("localhost", "127.0.0.1")


def test_the_page_that_opened_us_loses_its_hold_before_anything_is_shown(
    browser: Browser, address: str, elsewhere: str
) -> None:
    """Only the question that is the same for everybody may be held; its answer leads to a page that cuts the hold."""
    context = browser.new_context()
    other = context.new_page()
    other.goto(elsewhere)

    def opened() -> Page:
        with context.expect_page() as found:
            other.evaluate("(address) => void (window.held = open(address))", address)
        page = found.value
        page.wait_for_load_state()
        return page

    ours = opened()
    assert ours.locator("h1").inner_text() == "Hur är dagen?"
    assert other.evaluate("held.closed") is False
    with ours.expect_navigation():
        ours.get_by_role("button", name="Tung", exact=False).first.click()
    assert ours.locator("h1").inner_text() != "Hur är dagen?"
    assert other.evaluate("held.closed") is True

    opened()  # with cookies, at once
    assert other.evaluate("held.closed") is True
    context.close()
