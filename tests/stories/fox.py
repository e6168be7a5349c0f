"""The same phone in Firefox ESR: Debian's own, driven by Playwright over WebDriver BiDi (`channel="moz-firefox"`).

What Playwright cannot do there: turn scripts off, a touch screen, dark colours. Everything else is as in Chromium;
Firefox too keeps Secure cookies on http://localhost.
"""

import re
import time
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Request

from tests.long_run import Missing, firefox
from tests.stories.phone import PATIENCE, Phone

# Two things that Firefox says and Chromium does not. It holds a prefetch against the rule for everything else, so the
# sheet comes with the next page; and it is told by /live that there is no stream from the server of the stories.
_NO_FAULT = re.compile(
    r"blocked the loading of a resource \(default-src\) at \S+/static/dagsform\.\w+\.css "
    r"|^Firefox can’t establish a connection to the server at \S+/live\.$"
)
_MOMENT = 60  # milliseconds after which a form that was sent has begun to load


def how_to_launch() -> dict[str, Any]:
    """Where Firefox is, and what it may not do by itself."""
    try:
        path = firefox()
    except Missing as what_to_do:
        pytest.fail(str(what_to_do))
    quiet = {
        "ui.prefersReducedMotion": 1,
        "ui.useOverlayScrollbars": 1,  # as on a phone: a long page is as wide as a short one
        "app.update.auto": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "dom.push.connection.enabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
    }
    return {"channel": "moz-firefox", "executable_path": path, "firefox_user_prefs": quiet}


class Going:
    """Whether a page is on its way to somewhere, told by what it asks for; see `tests.stories.phone.Going`."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._loading: Request | None = None
        page.on("request", self._asked)
        page.on("requestfailed", self._failed)
        page.on("load", lambda _: self._over())

    def _asked(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame == self._page.main_frame:
            self._loading = request

    def _failed(self, request: Request) -> None:
        if request == self._loading:
            self._over()

    def _over(self) -> None:
        self._loading = None

    def ask(self, script: str) -> Any:
        with suppress(Error):
            return self._page.evaluate(script)
        return None

    def settle(self) -> None:
        self._page.wait_for_timeout(_MOMENT)
        end = time.monotonic() + PATIENCE / 1000
        while self._loading:
            assert time.monotonic() < end, f"{self._page.url} was left, and nothing came instead"
            self._page.wait_for_timeout(5)


class Fox(Phone):
    """A phone-sized Firefox."""

    def _take(self, page: Page) -> None:
        self.page = page
        self._going = Going(page)  # type: ignore[assignment]

    def complain(self, words: str) -> None:
        if not _NO_FAULT.search(words):
            super().complain(words)
