"""Live pages on real servers: who is told and how soon, who is told nothing, and what happens when things stop."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from server.core import clock
from server.core.database import Database
from tests.commands import free_port
from tests.live.conftest import House, asked, house, port_of
from tests.streams import Stream

PATIENCE = 15.0  # seconds; how soon it is, the bench tells


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One server process with one worker."""
    with house(tmp_path_factory.mktemp("one")) as found:
        yield found


def test_what_is_left_in_the_same_process_is_told_at_once(one: House) -> None:
    ada, ben = one.person(), one.person()
    with one.stream(ada) as adas, one.stream(ben) as bens:
        one.note(ada)
        assert adas.told(PATIENCE)
        assert not bens.told(0.5)


def test_what_another_process_leaves_is_told_within_a_second(one: House) -> None:
    ada = one.person()
    with one.stream(ada) as adas:
        one.leave(ada)
        assert adas.told(PATIENCE)
        assert not adas.told(0.5)
        one.leave(ada)
        assert adas.told(PATIENCE)


def test_a_letter_by_a_closed_door_wakes_nobody(one: House) -> None:
    ada = one.person()
    with one.stream(ada) as adas:
        with one.database.write() as db:
            db.execute(text("DELETE FROM door WHERE mailbox = :of"), {"of": ada.account})
        one.note(ada)
        assert not adas.told(0.7)


def test_a_locked_or_ended_session_hears_nothing_and_its_stream_ends(one: House) -> None:
    ada = one.person()
    with one.stream(ada) as adas:
        one.sessions.end(ada.session)
        one.leave(ada)
        lines = list(adas.lines(1))
    assert "data: new" not in lines
    assert lines[-2:] == ["0", ""]  # the answer ends; nothing else was said


def test_strangers_are_all_told_the_same_nothing(one: House) -> None:
    """No session, an ended one, a made-up one, a foreign page's request, a HEAD: one answer."""
    ended, open_ = one.person(), one.person()
    one.sessions.end(ended.session)
    asking: list[tuple[str, dict[str, str]]] = [
        ("GET", {"Cookie": "__Host-h=1"}),
        ("GET", {"Cookie": ended.cookie}),
        ("GET", {"Cookie": f"__Host-s={'A' * 43}"}),
        ("GET", {"Cookie": "__Host-s=x"}),
        ("GET", {"Cookie": open_.cookie, "Sec-Fetch-Site": "cross-site"}),
        ("GET", {"Cookie": open_.cookie, "Sec-Fetch-Site": "same-site"}),
        ("GET", {"Cookie": open_.cookie, "Origin": "https://elsewhere.example"}),
        ("HEAD", {"Cookie": open_.cookie}),
    ]
    answers = []
    for method, headers in asking:
        answer = asked(one.servers[0], method, "/live", headers=headers)
        named = {name: value for name, value in answer.headers if name != "date"}
        answers.append((answer.status, answer.body, named))
    assert answers[0][0] == 204
    assert all(answer == answers[0] for answer in answers)
    assert "set-cookie" not in answers[0][2]
    assert answers[0][2]["cache-control"] == "no-store"


def test_a_stream_says_what_every_answer_says(one: House) -> None:
    with Stream(port_of(one.servers[0]), one.person().cookie, Sec_Fetch_Site="same-origin") as stream:
        head = []
        for line in stream.lines(5):
            if not line:
                break
            head.append(line)
    assert head[0] == "HTTP/1.1 200 OK"
    for wanted in (
        "content-type: text/event-stream; charset=utf-8",
        "cache-control: no-store",
        "x-accel-buffering: no",
        "x-content-type-options: nosniff",
        "transfer-encoding: chunked",
    ):
        assert wanted in head
    assert any(line.startswith("content-security-policy: default-src 'none'") for line in head)
    assert not any(line.startswith(("set-cookie", "content-length")) for line in head)


def test_following_is_no_activity(one: House) -> None:
    """The session's end does not move, however often a page comes back."""
    ada = one.person()
    with one.sessions._database.write() as db:
        db.execute(
            text("UPDATE session SET idle_end = idle_end - 300 WHERE id = :id"),
            {"id": one.sessions.row(ada.session)},
        )

    def end() -> Any:
        with one.sessions._database.read() as db:
            asking = text("SELECT idle_end FROM session WHERE id = :id")
            return db.execute(asking, {"id": one.sessions.row(ada.session)}).scalar_one()

    before = end()
    for _ in range(3):
        with one.stream(ada) as stream:
            one.leave(ada)
            assert stream.told(PATIENCE)
    assert end() == before


def test_many_words_at_once_lose_nothing(one: House) -> None:
    """After each burst, however it ran together, one more word is heard."""
    ada = one.person()
    with one.stream(ada) as adas:
        for burst in range(5):
            for _ in range(burst * 4 + 1):
                one.leave(ada)
            assert adas.told(PATIENCE)
            list(adas.lines(0.4))


def test_pages_are_answered_while_many_streams_are_open(one: House) -> None:
    people = [one.person() for _ in range(60)]
    streams = [one.stream(who) for who in people]
    assert one.servers[0].get("/healthz") == (200, "ok\n")
    one.leave(*people)
    assert all(stream.told(PATIENCE) for stream in streams)
    for stream in streams:
        stream.close()


@pytest.mark.parametrize("workers", [pytest.param("1", marks=pytest.mark.long), "2"])
def test_between_workers_and_after_a_restart(tmp_path: Path, workers: str) -> None:
    """Two workers share the port: streams and senders land anywhere. Stopping is quick; coming back is enough."""
    port = str(free_port())
    with house(tmp_path, DAGSFORM_WORKERS=workers, PORT=port) as found:
        people = [found.person() for _ in range(8)]
        streams = [found.stream(who) for who in people]
        for who, stream in zip(people, streams, strict=True):
            found.note(who)
            assert stream.told(PATIENCE)
        process = found.servers[0].process
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(timeout=8) is not None  # granian's own patience with open answers is ten seconds
        for stream in streams:
            assert stream.ended(PATIENCE)
            stream.close()
    with house(tmp_path, DAGSFORM_WORKERS=workers, PORT=port) as found, found.stream(people[0]) as stream:
        found.note(people[0])
        assert stream.told(PATIENCE)


def test_between_two_servers_on_postgresql(tmp_path: Path, empty_postgresql: str) -> None:
    """What one process writes stands on the other's page within two seconds, also after its listener was lost."""
    with house(tmp_path, servers=2, DAGSFORM_DATABASE=empty_postgresql) as found:
        ada, ben = found.person(), found.person()
        with found.stream(ada, 0) as adas, found.stream(ben, 1) as bens:
            time.sleep(0.5)
            for who, stream, elsewhere in ((ada, adas, 1), (ben, bens, 0)):
                found.note(who, elsewhere)
                assert stream.told(PATIENCE)
            lose_listeners(found.database)
            found.note(ada, 1)  # while nobody listens: told when they are back
            assert adas.told(PATIENCE)
            assert not bens.told(0.5)


def lose_listeners(database: Database) -> None:
    with database.write() as db:
        db.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE starts_with(query, 'LISTEN')"
        )


def test_the_clock_is_not_frozen_here() -> None:
    """The servers live in real time, and so do the sessions that these tests begin."""
    assert abs(clock.now().timestamp() - time.time()) < 5
