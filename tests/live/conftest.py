"""Real servers with people in them, and streams on sockets."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server import config
from server.core import clock, ids
from server.core.database import Database
from server.vault.sessions import Sessions
from tests.commands import KEY, OTHER_KEY, Server, running
from tests.streams import Follower, Stream, follower

KEYS = {"DAGSFORM_PEPPER": KEY, "DAGSFORM_SECRET": OTHER_KEY}


@dataclass
class House:
    """Servers on one database, and the database itself as a process of its own sees it."""

    home: Path
    servers: list[Server]
    database: Database
    sessions: Sessions

    def person(self) -> Follower:
        with self.database.write() as db:
            return follower(db, self.sessions)

    def stream(self, who: Follower, server: int = 0) -> Stream:
        return Stream(port_of(self.servers[server]), who.cookie).begin()

    def leave(self, *whom: Follower) -> None:
        """A letter for each, from a process that is none of the servers."""
        with self.database.write() as db:
            for one in whom:
                one.leave(db)

    def note(self, who: Follower, server: int = 0) -> None:
        """A letter that one of the servers leaves: what a locked phone sends."""
        answer = asked(
            self.servers[server], "POST", f"/dagar/{clock.today()}/{ids.token()}",
            body=b"edition=0&words=hej",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": who.tray_cookie},
        )  # fmt: skip
        assert answer.status == 303


@dataclass(frozen=True)
class Answer:
    """What came back, to the end; header names in small letters."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """The header, or nothing."""
        return dict(self.headers).get(name, "")


@contextmanager
def house(home: Path, *, servers: int = 1, **more: str) -> Iterator[House]:
    """`servers` processes with their workers, on SQLite in `home` or on what `more` says."""
    if servers == 0:
        environment = {"DAGSFORM_HOME": str(home), **KEYS, **more}
        settings = config.for_development(environment)
        database = Database(settings.database)
        store = Database(settings.sessions, durable=False)
        yield House(home, [], database, Sessions(store, settings.pepper))
        for one in (database, store):
            one.engine.dispose()
        return
    with (
        running("run", home=home, **KEYS, **more) as server,
        house(home, servers=servers - 1, **more) as rest,
    ):
        rest.servers.insert(0, server)
        yield rest


def port_of(server: Server) -> int:
    port = urlsplit(server.address).port
    assert port
    return port


def asked(server: Server, method: str, path: str, **more: Any) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=10)
    try:
        connection.request(method, path, **more)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()
