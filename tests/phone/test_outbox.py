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
        assert said(send(ada.client, NOW, post)) == {"taken": [BUS], "refused": []}
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
    post = answered(ada.client, "somnade")
    lock(ada.client)
    assert said(send(ada.client, NOW, post))["taken"] == [BUS]
    send(ada.client, NOW, post)
    ada.client.follow(open_code(ada.client))
    assert day(ada.client).count("somnade") == 1


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
    send(visitor, NOW, post, status=401)
    assert said(send(ada.client, NOW, post))["taken"] == [BUS]


def test_nobody_else_can_open_or_take_it(ada: Ada, cleo: Client) -> None:
    post = answered(ada.client, "adas")
    assert said(send(cleo, NOW, post)) == {"taken": [], "refused": [BUS]}
    assert "adas" not in day(cleo)
    # The phone hears that it is hers no more, and keeps it for Ada (pwa/outbox.js).
    whose = json.loads(send(cleo, NOW, post).body)["box"]
    assert base64.b64decode(whose) == box_of(cleo) != box_of(ada.client)


def test_a_post_under_another_name_does_not_open(ada: Ada) -> None:
    _name, blob = answered(ada.client, "flyttad")
    other = name_of("another")
    assert said(send(ada.client, NOW, (other, blob)))["refused"] == [other]


@pytest.mark.parametrize(
    "to", ["/lamna/ny", "/mitt/radera", "/logga-ut", "/finns-inte", "//annan.example/svara", ""]
)
def test_what_cannot_wait_is_refused_and_kept(ada: Ada, to: str) -> None:
    """No audience is widened, nothing is deleted, by something that lay in a pocket."""
    post = sealed(box_of(ada.client), BUS, to, NOW, {"sure": "1"})
    assert said(send(ada.client, NOW, (BUS, post)))["refused"] == [BUS]


def test_one_that_nobody_can_join_does_not_stop_the_others(ada: Ada) -> None:
    bad = name_of("bad")
    broken = sealed(box_of(ada.client), bad, "/svara", NOW, {"form": "9", "id": BUS})
    answer = said(send(ada.client, NOW, (bad, broken), answered(ada.client, "den goda")))
    assert answer == {"taken": [BUS], "refused": [bad]} and "den goda" in day(ada.client)


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
        "",
        7,
        {},
        {"now": 0},
        {"now": "x", "posts": []},
        {"now": 10**30, "posts": []},
        {"now": 0, "posts": [["x"]]},
        {"now": 0, "posts": [["../x", ""]]},
    ],
)
def test_a_hand_made_body_is_a_plain_no(ada: Ada, body: object) -> None:
    ada.client.post_json("/utkorg", body, status=400)


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
