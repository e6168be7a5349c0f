"""Small pictures that stand inside the page: Lucide icons, and the window that shows a form."""

import io
import re
from functools import cache
from pathlib import Path

import segno
from flask import Flask
from markupsafe import Markup

_LUCIDE = Path(__file__).resolve().parents[2] / "static" / "vendor" / "lucide"

# Where the ground meets the sky in a window of 40 × 40, and its colour. The lighter the day, the more sky.
_GROUND = {
    1: ("M0 11C10 5 26 4 40 9", "mylla", "dark"),
    2: ("M0 18C11 10 23 10 40 17", "skymning", "dark"),
    3: ("M0 23C8 18 14 18 21 22S34 25 40 21", "ljung", "light"),
    4: ("M0 28C12 25.5 25 31 40 28.5", "rag", "light"),
    5: ("M0 34C14 33 27 33 40 34", "havre", "light"),
}
_LINES = {1: 4, 2: 3, 3: 2, 4: 1, 5: 0}


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(icon=icon, window=window)


@cache
def icon(name: str) -> Markup:
    """A Lucide icon (ISC), always beside a word."""
    drawn = re.search(r"<svg[^>]*>(.*)</svg>", (_LUCIDE / f"{name}.svg").read_text(), re.DOTALL)
    if drawn is None:
        raise ValueError(f"not an icon: {name}")
    inside = re.sub(r"\s*\n\s*", "", drawn[1]).replace(" />", "/>")
    return Markup(f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true">{inside}</svg>')  # noqa: S704


@cache
def window(form: int | None) -> Markup:
    """The day seen through a window; None is an empty horizon. Decoration: the word always stands beside it."""
    if form is None:
        inside = '<path d="M0 26H40" stroke="currentColor" stroke-width="2.5"/>'
    else:
        edge, fill, on = _GROUND[form]
        lines = "".join(
            f'<path d="{edge}" transform="translate(0 {6.2 * n:.1f})"/>' for n in range(1, _LINES[form] + 1)
        )
        inside = (
            f'<path d="{edge}V40H0Z" fill="var(--{fill})"/>'
            + (f'<g stroke="var(--on-{on})" opacity=".5">{lines}</g>' if lines else "")
            + f'<path d="{edge}" stroke="currentColor" stroke-width="2.5"/>'
        )
    svg = f'<svg class="window" viewBox="0 0 40 40" preserveAspectRatio="none" aria-hidden="true">{inside}</svg>'
    return Markup(svg)  # noqa: S704


def qr(text: str) -> Markup:
    """A QR as SVG, drawn by segno; always beside the same thing in words."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", xmldecl=False, svgns=True, border=2, omitsize=True)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by segno from our own text
