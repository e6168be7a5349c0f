"""Writing to each other through the pages: what is said, changed, taken back, and told (rows B2, C19, E20)."""

import re
from datetime import timedelta

import pytest

from server.core import clock
from tests.accounts.acts import lock, lockable, open_code
from tests.circle.meeting import meets
from tests.client import Client
from tests.messages.conftest import Talking, agree
from tests.people import Ada
from tests.world import World, at

Both = tuple[Talking, Talking]


def test_what_one_writes_the_other_reads_once_and_in_order(both: Both) -> None:
    ada, ben = both
    ada.says("Satt en timme med telefonen.")
    ben.says("Vad var det som låste sig?")
    ada.says("Att de skulle fråga.")
    assert ada.reads() == [
        "Jag: Satt en timme med telefonen.",
        "Ben: Vad var det som låste sig?",
        "Jag: Att de skulle fråga.",
    ]
    assert ben.reads() == [
        "Ada L: Satt en timme med telefonen.",
        "Jag: Vad var det som låste sig?",
        "Ada L: Att de skulle fråga.",
    ]


def test_the_same_form_twice_is_one_message(both: Both) -> None:
    ada, ben = both
    form = ada.look().form("/skriv")
    for _ in range(2):
        ada.client.send(form, {"words": "En gång"}, press="Skicka")
    assert ben.reads() == ["Ada L: En gång"]


def test_the_same_form_with_other_words_is_two_messages(both: Both) -> None:
    ada, ben = both
    form = ada.look().form("/skriv")
    for words in ("Först", "Sedan", "Sedan"):
        ada.client.send(form, {"words": words}, press="Skicka")
    assert ben.reads() == ["Ada L: Först", "Ada L: Sedan"]


def test_nobody_can_write_to_a_contact_who_has_not_said_yes(ada: Ada, fia: Client) -> None:
    _card, pair = meets(ada.client, fia, "Fia", hat="authority")
    page = ada.client.get(f"/prata/{pair}")
    assert "Fia har inte sagt ja till meddelanden" in page.text
    assert not [form for form in page.forms if form.action.endswith("/skriv")]
    ada.client.post(f"/prata/{pair}/skriv", {"id": "a" * 32, "words": "Hej"}, status=422)
    assert "Hej" not in fia.get(f"/prata/{pair}").text


def test_nobody_can_write_to_the_owner_who_has_not_written_first(ada: Ada, fia: Client) -> None:
    """Hard rule 1: an authority opens no channel to a participant."""
    _mine, theirs = agree(ada.client, fia, "Fia", hat="authority")
    assert "skriver först" in theirs.look().text
    fia.post(f"{theirs.page}/skriv", {"id": "a" * 32, "words": "Hör av dig"}, status=422)
    assert "Hör av dig" not in ada.client.get(f"/prata/{theirs.pair}").text


def test_a_yes_can_be_taken_back(both: Both) -> None:
    ada, ben = both
    ada.says("Hej")
    ben.client.follow(
        ben.client.send(
            ben.client.get(f"/delat/{ben.pair}").form("/ta-emot"), press="Ta inte emot fler meddelanden"
        )
    )
    assert "Ben har inte sagt ja" in ada.look().text
    assert ada.reads() == ["Jag: Hej"]


def test_reading_tells_nothing(both: Both) -> None:
    """Hard rules 2 and 4: nobody can see when somebody has looked."""
    ada, ben = both
    ada.says("Hej")
    before = ada.look().html
    ben.look()
    assert "läst" not in ada.look().text
    assert _without_ids(ada.look().html) == _without_ids(before)


@pytest.mark.parametrize(
    ("tap", "told"),
    [
        ("Läst, orkar inte svara", "läst. Orkar inte svara"),
        ("Läst", "läst"),
        ("Läst, svarar senast fredag 20", "läst. Svarar senast fredag 20 november"),
    ],
)
def test_read_is_a_tap_and_says_what_it_says(both: Both, tap: str, told: str) -> None:
    """Row E20: a human receipt."""
    ada, ben = both
    ada.says("Hej")
    form = ben.look().form("/skriv")
    ben.client.send(form, {"words": "halvskrivet"}, press=tap)
    assert told in ada.look().text
    assert "halvskrivet" in ben.look().html


def test_a_ready_answer_is_a_message(both: Both) -> None:
    ada, ben = both
    ada.says("Vill du se mejlet?")
    ben.client.send(ben.look().form("/skriv"), {"words": "mitt utkast"}, press="Ja, gärna")
    assert ada.reads()[-1] == "Ben: Ja, gärna"
    assert "mitt utkast" in ben.look().html


def test_edit_within_five_minutes(both: Both, world: World) -> None:
    ada, ben = both
    ada.says("Vi ses på tisdag")
    ben.look()
    one = ada.id_of("tisdag")
    world.move(clock.now() + timedelta(minutes=5))
    page = ada.client.get(f"{ada.page}/{one}")
    ada.client.send(page.form("/andra"), {"words": "Vi ses på onsdag"})
    assert ben.reads() == ["Ada L: Vi ses på onsdag"]
    assert "ändrat" in ben.look().text
    world.move(clock.now() + timedelta(minutes=1))
    late = ada.client.send(page.form("/andra"), {"words": "Vi ses på torsdag"}, status=422)
    assert "fem minuter" in late.text and "Vi ses på torsdag" in late.html
    ada.client.send(late.form("Skicka som ett nytt"), {"words": "Vi ses på torsdag"})
    assert ben.reads() == ["Ada L: Vi ses på onsdag", "Ada L: Vi ses på torsdag"]


def test_take_back_and_undo(both: Both) -> None:
    ada, ben = both
    ada.says("Det här vill jag inte ha sagt")
    ben.look()
    one = ada.id_of("vill jag inte")
    page = ada.client.follow(ada.client.send(ada.client.get(f"{ada.page}/{one}").form("/bort")))
    assert ben.reads() == [] == ada.reads()
    assert "Det här" not in ben.look().text
    ada.client.follow(ada.client.send(page.form("/tillbaka")))
    assert ben.reads() == ["Ada L: Det här vill jag inte ha sagt"]


def test_theirs_is_taken_away_on_my_side_only(both: Both) -> None:
    ada, ben = both
    ada.says("Hej")
    ben.says("Något hårt")
    one = ada.id_of("hårt")
    page = ada.client.follow(ada.client.send(ada.client.get(f"{ada.page}/{one}").form("/bort")))
    assert ada.reads() == ["Jag: Hej"]
    assert ben.reads() == ["Ada L: Hej", "Jag: Något hårt"]
    ada.client.follow(ada.client.send(page.form("/tillbaka")))
    assert ada.reads() == ["Jag: Hej", "Ben: Något hårt"]


def test_drafts_keep_themselves_and_go_when_sent(both: Both) -> None:
    ada, _ben = both
    ada.client.autosave(ada.look().form("/skriv"), {"words": "Jag har tänkt på"})
    assert "Jag har tänkt på" in ada.look().html
    ada.says("Jag har tänkt på det")
    assert "Jag har tänkt på</textarea>" not in ada.look().html


@pytest.mark.parametrize("words", ["", "   ", "x" * 5_001])
def test_nothing_and_too_much_are_said_kindly_and_kept(both: Both, words: str) -> None:
    ada, ben = both
    answer = ada.says(words, status=422)
    assert "Skriv några ord" in answer.text or "Din text är kvar" in answer.text
    assert words.strip() in answer.html
    assert ben.reads() == []


@pytest.mark.parametrize(
    "words", ["🙃🏽 hej", "שלום עולם", "<script>alert(1)</script>", "rad ett\nrad två", "a" * 5_000]
)
def test_words_come_as_they_were_written(both: Both, words: str) -> None:
    ada, ben = both
    ada.says(words)
    assert ben.reads() == [f"Ada L: {' '.join(words.split())}"]


def test_late_or_heavy_the_page_says_when_an_answer_comes_and_where_help_is(both: Both, world: World) -> None:
    """Row D9, hard rule 6: nothing is scanned, and help is beside before and after sending."""
    ada, _ben = both
    world.move(at("2026-11-19 22.30"))
    assert "Det är sent." in ada.look().text and "/hjalp" in ada.look().links
    ada.says("Kan inte sova")
    assert "Behöver du någon nu" in ada.look().text
    world.move(at("2026-11-20 10.00"))
    assert "Behöver du någon nu" not in ada.look().text
    ada.client.follow(ada.client.send(ada.client.get("/").form("/svara"), press="Tung"))
    assert "Det är en tung dag." in ada.look().text and "Min krisplan" not in ada.look().text
    ada.client.post("/plan/krisplan/min/andra", {"edition": "0", "do": "te"})
    assert ada.look().link("Min krisplan") == "/plan/krisplan/min"


def test_pause_says_nothing_and_keeps_what_comes(both: Both) -> None:
    ada, ben = both
    ada.says("Hej")
    ada.client.follow(ada.client.send(ada.client.get(f"{ada.page}/granser").form("/pausa")))
    seen = ben.look().html
    ben.says("Hur går det?")
    assert "Nytt" not in ada.client.get("/prata").text and "Vilar" in ada.client.get("/prata").text
    assert _without_ids(seen).count("say-") + 1 == _without_ids(ben.look().html).count("say-")
    ada.client.follow(ada.client.send(ada.client.get(f"{ada.page}/granser").form("/fortsatt")))
    assert "Nytt" in ada.client.get("/prata").text
    assert ada.reads()[-1] == "Ben: Hur går det?"
    assert "Nytt" not in ada.client.get("/prata").text


def test_block_is_silent_and_can_be_undone(both: Both) -> None:
    ada, ben = both
    ada.says("Hej")
    ben.says("Ett")
    before = ben.look().text
    page = ada.client.follow(ada.client.send(ada.client.get(f"{ada.page}/granser").form("/blockera")))
    assert ben.look().text == before
    ben.says("Två")
    assert "skickat" in ben.look().text
    assert ada.reads() == ["Jag: Hej", "Ben: Ett"]
    assert "Blockerad av dig" in ada.client.get("/prata").text
    ada.client.follow(ada.client.send(page.form("/oppna-igen")))
    ben.says("Tre")
    assert ada.reads() == ["Jag: Hej", "Ben: Ett", "Ben: Tre"]


def test_the_years_cost_nothing_and_earlier_is_a_tap_away(both: Both, world: World) -> None:
    ada, ben = both
    for week in range(4):
        world.move(at("2026-11-19 10.00") + timedelta(weeks=week))
        for number in range(8):
            ada.says(f"v{week} n{number}")
    assert ben.reads()[0] == "Ada L: v1 n0"
    earlier = ben.client.get(ben.look().link("Visa tidigare"))
    assert "v0 n7" in earlier.text and "v1 n0" not in earlier.text


def test_when_two_part_the_owner_keeps_the_words_and_the_other_nothing(both: Both) -> None:
    ada, ben = both
    ada.says("Hej")
    ben.says("Hej själv")
    ada.client.follow(ada.client.post(f"/kretsen/{ada.card}/avsluta", {"how": "told"}))
    assert ada.reads() == ["Jag: Hej", "Ben: Hej själv"]
    assert not [form for form in ada.look().forms if form.action.endswith("/skriv")]
    assert "Hej" not in ben.client.get("/prata").text
    ben.client.get(ben.page, status=404)


def test_what_was_sent_while_locked_waits_as_a_draft(both: Both) -> None:
    """vault.md, rule 5: nothing is lost, and nothing goes to anybody without a tap."""
    ada, ben = both
    lockable(Ada(ada.client, {}, {}))
    form = ada.look().form("/skriv")
    lock(ada.client)
    assert ada.client.send(form, {"words": "Skrivet när det var låst"}, press="Skicka").location.startswith(
        "/nyckel"
    )
    ada.client.follow(open_code(ada.client))
    assert "Skrivet när det var låst" in ada.look().html
    assert ben.reads() == []


def _without_ids(html: str) -> str:
    """But for the id of the next message, which is fresh on every page."""
    return re.sub(r'name="id" value="[0-9a-f]{32}"', "", html)
