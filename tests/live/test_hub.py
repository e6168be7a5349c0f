"""Who is told, how often, and who is not: the hub with real rows, its lines written down instead of sent."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from server.core import clock
from server.core.database import Database
from server.vault.mailbox import NOTHING, lying
from server.vault.models import Letter
from server.vault.sessions import Sessions
from server.web import live
from server.web.live import Hub, Stream
from tests.streams import Follower, follower

PATIENCE = 15.0  # seconds; a busy machine is no fault


class Line:
    """Writes down what is said. `gone` is somebody who is not there any more."""

    def __init__(self, *, gone: bool = False) -> None:
        self.said: list[bytes] = []
        self.gone = gone

    def say(self, words: bytes) -> bool:
        self.said.append(words)
        return not self.gone

    @property
    def news(self) -> int:
        return self.said.count(b"data: new\n\n")

    def wait(self, number: int = 1) -> None:
        end = time.monotonic() + PATIENCE
        while self.news < number:
            assert time.monotonic() < end, self.said
            time.sleep(0.005)


@pytest.fixture
def hub(database: Database, sessions: Sessions) -> Iterator[Hub]:
    hub = Hub(database, sessions)
    yield hub
    hub.close()


@pytest.fixture
def ada(database: Database, sessions: Sessions) -> Follower:
    with database.write() as db:
        return follower(db, sessions)


@pytest.fixture
def ben(database: Database, sessions: Sessions) -> Follower:
    with database.write() as db:
        return follower(db, sessions)


def stream(database: Database, sessions: Sessions, who: Follower, line: Line) -> Stream:
    with database.read() as db:
        known = lying(db, [who.account]).get(who.account, NOTHING)
    return Stream(who.account, sessions.row(who.session), known, line)


def joined(hub: Hub, database: Database, sessions: Sessions, who: Follower) -> Line:
    line = Line()
    hub.join(stream(database, sessions, who, line))
    return line


def leave(database: Database, *whom: Follower) -> None:
    with database.write() as db:
        for one in whom:
            one.leave(db)


def settle() -> None:
    time.sleep(0.5)


def test_every_open_page_of_the_reader_is_told_and_nobody_elses(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower, ben: Follower
) -> None:
    pages = [joined(hub, database, sessions, ada) for _ in range(2)]
    other = joined(hub, database, sessions, ben)
    leave(database, ada)
    for page in pages:
        page.wait()
    settle()
    assert [page.said for page in pages] == [[b"data: new\n\n"]] * 2
    assert other.said == []


def test_what_came_between_the_page_and_its_stream_is_told(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower
) -> None:
    line = Line()
    late = stream(database, sessions, ada, line)
    leave(database, ada)
    hub.join(late)
    line.wait()


def test_nothing_is_lost_when_much_comes_at_once(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower
) -> None:
    """However the words run together: after the last letter there is always one more word."""
    line = Line()
    page = stream(database, sessions, ada, line)
    hub.join(page)
    for number in range(60):
        leave(database, ada)
        if number % 7 == 0:
            time.sleep(0.003)
    end = time.monotonic() + PATIENCE
    with database.read() as db:
        lies = lying(db, [ada.account])[ada.account]
    while page.known != lies:
        assert time.monotonic() < end
        time.sleep(0.005)
    assert lies[0] == 60
    settle()
    told = line.news
    assert 1 <= told <= 60
    leave(database, ada)
    line.wait(told + 1)


def test_sorting_says_nothing_more(hub: Hub, database: Database, sessions: Sessions, ada: Follower) -> None:
    line = joined(hub, database, sessions, ada)
    leave(database, ada)
    line.wait()
    with database.write() as db:
        db.execute(update(Letter).values(shelf=b"on a shelf"))
    settle()
    assert line.news == 1


def test_a_locked_phone_learns_nothing_and_is_let_go(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower
) -> None:
    line = joined(hub, database, sessions, ada)
    settle()
    sessions.end(ada.session)
    leave(database, ada)
    settle()
    assert line.said == []
    assert not hub._streams


def test_a_session_past_its_end_learns_nothing(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower
) -> None:
    with clock.frozen(clock.now()) as move:
        line = joined(hub, database, sessions, ada)
        settle()
        move(clock.now() + timedelta(minutes=10))
        leave(database, ada)
        settle()
    assert line.said == []
    assert not hub._streams


def test_the_beat_finds_who_has_gone_or_locked_or_been_here_long(
    hub: Hub,
    database: Database,
    sessions: Sessions,
    ada: Follower,
    ben: Follower,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "BEAT", 0.3)
    stays, gone, old, locked = Line(), Line(gone=True), Line(), Line()
    for line in (stays, gone, old):
        hub.join(stream(database, sessions, ada, line))
    hub.join(stream(database, sessions, ben, locked))
    settle()
    sessions.end(ben.session)
    streams = [one for theirs in hub._streams.values() for one in theirs]
    next(one for one in streams if one.line is old).end = 0
    settle()
    left = [one.line for theirs in hub._streams.values() for one in theirs]
    assert left == [stays]
    assert set(stays.said) == {b":\n\n"}


def test_a_seventh_page_takes_the_place_of_the_oldest(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower
) -> None:
    lines = [joined(hub, database, sessions, ada) for _ in range(live.MOST_EACH + 1)]
    settle()
    assert lines[0].said == [b"retry: 60000\n\n"]
    leave(database, ada)
    for line in lines[1:]:
        line.wait()
    assert lines[0].news == 0


def test_a_full_hub_has_no_room(
    hub: Hub,
    database: Database,
    sessions: Sessions,
    ada: Follower,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "MOST", 1)
    assert hub.has_room
    joined(hub, database, sessions, ada)
    settle()
    assert not hub.has_room


def test_a_closed_hub_lets_everybody_go_and_takes_nobody(
    hub: Hub, database: Database, sessions: Sessions, ada: Follower
) -> None:
    line = joined(hub, database, sessions, ada)
    settle()
    hub.close()
    settle()
    assert not hub._streams
    leave(database, ada)
    settle()
    assert line.said == []
    assert not hub.has_room
