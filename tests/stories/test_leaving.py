"""Leaving while somebody else has something: it goes from them too, and comes back with its owner as history only."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.conftest import Phones
from tests.stories.test_handing_over import handed_over, met
from tests.stories.test_pairing import GONE_WITHIN, WORDS

pytestmark = pytest.mark.story


def test_what_was_handed_over_goes_with_its_owner(phones: Phones, tmp_path: Path) -> None:
    """vault.md, rules 4 and 8; rows D31, E15."""
    ada, fia = phones(), phones()
    met(ada, fia)
    handed_over(ada)
    fia.open("/delat")
    fia.tap("Ada")
    fia.tap("Öppna", inside=fia.main)
    fia.sees(WORDS)

    ada.open("/kretsen")
    ada.sees("Fia öppnade tisdag 17 november")
    ada.open("/mitt/ta-bort")
    ada.sees(
        "Det här har andra av dig nu", "Fia", "Till torsdag 3 december", "kan finnas kvar i ditt ärende där"
    )
    ada.look()
    with ada.page.expect_download() as taken:
        ada.tap("Ladda ner allt först")
    file = tmp_path / "allt.zip"
    taken.value.save_as(file)
    ada.tap("Ta bort kontot", inside=ada.main)
    expect(ada.title).to_have_text("Hur är dagen?")
    fia.looks_again()
    expect(fia.page.locator("body")).not_to_contain_text(WORDS, timeout=GONE_WITHIN)
    fia.open(fia.path)
    fia.does_not_see(WORDS)
    fia.sees("Ada visar dig")  # as if Ada had stopped sharing

    ada.answer("Tung")
    ada.open("/mitt/las-in")
    ada.page.get_by_label("Filen").set_input_files(file)
    ada.tap("Se vad den innehåller")
    ada.sees("Lämnat, visat, öppnat och sagt förut", "Ingen får något genom det.")
    ada.look()
    ada.tap("Läs in", inside=ada.main)
    ada.open("/kretsen/oppnat")
    ada.sees("Fia öppnade tisdag 17 november", "Lämnat förut, från en fil du har läst in")
    ada.look()
    fia.open(fia.path)
    fia.does_not_see(WORDS)
