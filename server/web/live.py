"""Live pages: who has one open is told that something is new, and nothing more. The page asks for it by itself.

A stream belongs to a session. Before it says anything the session is looked for, so a locked or signed-out phone
learns nothing, not even that there is something. Being told is never activity (guard.following).
"""

import logging
import random
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Protocol

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from server.core import clock, waking
from server.core.database import Database
from server.core.waking import Names
from server.vault.mailbox import NOTHING, Lying, lying
from server.vault.sessions import Sessions
from server.web.bridge import HOLD
from server.web.guard import following, open_to_all

MOST_EACH = 6  # open pages of one person that are told; the oldest makes room
MOST = 3500  # in one process; granian takes 4,096 connections (docs/server.md)
BEAT = 25.0  # seconds between signs of life
_LASTS = (240.0, 360.0)  # seconds until a stream ends and the browser comes back, each at its own time
_BACK_AFTER = (1000, 4000)  # milliseconds until a browser comes back, each after its own
_CROWDED = b"retry: 60000\n\n"
_NEW = b"data: new\n\n"
_ALIVE = b":\n\n"
_AGAIN = 1.0  # seconds until the database is asked again after it has not answered
_REST = 10  # after a question about everybody, this many times its own time until the next
log = logging.getLogger("dagsform")


class Line(Protocol):
    """Where a stream goes out. It ends when nobody holds it any more."""

    def say(self, words: bytes) -> bool:
        """Send without waiting; False when nobody is there."""


@dataclass(eq=False, slots=True)
class Stream:
    """One open page: whose, by which session, and what lay in the mailbox when it was told last."""

    account: bytes
    session: bytes
    known: Lying
    line: Line
    end: float = field(default_factory=lambda: time.monotonic() + random.uniform(*_LASTS))  # noqa: S311


class Hub:
    """Everybody in this process who has a live page open. One thread asks and tells; it starts with the first."""

    def __init__(self, database: Database, sessions: Sessions) -> None:
        self._database, self._sessions = database, sessions
        self._heard: SimpleQueue[Names] = SimpleQueue()
        self._coming: SimpleQueue[Stream] = SimpleQueue()
        self._streams: dict[bytes, list[Stream]] = {}
        self._starting = Lock()
        self._thread: Thread | None = None
        self._over = False
        self._beat_at = self._ask_all_at = 0.0
        self._all = False  # somebody has something new, nobody has said who

    @property
    def has_room(self) -> bool:
        return not self._over and sum(map(len, self._streams.copy().values())) < MOST

    def join(self, stream: Stream) -> None:
        """From now on it is told of what is not `known` yet, also of what came between knowing and joining."""
        self._coming.put(stream)
        self._heard.put(frozenset([stream.account]))
        with self._starting:
            if self._thread is None:
                self._thread = Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End every stream, now and from now on: the worker is about to stop. Does not wait."""
        self._over = True
        self._heard.put(frozenset())

    def _run(self) -> None:
        ear = waking.listen(self._database, self._heard.put)
        self._beat_at = time.monotonic() + BEAT
        while not self._over:
            names = self._wait()
            self._welcome()
            try:
                self._ask(names)
                if time.monotonic() >= self._beat_at:
                    self._beat()
            except (
                SQLAlchemyError
            ) as error:  # whom it was about is forgotten, so everybody is asked about later
                log.warning("live pages wait for the database: %s", type(error).__name__)
                self._all, self._ask_all_at = True, time.monotonic() + _AGAIN
        self._streams.clear()
        self._welcome()
        self._streams.clear()
        ear.close()

    def _wait(self) -> set[bytes]:
        """Who may have something new, as soon as anybody may; many a word that comes at once is one answer."""
        names: set[bytes] = set()
        due = min(self._beat_at, self._ask_all_at) if self._all else self._beat_at
        try:
            heard = self._heard.get(timeout=max(0.0, due - time.monotonic()))
            while True:
                if heard is None:
                    self._all = True
                else:
                    names |= heard
                heard = self._heard.get_nowait()
        except Empty:
            return names

    def _welcome(self) -> None:
        while not self._coming.empty():
            stream = self._coming.get()
            theirs = self._streams.setdefault(stream.account, [])
            theirs.append(stream)
            if len(theirs) > MOST_EACH:
                theirs.pop(0).line.say(_CROWDED)

    def _ask(self, names: Collection[bytes]) -> None:
        """Look in the mailboxes that were named, or in everybody's, and tell whoever has not been told of it."""
        began = time.monotonic()
        everybody = self._all and began >= self._ask_all_at
        those = list(self._streams) if everybody else [name for name in names if name in self._streams]
        if those:
            with self._database.read() as db:
                found = lying(db, those)
            self._tell({one: found.get(one, NOTHING) for one in those})
        if everybody:
            self._all = False
            now = time.monotonic()
            self._ask_all_at = now + _REST * (now - began)

    def _tell(self, found: dict[bytes, Lying]) -> None:
        late = [one for account in found for one in self._streams[account] if one.known != found[account]]
        if not late:
            return
        still = self._still_open(late)
        for stream in late:
            stream.known = found[stream.account]
            if stream.session not in still or not stream.line.say(_NEW):
                self._drop(stream)

    def _beat(self) -> None:
        """A sign of life finds those who have gone; who has been locked, and who has been here long, is let go."""
        now = time.monotonic()
        self._beat_at = now + BEAT
        everybody = [stream for theirs in self._streams.values() for stream in theirs]
        still = self._still_open(everybody)
        for stream in everybody:
            if stream.session not in still or stream.end <= now or not stream.line.say(_ALIVE):
                self._drop(stream)

    def _still_open(self, streams: Iterable[Stream]) -> set[bytes]:
        rows = {stream.session for stream in streams}
        return self._sessions.still_open(rows, clock.now()) if rows else rows

    def _drop(self, stream: Stream) -> None:
        theirs = self._streams[stream.account]
        theirs.remove(stream)
        if not theirs:
            del self._streams[stream.account]


def init_app(app: Flask) -> None:
    app.extensions["live"] = Hub(app.extensions["database"], app.extensions["sessions"])
    app.add_url_rule("/live", "live", open_to_all(_live))


def _live() -> Response:
    """A stream for an open session. Anybody else gets one empty answer, after which a browser asks no more."""
    hub: Hub = current_app.extensions["live"]
    hold = request.environ.get(HOLD)
    whose = following() if request.method == "GET" and hold and hub.has_room else None
    if whose is None or hold is None:
        return Response(status=204)
    account, session = whose
    known = lying(g.db, [account]).get(account, NOTHING)

    def take(line: Line) -> None:
        line.say(b"retry: %d\n\n" % random.randint(*_BACK_AFTER))  # noqa: S311
        hub.join(Stream(account, session, known, line))

    hold(take)
    return Response(mimetype="text/event-stream", headers={"X-Accel-Buffering": "no"})
