"""The worker as a real process: it sends, ends when told, and never outlives the server that started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from server.cli import open_stores
from server.config import for_development
from server.core import clock
from server.vault import notices
from server.vault.notices import REMINDER, Due, Notices
from server.vault.sealing import derive
from server.vault.ways_in import new_account
from tests.commands import ROOT, environment, running
from tests.push.service import Browser, serving


@contextmanager
def started(*arguments: str, home: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], env=environment(home), cwd=ROOT, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout
        assert process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def until(true: object, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.05)


def test_it_sends_what_comes_while_it_runs_and_ends_when_told(tmp_path: Path) -> None:
    settings = for_development(environment(tmp_path))
    database, key, browser = open_stores(settings), derive(settings.secret, "push"), Browser()
    with (
        serving(tmp_path) as service,
        started(
            "tests.push.worker_process",
            str(service.port),
            str(tmp_path / "service.crt"),
            home=tmp_path,
        ) as process,
    ):
        with database.write() as db:
            account = new_account(db, now=clock.now())[0].account
            due = Due(id="x", kind=REMINDER, at=clock.now())
            notices.change(
                db,
                key,
                account,
                lambda _old: Notices(
                    phones={"a": browser.phone}, kinds=(REMINDER,), quiet=(0, 0), due=(due,)
                ),
            )
        until(lambda: service.came)
        assert browser.opens(service.came[0].body)
        process.send_signal(signal.SIGTERM)
        _out, err = process.communicate(timeout=10)
        assert (process.returncode, err) == (0, "")
    with database.read() as db:
        assert notices.read(db, key, account).due == ()
    database.engine.dispose()


@pytest.mark.parametrize("sign", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_the_command_ends_by_a_signal(sign: signal.Signals, tmp_path: Path) -> None:
    with started("server.cli", "worker", home=tmp_path) as process:
        time.sleep(0.3)
        process.send_signal(sign)
        out, err = process.communicate(timeout=8)
        assert (process.returncode, out, err) == (0, "", "")


def sending(parent: psutil.Process) -> list[psutil.Process]:
    """The processes beside the server that look like its workers and take no requests."""
    found = []
    for one in parent.children():
        with suppress(psutil.Error):
            spawned = "spawn_main" in " ".join(one.cmdline())
            if spawned and not any(part.status == "LISTEN" for part in one.net_connections()):
                found.append(one)
    return found


@pytest.mark.long
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_the_one_beside_the_server_ends_with_it_however_it_ends(sign: signal.Signals, tmp_path: Path) -> None:
    with running("run", home=tmp_path) as server:
        parent = psutil.Process(server.process.pid)
        until(lambda: len(sending(parent)) == 1)
        time.sleep(1.5)
        (beside,), children = sending(parent), parent.children(recursive=True)
        os.kill(server.process.pid, sign)
        try:
            until(lambda: not beside.is_running() or beside.status() == psutil.STATUS_ZOMBIE)
        finally:
            for one in children:
                with suppress(psutil.Error):
                    one.kill()


@pytest.mark.long
def test_one_that_dies_is_followed_by_another(tmp_path: Path) -> None:
    with running("run", home=tmp_path) as server:
        parent = psutil.Process(server.process.pid)
        until(lambda: len(sending(parent)) == 1)
        (first,) = sending(parent)
        first.kill()
        until(lambda: any(one.pid != first.pid for one in sending(parent)), 20)
