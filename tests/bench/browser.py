"""A real Chromium, and what its own network log says came over the wire."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser import find

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine. Raises NoBrowser, which says what to install."""
    path = find()
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=root)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Wire:
    """Bytes with headers as they came, and requests that left the browser."""

    bytes: float = 0
    addresses: dict[str, str] = field(default_factory=dict)
    from_cache: set[str] = field(default_factory=set)

    @property
    def kb(self) -> float:
        """Kilobytes of 1,000 bytes."""
        return round(self.bytes / 1000, 2)

    @property
    def requests(self) -> int:
        return sum(1 for id in self.addresses if id not in self.from_cache)


def watch(page: Page) -> tuple[CDPSession, Wire]:
    """Count everything that this page fetches from now on (Network.loadingFinished, encodedDataLength)."""
    log, wire = page.context.new_cdp_session(page), Wire()

    def asked(event: dict[str, Any]) -> None:
        before = event.get("redirectResponse")
        if before:  # a redirect keeps its id: what it cost is told only here
            wire.bytes += before["encodedDataLength"]
            wire.addresses[f"{event['requestId']} {len(wire.addresses)}"] = before["url"]
        if not event["request"]["url"].startswith("data:"):
            wire.addresses[event["requestId"]] = event["request"]["url"]

    def finished(event: dict[str, Any]) -> None:
        wire.bytes += event["encodedDataLength"]

    def received(event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromPrefetchCache"):
            wire.from_cache.add(event["requestId"])

    log.on("Network.requestWillBeSent", asked)
    log.on("Network.loadingFinished", finished)
    log.on("Network.responseReceived", received)
    log.on("Network.requestServedFromCache", lambda event: wire.from_cache.add(event["requestId"]))
    log.send("Network.enable")
    return log, wire
