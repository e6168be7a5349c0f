"""“Två veckor på prov”: words from the own days, and nothing made of them."""

from datetime import date

from server.core import clock
from server.days import log
from server.days.payloads import Form, Told
from server.plan import weeks
from server.vault.drawer import Drawer

START = date(2026, 11, 3)
TITLES = {"before": "Före", "during": "Under", "after": "Efter"}
WORDS = {
    Form.VERY_HEAVY: "mycket tung",
    Form.HEAVY: "tung",
    Form.IN_BETWEEN: "mittemellan",
    Form.FAIRLY_LIGHT: "ganska lätt",
    Form.LIGHT: "lätt",
}


def says(drawer: Drawer, day: str, form: Form | None) -> None:
    log.answer(
        drawer, date.fromisoformat(day), day.replace("-", "").ljust(32, "0"), Told(form=form), clock.now()
    )


def test_before_during_and_after_in_the_order_of_the_days(drawer: Drawer) -> None:
    """Row C3. Days without an answer are left out; no average, no count, no arrow."""
    says(drawer, "2026-10-19", Form.LIGHT)  # the day before the two weeks before
    says(drawer, "2026-10-20", Form.HEAVY)
    says(drawer, "2026-11-02", Form.VERY_HEAVY)
    says(drawer, "2026-11-03", Form.IN_BETWEEN)
    says(drawer, "2026-11-05", None)
    says(drawer, "2026-11-16", Form.FAIRLY_LIGHT)
    says(drawer, "2026-11-17", Form.HEAVY)
    told = weeks.in_words(weeks.around(drawer, START, date(2026, 11, 19)), TITLES, WORDS)
    assert told == "Före: tung, mycket tung.\nUnder: mittemellan, ganska lätt.\nEfter: tung."


def test_a_span_without_answers_is_not_mentioned(drawer: Drawer) -> None:
    assert weeks.in_words(weeks.around(drawer, START, date(2026, 11, 19)), TITLES, WORDS) == ""
    says(drawer, "2026-11-04", Form.HEAVY)
    assert weeks.in_words(weeks.around(drawer, START, date(2026, 11, 19)), TITLES, WORDS) == "Under: tung."


def test_a_try_that_begins_later_has_only_a_before(drawer: Drawer) -> None:
    says(drawer, "2026-11-18", Form.HEAVY)
    spans = weeks.around(drawer, date(2026, 11, 25), date(2026, 11, 19))
    assert [name for name, days in spans.items() if days] == ["before"]
