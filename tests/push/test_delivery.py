"""From a row to a phone, against a push service that believes nobody without a signature."""

import logging
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from server.core import clock
from server.core.database import Database
from server.push.courier import TEXT, Courier, Outcome
from server.push.endpoints import BadEndpoint
from server.push.worker import Worker
from server.vault import notices
from server.vault.notices import KINDS, REMINDER, Due, Notices
from server.vault.ways_in import new_account
from server.vault.webpush import Vapid
from tests.push.service import HOST, SECRET, Browser, Service, signed_by
from tests.world import NOW

PUBLIC = Vapid(SECRET).public


@pytest.fixture
def at() -> Iterator[Callable[[datetime], None]]:
    with clock.frozen(NOW) as move:
        yield move


class Household:
    """A database with one person in it who has turned notices on."""

    def __init__(self, database: Database, service: Service, *browsers: Browser) -> None:
        self.database, self.service = database, service
        with database.write() as db:
            db.execute(text("DELETE FROM push"))
            self.account = new_account(db, now=NOW)[0].account
        self.change(lambda old: Notices(phones={one.endpoint: one.phone for one in browsers}, kinds=KINDS))
        self.worker = Worker(database, SECRET, service.courier())

    def change(self, how: Callable[[Notices], Notices]) -> None:
        with self.database.write() as db:
            notices.change(db, SECRET, self.account, how)

    def due(self, *dues: Due) -> None:
        self.change(lambda old: replace(old, due=dues))

    @property
    def row(self) -> Notices:
        with self.database.read() as db:
            return notices.read(db, SECRET, self.account)


@pytest.fixture
def home(house: Database, service: Service, browser: Browser, at: Callable[[datetime], None]) -> Household:
    return Household(house, service, browser)


def reminder(number: int = 0, when: datetime = NOW) -> Due:
    return Due(id=f"{number:032x}", kind=REMINDER, at=when)


def test_a_notice_is_signed_and_opens_in_the_browser_it_is_for(home: Household, browser: Browser) -> None:
    home.due(reminder())
    home.worker.round()
    (came,) = home.service.came
    claims = signed_by(came.headers["authorization"], PUBLIC)
    assert claims["aud"] == f"https://{HOST}"
    assert 0 < claims["exp"] - NOW.timestamp() <= 86_400
    assert came.path == "/wpush/en"
    assert came.headers["host"].split(":")[0] == HOST
    assert (came.headers["content-encoding"], came.headers["topic"]) == ("aes128gcm", "dagsform")
    assert browser.opens(came.body) == TEXT
    assert home.row.due == ()
    home.worker.round()
    assert len(home.service.came) == 1, "told once"


def test_every_notice_is_like_every_other(home: Household, at: Callable[[datetime], None]) -> None:
    """Size, words and headers; only the seal and the signature differ."""
    for number, kind in enumerate(("reminder", "activity", "reminder")):
        at(NOW + timedelta(minutes=number))
        home.due(*(Due(id=f"{n}", kind=kind, at=NOW, repeat="") for n in range(number + 1)))
        home.worker.round()
    assert len(home.service.came) == 3
    shapes = {
        (
            one.path,
            len(one.body),
            *((name, text) for name, text in one.headers.items() if name != "authorization"),
        )
        for one in home.service.came
    }
    assert len(shapes) == 1


def test_the_night_is_quiet_and_what_came_in_it_is_one_notice(
    home: Household, at: Callable[[datetime], None]
) -> None:
    night = NOW + timedelta(hours=12)  # 22
    home.due(*(reminder(number, night + timedelta(minutes=number)) for number in range(5)))
    for hours in range(10):
        at(night + timedelta(hours=hours, minutes=10))
        home.worker.round()
        assert home.service.came == []
    at(night + timedelta(hours=10))
    home.worker.round()
    assert len(home.service.came) == 1
    assert home.row.due == ()


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(status: int, home: Household) -> None:
    home.due(reminder())
    home.service.answers.append(status)
    home.worker.round()
    with home.database.read() as db:
        assert db.execute(text("SELECT count(*) FROM push")).scalar_one() == 0


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_in_trouble_is_asked_again_later(
    status: int, home: Household, at: Callable[[datetime], None]
) -> None:
    home.due(reminder())
    home.service.answers += [status, status]
    home.worker.round()
    home.worker.round()
    assert len(home.service.came) == 1, "not at once"
    at(NOW + timedelta(minutes=3))
    home.worker.round()
    at(NOW + timedelta(minutes=14))
    home.worker.round()
    assert len(home.service.came) == 3
    assert (home.row.due, home.row.tries) == ((), 0)


@pytest.mark.parametrize("status", [301, 307, 308, 400, 401, 403, 413])
def test_nothing_is_followed_and_a_no_is_a_no(status: int, home: Household) -> None:
    """No redirect: what one host says of another is not looked at. No second attempt either."""
    home.due(reminder())
    home.service.answers.append(status)
    home.worker.round()
    assert len(home.service.came) == 1
    assert home.service.asked == [HOST]
    assert home.row.due == () and home.row.phones


def test_the_address_is_looked_at_each_time_and_the_connection_goes_there(
    home: Household, service: Service, browser: Browser
) -> None:
    """DNS rebinding: the name led out to the internet when it was saved, and leads inside now."""
    led: list[list[str]] = [["127.0.0.1"], ["10.0.0.1"]]

    def resolve(host: str) -> list[str]:
        found = led.pop(0)
        if found == ["10.0.0.1"]:
            raise BadEndpoint
        return found

    courier = service.courier(resolve=resolve)
    courier.check(browser.phone)
    assert courier.send(browser.phone, NOW) is Outcome.LATER
    assert service.came == []


def test_the_name_is_asked_for_once_and_stands_in_the_certificate(service: Service, browser: Browser) -> None:
    assert service.courier().send(browser.phone, NOW) is Outcome.SENT
    assert service.asked == [HOST]
    other = Courier(
        Vapid(SECRET),
        "https://dagsform.example",
        ["other.example.org"],
        resolve=lambda _host: ["127.0.0.1"],
        tls=service.trust,
        port=service.port,
    )
    assert other.send(Browser("x", "other.example.org").phone, NOW) is Outcome.LATER
    assert len(service.came) == 1, "the certificate is somebody else's"


def test_without_a_test_nothing_on_this_machine_is_reached(browser: Browser, service: Service) -> None:
    """The courier of production, sent to this machine by a name that is on the operator's list."""
    courier = Courier(Vapid(SECRET), "https://dagsform.example", ["localhost.example"])
    for host in ("localhost", "127.0.0.1", HOST):
        with pytest.raises(BadEndpoint):
            courier.check(Browser("x", host).phone)
        assert courier.send(Browser("x", host).phone, NOW) is Outcome.GONE
    assert service.came == []


def test_a_service_that_says_nothing_is_left_in_time(service: Service, browser: Browser) -> None:
    """Neither one that takes the connection and is silent, nor one that drips its answer."""
    began = time.monotonic()
    service.slow = 1.5
    assert service.courier(patience=0.4).send(browser.phone, NOW) is Outcome.LATER
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert service.courier(patience=0.4, port=port).send(browser.phone, NOW) is Outcome.LATER
    assert time.monotonic() - began < 1.5


def test_two_phones_both_hear_it_and_one_that_is_gone_goes(
    house: Database, service: Service, at: Callable[[datetime], None]
) -> None:
    browsers = Browser("ett"), Browser("tva")
    home = Household(house, service, *browsers)
    home.due(reminder())
    service.answers += [410, 201]
    home.worker.round()
    assert {one.path for one in service.came} == {"/wpush/ett", "/wpush/tva"}
    assert len(home.row.phones) == 1


def test_two_workers_send_one_notice(home: Household) -> None:
    home.service.slow = 0.3
    home.due(reminder())
    others = [Worker(home.database, SECRET, home.service.courier()) for _ in range(3)]
    threads = [Thread(target=one.round) for one in (home.worker, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(home.service.came) == 1


def test_a_locked_database_is_waited_for_and_nothing_is_said_of_anybody(
    tmp_path: Path,
    service: Service,
    browser: Browser,
    at: Callable[[datetime], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    from server.core.database import Base

    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    Base.metadata.create_all(database.engine)
    home = Household(database, service, browser)
    home.due(reminder())
    with database.engine.connect() as db:  # every connection of the pool gives up at once in this test
        db.exec_driver_sql("PRAGMA busy_timeout=50")
    caplog.set_level(logging.DEBUG)
    holder = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    stop = Event()
    thread = Thread(target=home.worker.run, args=(stop, 0.05))
    thread.start()
    time.sleep(0.4)
    assert service.came == []
    holder.execute("ROLLBACK")
    holder.close()
    end = time.monotonic() + 10
    while not service.came and time.monotonic() < end:
        time.sleep(0.02)
    stop.set()
    thread.join(timeout=10)
    assert len(service.came) == 1
    for word in (HOST, "wpush", home.account.hex(), browser.endpoint, "push.example"):
        assert word not in caplog.text
    database.engine.dispose()


def test_a_read_message_is_not_told(home: Household) -> None:
    """An open page has sorted it, or its writer has taken it back, before the few seconds were over."""
    home.due(Due(id="m", kind="message", at=NOW, letter=12345))
    home.worker.round()
    assert home.service.came == []
    assert home.row.due == ()


def test_a_slow_name_holds_nobody_up_when_it_is_saved(service: Service, browser: Browser) -> None:
    """Others wait for the database meanwhile. It is looked at all the same before anything is sent."""

    def slow(_host: str) -> list[str]:
        time.sleep(1)
        raise BadEndpoint

    began = time.monotonic()
    service.courier(resolve=slow).check(browser.phone)
    assert time.monotonic() - began < 0.8
    assert service.courier(resolve=slow).send(browser.phone, NOW) is Outcome.LATER
    assert service.came == []


@pytest.mark.parametrize("wrong", [BadEndpoint(), OSError()])
def test_a_name_that_leads_inside_or_nowhere_is_refused_when_it_is_saved(
    wrong: Exception, service: Service, browser: Browser
) -> None:
    def inside(_host: str) -> list[str]:
        raise wrong

    with pytest.raises(BadEndpoint):
        service.courier(resolve=inside).check(browser.phone)
