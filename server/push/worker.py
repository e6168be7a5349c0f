"""`dagsform worker`: every few seconds, who is to be told that there is something, and telling it.

Any number of workers may run beside each other. One that begins an attempt writes that down first, so that no other
begins the same; one that dies in the middle leaves it to be tried again.
"""

import logging
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from server.config import Settings
from server.core import clock
from server.core.database import Database
from server.push import timing
from server.push.courier import Courier
from server.push.sending import courier_of
from server.vault import notices
from server.vault.notices import MESSAGE, Notices
from server.vault.sealing import Secret, derive

EVERY = 3.0  # seconds
_AT_ONCE = 8  # a push service that is slow holds up nobody else
log = logging.getLogger("dagsform")


class Worker:
    """Looks and tells. Its log says what kind of fault there was, and nothing about anybody."""

    def __init__(self, database: Database, key: Secret, courier: Courier) -> None:
        self._database, self._key, self._courier = database, key, courier
        self._known: dict[bytes, Notices] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="push")

    def run(self, stop: Event, every: float = EVERY) -> None:
        """Until it is told to stop; an attempt that has begun is ended first."""
        while not stop.is_set():
            self.round()
            stop.wait(every)
        self._pool.shutdown()

    def round(self) -> None:
        """Everybody whose time it is, once. A database that does not answer is asked again the next time."""
        now = clock.now()
        try:
            with self._database.read() as db:
                found = notices.everything(db, self._key, self._known)
        except SQLAlchemyError as error:
            log.warning("notices wait for the database: %s", type(error).__name__)
            return
        list(self._pool.map(self._try, [id for id, one in found.items() if timing.is_time(one, now)]))

    def _try(self, id: bytes) -> None:
        try:
            self._tell(id)
        except Exception as error:  # whatever it is, the others are told all the same
            log.warning("a notice waits: %s", type(error).__name__)

    def _tell(self, id: bytes) -> None:
        now, go = clock.now(), False
        with self._database.write() as db:

            def begin(old: Notices) -> Notices:
                nonlocal go
                letters = [one.letter for one in old.due if one.kind == MESSAGE]
                new, go = timing.attempt(old, now, notices.unread(db, letters))
                return new

            begun = notices.change_row(db, self._key, id, begin)
        if go:
            sent = {mark: self._courier.send(phone, now) for mark, phone in begun.phones.items()}
            with self._database.write() as db:
                notices.change_row(db, self._key, id, lambda old: timing.settled(old, now, sent))


def work(settings: Settings, courier: Courier | None = None) -> None:
    """Until SIGTERM or SIGINT, or until the server that started it is gone."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    parent = parent_process()
    if parent:
        os.setpgrp()  # Ctrl-C reaches the server alone, which then ends this
        Thread(target=_end_with, args=(parent, stop), daemon=True).start()
    Worker(Database(settings.database), derive(settings.secret, "push"), courier or courier_of(settings)).run(
        stop
    )


def _end_with(parent: BaseProcess, stop: Event) -> None:
    parent.join()
    stop.set()


def work_beside(settings_now: Callable[[], Settings]) -> None:
    """The same as a process of its own. Settings are read anew, since secrets are not handed between processes."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    work(settings_now())
