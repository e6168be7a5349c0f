"""axe over my pages"""

import pytest
from tests.stories.conftest import *
from tests.mine.test_daylio import NEW, row

pytestmark = pytest.mark.story
CSV = "\n".join(
    [NEW, row("promenad"), row("b", mood="orolig", day="2026-11-16"), *[row(day="i går")] * 9]
).encode()


def test_axe(either, world):
    phone = either
    phone.open()
    phone.answer("Tung")
    phone.open("/mitt")
    phone.look()
    phone.tap("Läs in")
    phone.look()
    phone.page.set_input_files("#fil", files=[{"name": "d.csv", "mimeType": "text/csv", "buffer": CSV}])
    phone.tap("Se vad den innehåller")
    phone.look()
    phone.choose("orolig", "Ganska dåligt")
    phone.tap("Läs in", inside=phone.main.locator("form").first)
    phone.sees("Inläst.")
    phone.look()
    phone.open("/mitt/las-in")
    phone.page.set_input_files("#fil", files=[{"name": "d.csv", "mimeType": "text/csv", "buffer": b"hej"}])
    phone.tap("Se vad den innehåller")
    phone.sees("varken")
    phone.look()
    phone.open("/mitt/ta-bort")
    phone.look()
    phone.tap("Ta bort kontot", inside=phone.main)
    phone.sees("Kontot och allt i det är borttaget.")
    phone.look()
