"""What a drawer's tests here ask of the clock."""

from datetime import date, datetime

import pytest

from tests.world import NOW


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def day() -> date:
    return date(2026, 11, 19)
