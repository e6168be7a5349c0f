"""What a person does with the phone, in the words of the story. Nothing here knows an address that cannot be tapped."""

import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Request, expect

from tests.stories.axe import examine

PATIENCE = 10_000  # milliseconds; a busy machine is no fault
# A page that says “no” is also reported by the browser as a resource that did not load; that is no fault.
_SAID_NO = re.compile(r"Failed to load resource: the server responded with a status of (401|404|409|422|503)")


class Phone:
    """A browser context of its own, and its one page (more can be opened as tabs)."""

    def __init__(self, context: BrowserContext, address: str, *, script: bool = True) -> None:
        self.context, self.address, self.script = context, address, script
        self.complaints: list[str] = []
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._asked)
        self.page = self.context.new_page()

    def put_away(self) -> None:
        """Closes it. Nothing was fetched from elsewhere, nothing was refused by the CSP, no script failed."""
        self.context.close()
        assert not self.complaints, self.complaints

    def open(self, path: str = "/") -> None:
        self.page.goto(path)

    def tab(self) -> "Phone":
        """A further tab: the same cookies, another page."""
        other: Phone = object.__new__(Phone)
        other.__dict__.update(self.__dict__)
        other.page = self.context.new_page()
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
        found.first.click()

    def choose(self, group: str, word: str) -> None:
        """A choice in a group, tapped on its word as a thumb does."""
        inside = self.page.get_by_role("group", name=group)
        inside.locator("label", has_text=re.compile(rf"^\s*{re.escape(word)}\s*$")).click()

    def unfold(self, words: str) -> None:
        """A part of the page that is closed until it is wanted."""
        self.page.locator("summary").filter(has_text=words).click()

    def write(self, field: str, text: str) -> None:
        self.page.get_by_label(field, exact=True).fill(text)

    def answer(self, word: str) -> None:
        """One tap on the question “Hur är dagen?”."""
        expect(self.title).to_have_text("Hur är dagen?")
        self.page.get_by_role("button", name=re.compile(rf"^{word}")).click()
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

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _SAID_NO.match(message.text):
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", "data:")):
            self.complaints.append(f"asked elsewhere: {request.url}")

    def measure(self, script: str) -> Any:
        return self.page.evaluate(script)
