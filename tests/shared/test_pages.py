"""Delat med mig, over HTTP: what each of the five may see of what Ada handed to Ben, and what their reading tells."""

from datetime import date, timedelta
from typing import Any

import pytest

from server.core import ids
from tests.accounts.acts import lock_for_real, open_code
from tests.circle.meeting import hands, meets, stops
from tests.client import Client
from tests.people import OCTOBER, OTHERS, TUESDAY, WORDS, Ada
from tests.shared.conftest import TUESDAYS_WORDS, Reader
from tests.world import NOW, World

DAY = f"day/{TUESDAY}"
FREE = "0123456789abcdef" * 2


def opens(reader: Reader, which: str = "Öppna") -> str:
    """One copy opened; the page afterwards."""
    page = reader.client.get(reader.page)
    return reader.client.follow(reader.client.send(page.form("/oppna"), press=which)).text


def asks(reader: Reader, what: str, words: str, status: int = 303, **more: str) -> Any:
    form = reader.client.get(reader.page).form(what)
    return reader.client.send(form, {"words": words, **more}, status=status)


# Before and after opening


def test_a_closed_copy_says_purpose_kind_and_end(handed: Reader) -> None:
    """Not its words, not its frame, not even which day it is."""
    page = handed.client.get(handed.page)
    for said in (
        "Ada L visar dig",
        "Inför samtalet",
        "En dag",
        "Till torsdag 3 december",
        "får se att du öppnat",
    ):
        assert said in page.text
    for hidden in (TUESDAYS_WORDS, "ramen-ar-min", "tisdag 17", "Ganska lätt"):
        assert hidden not in page.html.lower()
    assert "Det här frågar Ada L dig om" in page.text and "Kan du följa med?" in page.text  # row C16


def test_opening_is_an_act_that_the_owner_is_told_of(ada: Ada, handed: Reader) -> None:
    """Row E15. A look, a reload, an unattended poll are not openings."""
    for path in (handed.page, handed.page, f"{handed.page}/stampel"):
        handed.client.get(path)
    text = opens(handed)
    assert TUESDAYS_WORDS in text and "ramen-ar-min" in text and "Tisdag 17 november" in text
    for private in (WORDS["today"], WORDS["october"], "mår", "kostade", "sömn"):
        assert private not in text.lower()


def test_an_open_copy_closes_after_an_hour(world: World, handed: Reader) -> None:
    opens(handed)
    world.move(NOW + timedelta(minutes=59))
    handed.client.get("/delat")
    assert TUESDAYS_WORDS in handed.client.get(handed.page).text
    world.move(NOW + timedelta(minutes=61))
    assert TUESDAYS_WORDS not in handed.client.get(handed.page).text


def test_open_all_is_each_of_those_that_lie_there(world: World, ada: Ada, handed: Reader) -> None:
    hands(world, ada.client, handed.card, f"day/{OCTOBER}", ada.entries[OCTOBER])
    text = opens(handed, "Öppna alla")
    assert TUESDAYS_WORDS in text and WORDS["october"] in text


@pytest.mark.parametrize(
    ("copy", "status"),
    [
        ("", 400),
        ("x", 400),
        ("-1", 400),
        ("9" * 30, 400),
        ("9" * 19, 409),
        ("1", 409),
        ("\0", 400),
        ("۱", 400),
    ],
)
def test_copies_that_are_not_there(handed: Reader, copy: str, status: int) -> None:
    handed.client.post(f"{handed.page}/oppna", {"copy": copy}, status=status)
    handed.client.post(f"{handed.page}/last", {"copy": copy, "by": "none"}, status=status)


# Stop


def test_stopped_is_gone_on_the_next_request(world: World, ada: Ada, met_ben: Reader) -> None:
    copy = hands(world, ada.client, met_ben.card, DAY, ada.entries[TUESDAY])
    opens(met_ben)
    form = met_ben.client.get(met_ben.page).form("/last")
    before = met_ben.client.get(f"{met_ben.page}/stampel").body
    stops(world, ada.client, copy)
    assert met_ben.client.get(f"{met_ben.page}/stampel").body != before
    assert TUESDAYS_WORDS not in met_ben.client.get(met_ben.page).text
    assert met_ben.client.submit(form.action, form.filled("fredag", {})).status == 409
    assert "Visar inget just nu" in met_ben.client.get("/delat").text
    assert "Här ligger ingenting just nu" in met_ben.client.get(met_ben.page).text


def test_stopped_while_the_other_opens(world: World, ada: Ada, met_ben: Reader) -> None:
    copy = hands(world, ada.client, met_ben.card, DAY, ada.entries[TUESDAY])
    form = met_ben.client.get(met_ben.page).form("/oppna")
    stops(world, ada.client, copy)
    late = met_ben.client.send(form, status=409)
    assert "visas inte längre" in late.text and TUESDAYS_WORDS not in late.html


def test_over_to_the_second(world: World, ada: Ada, met_ben: Reader) -> None:
    hands(world, ada.client, met_ben.card, DAY, ada.entries[TUESDAY], until=NOW + timedelta(minutes=10))
    opens(met_ben)
    world.move(NOW + timedelta(minutes=9, seconds=59))
    assert TUESDAYS_WORDS in met_ben.client.get(met_ben.page).text
    world.move(NOW + timedelta(minutes=10))
    assert "Inför mötet" not in met_ben.client.get(met_ben.page).text


# What can be said back


def test_read_and_an_answer_by_a_day(handed: Reader) -> None:
    """Rows A15, E20."""
    opens(handed)
    page = handed.client.get(handed.page)
    said = handed.client.follow(handed.client.send(page.form("/last"), press="fredag 20"))
    assert "Du har sagt: läst, svar senast fredag 20 november." in said.text
    other = handed.client.send(said.form("/last"), {"day": "2026-12-24"}, press="Jag svarar senast då")
    assert "torsdag 24 december" in handed.client.follow(other).text
    none = handed.client.send(said.form("/last"), press="Läst, jag svarar inte skriftligt")
    assert "inget skriftligt svar" in handed.client.follow(none).text


def test_whoever_comes_back_sees_what_they_have_opened_and_promised(handed: Reader, world: World) -> None:
    """It has closed again by itself. Their own answer stands on it, still without a word of what is in it."""
    assert "öppnat den förut" not in handed.client.get(handed.page).text
    opens(handed)
    world.move(NOW + timedelta(hours=2))
    again = handed.client.get(handed.page)
    assert "Du har öppnat den förut." in again.text and TUESDAYS_WORDS not in again.html
    opens(handed)
    handed.client.send(handed.client.get(handed.page).form("/last"), press="fredag 20")
    world.move(NOW + timedelta(hours=4))
    promised = handed.client.get(handed.page)
    assert "Du har sagt: läst, svar senast fredag 20 november." in promised.text
    assert TUESDAYS_WORDS not in promised.html


@pytest.mark.parametrize("day", ["", "2026-11-18", "2027-11-21", "igår", "2026-02-30", "\0", "9999-99-99"])
def test_days_that_nobody_can_answer_by(handed: Reader, day: str) -> None:
    opens(handed)
    form = handed.client.get(handed.page).form("/last")
    wrong = handed.client.send(form, {"day": day}, press="Jag svarar senast då", status=422)
    assert "Välj en dag från idag" in wrong.text and TUESDAYS_WORDS in wrong.text
    handed.client.post(form.action, {"copy": form.controls[0].value, "by": day}, status=422)


def test_read_cannot_be_said_of_what_was_never_opened(handed: Reader) -> None:
    """It would also have let the text be read without an event (vault.md, rule 3)."""
    letter = handed.client.get(handed.page).form("/oppna").buttons[0].value
    handed.client.post(f"{handed.page}/last", {"copy": letter, "by": "none"}, status=409)
    assert TUESDAYS_WORDS not in handed.client.get(handed.page).html


def test_a_question_and_a_suggestion(handed: Reader) -> None:
    """Row B18: a suggestion points at a wish, or says why not."""
    question = handed.client.follow(asks(handed, "/fraga", "Hur var det efteråt?"))
    assert "Hur var det efteråt?" in question.text and "Det ligger hos Ada L." in question.text
    told = handed.client.follow(asks(handed, "/forslag", "Kom förbi på tisdag", why="Du skrev om växthuset"))
    assert "Du skrev om växthuset" in told.text and "ensam bestämmer" in told.text


def test_the_same_words_sent_twice_are_once(handed: Reader) -> None:
    form = handed.client.get(handed.page).form("/fraga")
    for _ in range(2):
        handed.client.send(form, {"words": "dubbelfraga"})
    assert handed.client.get(handed.page).text.count("dubbelfraga") == 1


@pytest.mark.parametrize("what", ["fraga", "forslag"])
@pytest.mark.parametrize(
    ("words", "says"), [("", "Skriv några ord först."), ("\0 ", "Skriv"), ("x" * 5001, "Korta")]
)
def test_words_that_do_not_fit_are_kept(handed: Reader, what: str, words: str, says: str) -> None:
    wrong = asks(handed, f"/{what}", words, status=422)
    assert says in wrong.text and words.strip("\0 ") in wrong.html


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script>", "🙂👩🏽‍🌾", "\u202eabc", "سلام", "a\r\nb", "x" * 5000]
)
def test_words_that_are_only_words(handed: Reader, words: str) -> None:
    page = handed.client.follow(asks(handed, "/fraga", words))
    assert " ".join(words.split()) in page.text and "<script>alert" not in page.html


def test_a_form_that_no_page_of_ours_made(handed: Reader) -> None:
    handed.client.post(f"{handed.page}/fraga", {"id": "hej", "words": "x"}, status=400)
    handed.client.post(f"{handed.page}/fraga", {"words": "x"}, status=400)


def test_leaving_asks_first_and_leaves_nothing(handed: Reader) -> None:
    opens(handed)
    page = handed.client.get(f"{handed.page}/sluta")
    assert "försvinner genast" in page.text
    left = handed.client.follow(handed.client.send(page.form("Sluta ta emot")))
    assert "Ingen visar dig något" in left.text
    handed.client.get(handed.page, status=404)


def test_leaving_before_the_yes(world: World, ada: Ada, ben: Client) -> None:
    from tests.circle.meeting import accepts, invites, pair_of
    from tests.people import put_in_circle

    accepts(ben, invites(ada.client, put_in_circle(ada.client, name="Ben")))
    pair = pair_of(ben)
    assert "Väntar på svar" in ben.get(f"/delat/{pair}").text
    for act, fields in (
        ("fraga", {"id": FREE, "words": "x"}),
        ("forslag", {"id": FREE, "words": ""}),
        ("last", {"copy": "1", "by": "none"}),
        ("oppna", {"copy": "alla"}),
    ):
        ben.post(f"/delat/{pair}/{act}", fields, status=404)  # there is nobody to answer yet
    ben.follow(ben.send(ben.get(f"/delat/{pair}/sluta").form("Sluta ta emot")))
    assert "Ingen visar dig något" in ben.get("/delat").text


def test_what_is_sent_after_the_lock_is_not_lost(handed: Reader) -> None:
    """vault.md, rule 5: it lies in the phone's tray, and goes when the phone is opened again."""
    page = handed.client.get(handed.page)
    lock_for_real(handed.client)
    for form, words in ((page.form("/fraga"), "skriven i natt"), (page.form("/forslag"), "en promenad")):
        assert handed.client.send(form, {"words": words}).location == "/nyckel?sparat=1"
    handed.client.follow(open_code(handed.client))
    text = handed.client.get(handed.page).text
    assert "skriven i natt" in text and "en promenad" in text


def test_an_end_that_was_told_is_said_once(ada: Ada, handed: Reader) -> None:
    ada.client.post(f"/kretsen/{handed.card}/avsluta", {"how": "told"})
    page = handed.client.get("/delat")
    assert "Ada L har avslutat" in page.text
    handed.client.get(handed.page, status=404)
    assert "har avslutat" not in handed.client.follow(handed.client.send(page.form("Jag har läst"))).text


def test_a_quiet_end_looks_like_stopping(ada: Ada, handed: Reader) -> None:
    ada.client.post(f"/kretsen/{handed.card}/avsluta", {"how": "quiet"})
    assert "Visar inget just nu" in handed.client.get("/delat").text
    assert "Skickat." in handed.client.follow(asks(handed, "/fraga", "Är du där?")).text


# Who may what


def every_address(reader: Reader, letter: str) -> list[tuple[str, str, dict[str, str]]]:
    words = {"id": FREE, "words": "frammande"}
    return [
        ("GET", reader.page, {}),
        ("GET", f"{reader.page}/stampel", {}),
        ("GET", f"{reader.page}/ord", {}),
        ("GET", f"{reader.page}/sluta", {}),
        ("POST", f"{reader.page}/oppna", {"copy": letter}),
        ("POST", f"{reader.page}/oppna", {"copy": "alla"}),
        ("POST", f"{reader.page}/last", {"copy": letter, "by": "none"}),
        ("POST", f"{reader.page}/fraga", words),
        ("POST", f"{reader.page}/forslag", words),
        ("POST", f"{reader.page}/sluta", {}),
    ]


@pytest.mark.parametrize("who", ["ada", "fia", "pia", "cleo"])
def test_what_is_bens_is_nobody_elses(
    who: str, world: World, ada: Ada, handed: Reader, met_fia: Reader
) -> None:
    """Owner, another contact, peer, stranger: the same 404 as for what never was, byte for byte."""
    client = ada.client if who == "ada" else world.person(who)
    client.get("/delat")
    letter = handed.client.get(handed.page).form("/oppna").buttons[0].value
    for method, path, fields in every_address(handed, letter):
        if method == "GET":
            page, free = client.get(path, status=404), client.get("/delat/" + FREE, status=404)
        else:
            page = client.post(path, fields, status=404)
            free = client.post(f"/delat/{FREE}/{path.rsplit('/', 1)[1]}", fields, status=404)
        assert page.body == free.body and page.headers == free.headers, path
    assert TUESDAYS_WORDS in opens(handed)


def test_signed_out_and_locked_learn_nothing(world: World, handed: Reader, visitor: Client) -> None:
    opens(handed)
    letter = "1"
    visitor.get("/")
    for method, path, fields in every_address(handed, letter):
        page = visitor.get(path, status=303) if method == "GET" else visitor.post(path, fields, status=401)
        assert page.location == "/" or page.status == 401
    lock_for_real(handed.client)
    for method, path, fields in every_address(handed, letter):
        page = (
            handed.client.look(path) if method == "GET" else handed.client.submit(path, list(fields.items()))
        )
        assert page.status == 401 or page.location.startswith("/nyckel"), path
        assert TUESDAYS_WORDS not in page.html


def test_another_contact_learns_nothing_of_bens_copy(
    world: World, ada: Ada, met_ben: Reader, met_fia: Reader
) -> None:
    """Two worlds: what Ben is handed, opens and answers leaves every page of Fia's as it was (vault.md, rule 9)."""

    def fias_pages() -> dict[str, bytes]:
        with ids.seeded("the same"):
            paths = ("/delat", met_fia.page, f"{met_fia.page}/stampel", f"{met_fia.page}/ord", "/", "/mitt")
            return {path: met_fia.client.get(path).body for path in paths}

    hands(world, ada.client, met_fia.card, DAY, frame="Den tog tre dagar.")
    fias_pages()
    before = fias_pages()
    copy = hands(world, ada.client, met_ben.card, DAY, ada.entries[TUESDAY])
    opens(met_ben)
    asks(met_ben, "/fraga", "x")
    assert fias_pages() == before
    stops(world, ada.client, copy)
    assert fias_pages() == before


def test_the_roster_is_in_the_order_of_the_alphabet(world: World, ada: Ada, ben: Client, pia: Client) -> None:
    """One sign-in serves several participants. Never by what is new; no counts."""
    meets(ada.client, ben, "Ben")
    meets(pia, ben, "Ben")
    text = ben.get("/delat").text
    assert text.count("Ada L") == 2  # both let themselves be called so
    assert text.count("Visar inget just nu") == 2
    assert not any(word in text for word in ("nya", "olästa", "senast inloggad"))


def test_somebody_who_supports_may_be_supported(world: World, ada: Ada, ben: Client) -> None:
    """The same two in both directions, apart."""
    meets(ada.client, ben, "Ben")
    _card, pair = meets(ben, ada.client, "Ada")
    assert "Ada L" in ben.get("/delat").text
    assert "visar dig" in ada.client.get(f"/delat/{pair}").text
    assert "Delat med mig" in ada.client.get("/kretsen").text


def test_nobody_to_see_is_said_kindly(someone: Client) -> None:
    page = someone.get("/delat")
    assert "Ingen visar dig något" in page.text
    assert "Delat med mig" not in someone.get("/kretsen").text


def test_a_changed_key_stops_what_is_said_in_red(world: World, ada: Ada, handed: Reader) -> None:
    from sqlalchemy import update

    from server.vault import ways_in
    from server.vault.models import Account
    from server.vault.sealing import KeyPair, Secret

    form = handed.client.get(handed.page).form("/fraga")
    half = Secret.from_text(ada.client.cookies()["__Host-d"])
    with world.database.write() as db:
        account, _key = ways_in.open_device(db, half, now=NOW)
        other = update(Account).where(Account.id == account.account).values(public_key=KeyPair.new().public)
        db.execute(other)
    refused = handed.client.send(form, {"words": "hemligtord"}, status=409)
    assert "inte den du mötte" in refused.text
    assert "hemligtord" not in handed.client.get(handed.page).text  # nothing half-done


def test_what_was_said_and_handed_is_nowhere_in_the_files(world: World, handed: Reader) -> None:
    opens(handed)
    asks(handed, "/fraga", "kanariefraga")
    for file in world.folder.iterdir():
        content = file.read_bytes()
        for word in (b"kanariefraga", b"ramen-ar-min", TUESDAYS_WORDS.encode()):
            assert word not in content, file.name


@pytest.mark.parametrize("who", OTHERS)
def test_the_welcome_page_says_whose_duties_stand(who: str, world: World, visitor: Client) -> None:
    for client in (world.person(who), visitor):
        text = client.get("/delat/valkommen").text
        assert "sekretess" in text and "anmälningsplikt" in text and "dokumentera" in text


def test_days_to_tap_are_no_weekend() -> None:
    from server.shared.inputs import days_to_tap

    assert [day.day for day in days_to_tap(date(2026, 11, 19))] == [20, 23, 24]
    assert [day.day for day in days_to_tap(date(2026, 11, 21))] == [23, 24, 25]


def test_what_is_asked_stands_on_the_first_page_with_whose_it_is(
    world: World, ada: Ada, handed: Reader
) -> None:
    """Row C16: for whom and by when, without unsealing a copy; gone with it."""
    given = hands(
        world,
        ada.client,
        handed.card,
        f"day/{OCTOBER}",
        purpose="x",
        asks="Ring vården",
        asks_by=date(2026, 11, 24),
    )
    page = handed.client.get("/delat").text
    assert page.index("Ring vården") < page.index("Kan du följa med?")  # the one with a day comes first
    assert "Ada L , till tisdag 24 november" in page
    ada.client.post(f"/kretsen/{handed.card}/sluta/{given.id}")
    after = handed.client.get("/delat").text
    assert "Ring vården" not in after and "Kan du följa med?" in after
