"""What the very first page leaves out so that it is painted sooner, and that nothing is lost by it."""

from collections.abc import Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.conftest import Phones, served

pytestmark = pytest.mark.story

LOOK = """[...document.querySelectorAll("body, body *")].flatMap((one, at) =>
  ["", "::before", "::after"].flatMap((part) => {
    const style = getComputedStyle(one, part), names = [...style].filter((name) => !name.startsWith("--"));
    return names.map((name) => `${at} ${one.tagName}${part} ${name}: ${style.getPropertyValue(name)}`);
  }))"""
WHOLE = """new Promise((done) => {
  const link = document.createElement("link");
  const {href} = document.querySelector("link[rel=prefetch]");
  Object.assign(link, {rel: "stylesheet", href, onload: () => done(true)});
  document.querySelector("style").replaceWith(link);
})"""
# Göm, held where the clock stands on the page and the next one has not come.
HIDDEN = """{
  self.fetch = () => new Promise(() => {});
  document.querySelector("[data-hide]").click();
  document.querySelector(".clock.gone").textContent = "9.00";
}"""


@pytest.mark.parametrize("width", [390, pytest.param(1200, marks=pytest.mark.long)])
def test_the_part_of_the_sheet_is_all_that_the_first_page_needs(phones: Phones, width: int) -> None:
    """The same to the last property as with the whole sheet, also when it has become a clock."""
    phone = phones(width=width)
    found = []
    for whole in (False, True):
        phone.context.clear_cookies()
        phone.open()
        if whole:
            phone.measure(WHOLE)
        before = set(phone.measure(LOOK))
        phone.measure(HIDDEN)
        found.append((before, set(phone.measure(LOOK))))
    (page, clock), (whole_page, whole_clock) = found
    assert page ^ whole_page == set() and clock ^ whole_clock == set()


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
        ours.get_by_role("button", name="Tung", exact=False).first.press("Enter")
    assert ours.locator("h1").inner_text() != "Hur är dagen?"
    assert other.evaluate("held.closed") is True

    opened()  # with cookies, at once
    assert other.evaluate("held.closed") is True
    context.close()
