"""My picture is gathered from the own entries: each line by an own tap, and every word can be changed."""

from datetime import timedelta

import pytest

from server.core import clock
from server.days import log
from server.days.payloads import Told
from server.items import keeping
from server.items.sheets import ONE
from server.plan.sheets import STEP, TRY
from server.story import gathering
from server.story.gathering import NoRoom, gather, take
from server.story.sheets import PICTURE as SHEET
from server.vault.drawer import Drawer
from tests.client import Client
from tests.people import OTHERS, TUESDAY, WORDS, Ada
from tests.story.acts import GATHER, PICTURE, some_id, writes
from tests.world import NOW, World

TODAY = NOW.date()


def lived(drawer: Drawer, days_ago: int, **told: str) -> None:
    log.answer(drawer, TODAY - timedelta(days=days_ago), some_id(), Told(**told), NOW)  # type: ignore[arg-type]


def words_of(found: tuple[gathering.Own, ...]) -> list[str]:
    return [one.words for one in found]


def test_own_words_of_two_months_the_latest_first(drawer: Drawer) -> None:
    """Rows A12, E6: what helped and what was done, each with its day; other words stay where they are."""
    lived(drawer, 30, helped="oktober-hjalpte")
    lived(drawer, 2, done="gjorde", helped="hjalpte", words="bara-mitt")
    lived(drawer, 80, helped="for-lange-sen")
    found = gather(drawer, TODAY)
    assert words_of(found.days) == ["hjalpte", "gjorde", "oktober-hjalpte"]
    assert [one.day for one in found.days] == [TODAY - timedelta(days=n) for n in (2, 2, 30)]
    assert not found.plan


def test_no_more_than_a_page_can_hold_and_each_words_once(drawer: Drawer) -> None:
    for n in range(12):
        lived(drawer, n, done=f"gjorde-{n}", helped=f"hjalpte-{n}")
        lived(drawer, n, helped="samma")
    found = words_of(gather(drawer, TODAY).days)
    assert len(found) == gathering.MOST_OF_DAYS and found.count("samma") == 1


def test_what_was_learned_in_the_plan(drawer: Drawer) -> None:
    """Row C17: tries and steps, with their names; goals and dreams are no proof of anything."""
    tried = {"title": "Växthus", "learned": "lagom", "conditions": "inte morgon", "cost": "took_little"}
    keeping.begin(drawer, TRY, some_id(), tried, NOW)
    keeping.begin(drawer, STEP, some_id(), {"title": "Ringa", "learned": "mejl går", "note": "mitt"}, NOW)
    found = gather(drawer, TODAY).plan
    assert [(one.words, one.title) for one in found] == [
        ("lagom", "Växthus"), ("inte morgon", "Växthus"), ("mejl går", "Ringa"),
    ]  # fmt: skip


def test_each_tap_is_a_line_more(drawer: Drawer) -> None:
    """Twice is once, in the order of the taps, and one and the same words may stand under both."""
    lived(drawer, 1, done="gjorde", helped="hjalpte")
    helped, done = gather(drawer, TODAY).days
    for field, own in (
        ("strengths", done),
        ("conditions", helped),
        ("strengths", helped),
        ("strengths", done),
    ):
        take(drawer, field, own.key, TODAY, NOW)
    texts = keeping.find(drawer, SHEET, ONE).texts
    assert texts == {"strengths": "gjorde\nhjalpte", "conditions": "hjalpte"}
    assert all(one.taken for one in gather(drawer, TODAY).days)


def test_a_line_that_was_changed_is_offered_again(drawer: Drawer) -> None:
    lived(drawer, 1, done="gjorde det")
    (own,) = gather(drawer, TODAY).days
    item = take(drawer, "strengths", own.key, TODAY, NOW)
    assert item
    keeping.tell(drawer, SHEET, ONE, {"strengths": "gjorde det bra"}, item.edition, NOW)
    assert not gather(drawer, TODAY).days[0].taken


def test_a_full_field_is_left_as_it_was(drawer: Drawer) -> None:
    lived(drawer, 1, done="gjorde")
    (own,) = gather(drawer, TODAY).days
    keeping.begin(drawer, SHEET, ONE, {"strengths": "å" * SHEET.field("strengths").limit}, NOW)
    with pytest.raises(NoRoom):
        take(drawer, "strengths", own.key, TODAY, NOW)
    assert "gjorde" not in keeping.find(drawer, SHEET, ONE).texts["strengths"]


def test_the_page_says_where_each_comes_from(ada: Ada) -> None:
    page = ada.client.get(ada.client.get(PICTURE).link("Hämta från mina ord"))
    assert page.path == GATHER and "Bara jag" in page.text
    assert WORDS["helped"] in page.text and WORDS["done"] in page.text and "Tisdag 17 november" in page.text
    hidden = ("tuesday", "removed", "draft", "today", "noted")
    assert not any(WORDS[name] in page.text for name in hidden)


def test_a_tap_can_be_undone(ada: Ada) -> None:
    """Hard rule 8."""
    writes(ada.client, PICTURE, strengths="Mitt eget")
    form = next(one for one in ada.client.get(GATHER).forms if WORDS["done"] in one.buttons_say)
    page = ada.client.follow(ada.client.send(form, press="Det är jag bra på"))
    assert page.path == GATHER and "Står i din bild." in page.text
    assert WORDS["done"] in ada.client.get(PICTURE).text
    back = ada.client.follow(ada.client.send(page.form("Ångra")))
    assert WORDS["done"] not in back.text and "Mitt eget" in back.text


def test_every_word_can_be_changed_afterwards(ada: Ada) -> None:
    """Row E6."""
    key = f"day/{TUESDAY}/{ada.entries[TUESDAY]}/helped"
    ada.client.post(GATHER, {"to": "conditions", "line": key})
    page = writes(ada.client, PICTURE, conditions="Mina ord i stället")
    assert "Mina ord i stället" in page.text and WORDS["helped"] not in page.text
    assert WORDS["helped"] in ada.client.get(f"/dagar/{TUESDAY}").text


def test_nothing_is_said_of_a_gap(someone: Client) -> None:
    """Hard rule 4: no words, and no word about it but where they could come from."""
    page = someone.get(GATHER)
    assert "Inget att hämta än" in page.text and "Från dagarna" not in page.text


def test_what_is_not_offered_is_refused(ada: Ada) -> None:
    own = f"day/{TUESDAY}/{ada.entries[TUESDAY]}"
    for what in (f"{own}/words", f"{own}/form", "", "day/x", "meet/me"):
        ada.client.post(GATHER, {"to": "strengths", "line": what}, status=404)
    for to in ("harder", "range_from", "", "title"):
        ada.client.post(GATHER, {"to": to, "what": f"{own}/done"}, status=400)
    assert "Tidigare versioner" not in ada.client.get(PICTURE).text


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_or_takes_the_words(who: str, world: World, ada: Ada) -> None:
    """Hard rule 2: Ada's own address of the words leads nowhere, as one that never was."""
    client = world.person(who)
    assert not any(word in client.get(GATHER).text for word in WORDS.values())
    with clock.frozen(NOW):
        theirs, free = (
            client.post(GATHER, {"to": "strengths", "line": f"day/{TUESDAY}/{entry}/done"}, status=404).body
            for entry in (ada.entries[TUESDAY], "0" * 32)
        )
    assert theirs == free
    assert not any(word in client.get(PICTURE).text for word in WORDS.values())
