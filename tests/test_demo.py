"""The demo's invented people: believable to somebody who looks through their days."""

import random
from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from server import demo
from server.days.payloads import Day
from tests.world import at


def days() -> list[Day]:
    return demo._days(random.Random("dagsform"), demo.MONTHS * 30)


def test_no_sentence_comes_back_before_the_others_have_been_seen() -> None:
    drawn = demo._Decks(random.Random(1))
    for level, sentences in demo._WORDS.items():
        for _round in range(3):
            assert sorted(drawn.draw(level) for _ in sentences) == sorted(sentences)


def test_the_dark_months_weigh(move: Callable[[datetime], None]) -> None:
    """And no month is of one kind only: heavy weeks and lighter ones, and days that nobody answered."""
    move(at("2026-11-22 10.00"))
    months = {
        month: [int(day.entries[0].told.form or 0) for day in those]
        for month, those in groupby(days(), lambda day: f"{day.date:%Y-%m}")
    }
    assert len(months) >= 14
    assert all(len(forms) < 28 for forms in months.values())
    heavy = [
        sum(form <= 2 for form in months[month]) / len(months[month]) for month in ("2025-11", "2026-11")
    ]
    assert min(heavy) > 0.5
    assert len({form for forms in months.values() for form in forms}) == 5
    assert len(set(months["2026-11"])) >= 3
