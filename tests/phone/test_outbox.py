"""The outbox on the server: what a phone wrote without a connection is taken once, in order, for its owner alone."""

import base64
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.vault import once, ways_in
from server.vault.drawer import Drawer
from server.vault.models import RecordRow
from server.vault.sealing import Secret
from tests.accounts.acts import lock, lockable, open_code, writing
from tests.client import FROM_US, Client, Page
from tests.messages.conftest import agree
from tests.people import TODAY, TUESDAY, Ada
from tests.phone.sealing import box_of, name_of, sealed, send
from tests.world import NOW, World

BUS = name_of("on the bus")
LEFT = "/mitt/inte-sparat"


def answered(client: Client, words: str, name: str = BUS) -> tuple[str, str]:
    """One tap and some words, as the page without a connection seals them."""
    fields = {"form": "2", "words": words, "id": name_of(words)}
    return name, sealed(box_of(client), name, "/svara", NOW, fields)


def said(page: Page) -> dict[str, list[str]]:
    found = dict(json.loads(page.body))
    del found["box"]
    return found


def day(client: Client, day: str = TODAY) -> str:
    return client.get(f"/dagar/{day}").text


def test_what_was_written_offline_stands_on_its_day_once(ada: Ada) -> None:
    """Row D7; hard rule 8. The answer got lost on the way, so the phone sends it again."""
    post = answered(ada.client, "på bussen")
    for _ in range(2):
        assert said(send(ada.client, NOW, post)) == {"taken": [BUS]}
    assert day(ada.client).count("på bussen") == 1


def test_sent_as_a_page_and_then_from_the_outbox_is_one_act(ada: Ada) -> None:
    """The server did it, and its answer was lost. Meanwhile another tab changed the same note."""
    name, form = name_of("lost"), writing(ada.client)
    fields = form.filled("Spara", {"words": "först"})
    ada.client.post(form.action, fields, headers=FROM_US | {"Idempotency-Key": name})
    later = ada.client.get(f"{form.action}").form("Spara")
    ada.client.send(later, words="sedan")
    late = sealed(box_of(ada.client), name, form.action, NOW, dict(fields))
    assert said(send(ada.client, NOW, (name, late)))["taken"] == [name]
    words = day(ada.client, form.action.split("/")[2])
    assert words.count("sedan") == 1 and "först" not in words


def test_two_phones_that_wrote_in_one_note_leave_both(ada: Ada) -> None:
    entry = ada.entries[TUESDAY]
    address = f"/dagar/{TUESDAY}/{entry}"
    ada.client.send(ada.client.get(address).form("Spara"), words="från den andra")
    post = sealed(box_of(ada.client), BUS, address, NOW, {"edition": "1", "words": "från bussen"})
    send(ada.client, NOW, (BUS, post))
    assert all(words in day(ada.client, TUESDAY) for words in ("från den andra", "från bussen"))


def test_locked_meanwhile_it_waits_in_the_tray_as_sealed_as_it_came(ada: Ada) -> None:
    lockable(ada)
    box, post = box_of(ada.client), answered(ada.client, "somnade")
    lock(ada.client)
    assert said(send(ada.client, NOW, post, to=box))["taken"] == [BUS]
    send(ada.client, NOW, post, to=box)
    ada.client.follow(open_code(ada.client))
    assert day(ada.client).count("somnade") == 1


def test_what_came_just_before_the_server_fell_is_joined_with_the_next_page(
    ada: Ada, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The phone has its answer and has forgotten the post; nobody had time to join it."""
    with monkeypatch.context() as patch:
        patch.setattr("server.web.outbox.join_what_waits", lambda: None)
        send(ada.client, NOW, answered(ada.client, "strömmen gick"))
    for _ in range(2):
        assert day(ada.client).count("strömmen gick") == 1
        assert "__Host-w" not in ada.client.cookies()


def test_what_reaches_the_tray_just_after_the_unlock_is_joined_with_the_next_page(
    ada: Ada, visitor: Client
) -> None:
    """It was on its way with the cookies from before."""
    lockable(ada)
    box, post = box_of(ada.client), answered(ada.client, "sen post")
    lock(ada.client)
    visitor.keep("__Host-p", ada.client.cookie("__Host-p") or "")
    ada.client.follow(open_code(ada.client))
    send(visitor, NOW, post, to=box)
    ada.client.keep("__Host-w", visitor.cookie("__Host-w") or "")  # two requests of one browser
    assert day(ada.client).count("sen post") == 1


def test_in_their_order_also_when_a_page_overtakes_them(ada: Ada, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is joined before what is posted after it."""
    form = ada.client.get(f"/dagar/{TUESDAY}/{ada.entries[TUESDAY]}").form("Spara")
    first = sealed(box_of(ada.client), BUS, form.action, NOW, {**dict(form.typed({})), "words": "först"})
    with monkeypatch.context() as patch:
        patch.setattr("server.web.outbox.join_what_waits", lambda: None)
        send(ada.client, NOW, (BUS, first))
    ada.client.send(form, words="sedan", status=409)
    assert "först" in day(ada.client, TUESDAY)


def test_what_could_not_be_joined_is_read_tried_again_and_thrown_away(ada: Ada, ben: Client) -> None:
    """Issue 7: nothing is lost. Nobody else is told that there is such a thing."""
    broken = sealed(box_of(ada.client), BUS, "/svara", NOW, {"form": "9", "id": BUS, "words": "mina ord"})
    send(ada.client, NOW, (BUS, broken))
    assert "gick inte att spara" in ada.client.get("/").text
    page = ada.client.get(LEFT)
    assert "mina ord" in page.text and "mina ord" not in ben.get(LEFT).text
    again = ada.client.follow(ada.client.send(page.form("Prova igen")))
    assert "inte att spara nu heller" in again.text and "mina ord" in again.text
    other = ben.post(f"{LEFT}/{BUS}/ta-bort")
    assert "mina ord" in ada.client.get(LEFT).text and ben.follow(other).status == 200
    gone = ada.client.follow(ada.client.send(page.form("/ta-bort")))
    assert "mina ord" not in gone.text
    assert "gick inte att spara" not in ada.client.get("/").text


def test_a_message_that_goes_leaves_another_in_the_field(ada: Ada, ben: Client) -> None:
    """One came while it was locked and waits as a draft; the next one comes out of the outbox and goes on its way."""
    hers, his = agree(ada.client, ben, "Ben")
    lockable(ada)
    typed = ada.client.get(hers.page).form("/skriv")
    lock(ada.client)
    ada.client.send(typed, {"words": "från ett låst kvarter"}, press="Skicka")
    ada.client.follow(open_code(ada.client))
    fields = {"id": name_of("next"), "words": "nästa hållplats"}
    post = sealed(box_of(ada.client), BUS, f"{hers.page}/skriv", NOW, fields)
    for _ in range(2):
        send(ada.client, NOW, (BUS, post))
    assert his.reads() == ["Ada L: nästa hållplats"]
    assert dict(hers.look().form("/skriv").typed({}))["words"] == "från ett låst kvarter"


def test_signed_out_it_stays_on_the_phone(ada: Ada, visitor: Client) -> None:
    post = answered(ada.client, "kvar")
    send(visitor, NOW, post, to=box_of(ada.client), status=401)
    assert said(send(ada.client, NOW, post))["taken"] == [BUS]


def test_what_is_sealed_to_somebody_else_is_not_taken(ada: Ada, cleo: Client) -> None:
    """The phone hears that another person's drawer is open, and keeps it for Ada (pwa/outbox.js)."""
    answer = send(cleo, NOW, answered(ada.client, "adas"), to=box_of(ada.client))
    assert said(answer) == {"taken": []}
    assert base64.b64decode(json.loads(answer.body)["box"]) == box_of(cleo) != box_of(ada.client)


def test_nobody_else_can_open_it(ada: Ada, cleo: Client) -> None:
    """Somebody says that it is hers."""
    send(cleo, NOW, answered(ada.client, "adas"))
    assert "adas" not in day(cleo) and "adas" not in cleo.get(LEFT).text
    assert "gick inte att öppna" in cleo.get(LEFT).text


def test_a_post_under_another_name_does_not_open(ada: Ada) -> None:
    _name, blob = answered(ada.client, "flyttad")
    send(ada.client, NOW, (name_of("another"), blob))
    assert "flyttad" not in day(ada.client) and "gick inte att öppna" in ada.client.get(LEFT).text


@pytest.mark.parametrize(
    "to", ["/lamna/ny", "/mitt/radera", "/logga-ut", "/finns-inte", "//annan.example/svara", ""]
)
def test_what_cannot_wait_is_not_done_and_not_lost(ada: Ada, to: str) -> None:
    """No audience is widened, nothing is deleted, by something that lay in a pocket."""
    post = sealed(box_of(ada.client), BUS, to, NOW, {"sure": "1", "words": "mina ord"})
    for _ in range(2):
        send(ada.client, NOW, (BUS, post))
    assert day(ada.client)  # the account is there and open
    assert ada.client.get(LEFT).text.count("mina ord") == 1


def test_one_that_nobody_can_join_does_not_stop_the_others(ada: Ada) -> None:
    bad = name_of("bad")
    broken = sealed(box_of(ada.client), bad, "/svara", NOW, {"form": "9", "id": BUS, "words": "den andra"})
    send(ada.client, NOW, (bad, broken), answered(ada.client, "den goda"))
    assert "den goda" in day(ada.client) and "den andra" not in day(ada.client)
    assert "den andra" in ada.client.get(LEFT).text


def test_a_clock_that_is_wrong_by_a_day_does_not_move_the_day(ada: Ada) -> None:
    """Written at ten today by the phone's clock, which stands on tomorrow."""
    wrong = NOW + timedelta(days=1)
    post = sealed(box_of(ada.client), BUS, "/svara", wrong, {"form": "3", "words": "fel klocka", "id": BUS})
    send(ada.client, wrong + timedelta(minutes=5), (BUS, post))
    assert "fel klocka" in day(ada.client)


def test_nothing_was_written_later_than_now(ada: Ada) -> None:
    """The clock was wrong when it was written, and has been put right since."""
    post = sealed(
        box_of(ada.client), BUS, "/svara", NOW + timedelta(days=3), {"form": "3", "words": "snart", "id": BUS}
    )
    send(ada.client, NOW, (BUS, post))
    assert "snart" in day(ada.client)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"7",
        b"{}",
        b"\n\n",
        b"\xff\n",
        b'{"now": 0, "to": ""}\n',
        b'{"now": "x", "to": "", "posts": []}\n',
        b'{"now": 1%s, "to": "", "posts": []}\n' % (b"0" * 30),
        b'{"now": 0, "to": "", "posts": [["x"]]}\n',
        b'{"now": 0, "to": "", "posts": [["../x", 1]]}\nx',
        b'{"now": 0, "to": "%", "posts": []}\n',
        b'{"now": 0, "to": "", "posts": [["%s", 3]]}\nxx' % BUS.encode(),
        b'{"now": 0, "to": "", "posts": [["%s", -1]]}\nxx' % BUS.encode(),
    ],
)
def test_a_hand_made_body_is_a_plain_no(ada: Ada, body: bytes) -> None:
    ada.client.post_bytes("/utkorg", body, status=400)


def test_names_are_forgotten_by_age_and_never_grow_a_row(ada: Ada, world: World) -> None:
    """Whatever a person writes, the rows that remember it stay one step of padding."""
    names = [name_of(str(number)) for number in range(1500)]
    half = Secret.from_text(ada.client.cookie("__Host-d") or "")
    with world.database.write() as db:
        drawer = Drawer(db, ways_in.open_device(db, half, now=NOW)[0])
        for start in range(0, len(names), 100):
            once.take(drawer, names[start : start + 100])
        assert once.taken(drawer, names[-300:]) == set(names[-300:])
        assert len(once.taken(drawer, names)) <= 1024
        sizes = [len(row.blob) for row in db.execute(select(RecordRow.blob)).all()]
    assert max(sizes) < 9_000 and sizes.count(min(sizes)) >= 16
