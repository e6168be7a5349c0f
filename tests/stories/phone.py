"""What a person does with the phone, in the words of the story. Nothing here knows an address that cannot be tapped."""

import re
import time
from contextlib import suppress
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Request, expect

from tests.client import Client
from tests.stories.axe import examine

PATIENCE = 10_000  # milliseconds; a busy machine is no fault
Until = Literal["load", "commit"]
# A page that says “no” is also reported by the browser as a resource that did not load; that is no fault.
_SAID_NO = re.compile(
    r"Failed to load resource: the server responded with a status of (401|404|409|422|503)"
    r"|Service Worker registration blocked by Playwright"  # on phones that live without one (conftest.py)
)


class Going:
    """Whether a page is on its way to somewhere, as the browser tells it.

    A form says at the tap that it wants to be sent, and begins to load a moment later; a link does both at once.
    A page that was asked for and became a download, or was given up, has stopped loading too.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._asked = self._loading = False
        self._devtools = page.context.new_cdp_session(page)
        self._devtools.on(
            "Page.frameRequestedNavigation", lambda _: self._now(asked=True, loading=self._loading)
        )
        self._devtools.on("Page.frameStartedLoading", lambda _: self._now(asked=False, loading=True))
        self._devtools.on("Page.frameStoppedLoading", lambda _: self._now(asked=self._asked, loading=False))
        self._devtools.send("Page.enable")

    def _now(self, *, asked: bool, loading: bool) -> None:
        self._asked, self._loading = asked, loading

    def ask(self, script: str) -> Any:
        """What the page answers at this very moment; nothing, between two pages."""
        with suppress(Error):
            said = self._devtools.send("Runtime.evaluate", {"expression": script, "returnByValue": True})
            return said["result"].get("value")
        return None

    def settle(self) -> None:
        """Until the page has arrived where the last act leads, if it leads somewhere."""
        self.ask("0")  # answered in order: what the act began has been told by then
        end = time.monotonic() + PATIENCE / 1000
        while self._asked or self._loading:
            assert time.monotonic() < end, f"{self._page.url} was left, and nothing came instead"
            self._page.wait_for_timeout(5)


class Phone:
    """A browser context of its own, and its one page (more can be opened as tabs).

    A tap is over when the page that it leads to is there. So a story may look anywhere after it: at the page, at the
    cookies, in the database.
    """

    def __init__(self, context: BrowserContext, address: str, *, script: bool = True) -> None:
        self.context, self.address, self.script = context, address, script
        self.complaints: list[str] = []
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complain(str(error.error)))
        self.context.on("request", self._asked)
        self._take(self.context.new_page())

    def _take(self, page: Page) -> None:
        self.page = page
        self._going = Going(page)

    def put_away(self) -> None:
        """Closes it. Nothing was fetched from elsewhere, nothing was refused by the CSP, no script failed."""
        self.context.close()
        assert not self.complaints, self.complaints

    def open(self, path: str = "/", until: Until = "load") -> None:
        self._going.settle()
        self.page.goto(path, wait_until=until)

    def reload(self) -> None:
        self._going.settle()
        self.page.reload()

    def back(self, until: Until = "load") -> None:
        self._going.settle()
        self.page.go_back(wait_until=until)

    def becomes(self, who: Client) -> None:
        """From here on this phone holds somebody else's cookies: whoever has lived through pages without a screen."""
        self.context.clear_cookies()
        address = self.address.replace("http", "https", 1)
        for name, value in who.cookies().items():
            self.context.add_cookies([{"name": name, "value": value, "url": address, "secure": True}])

    def looks_again(self) -> None:
        """The person comes back to the page: one that may be emptied asks at once how it stands.

        That it also asks while nobody does anything is told once, in test_pairing.py.
        """
        self.ask("dispatchEvent(new Event('focus'))")

    def tab(self) -> "Phone":
        """A further tab: the same cookies, another page."""
        other: Phone = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other._take(self.context.new_page())
        return other

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def title(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    @property
    def toast(self) -> Locator:
        return self.page.locator(".toast, .just-done")

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def tap(self, words: str, *, inside: Locator | None = None) -> None:
        """The button or link whose name holds these words; a summary, too, is a button to people."""
        root = inside or self.page.locator("body")
        found = root.get_by_role("button", name=words).or_(root.get_by_role("link", name=words))
        found = found.or_(root.locator("summary", has_text=words))
        self.press(found.first)

    def press(self, what: Locator) -> None:
        """A tap on something that is found in another way than by its words."""
        what.click()
        self._going.settle()

    def press_in_vain(self, what: Locator) -> None:
        """A tap after which the page stays as it is: nobody answered, and the worker says so."""
        what.click(no_wait_after=True)

    def key(self, name: str) -> None:
        """A key of a keyboard."""
        self.page.keyboard.press(name)
        self._going.settle()

    def choose(self, group: str, word: str) -> None:
        """A choice in a group, tapped on its word as a thumb does."""
        inside = self.page.get_by_role("group", name=group)
        self.press(inside.locator("label", has_text=re.compile(rf"^\s*{re.escape(word)}\s*$")))

    def unfold(self, words: str) -> None:
        """A part of the page that is closed until it is wanted."""
        self.press(self.page.locator("summary").filter(has_text=words))

    def write(self, field: str, text: str) -> None:
        self.page.get_by_label(field, exact=True).fill(text)

    def answer(self, word: str) -> None:
        """One tap on the question “Hur är dagen?”."""
        expect(self.title).to_have_text("Hur är dagen?")
        self.press(self.page.get_by_role("button", name=re.compile(rf"^{word}")))
        expect(self.title).not_to_have_text("Hur är dagen?")

    def undo(self) -> None:
        self.tap("Ångra", inside=self.toast)

    def sees(self, *words: str) -> None:
        """Each of these stands somewhere on the page where it can be read."""
        for one in words:
            expect(self.page.locator("body")).to_contain_text(one, use_inner_text=True)

    def does_not_see(self, *words: str) -> None:
        for one in words:
            expect(self.page.locator("body")).not_to_contain_text(one, use_inner_text=True)

    def look(self) -> None:
        """Everybody can use this page: axe, WCAG 2.2 AA and best practice, in light and dark, at full height."""
        if self.script:
            examine(self.page)

    def ask(self, script: str) -> Any:
        """As `measure`, without waiting for anything; nothing, between two pages."""
        return self._going.ask(script)

    def until(self, script: str) -> None:
        """Waits for nothing but this."""
        end = time.monotonic() + PATIENCE / 1000
        while not self.ask(script):
            assert time.monotonic() < end, f"never: {script}"
            self.page.wait_for_timeout(20)

    def glance(self) -> str:
        """What an eye would see just now."""
        return str(self.ask("document.body?.innerText") or "")

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _SAID_NO.match(message.text):
            self.complain(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.complain(f"asked elsewhere: {request.url}")

    def complain(self, words: str) -> None:
        self.complaints.append(words)

    def measure(self, script: str) -> Any:
        self._going.settle()
        return self.page.evaluate(script)
