"""Lämna, page by page, as far as somebody on paper: shown on the own screen, or printed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from server.vault.sealing import KeyPair, Secret
from server.vault.ways_in import device_slot
from tests.accounts.acts import lock_for_real, open_code
from tests.accounts.authenticator import Authenticator, make_passkey
from tests.circle.meeting import meets
from tests.client import Client, Page
from tests.people import OCTOBER, TUESDAY, WORDS, Ada, write
from tests.world import NOW, World, at

FRAME = "En kvart tog onsdagens kraft också."


def begin(client: Client, day: str = TUESDAY, what: str = "words") -> Page:
    """The first page filled in; the second one."""
    page = client.follow(client.send(client.get(f"/dagar/{day}").form("Lämna eller visa upp"), press="Lämna"))
    return client.follow(client.send(page.form("Vidare"), {"0-what": what}, press="Vidare"))


def to_paper(client: Client, page: Page, hat: str = "authority", name: str = "Maria") -> Page:
    somebody = {"card": "paper", "paper_name": name, "paper_hat": hat}
    return client.follow(client.send(page.form("Vidare"), somebody, press="Vidare"))


def because(client: Client, page: Page, **said: str) -> Page:
    terms = {"purpose": "Inför mötet", "length": "days", "frame": FRAME} | said
    fields = {name: text for name, text in terms.items() if f'name="{name}"' in page.html}
    return client.follow(client.send(page.form("Se som"), fields, press="Se som"))


def seen(client: Client, day: str = TUESDAY, what: str = "words", **to: str) -> Page:
    return because(client, to_paper(client, begin(client, day, what), **to))


def test_nothing_is_chosen_for_the_person(ada: Ada) -> None:
    """No pre-ticked share, nobody preselected, no length (hard rule 1)."""
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": f"day/{TUESDAY}"}))
    for step in ("", "/vem", "/varfor"):
        if step == "/varfor":
            page = to_paper(ada.client, begin(ada.client))
        else:
            page = ada.client.get(page.path.removesuffix("/vem") + step)
        assert not [c for form in page.forms for c in form.controls if c.kind == "radio" and c.chosen]


def test_the_preview_is_what_was_chosen_and_nothing_else(ada: Ada) -> None:
    page = seen(ada.client)
    assert page.h1 == "Så ser Maria det"
    assert "Det här, och inget annat." in page.text
    for told in (
        "Inför mötet",
        FRAME,
        "Tisdag 17 november",
        "Ganska lätt",
        WORDS["tuesday"],
    ):
        assert told in page.text
    for mine in ("Hur det såg ut", "Vad det kostade", "Runt dagen", "Hur jag mådde", "Tog mycket"):
        assert mine not in page.text
    only_form = seen(ada.client, what="form")
    assert WORDS["tuesday"] not in only_form.text and "Ganska lätt" in only_form.text


def test_before_an_authority_the_plain_words_about_case_files(ada: Ada) -> None:
    assert "bli en del av ditt ärende" in seen(ada.client, hat="authority").text
    assert "ärende" not in seen(ada.client, hat="support").text


@pytest.mark.parametrize(("hat", "asked"), [("authority", True), ("employer", True), ("support", False)])
def test_a_better_day_is_asked_for_its_frame(ada: Ada, hat: str, asked: bool) -> None:
    page = to_paper(ada.client, begin(ada.client), hat=hat)
    assert ("Så här hör det ihop" in page.text) is asked
    answer = ada.client.send(
        page.form("Se som"),
        purpose="Inför mötet",
        press="Se som",
        status=422 if asked else 303,
    )
    assert ("Skriv en mening" in answer.text) is asked


def test_a_heavy_day_needs_no_frame(ada: Ada) -> None:
    assert "Så här hör det ihop" not in to_paper(ada.client, begin(ada.client, OCTOBER)).text


def test_an_own_earlier_frame_is_offered_but_only_after_a_handing_over(ada: Ada) -> None:
    page = to_paper(ada.client, begin(ada.client))
    assert "Ta den igen" not in page.text


WRONG = [
    ({"purpose": ""}, "Skriv några ord"),
    ({"purpose": "x" * 5000}, "Det är mer än vad som får plats på raden"),
    ({"frame": "x" * 5000}, "Det är mer än vad som får plats här"),
    ({"asks": "x" * 5000}, "Det är mer än vad som får plats här"),
    ({"length": ""}, "Välj hur länge"),
    ({"length": "meeting", "day": ""}, "Välj hur länge"),
    ({"length": "meeting", "day": "hej"}, "Välj hur länge"),
    ({"length": "other", "day": "2026-11-18"}, "Den dagen har varit"),
    ({"length": "other", "day": "1890-01-01"}, "Den dagen har varit"),
    ({"length": "other", "day": "2036-11-18"}, "högst 90 dagar"),
    ({"length": "for ever", "day": ""}, "Välj hur länge"),
]


@pytest.mark.parametrize(("said", "sentence"), WRONG, ids=str)
def test_what_cannot_be_gets_a_sentence_and_is_kept(
    ada: Ada, fia: Client, said: dict[str, str], sentence: str
) -> None:
    card, _pair = meets(ada.client, fia, "Fia", hat="authority")
    who = begin(ada.client)
    page = ada.client.follow(ada.client.send(who.form("Vidare"), card=card, press="Vidare"))
    terms = {"purpose": "Inför <b>mötet</b> 🌧", "length": "days", "frame": FRAME, "asks": ""} | said
    wrong = ada.client.post(page.path, terms, status=422)
    assert sentence in wrong.text
    for kept in (terms["purpose"], terms["frame"]):
        assert kept.replace("<", "&lt;").replace(">", "&gt;") in wrong.html
    assert ada.client.get(page.path).form("Se som").action == page.path
    assert ada.client.get(f"{page.path.rsplit('/', 1)[0]}/se", status=303).location.endswith("/varfor")


def test_nobody_and_somebody_without_a_name_are_asked_for(ada: Ada) -> None:
    page = begin(ada.client)
    for fields in ({}, {"card": "paper"}, {"card": "paper", "paper_name": "Maria"}, {"card": "f" * 32}):
        assert "Välj en person" in ada.client.post(page.path, fields, status=422).text
    ada.client.post(page.path, {"card": "../x"}, status=400)


def test_back_keeps_everything(ada: Ada) -> None:
    page = seen(ada.client)
    home = page.path.removesuffix("/se")
    assert 'value="words" checked' in ada.client.get(home).html
    assert 'value="Maria"' in ada.client.get(f"{home}/vem").html
    assert 'value="Inför mötet"' in ada.client.get(f"{home}/varfor").html
    assert ada.client.get(page.path).text == page.text


def test_one_more_day_by_its_own_tap(ada: Ada) -> None:
    """*Lägg till en dag till* keeps the rest, and there is no way to tick many."""
    client = ada.client
    write(client, "2026-11-12", level="2", words="en tung torsdag")
    page = client.follow(client.post("/lamna/ny", {"item": f"day/{TUESDAY}"}))
    chosen = {"0-what": "words", "0-notes": ada.entries[TUESDAY], "more": "1"}
    more = client.follow(client.post(page.path, chosen))
    assert "Torsdag 12 november" in more.text and "Tisdag 17" not in more.text
    assert not [c for form in more.forms for c in form.controls if c.kind == "checkbox"]
    both = client.follow(client.send(more.form("/fler"), press="Torsdag 12"))
    assert "en tung torsdag" in both.text and 'value="words" checked' in both.html
    to = client.follow(
        client.send(both.form("Vidare"), {"0-what": "words", "1-what": "form"}, press="Vidare")
    )
    preview = because(client, to_paper(client, to))
    assert "Torsdag 12 november" in preview.text and "en tung torsdag" not in preview.text
    fewer = client.follow(client.send(client.get(page.path).form("Ta inte med"), press="Ta inte med"))
    assert "Torsdag 12" in fewer.text or "Tisdag 17" in fewer.text


def test_a_day_with_many_notes_asks_which(ada: Ada) -> None:
    ours = write(ada.client, "2026-11-12", level="2", words="den här får följa med")
    write(ada.client, "2026-11-12", words="den här är min")
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": "day/2026-11-12"}))
    assert "Välj vad som följer med" in ada.client.post(page.path, {"0-what": "words"}, status=422).text
    who = ada.client.follow(ada.client.post(page.path, {"0-what": "words", "0-notes": ours}))
    preview = because(ada.client, to_paper(ada.client, who))
    assert "den här får följa med" in preview.text and "den här är min" not in preview.text


@pytest.mark.parametrize(
    "item", ["day/2026-11-18", "day/2026-11-25", "day/1890-01-01", "day/x", "x/y", "", "day"]
)
def test_what_is_not_there_cannot_be_handed_over(ada: Ada, item: str) -> None:
    ada.client.post("/lamna/ny", {"item": item}, status=404)


def test_a_day_that_was_taken_away_meanwhile(ada: Ada) -> None:
    """From another tab, with the preview open."""
    page = seen(ada.client)
    ada.client.post(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}/bort")
    assert ada.client.get(page.path, status=303).location == page.path.removesuffix("/se")
    assert "Här finns inget kvar att lämna" in ada.client.get(page.path.removesuffix("/se")).text


def test_only_me_keeps_nothing(ada: Ada) -> None:
    page = seen(ada.client)
    answer = ada.client.send(page.form("Bara jag"), press="Bara jag")
    assert "Bara du ser det" in ada.client.follow(answer).text
    ada.client.get(page.path, status=404)


def test_showing_locks_the_rest(ada: Ada, world: World) -> None:
    """*Visa upp*: nothing else is reachable on this phone until it is unlocked, not by Back either."""
    lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    page = seen(ada.client)
    shown = ada.client.send(page.form("/visa"), press="Visa upp", status=200)
    assert WORDS["tuesday"] in shown.text and FRAME in shown.text
    assert [link for link in shown.links if link.startswith("/")] == ["/nyckel"]
    assert not shown.forms
    for path in (page.path, f"/dagar/{TUESDAY}", "/kretsen", "/mitt"):
        assert ada.client.get(path, status=303).location.startswith("/nyckel")
    assert ada.client.get("/", status=303).location.startswith("/nyckel")


def test_where_the_phone_cannot_lock_that_is_said_and_done_hides_it(ada: Ada) -> None:
    page = seen(ada.client)
    assert "Telefonen går inte att låsa än" in page.text
    shown = ada.client.send(page.form("/visa"), press="Visa upp", status=200)
    assert [form.action for form in shown.forms] == ["/gom"]


def test_the_print_out_has_name_purpose_and_date(ada: Ada) -> None:
    page = seen(ada.client)
    paper = ada.client.send(
        page.form("/skriv-ut"), {"name": "Ada Lind <b>"}, press="Till utskriften", status=200
    )
    for told in ("Ada Lind <b>", "Till Maria, torsdag 19 november", "Inför mötet", FRAME, WORDS["tuesday"]):
        assert told in paper.text
    nameless = ada.client.send(page.form("/skriv-ut"), {"name": ""}, press="Till utskriften", status=200)
    assert nameless.h1 == "Från mig"


def test_it_is_noted_with_date_and_person_once(ada: Ada, world: World) -> None:
    page = seen(ada.client)
    for _ in range(2):
        ada.client.send(page.form("/skriv-ut"), press="Till utskriften", status=200)
    assert world.rows("letter") == 0


def test_two_of_them_open_at_once_do_not_mix(ada: Ada) -> None:
    first, second = seen(ada.client, name="Maria"), seen(ada.client, OCTOBER, name="Petra")
    assert "Så ser Maria det" in ada.client.get(first.path).text
    assert WORDS["october"] in ada.client.get(second.path).text
    assert WORDS["october"] not in ada.client.get(first.path).text


def test_what_is_a_week_old_is_dropped_with_the_next_one(ada: Ada, world: World) -> None:
    page = seen(ada.client)
    world.move(at("2026-11-27 10.00"))
    begin(ada.client)
    ada.client.get(page.path, status=404)


@pytest.mark.parametrize("name", ["ben", "fia", "pia", "cleo"])
def test_nobody_else_finds_it(ada: Ada, world: World, name: str) -> None:
    page, other = seen(ada.client), world.person(name)
    other.get("/")
    theirs = other.get(page.path, status=404)
    assert theirs.body == other.get(f"/lamna/{'0' * 32}/se", status=404).body


def test_a_locked_phone_keeps_nothing_of_it_open(ada: Ada) -> None:
    page = seen(ada.client)
    lock_for_real(ada.client)
    assert ada.client.get(page.path, status=303).location.startswith("/nyckel")


def to_ben(ada: Ada, ben: Client) -> Page:
    """The last page, with Ben in the circle."""
    card, _pair = meets(ada.client, ben, "Ben")
    page = begin(ada.client)
    return because(
        ada.client, ada.client.follow(ada.client.send(page.form("Vidare"), card=card, press="Vidare"))
    )


def hand_over(client: Client, page: Page, status: int = 303) -> Page:
    return client.send(page.form("Lämna till"), press="Lämna till", status=status)


def test_what_was_changed_since_it_was_seen_is_seen_again_first(ada: Ada, ben: Client, world: World) -> None:
    """Preview in one tab, an edit in another: what is handed over is what was on the page, or nothing."""
    page = to_ben(ada, ben)
    editing = ada.client.get(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}").form("Spara")
    ada.client.send(editing, press="Spara", words="skrivet efteråt")
    again = hand_over(ada.client, page, status=422)
    assert "Titta en gång till" in again.text and "skrivet efteråt" in again.text
    assert world.rows("letter") == 0
    ada.client.post(page.path, status=422)  # and by hand, without having seen anything
    hand_over(ada.client, again)
    assert world.rows("letter") == 1


def test_handed_over_twice_is_once(ada: Ada, ben: Client, world: World) -> None:
    """A thumb that taps twice, or Back and once more."""
    page = to_ben(ada, ben)
    first = hand_over(ada.client, page)
    again = hand_over(ada.client, page)
    assert first.location == again.location
    told = ada.client.get(first.location)
    assert told.h1 == "Lämnat till Ben"
    assert "Det finns något till dig: http://localhost/delat" in told.text
    assert not any(word in told.text for word in WORDS.values())  # a line without content
    assert world.rows("letter") == 1


def test_the_line_to_send_leads_to_us_whatever_the_request_says(
    ada: Ada, ben: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address is the service's own, not the Host that a request came with."""
    ours = replace(world.app.extensions["settings"], origin="https://dagsform.example")
    monkeypatch.setitem(world.app.extensions, "settings", ours)
    told = ada.client.get(hand_over(ada.client, to_ben(ada, ben)).location)
    assert "Det finns något till dig: https://dagsform.example/delat" in told.text


def test_the_line_to_send_says_nothing(ada: Ada, ben: Client) -> None:
    told = ada.client.follow(hand_over(ada.client, to_ben(ada, ben)))
    for link in told.links:
        if link.startswith(("sms:", "mailto:")):
            assert "Ada" not in link and "adaord" not in link and "Inf%C3%B6r" not in link


def test_as_last_time_fills_person_purpose_and_length_and_opens_the_preview(ada: Ada, ben: Client) -> None:
    hand_over(ada.client, to_ben(ada, ben))
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": f"day/{OCTOBER}"}))
    assert "Till Ben: Inför mötet." in page.text
    preview = ada.client.follow(ada.client.post(page.path, {"0-what": "form", "as_last": "1"}))
    assert preview.h1 == "Så ser Ben det" and "Inför mötet" in preview.text


def test_as_last_time_stops_at_the_frame_where_one_is_needed(ada: Ada, fia: Client) -> None:
    """A better day to an authority: it goes to the very question that is left, not to the top of a long page."""
    card, _pair = meets(ada.client, fia, "Fia", hat="authority")
    page = ada.client.follow(
        ada.client.send(begin(ada.client).form("Vidare"), {"card": card}, press="Vidare")
    )
    hand_over(ada.client, because(ada.client, page))
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": f"day/{TUESDAY}"}))
    left = ada.client.get(ada.client.post(page.path, {"0-what": "form", "as_last": "1"}).location, status=303)
    assert left.location.endswith("/varfor#ihop")


def test_one_more_day_says_which_day_it_was(ada: Ada) -> None:
    """A date alone is hard to choose by. A day with nothing to hand over is not offered: a tap on it led nowhere."""
    write(ada.client, "2026-11-09", level="2", words="adaord")
    write(ada.client, "2026-11-08", cost="took_much")
    page = ada.client.follow(ada.client.post("/lamna/ny", {"item": f"day/{TUESDAY}"}))
    more = ada.client.get(f"{page.path}/fler").text
    assert "Måndag 9 november Tung" in more and "8 november" not in more and "adaord" not in more


def test_the_other_has_left_meanwhile(ada: Ada, ben: Client) -> None:
    """To an ended relation: a clear sentence, and nothing half done."""
    page = to_ben(ada, ben)
    pair = next(link for link in ben.get("/delat").links if len(link) == 39)
    ben.post(f"{pair}/sluta")
    ada.client.get("/kretsen")  # the post is sorted
    kept = ada.client.follow(hand_over(ada.client, page))
    assert "Ben har inget konto här" in kept.text
    assert "Har inget" not in ada.client.get("/kretsen").text


def test_a_key_that_was_changed_is_refused_in_red(ada: Ada, ben: Client, world: World) -> None:
    """vault.md, rule 1: somebody wrote another key into Ben's row."""
    page = to_ben(ada, ben)
    slot = device_slot(Secret.from_text(ben.cookies()["__Host-d"]))
    with world.database.write() as db:
        db.exec_driver_sql(
            "UPDATE account SET public_key = ? WHERE id = (SELECT account FROM slot WHERE id = ?)",
            (KeyPair.new().public, slot),
        )
    answer = hand_over(ada.client, page, status=422)
    assert "Nyckeln för Ben är inte den du mötte" in answer.text and "notice sorry" in answer.html
    assert world.rows("letter") == 0


def test_who_has_only_a_key_for_this_phone_makes_a_card_first(ada: Ada, ben: Client) -> None:
    """vault.md, Keys: no PRF, so a key card is required before the first share."""
    page = to_ben(ada, ben)
    make_passkey(ada.client, Authenticator(prf=False))
    answer = hand_over(ada.client, page, status=422)
    assert "Gör ett nyckelkort först" in answer.text


def test_what_the_other_sees_says_nothing_of_what_was_just_done(ada: Ada) -> None:
    """Another tab's “Borta för gott” would stand in the picture that an officer is shown. It waits for the owner."""
    page = seen(ada.client)
    for press in ("Visa upp på min skärm", "Till utskriften"):
        ada.client.post(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}/bort")
        ada.client.post(f"/dagar/borttaget/{ada.entries[TUESDAY]}/tillbaka")
        shown = ada.client.send(page.form(press), press=press, status=200)
        assert "toast" not in shown.html, press
        assert "Ångra" not in shown.text, press
    assert "toast" in ada.client.get(f"/dagar/{TUESDAY}").html


def test_what_was_typed_when_it_locked_is_kept(ada: Ada, world: World) -> None:
    """Hard rule 8: purpose, frame and what is asked for wait with the handing over, and whom it is for too."""
    lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    page = to_paper(ada.client, begin(ada.client))
    why, who = page, ada.client.get(page.path.replace("varfor", "vem"))
    world.move(NOW + timedelta(minutes=11))
    ada.client.send(who.form("Vidare"), {"paper_name": "Nybo"}, press="Vidare")
    said = {"purpose": "mitt syfte", "frame": "min långa mening", "asks": "följ med"}
    assert ada.client.send(why.form("Se som"), said, press="Se som").location == "/nyckel?sparat=1"
    ada.client.follow(open_code(ada.client))
    html = ada.client.get(why.path).html
    assert all(words in html for words in ("Nybo", "mitt syfte", "min långa mening", "följ med"))


def test_typed_for_a_handing_that_is_over_keeps_no_door_shut(ada: Ada, world: World) -> None:
    lock_for_real(ada.client)
    ada.client.follow(open_code(ada.client))
    page = to_paper(ada.client, begin(ada.client))
    ada.client.post(page.path.replace("varfor", "bort"))
    world.move(NOW + timedelta(minutes=11))
    ada.client.send(page.form("Se som"), purpose="för sent", press="Se som")
    ada.client.follow(open_code(ada.client))
    ada.client.get(page.path, status=404)
    assert world.rows("letter") == 0
