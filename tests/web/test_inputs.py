"""People's own words as they come from a page."""

import pytest

from server.web.inputs import line


@pytest.mark.parametrize(
    "text",
    [
        "Åsa", "Ben 🦔", "👩🏽‍🚀", "🏳️‍🌈", "👨‍👩‍👧‍👦", "❤️‍🔥",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "مرحبا", "می\u200cخواهم", "क्\u200dष", "1", "?", "O’Brien", "e\u0301",
    ],
)  # fmt: skip
def test_what_can_be_seen_is_kept_sign_by_sign(text: str) -> None:
    assert line(f"  {text} ") == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\u202eneB", "neB"),
        ("Ben\u2066\u2069\u200e\u200f\u061c", "Ben"),
        ("B\u200de\u200cn\u200b", "Ben"),
        ("Be\u00adn\ufeff", "Ben"),
        ("Бе\u200dн", "Бен"),
        ("Ben\U000e0041\U000e0042", "Ben"),
        ("Ben \u200b Bo", "Ben Bo"),
        ("Ben\x07\x9b", "Ben"),
        ("👩\u200d\u200d", "👩"),
    ],
)
def test_what_cannot_be_seen_is_left_out(text: str, kept: str) -> None:
    assert line(text) == kept


@pytest.mark.parametrize(
    "text", [None, "", " \0 ", "\u202e\u202c", "\u3164", "\u115f\u2800", "\u200d", "\u0301", "\ufe0f"]
)
def test_nothing_to_see_is_nothing(text: str | None) -> None:
    assert line(text) == ""
