"""axe-core (tests/vendor, MPL-2.0) on a page as it stands in the browser."""

from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Page

_AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """async (rules) => {
  const found = await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ").slice(0, 600)}`);
}"""
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# What one process has examined: the same page in the same light gives the same answer.
_seen: set[tuple[str, str]] = set()


def examine(page: Page) -> None:
    """No violations in light and dark. At full page height: a sticky bar must not cut what is measured."""
    size = page.viewport_size
    height: int = page.evaluate("document.documentElement.scrollHeight")
    if size:
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    for scheme in _SCHEMES:
        page.emulate_media(color_scheme=scheme)
        key = (scheme, page.content())
        if key in _seen:
            continue
        if not page.evaluate("'axe' in window"):
            page.evaluate(_AXE)
        violations: Any = page.evaluate(_RUN, _RULES)
        assert not violations, f"{page.url} in {scheme}:\n" + "\n".join(violations)
        _seen.add(key)
    page.emulate_media(color_scheme="light")
    if size:
        page.set_viewport_size(size)
