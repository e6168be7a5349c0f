"""The phone of the stories itself: after a tap one may look anywhere."""

import ast
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.stories.phone import Phone
from tests.world import World

# What does not wait for where a tap leads. Phone has each of them: press, reload, back, open, key and measure.
AT_ONCE = re.compile(
    r"\.(click|dblclick|tap|check|reload|goto|go_back|go_forward|evaluate)$|keyboard\.press$"
)
KNOWN = {"test_live.py", "phone.py", "fox.py", "axe.py", "test_phone.py", "test_notices.py", "faults.py"}


def test_stories_touch_the_page_through_the_phone_only() -> None:
    """A story that reloads while the page is on its way falls once in a thousand times, and only elsewhere."""
    found = []
    for file in sorted(Path(__file__).parent.glob("*.py")):
        if file.name in KNOWN:
            continue
        for call in ast.walk(ast.parse(file.read_text())):
            if not isinstance(call, ast.Call):
                continue
            said = ast.unparse(call.func)
            if AT_ONCE.search(said) and re.search(r"page\b|get_by_|locator|link|button", said):
                found.append(f"{file.name}:{call.lineno} {said}")
    assert not found, "\n".join(["Say it with Phone, which waits for what it leads to:", *found])


@pytest.mark.story
def test_a_tap_is_over_when_what_it_leads_to_is_there(either: Phone, world: World) -> None:
    """The answer is late, and so is its style sheet; then everything that cannot wait is done at once."""
    either.open()
    either.answer("Tung")
    before = world.rows("record")
    inside = world.app.wsgi_app

    def late(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        time.sleep(0.1)
        return inside(environ, start)

    world.app.wsgi_app = late  # type: ignore[assignment, method-assign]
    for number, day in enumerate(("2026-11-18", "2026-11-17"), 1):
        either.open(f"/dagar/{day}/ny")
        either.write("Med egna ord", "Några ord.")
        either.tap("Spara")
        assert world.rows("record") >= before + number  # a worker's post is remembered beside
        assert either.path == f"/dagar/{day}"
        assert either.measure("document.readyState") == "complete"
        either.reload()
        either.press(either.page.get_by_role("link", name="Idag"))
        either.back()
        either.sees("Några ord.")


@pytest.mark.story
def test_a_tap_that_leads_nowhere_is_over_at_once(phone: Phone) -> None:
    """A place on the same page, a part that unfolds, a file: nothing else comes."""
    phone.open()
    phone.answer("Tung")
    phone.open("/mitt")
    with phone.page.expect_download():
        phone.tap("Ladda ner allt")
    phone.open("/dagar/2026-11-18/ny")
    phone.unfold("Vad som hjälpte")
    phone.key("Tab")
    assert phone.path == "/dagar/2026-11-18/ny"
