"""Bad input gets a clear sentence, and nothing typed is lost (issue 2)."""

import re

import pytest

from tests.client import Client, Page
from tests.html import all_of
from tests.people import TUESDAY, WORDS, Ada, begin, write
from tests.world import World

LONGEST = 20_000
ODD = {
    "emoji": "🦔 👩🏽‍🚀 🏳️‍🌈 é",
    "right to left": "مرحبا ‮bakvänt‬ שלום",
    "script": "</textarea><script>alert('x')</script><img src=x onerror=alert(1)>",
    "quotes": "\"' onfocus='alert(1) {{ 7 * 7 }} {% raw %} ${x} %s %(x)s \\ &amp; &#x27;",
    "lines": "en\n\ntvå\n  indragen\tflik",
    "only marks": "́̂̃ ​x​",
}
FREE = "abcdef0123456789" * 2


def textarea(page: Page, name: str) -> str:
    return "".join(next(one for one in all_of(page.tree, "textarea") if one.get("name") == name).itertext())


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_any_text_is_kept_as_it_is(text: str, someone: Client) -> None:
    entry = write(someone, "2026-11-18", words=text, done=text, helped=text)
    day = someone.get("/dagar/2026-11-18")
    assert " ".join(text.split()) in day.text
    page = someone.get(f"/dagar/2026-11-18/{entry}")
    for name in ("words", "done", "helped"):
        assert textarea(page, name) == text
    assert "<script>alert" not in page.html
    someone.get("/dagar")
    someone.get("/dagar/2026-11/lista")


def test_nul_is_left_out_and_the_rest_stays(someone: Client) -> None:
    entry = write(someone, "2026-11-18", words="före\0efter")
    assert textarea(someone.get(f"/dagar/2026-11-18/{entry}"), "words") == "föreefter"


@pytest.mark.parametrize("sign", ["a", "å", "🦔"])
def test_20_000_characters_fit_in_every_field(sign: str, someone: Client) -> None:
    text = sign * LONGEST
    entry = write(someone, "2026-11-18", words=text, done=text, helped=text)
    page = someone.get(f"/dagar/2026-11-18/{entry}")
    assert all(textarea(page, name) == text for name in ("words", "done", "helped"))


@pytest.mark.parametrize("name", ["words", "done", "helped"])
def test_one_more_is_said_and_the_text_stays(name: str, someone: Client) -> None:
    form = someone.get("/dagar/2026-11-18/ny").form("Spara")
    text = "å" * LONGEST + "!"
    page = someone.send(form, {name: text, "mood": "4"}, press="Spara", status=422)
    assert textarea(page, name) == text
    assert "Texten är längre än vad som får plats. Den är kvar här." in page.text
    field = next(one for one in all_of(page.tree, "textarea") if one.get("name") == name)
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby")
    assert "Inget är skrivet den här dagen." in someone.get("/dagar/2026-11-18").text
    shorter = page.form("Spara")
    assert ("mood", "4") in shorter.filled("Spara", {})
    someone.follow(someone.send(shorter, {name: text[:-1]}, press="Spara"))
    assert text[:-1] in someone.get("/dagar/2026-11-18").html


def test_far_too_much_for_one_request_is_said(someone: Client) -> None:
    page = someone.post(f"/dagar/2026-11-18/{FREE}", {"edition": "0", "words": "å" * 400_000}, status=413)
    assert "Det var mer än vad som får plats" in page.text


@pytest.mark.parametrize("day", ["1890-01-01", "1919-12-31", "2026-11-20", "2027-11-19", "9999-12-31"])
@pytest.mark.parametrize("where", ["/dagar/{}", "/dagar/{}/ny", "/dagar/till?dag={}", "/dagar/{}/" + FREE])
def test_a_day_that_cannot_be_written_about_is_said(where: str, day: str, someone: Client) -> None:
    path = where.format(day)
    page = someone.get(path, status=303 if "till" in path else 422)
    page = someone.get(page.location, status=422) if page.status == 303 else page
    assert "Du kan skriva om idag och om dagar som har varit, tillbaka till 1920." in page.text


def test_text_for_a_day_that_is_not_yet_is_kept(someone: Client) -> None:
    page = someone.post(f"/dagar/2027-01-01/{FREE}", {"edition": "0", "words": "nyår"}, status=422)
    assert textarea(page, "words") == "nyår"


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-13-01", "2026-00-10", "0000-01-01", "20261119", "idag", "x" * 3000]
)
def test_what_is_no_date_is_not_there(day: str, someone: Client) -> None:
    someone.get(f"/dagar/{day}", status=404)
    someone.get(f"/dagar/{day}/ny", status=404)
    assert "kan skriva om idag" in someone.get(f"/dagar/till?dag={day}", status=422).text
    someone.get("/dagar/till", status=422)


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "99999999999999999999-01", "0-1", "10000-01", "2026-99999999999"]
)
def test_what_is_no_month_is_not_there(month: str, someone: Client) -> None:
    someone.get(f"/dagar/{month}", status=404)
    someone.get(f"/dagar/{month}/lista", status=404)


@pytest.mark.parametrize("month", ["1890-01", "1919-12", "2027-01", "9999-12"])
def test_a_month_far_away_is_said(month: str, someone: Client) -> None:
    assert "tillbaka till 1920" in someone.get(f"/dagar/{month}", status=422).text


@pytest.mark.parametrize(
    "fields",
    [
        {"form": "6"}, {"form": "0"}, {"form": "-1"}, {"form": "tung"}, {"form": "５"}, {}, {"form": ""},
        {"form": "3", "id": "x"}, {"form": "3", "id": "../../etc/passwd"}, {"form": "3", "id": FREE.upper()},
        {"form": "3", "id": FREE + "a"}, {"form": "3", "id": ""},
    ],
    ids=str,
)  # fmt: skip
def test_answers_that_no_page_offers_change_nothing(
    fields: dict[str, str], someone: Client, world: World
) -> None:
    before, page = world.rows("record"), someone.get("/").body
    answer = someone.post("/svara", {"id": FREE, **fields}, status=400)
    assert "Det svaret passar inte här" in answer.text
    assert (world.rows("record"), someone.get("/").body) == (before, page)


@pytest.mark.parametrize(
    "fields",
    [{"edition": "x"}, {"edition": "-1"}, {"edition": "9" * 40}, {}, {"edition": "0", "mood": "9"},
     {"edition": "0", "cost": "allt"}, {"edition": "0", "looked": "six"}, {"edition": "²"}],
    ids=str,
)  # fmt: skip
def test_entries_that_no_page_offers_change_nothing(
    fields: dict[str, str], someone: Client, world: World
) -> None:
    before = world.rows("record")
    page = someone.post(f"/dagar/2026-11-18/{FREE}", {"words": "min text", **fields}, status=400)
    assert textarea(page, "words") == "min text"
    assert world.rows("record") == before


def test_a_circumstance_that_is_not_offered_is_left_out(someone: Client) -> None:
    someone.post(f"/dagar/2026-11-18/{FREE}", {"edition": "0", "circumstances": ["sleep", "diagnos"]})
    text = someone.get("/dagar/2026-11-18").text
    assert "Sömn" in text
    assert "diagnos" not in text


def test_the_same_post_twice_is_one_entry(someone: Client) -> None:
    """Hard rule 8: a double tap, a reload, a flaky net."""
    for _ in range(3):
        someone.post("/svara", {"form": "4", "id": FREE})
        someone.post("/dagar/2026-11-18/" + FREE, {"edition": "0", "words": "en gång"})
    assert someone.get("/dagar/2026-11-19").html.count("<article") == 2
    assert someone.get("/dagar/2026-11-18").html.count("<article") == 1


def test_two_tabs_lose_nothing(someone: Client) -> None:
    """Both texts are shown; nothing was overwritten; what is saved next counts."""
    entry = write(someone, "2026-11-18", words="början")
    tabs = [someone.get(f"/dagar/2026-11-18/{entry}").form("Spara") for _ in range(2)]
    someone.follow(someone.send(tabs[0], press="Spara", words="flik ett"))
    page = someone.send(tabs[1], press="Spara", status=409, words="flik två", helped="te")
    assert "Det finns två versioner" in page.text
    assert "flik ett" in page.text
    assert (textarea(page, "words"), textarea(page, "helped")) == ("flik två", "te")
    assert "flik ett" in someone.get("/dagar/2026-11-18").text
    someone.follow(someone.send(page.form("Spara"), press="Spara", words="flik ett, flik två"))
    assert "flik ett, flik två" in someone.get("/dagar/2026-11-18").text


def test_text_for_an_entry_that_was_taken_away_is_not_lost(someone: Client) -> None:
    """Another tab took it away in the meantime: what is typed here stands in the answer."""
    entry = write(someone, "2026-11-18", words="början")
    form = someone.get(f"/dagar/2026-11-18/{entry}").form("Spara")
    someone.post(f"/dagar/2026-11-18/{entry}/bort")
    page = someone.send(form, press="Spara", status=404, words="mycket mer text")
    assert "mycket mer text" in page.html


def test_two_accounts_in_one_browser_never_mix(ada: Ada, ben: Client, world: World) -> None:
    """A cookie from another account: one drawer opens or the other, and nothing of both."""
    for mine, theirs in ((("__Host-s",), ("__Host-d",)), (("__Host-d",), ("__Host-s",))):
        mixed = world.visitor()
        for name in mine:
            mixed.keep(name, ada.client.cookies()[name])
        for name in theirs:
            mixed.keep(name, ben.cookies()[name])
        owner = mine == ("__Host-s",)
        assert (WORDS["tuesday"] in mixed.get(f"/dagar/{TUESDAY}").text) is owner
        mixed.get(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}", status=200 if owner else 404)


@pytest.mark.parametrize("name", ["__Host-s", "__Host-d", "__Host-t", "__Host-h"])
@pytest.mark.parametrize(
    "value", ["", "x", "A" * 43, "å" * 20, "0" * 4000, "saved|https://elsewhere.example/", "saved|//x"]
)
def test_garbage_cookies_open_nothing_and_break_nothing(name: str, value: str, visitor: Client) -> None:
    visitor.keep(name, value)
    assert visitor.get("/").h1 == "Hur är dagen?"
    visitor.get("/dagar", status=303)
    assert "elsewhere" not in visitor.get("/").html
    begin(visitor, "Tung")
    assert visitor.get("/").h1 == "Tung dag"


def test_with_cookies_refused_nothing_is_made_and_it_is_said(world: World) -> None:
    """The answer is not lost either: it stands in the page, to be sent again."""
    client = Client(world.app, cookies=False)
    before = world.rows("account"), world.rows("record")
    form = client.get("/").form("/svara")
    page = client.send(form, press="Tung", status=422)
    assert "Webbläsaren skickade inte tillbaka vår kaka" in page.text
    assert (world.rows("account"), world.rows("record")) == before
    again = page.form("Prova igen")
    assert dict(again.filled("Prova igen", {})) == dict(form.filled("Tung", {}))
    assert page.link("Se vad som är möjligt ändå") == "/inte-idag"
    for path in ("/inte-idag", "/aktiviteter", "/hjalp", "/sa-funkar-det"):
        client.get(path)


def test_nothing_in_a_page_is_taken_from_the_address(someone: Client) -> None:
    for path in (
        '/?annat=1&x="><script>alert(1)</script>',
        "/finns-inte/%22%3E%3Cscript%3E",
        "/aktiviteter?<b>",
    ):
        page = someone.get(path, status=404 if "finns" in path else 200)
        assert not re.search(r"<script>alert|<b>", page.html)
