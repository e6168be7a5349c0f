"""Mitt, as a browser meets it: take along, read in, leave (rows A16, D31; hard rules 8, 9)."""

import re
import zipfile
from io import BytesIO

import pytest

from tests.client import Client, Page
from tests.html import all_of, text_of
from tests.mine.test_daylio import NEW, row
from tests.people import DRAFTED, OCTOBER, TODAY, TUESDAY, WORDS, Ada
from tests.world import World, at

DAYLIO = "\n".join(
    [NEW, row("promenad"), row("b", mood="orolig", day="2026-11-16"), row(day="i går")]
).encode()


def download(client: Client) -> bytes:
    page = client.get("/mitt/allt.zip")
    assert page.headers["Content-Type"] == "application/zip"
    return page.body


def files(client: Client) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(download(client))) as zip_:
        return {name: zip_.read(name).decode() for name in zip_.namelist()}


def upload(client: Client, data: bytes, *, status: int = 303) -> Page:
    answer = client.post("/mitt/las-in", {"fil": [(BytesIO(data), "filen")]}, status=status)
    return client.follow(answer) if status == 303 else answer


def read_in(client: Client, data: bytes) -> Page:
    return client.follow(client.send(upload(client, data).form("Läs in"), press="Läs in"))


class TestMitt:
    def test_three_rows(self, ada: Ada) -> None:
        page = ada.client.get("/mitt")
        assert page.h1 == "Mitt"
        for words in ("Ladda ner allt", "Läs in", "Ta bort kontot"):
            assert ada.client.get(page.link(words)).status == 200

    @pytest.mark.parametrize(
        "path", ["/mitt", "/mitt/allt.zip", "/mitt/las-in", "/mitt/las-in/fil", "/mitt/ta-bort"]
    )
    def test_a_visitor_is_led_to_the_first_page(self, path: str, visitor: Client) -> None:
        assert visitor.get(path, status=303).location == "/"


class TestTakingAlong:
    def test_everything_is_in_the_zip(self, ada: Ada) -> None:
        """A16: every word that Ada has written, taken away or only begun, in files that anybody can open.

        But for a handing over that is still being prepared: that lies for a week at most. Once shown it is told. And
        what a thing of the plan said before stands only in the file for computers.
        """
        prepared = {WORDS["purpose"], WORDS["frame"]}
        assert not [text for text in prepared if text in str(files(ada.client))]
        preview = ada.client.get(f"/lamna/{ada.circle['handing']}/se")
        ada.client.send(preview.form("/visa"), status=200)
        made = files(ada.client)
        for text in set(WORDS.values()) - {WORDS["frame"]}:
            before = text == WORDS["goal before"]
            assert before is not any(
                text in content for name, content in made.items() if name.endswith(".md")
            ), text
            assert any(text in content for name, content in made.items() if name.endswith(".json")), text
        assert WORDS["tuesday"] in made["dagar.csv"]

    def test_it_speaks_swedish(self, ada: Ada) -> None:
        made = files(ada.client)
        assert made["LAS-MIG.txt"].startswith("Allt som är ditt i Dagsform\n")
        assert "### Ganska lätt" in made["dagar/2026-11.md"]
        assert "Vad det kostade: Tog mycket" in made["dagar/2026-11.md"]
        assert made["dagar.csv"].startswith("\ufeffDag;Skrivet;Nivå;Dagsform;Med egna ord")

    def test_it_is_named_after_the_day(self, ada: Ada) -> None:
        headers = ada.client.get("/mitt/allt.zip").headers
        assert headers["Content-Disposition"] == "attachment; filename=dagsform-2026-11-19.zip"

    @pytest.mark.parametrize("who", ["ben", "fia", "pia", "cleo"])
    def test_nobody_elses_words_are_in_it(self, who: str, world: World, ada: Ada) -> None:
        """Hard rule 2."""
        made = str(files(world.person(who)))
        assert not [text for text in WORDS.values() if text in made]

    def test_it_tells_nothing_of_who_took_it(self, someone: Client) -> None:
        """No account, key or address lies in the zip."""
        made = files(someone)
        cookies = [value for value in someone.cookies().values() if len(value) > 8]
        assert not [one for one in cookies if any(one in content for content in made.values())]


class TestReadingIn:
    def test_ada_moves_to_another_account(self, ada: Ada, cleo: Client) -> None:
        """A16, D31: the same days on another host, as far as any page can tell."""
        data = download(ada.client)
        page = upload(cleo, data)
        assert page.h1 == "Det här finns i filen" and "I planen och dina andra texter" in page.text
        assert WORDS["tuesday"] not in cleo.get(f"/dagar/{TUESDAY}").text
        cleo.follow(cleo.send(page.form("Läs in"), press="Läs in"))
        for day in (TUESDAY, OCTOBER, DRAFTED):
            assert _main(cleo.get(f"/dagar/{day}")) == _main(ada.client.get(f"/dagar/{day}"))
        for path in (
            "/plan",
            "/plan/mal",
            "/plan/kartan",
            "/plan/forsok",
            "/plan/borttaget",
            "/plan/steg/ny",
        ):
            assert _main(cleo.get(path)) == _main(ada.client.get(path))
        assert WORDS["removed"] in cleo.get("/dagar/borttaget").text
        assert "Visas inte på Idag" in cleo.get("/aktiviteter").text

    def test_what_was_there_before_is_still_there(self, ada: Ada, cleo: Client) -> None:
        before = cleo.get(f"/dagar/{TODAY}").text
        read_in(cleo, download(ada.client))
        after = cleo.get(f"/dagar/{TODAY}").text
        assert WORDS["today"] in after
        assert re.findall(r"klockan \d+(?:\.\d+)?", before)[0] in after

    def test_it_is_said_when_it_is_done(self, ada: Ada, cleo: Client) -> None:
        page = read_in(cleo, download(ada.client))
        assert "Inläst." in page.text
        assert page.path == "/dagar/2026-11"

    def test_a_second_time_there_is_nothing_to_do(self, ada: Ada, cleo: Client) -> None:
        data = download(ada.client)
        read_in(cleo, data)
        page = upload(cleo, data)
        assert "Det finns inget nytt i filen." in page.text
        assert not [form for form in page.forms if form.buttons_say == "Läs in"]

    def test_both_are_kept_and_it_is_told_before(self, ada: Ada) -> None:
        """An own note that has been changed since: nothing is overwritten."""
        data = download(ada.client)
        path = f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}"
        ada.client.send(ada.client.get(path).form("Spara"), press="Spara", words="ändrat sedan dess")
        page = upload(ada.client, data)
        assert "Båda behålls, på samma dag: Tisdag 17 november" in page.text
        ada.client.send(page.form("Läs in"), press="Läs in")
        text = ada.client.get(f"/dagar/{TUESDAY}").text
        assert "ändrat sedan dess" in text
        assert WORDS["tuesday"] in text

    def test_a_file_waits_until_it_is_wanted(self, ada: Ada, cleo: Client) -> None:
        """Somebody is interrupted: the file is still there, sealed, and can be thrown away."""
        upload(cleo, download(ada.client))
        page = cleo.get("/mitt/las-in")
        assert "En fil väntar på dig." in page.text
        waiting = cleo.get(page.link("Se vad den innehåller"))
        assert "Slängd." in cleo.follow(cleo.send(waiting.form("Släng filen"))).text
        cleo.get("/mitt/las-in/fil", status=404)
        assert WORDS["tuesday"] not in cleo.get(f"/dagar/{TUESDAY}").text

    def test_a_file_that_waits_is_nobody_elses(self, ada: Ada, cleo: Client, ben: Client) -> None:
        upload(cleo, download(ada.client))
        ben.get("/mitt/las-in/fil", status=404)
        ben.post("/mitt/las-in/fil", status=404)
        ben.post("/mitt/las-in/fil/slang")
        assert cleo.get("/mitt/las-in/fil").status == 200

    def test_two_tabs_read_it_in_once(self, ada: Ada, cleo: Client) -> None:
        page = upload(cleo, download(ada.client))
        cleo.send(page.form("Läs in"), press="Läs in")
        cleo.send(page.form("Läs in"), press="Läs in", status=404)
        assert cleo.get(f"/dagar/{TUESDAY}").html.count("<article") == 1

    def test_a_day_that_was_today_there_and_has_not_been_here(
        self, ada: Ada, cleo: Client, world: World
    ) -> None:
        """A clock that is wrong: one sentence, and nothing is read in."""
        upload(cleo, download(ada.client))
        world.move(at("2026-11-16 09.00"))
        someone = world.someone()
        assert "står datumet 2026-11-1" in upload(someone, download(ada.client), status=422).text

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "Filen är tom."),
            (b"PK\x03\x04hej", "Zip-filen är skadad"),
            (b"PK\x05\x06" + bytes(18), "kommer inte från Dagsform"),
            (b"hej", "varken en zip-fil från Dagsform eller en CSV-fil från Daylio"),
            (b"\x89PNG\0\0", "varken en zip-fil"),
        ],
    )  # fmt: skip
    def test_a_file_that_cannot_be_read_has_its_sentence(
        self, data: bytes, sentence: str, someone: Client
    ) -> None:
        page = upload(someone, data, status=422)
        assert sentence in page.text
        assert page.form("/mitt/las-in")
        assert "En fil väntar" not in someone.get("/mitt/las-in").text

    def test_a_bad_file_leaves_the_one_that_waits(self, someone: Client) -> None:
        upload(someone, DAYLIO)
        upload(someone, b"hej", status=422)
        assert someone.get("/mitt/las-in/fil").status == 200

    def test_no_file_at_all(self, someone: Client) -> None:
        form = someone.get("/mitt/las-in").form("Se vad den innehåller")
        assert "Välj en fil först." in someone.send(form, status=422).text
        assert "Välj en fil först." in someone.post("/mitt/las-in", {"fil": "text"}, status=422).text


class TestDaylio:
    def test_the_page_tells_before_anything_is_read_in(self, someone: Client) -> None:
        page = upload(someone, DAYLIO)
        assert "Dagar 2, från måndag 16 november till tisdag 17 november" in page.text
        assert "Rad 4. Datumet går inte att läsa." in page.text
        assert "”orolig”" in page.text
        assert "Nothing" not in page.text
        assert "promenad" not in someone.get("/dagar/2026-11-17").text

    def test_moods_become_mående_and_the_level_stays_empty(self, someone: Client) -> None:
        read_in(someone, DAYLIO)
        text = someone.get("/dagar/2026-11-17").text
        assert "Hur jag mådde Mitt emellan" in text
        assert "Vet inte" in text

    def test_an_own_word_can_be_given_a_place(self, someone: Client) -> None:
        form = upload(someone, DAYLIO).form("Läs in")
        someone.post(form.action, form.filled("Läs in", {"mood-0": "2"}))
        text = someone.get("/dagar/2026-11-16").text
        assert "Humör: orolig" in text
        assert "Hur jag mådde Ganska dåligt" in text

    def test_an_own_word_without_a_place_keeps_its_word(self, someone: Client) -> None:
        read_in(someone, DAYLIO)
        text = someone.get("/dagar/2026-11-16").text
        assert "Humör: orolig" in text
        assert "Hur jag mådde" not in text

    @pytest.mark.parametrize("choice", ["6", "0", "tung", "-1", "٣"])
    def test_a_place_that_no_page_offers_is_none(self, choice: str, someone: Client) -> None:
        upload(someone, DAYLIO)
        someone.post("/mitt/las-in/fil", {"mood-0": choice, "mood-99": "3"})
        assert "Hur jag mådde" not in someone.get("/dagar/2026-11-16").text

    def test_own_words_are_shown_as_they_are(self, someone: Client) -> None:
        """Nothing in a file becomes a part of the page."""
        page = upload(someone, "\n".join([NEW, row(mood="<script>alert(1)</script>")]).encode())
        assert "<script>alert" not in page.html
        assert "”<script>alert(1)</script>”" in page.text

    def test_a_thousand_broken_rows_are_told_shortly(self, someone: Client) -> None:
        page = upload(someone, "\n".join([NEW, *[row(day="i går")] * 1000]).encode())
        assert "Och 800 rader till." in page.text
        assert "Det finns inget nytt i filen." in page.text


class TestLeaving:
    def test_the_page_says_what_goes_and_what_may_be_left(self, someone: Client) -> None:
        text = someone.get("/mitt/ta-bort").text
        assert "När du trycker tas allt bort, för gott." in text
        assert "Du har inte lämnat något till någon här." in text
        assert "skrivs över inom 30 dagar" in text

    def test_leaving_is_as_short_as_joining(self, visitor: Client) -> None:
        """Hard rule 9: one page and one tap in, one page and one tap out; nobody is asked why."""
        visitor.follow(visitor.send(visitor.get("/").form("/svara"), press="Tung"))
        page = visitor.get("/mitt/ta-bort")
        (form,) = (form for form in page.forms if "Ta bort kontot" in form.buttons_say)
        assert not [control for control in form.controls if control.kind != "hidden"]
        visitor.follow(visitor.send(form))
        visitor.get("/mitt", status=303)

    def test_the_first_page_says_so_and_nothing_is_left_in_the_browser(self, ada: Ada) -> None:
        answer = ada.client.send(ada.client.get("/mitt/ta-bort").form("Ta bort kontot"))
        assert set(ada.client.cookies()) == {"__Host-t"}
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
        page = ada.client.follow(answer)
        assert "Kontot och allt i det är borttaget." in page.text
        assert page.h1 == "Hur är dagen?"
        assert not [word for word in WORDS.values() if word in page.html]

    def test_nothing_opens_afterwards(self, ada: Ada, world: World) -> None:
        """Not with the old cookies either: they were copied before."""
        old = ada.client.cookies()
        ada.client.send(ada.client.get("/mitt/ta-bort").form("Ta bort kontot"))
        thief = world.visitor()
        for name, value in old.items():
            thief.keep(name, value)
        for path in ("/mitt", "/dagar", f"/dagar/{TUESDAY}", "/mitt/allt.zip"):
            assert thief.get(path, status=303).location == "/"

    def test_every_row_of_hers_is_gone(self, world: World) -> None:
        """Account, ways in, records and sessions; everybody else's stay."""
        before = _rows(world)
        client = world.someone()
        client.send(client.get("/mitt/ta-bort").form("Ta bort kontot"))
        assert _rows(world) == before

    def test_twice_is_harmless(self, ada: Ada, world: World) -> None:
        form = ada.client.get("/mitt/ta-bort").form("Ta bort kontot")
        old = ada.client.cookies()
        ada.client.send(form)
        before = _rows(world)
        ada.client.send(form)
        for name, value in old.items():
            ada.client.keep(name, value)
        ada.client.send(form)
        assert _rows(world) == before
        assert "Hur är dagen?" in ada.client.get("/").text

    def test_a_session_that_has_ended_deletes_nothing_and_says_nothing_else(
        self, ada: Ada, world: World
    ) -> None:
        """Locked is not deleted: the key in the browser stays, and nobody is told that it is done."""
        before = _rows(world)
        ada.client.lose("__Host-d")
        world.move(at("2026-11-20 10.00"))
        page = ada.client.post("/mitt/ta-bort", status=401)
        assert "borttaget" not in page.text
        assert "__Host-s" in ada.client.cookies()
        assert _rows(world)["account"] == before["account"]

    def test_the_others_keep_everything(self, ada: Ada, cleo: Client) -> None:
        cleo.send(cleo.get("/mitt/ta-bort").form("Ta bort kontot"))
        assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text

    def test_one_may_begin_again(self, ada: Ada) -> None:
        ada.client.follow(ada.client.send(ada.client.get("/mitt/ta-bort").form("Ta bort kontot")))
        ada.client.get("/")
        ada.client.follow(ada.client.send(ada.client.get("/").form("/svara"), press="Lätt"))
        assert not [word for word in WORDS.values() if word in str(files(ada.client))]

    def test_from_the_page_of_another_site_nothing_is_deleted(self, ada: Ada) -> None:
        ada.client.post("/mitt/ta-bort", status=403, headers={"Sec-Fetch-Site": "cross-site"})
        assert WORDS["tuesday"] in ada.client.get(f"/dagar/{TUESDAY}").text

    def test_export_delete_and_read_in_again(self, ada: Ada) -> None:
        """D31: leave, come back later, and everything is there."""
        data, before = download(ada.client), _main(ada.client.get(f"/dagar/{TUESDAY}"))
        ada.client.follow(ada.client.send(ada.client.get("/mitt/ta-bort").form("Ta bort kontot")))
        ada.client.follow(ada.client.send(ada.client.get("/").form("/svara"), press="Tung"))
        read_in(ada.client, data)
        assert _main(ada.client.get(f"/dagar/{TUESDAY}")) == before


def _main(page: Page) -> str:
    return text_of(all_of(page.tree, "main")[0])


def _rows(world: World) -> dict[str, int]:
    """How many rows every table holds, in both stores."""
    found: dict[str, int] = {}
    for store in world.stores:
        with store.connect() as db:
            names = db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
            found |= {
                name: db.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in names
            }
    return found
