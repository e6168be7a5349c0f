"""Drafts keep themselves, and are forgotten when the text is saved or thrown away (hard rule 8)."""

from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from server.days import drafts
from server.days.payloads import Draft
from server.vault.drawer import Drawer


def draft(day: date, words: str, entry_id: str = "a") -> Draft:
    return Draft(entry_id=entry_id, date=day, edition=0, fields={"words": [words]})


def test_the_latest_draft_of_an_entry_is_kept(drawer: Drawer, day: date) -> None:
    for words in ("Jag", "Jag gick", "Jag gick ut"):
        assert drafts.keep(drawer, draft(day, words))
    kept = drafts.read(drawer, "a")
    assert kept
    assert kept.fields == {"words": ["Jag gick ut"]}
    assert [one.entry_id for one in drafts.of_day(drawer, day)] == ["a"]
    assert drafts.of_day(drawer, day - timedelta(days=1)) == []


def test_a_draft_that_is_forgotten_is_gone(drawer: Drawer, day: date) -> None:
    drafts.keep(drawer, draft(day, "Jag"))
    drafts.forget(drawer, "a")
    drafts.forget(drawer, "a")
    assert drafts.read(drawer, "a") is None


def test_far_too_long_is_said_and_the_earlier_draft_stays(drawer: Drawer, day: date) -> None:
    drafts.keep(drawer, draft(day, "kort"))
    assert not drafts.keep(drawer, draft(day, "å" * 200_001))
    kept = drafts.read(drawer, "a")
    assert kept
    assert kept.fields == {"words": ["kort"]}


def test_every_field_is_kept_as_it_stands(drawer: Drawer, day: date) -> None:
    form = MultiDict(
        [("edition", "3"), ("words", "a\0b "), ("circumstances", "sleep"), ("circumstances", "money")]
    )
    fields = drafts.fields_of(form)
    assert fields == {"words": ["ab "], "circumstances": ["sleep", "money"]}
    kept = Draft(entry_id="a", date=day, edition=3, fields=fields)
    drafts.keep(drawer, kept)
    assert drafts.read(drawer, "a") == kept
    assert drafts.as_fields(kept).getlist("circumstances") == ["sleep", "money"]
