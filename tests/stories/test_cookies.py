"""A browser that refuses cookies, and one whose cookies are cleared in the middle of a sentence."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.stories.conftest import how_to_launch
from tests.stories.phone import Phone
from tests.world import World

pytestmark = pytest.mark.story


def test_cookies_refused_is_said_and_nothing_is_made(
    playwright: Playwright, address: str, tmp_path: Path, world: World
) -> None:
    """Issue 2, bad input. A setting of the browser's own, not a trick: the site may keep nothing."""
    preferences = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "profile" / "Default").mkdir(parents=True)
    (tmp_path / "profile" / "Default" / "Preferences").write_text(json.dumps(preferences))
    before = world.rows("account")
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        base_url=address,
        locale="sv-SE",
        viewport={"width": 390, "height": 844},
        **how_to_launch(),
    )
    phone = Phone(context, address)
    phone.open()
    phone.press(phone.page.get_by_role("button", name="Tung").first)
    expect(phone.title).to_have_text("Webbläsaren skickade inte tillbaka vår kaka")
    phone.sees("Utan den går det inte att spara, så inget sparades.")
    phone.look()
    phone.tap("Prova igen")
    expect(phone.title).to_have_text("Webbläsaren skickade inte tillbaka vår kaka")
    phone.tap("Se vad som är möjligt ändå")
    expect(phone.title).to_have_text("Inte idag")
    assert world.rows("account") == before
    assert context.cookies() == []
    phone.put_away()


def test_text_stays_when_the_cookies_were_cleared(either: Phone) -> None:
    """The key is gone and nothing can be saved; what was written is still there to be copied."""
    either.open()
    either.answer("Tung")
    either.open("/dagar/2026-11-19/ny")
    either.write("Med egna ord", "Jag hann skriva det här.")
    either.context.clear_cookies()
    either.tap("Spara")
    either.sees("Din text är kvar här.")
    expect(either.page.get_by_label("Din text")).to_have_value("Jag hann skriva det här.")
    either.look()
