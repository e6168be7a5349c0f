"""axe-core (tests/vendor, MPL-2.0) on a page as it stands in the browser."""

import re
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

_AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
_EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# In the dark only the colours are others (static/css: custom properties), so only these can find something new.
_COLOURS = ["color-contrast", "link-in-text-block"]
_RUN = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ").slice(0, 600)}`);
}"""
_SCHEMES: tuple[tuple[Literal["light", "dark"], list[str]], ...] = (
    ("light", _EVERYTHING),
    ("dark", _COLOURS),
)
# What one process has examined: the same page at the same width in the same light gives the same answer.
_seen: set[tuple[int, str]] = set()
_RANDOM = re.compile(r"[\w-]{22,}")  # tokens and names of rows, which nobody sees


def examine(page: Page) -> None:
    """No violations in light and dark. At full page height: a sticky bar must not cut what is measured."""
    size = page.viewport_size
    height: int = page.evaluate("document.documentElement.scrollHeight")
    if size:
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    key = (size["width"] if size else 0, _RANDOM.sub("", page.content()))
    if key not in _seen:
        page.evaluate(_AXE)
        for scheme, rules in _SCHEMES:
            page.emulate_media(color_scheme=scheme)
            violations: Any = page.evaluate(_RUN, rules)
            assert not violations, f"{page.url} in {scheme}:\n" + "\n".join(violations)
        _seen.add(key)
    page.emulate_media(color_scheme="light")
    if size:
        page.set_viewport_size(size)
