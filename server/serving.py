"""Starting the server: granian in front, a supervisor that also sweeps, workers that hold nothing (docs/server.md)."""

import multiprocessing
import socket
import threading
import time
import urllib.request
from collections.abc import Callable

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from sqlalchemy import Connection, select

from server.activities.models import TownRow
from server.config import Settings, WrongSetting
from server.core import clock
from server.core.database import Database
from server.hosts import founding
from server.push.worker import work_beside
from server.vault import invitations, letters, notices, ways_in
from server.vault.sealing import derive
from server.vault.sessions import Sessions

_HOUR, _AGAIN = 3600, 5
# Standard output belongs to `demo --json`; what the server has to say goes to standard error, and never who asked.
_LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain", "stream": "ext://sys.stderr"}
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {"_granian": {"level": "ERROR", "propagate": True}},
}


def serve(
    settings: Settings,
    target: str,
    when_up: Callable[[], None],
    settings_now: Callable[[], Settings] | None = None,
) -> None:
    """Serve until told to stop. `when_up` is called once, when the first answer has come.

    `settings_now` reads the same settings anew, for the process that sends notices; without it none are sent.
    """
    _refuse_taken_port(settings)
    # A worker begins afresh: a copy made by fork would share our open database and may hold a lock for ever.
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        target,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        workers=settings.workers,
        backlog=4096,
        backpressure=4096,  # the default lets 1,024 idle connections keep everybody else out (docs/server.md)
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,  # a worker that does not end when told; no answer of ours takes as long
        log_level=LogLevels.error,
        log_dictconfig=_LOG,
        log_access=False,
    )
    threading.Thread(target=_look_after, args=(settings, when_up, settings_now), daemon=True).start()
    server.serve()


def town_version(db: Connection) -> str | None:
    return db.execute(select(TownRow.version)).scalar()


def sweep(settings: Settings) -> None:
    """Delete what promised to be deleted: abandoned try-accounts (about 30 days), ended copies, sessions."""
    database, now = Database(settings.database), clock.now()
    sessions = Sessions(Database(settings.sessions, durable=False), settings.pepper)
    sessions.sweep(now)
    with database.write() as db:
        gone = ways_in.sweep(db, now, open_now=sessions.open_accounts(now)) + letters.sweep(db, clock.today())
        invitations.sweep(db, now)
        founding.sweep(db, now)
        notices.sweep(db, derive(settings.secret, "push"))
    if gone:
        database.forget_deleted()


def _look_after(
    settings: Settings, when_up: Callable[[], None], settings_now: Callable[[], Settings] | None
) -> None:
    _wait(settings)
    when_up()
    if settings_now:
        threading.Thread(target=_keep_telling, args=(settings_now,), daemon=True).start()
    while True:
        sweep(settings)
        time.sleep(_HOUR)


def _keep_telling(settings_now: Callable[[], Settings]) -> None:
    """The process that sends notices, and another when it has died. It ends with this one, however this one ends."""
    while True:
        telling = multiprocessing.Process(target=work_beside, args=(settings_now,), daemon=True)
        telling.start()
        telling.join()
        time.sleep(_AGAIN)


def _wait(settings: Settings) -> None:
    address = f"http://{_reachable(settings)}:{settings.port}/healthz"
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.02)


def _reachable(settings: Settings) -> str:
    return "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104


def _refuse_taken_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise WrongSetting(
                f"Port {settings.port} cannot be used: {error.strerror}. Set PORT to another."
            ) from None
