"""Items over HTTP: two windows, a lock in between, the bin, drafts, and whatever somebody types."""

import pytest

from server.items import keeping
from tests.accounts.acts import lock_for_real, open_code
from tests.client import Client, Page
from tests.people import WORDS, Ada, plan, tell
from tests.world import World

FREE = "0123456789abcdef" * 2
AWKWARD = "</textarea><script>alert(1)</script> 👩🏽‍🚀 שלום \u202eabc & <b>"


def save(client: Client, path: str, edition: int, status: int = 303, **told: str) -> Page:
    return client.post(f"{path}/andra", {"edition": str(edition), **told}, status=status)


@pytest.fixture
def step(ada: Ada) -> str:
    """The address of Ada's step."""
    return f"/plan/steg/{ada.plan['step']}"


def test_two_windows_show_both(ada: Ada, step: str) -> None:
    """vault.md, rule 7; hard rule 8. What is saved below counts, and the other one lies among the earlier ones."""
    save(ada.client, step, 1, title="Den ena", smallest="en minut")
    page = save(ada.client, step, 1, 409, title="Den andra")
    assert "Den ena" in page.text and "en minut" in page.text and "Det finns två versioner" in page.text
    ada.client.follow(ada.client.send(page.form("Spara"), press="Spara"))
    assert "Den andra" in ada.client.get(step).text
    assert "Den ena" in ada.client.get(f"{step}/tidigare").text


def test_two_phones_that_write_the_same_new_one(ada: Ada) -> None:
    path = f"/plan/steg/{FREE}"
    save(ada.client, path, 0, title="En")
    save(ada.client, path, 0, title="En")
    assert "En" in save(ada.client, path, 0, 409, title="Två").text
    assert ada.client.get("/plan/mal").text.count("En Vill") == 1


@pytest.mark.parametrize(
    "how", ["Behåll båda", "Behåll bara det som sidan visar", "Behåll bara det som står här"]
)
def test_after_a_lock_both_stand_until_one_is_chosen(how: str, ada: Ada, step: str) -> None:
    """vault.md, rule 5: what was sent after the lock is joined once, beside what came since."""
    save(ada.client, step, 1, title="Före låset", smallest="liten")
    lock_for_real(ada.client)
    for _ in range(2):
        save(ada.client, step, 1, title="Efter låset", smallest="liten", note="x" * 300)
    save(ada.client, f"/plan/mal/{FREE}", 0, goal="Nytt efter låset")
    save(ada.client, "/plan/drom/min", 7, dream="Dröm efter låset")
    ada.client.follow(open_code(ada.client))
    assert "Nytt efter låset" in ada.client.get("/plan").text
    page = ada.client.get(step)
    assert page.text.count("Efter låset") == 1 and "Före låset" in page.text and "x" * 300 in page.text
    page = ada.client.follow(ada.client.send(page.form("/valj"), press=how))
    assert not [form for form in page.forms if form.action.endswith("/valj")]
    everything = page.text + ada.client.get(f"{step}/tidigare").text
    assert "Efter låset" in everything and "Före låset" in everything


def test_what_was_sent_after_the_lock_about_a_thing_that_is_gone_is_kept(ada: Ada, step: str) -> None:
    ada.client.post(f"{step}/bort")
    lock_for_real(ada.client)
    for _ in range(2):
        save(ada.client, step, 1, title="Skrivet ändå")
    ada.client.follow(open_code(ada.client))
    page = ada.client.get("/plan/mal")
    assert page.text.count("Skrivet ändå") == 1 and WORDS["step"] not in page.text


def test_what_was_sent_after_the_lock_to_a_full_board_waits_as_a_draft(
    ada: Ada, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was said to be kept, so it can be seen; and it can be saved once there is room."""
    lock_for_real(ada.client)
    monkeypatch.setattr(keeping, "MOST_LINES", 3)
    path = f"/plan/mal/{FREE}"
    save(ada.client, path, 0, goal="Skrivet i låset")
    ada.client.follow(open_code(ada.client))
    form = ada.client.get("/plan/mal/ny").form("Spara")
    assert form.action.startswith(path) and ("goal", "Skrivet i låset") in form.filled("Spara", {})
    ada.client.get(path, status=404)
    monkeypatch.undo()
    ada.client.follow(ada.client.send(form, press="Spara"))
    assert ada.client.get(path).h1 == "Skrivet i låset"


def test_an_answer_of_the_life_map_after_the_lock(ada: Ada) -> None:
    lock_for_real(ada.client)
    for bit in ("hem:now", "hem:works"):
        for _ in range(2):
            ada.client.post("/plan/kartan/bit", {"bit": bit, "how": "save", "text": f"svar {bit}"})
    ada.client.follow(open_code(ada.client))
    page = ada.client.get("/plan/omrade/hem")
    assert WORDS["area"] in page.text and "svar hem:now" in page.text and "svar hem:works" in page.text


def test_undo_of_new_of_changed_and_of_a_tap(ada: Ada, step: str) -> None:
    """Hard rule 8: undo beats asking first, and nothing that was undone is lost."""
    client = ada.client
    for act, fields in (("andra", {"edition": "1", "title": "Nya ord"}), ("satt", {"state": "done"})):
        page = client.follow(client.post(f"{step}/{act}", fields))
        client.follow(client.send(page.form("Ångra")))
        assert WORDS["step"] in client.get(step).text
    assert "Nya ord" in client.get(f"{step}/tidigare").text
    client.post(f"/plan/steg/{FREE}/andra", {"edition": "0", "title": "Ett till"})
    page = client.get(f"/plan/steg/{FREE}")
    client.follow(client.send(page.form("/angra/1")))
    assert "Ett till" in client.get("/plan/borttaget").text


def test_what_changed_nothing_offers_no_undo(ada: Ada, step: str) -> None:
    """It would take back something older: other words, or the whole thing. An act sent twice still has its own."""
    client = ada.client

    def undoes(*acts: tuple[str, dict[str, str]]) -> bool:
        client.get("/")
        for act, fields in acts:
            answer = client.post(f"{step}/{act}", fields)
        return any("/angra/" in form.action for form in client.follow(answer).forms)

    same = (
        "andra",
        {"edition": "1", "title": WORDS["step"], "smallest": WORDS["smallest"], "goal": ada.plan["goal"]},
    )
    assert not undoes(("satt", {"state": ""})) and not undoes(same)
    assert undoes(*[("satt", {"state": "done"})] * 2)
    assert not undoes(same)
    assert undoes(*[("andra", {"edition": "1", "title": "Nya ord"})] * 2)
    assert not undoes(("satt", {"state": "done"}))


def test_two_of_which_there_is_one_lie_in_the_bin_side_by_side(ada: Ada) -> None:
    """The client checks each page: no id stands twice, so each is called by its own name."""
    for place in ("drom", "krisplan"):
        tell(
            ada.client,
            f"{place}/min",
            **{"drom": {"dream": "En båt"}, "krisplan": {"signs": "Sover inte"}}[place],
        )
        ada.client.post(f"/plan/{place}/min/bort")
    page = ada.client.get("/plan/borttaget")
    assert "En båt" in page.text and "Sover inte" in page.text


def test_put_back_twice_is_once(ada: Ada, step: str) -> None:
    ada.client.post(f"{step}/bort")
    for _ in range(2):
        assert WORDS["step"] in ada.client.follow(ada.client.post(f"{step}/tillbaka")).text


def test_a_hundred_long_versions_are_read_some_at_a_time(ada: Ada, step: str) -> None:
    """All at once they are megabytes, on an old phone."""
    for number in range(1, 13):
        save(ada.client, step, number, title=f"ord-{number:02}")
    page = ada.client.get(f"{step}/tidigare")
    assert "ord-11" in page.text and "ord-02" in page.text and "ord-01" not in page.text
    page = ada.client.get(page.link("Tidigare än de här"))
    assert "ord-01" in page.text and WORDS["step"] in page.text and "ord-02" not in page.text
    ada.client.follow(ada.client.send(page.form("/tidigare/1"), press="Ta tillbaka"))
    assert ada.client.get(step).h1 == "ord-01"
    for odd in ("x", "-1", "9" * 40, "²"):
        assert "ord-12" in ada.client.get(f"{step}/tidigare?fore={odd}").text


def test_taken_away_put_back_and_deleted_for_good(ada: Ada, step: str) -> None:
    client = ada.client
    page = client.follow(client.post(f"{step}/bort"))
    client.follow(client.send(page.form("/tillbaka")))
    assert WORDS["step"] in client.get(step).text
    client.post(f"{step}/bort")
    client.get(step, status=404)
    page = client.get(f"{step}/for-gott")
    assert WORDS["step"] in page.text
    client.follow(client.send(page.form(f"{step}/for-gott")))
    assert WORDS["step"] not in client.get("/plan/borttaget").text
    client.get(f"{step}/for-gott", status=404)
    client.post(f"{step}/tillbaka", status=404)


def test_a_draft_waits_also_while_its_item_lies_in_the_bin(ada: Ada, step: str) -> None:
    """Hard rule 8."""
    client = ada.client
    client.autosave(client.get(f"{step}/andra").form("Spara"), title="halvskrivet")
    client.post(f"{step}/bort")
    client.post(f"{step}/tillbaka")
    page = client.get(f"{step}/andra")
    assert "halvskrivet" in page.html and "inte sparat" in page.text
    client.follow(client.send(page.form("Spara"), press="Spara"))
    assert "halvskrivet" in client.get(step).text
    assert "inte sparat" not in client.get(f"{step}/andra").text


def test_a_draft_of_a_new_one_stands_in_the_empty_form(ada: Ada) -> None:
    page = ada.client.get("/plan/steg/ny")
    assert WORDS["begun step"] in page.html
    thrown = ada.client.follow(ada.client.send(page.form("/utkast/bort")))
    assert WORDS["begun step"] not in ada.client.get("/plan/steg/ny").html
    back = ada.client.follow(ada.client.send(thrown.form("Ångra")))
    assert WORDS["begun step"] in back.html
    twice = ada.client.follow(ada.client.send(thrown.form("Ångra")))
    assert "inget att ångra" in twice.text


@pytest.mark.parametrize(
    "text", [AWKWARD, "  mellan\u00a0rum  ", "ö" * 200, "=1+1", "{{ 7*7 }}"], ids=range(5)
)
def test_what_is_typed_is_text(text: str, someone: Client) -> None:
    """The client checks each page: no script, valid HTML."""
    made = plan(someone, "steg", title=text, smallest=text)
    shown = " ".join(text.replace("\u202e", "").split())
    assert shown in " ".join(someone.get(f"/plan/steg/{made}").text.replace("\u202e", "").split())
    for page in ("/plan", "/plan/mal", f"/plan/steg/{made}/andra"):
        assert shown in someone.get(page).text + someone.get(page).html.replace("&#34;", '"') or "<" in text


def test_nul_is_no_text_and_too_long_is_said_with_the_text_kept(someone: Client) -> None:
    path = f"/plan/steg/{FREE}"
    page = save(someone, path, 0, 422, title="x" * 201, note="y" * 5_001)
    assert "x" * 201 in page.html and "y" * 5_001 in page.html
    assert "Skriv några ord först" in save(someone, path, 0, 422, title="").text
    save(someone, path, 0, title="a\0b")
    assert "ab" in someone.get(path).text


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("satt", {"state": "misslyckades"}), ("satt", {}), ("satt", {"title": "x"}), ("satt", {"matter": "x"}),
        ("andra", {"edition": "1", "title": "x", "kind": "x"}), ("andra", {"edition": "-1", "title": "x"}),
        ("valj", {"edition": "1", "how": "x"}), ("flytta", {"vart": "bort"}), ("utkast", {}),
    ],
    ids=str,
)  # fmt: skip
def test_what_no_page_offers_is_refused(what: str, fields: dict[str, str], ada: Ada, step: str) -> None:
    ada.client.post(f"{step}/{what}", fields, status=400)
    assert WORDS["step"] in ada.client.get(step).text


def test_a_name_that_is_none_is_like_any_other(ada: Ada) -> None:
    """Hard rule 2: byte for byte."""
    client = ada.client
    client.get("/")
    missing = client.get("/plan/finns/inte", status=404).body
    for path in (
        f"/plan/steg/{FREE}", "/plan/steg/x", f"/plan/finnsinte/{FREE}", "/plan/omrade/rymden", "/plan/drom/ny",
        f"/plan/steg/{FREE}/tidigare", f"/plan/steg/{FREE}/for-gott", f"/plan/mal/{ada.plan['step']}", "/plan/drom/x",
    ):  # fmt: skip
        assert client.get(path, status=404).body == missing, path


def test_no_address_holds_a_persons_words(ada: Ada, step: str) -> None:
    """An address stands in the history of the browser: words are looked up by what it names."""
    tell(ada.client, step.removeprefix("/plan/"), title="Mycket eget", learned="Också eget")
    for page in (
        "/plan",
        "/plan/mal",
        "/plan/forsok",
        "/plan/vagar?fran=oppen-fika",
        step,
        "/plan/borttaget",
    ):
        for link in ada.client.get(page).links:
            assert "eget" not in link and "adaord" not in link
    form = ada.client.get(ada.client.get(step).link("Förbered ett försök"))
    assert 'value="Mycket eget"' in form.html
    assert "hemligt" not in ada.client.get("/plan/hinder/ny?what=hemligt&more=hemligt").html


def test_a_full_board_says_so_and_holds_out_what_was_typed(
    ada: Ada, step: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.items.keeping.MOST_LINES", 6)
    page = save(ada.client, f"/plan/steg/{FREE}", 0, 422, title="Ett för mycket")
    assert "Ett för mycket" in page.html
    ada.client.get(f"/plan/steg/{FREE}", status=404)
    save(ada.client, step, 1, title="Går att ändra")
    ada.client.post(f"/plan/steg/{ada.plan['gone_step']}/tillbaka", status=422)
    assert WORDS["gone step"] in ada.client.get("/plan/borttaget").text


def test_two_windows_meet_on_the_page_and_join(ada: Ada) -> None:
    """Hard rule 8: one tap keeps both."""
    address = f"/plan/steg/{ada.plan['step']}/andra"
    mine = ada.client.get(address).form("Spara")
    ada.client.send(ada.client.get(address).form("Spara"), smallest="från den andra")
    both = ada.client.send(mine, status=409, smallest="min")
    page = ada.client.follow(ada.client.send(both.form("Slå ihop dem"), press="Slå ihop dem"))
    assert "min från den andra" in page.text
