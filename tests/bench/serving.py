"""Servers under measure: started as people start them, asked over a socket, their CPU time read from the system."""

import http.client
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil

_ROOT = Path(__file__).resolve().parents[2]
_ACCEPTED = "gzip, deflate, br, zstd"  # what browsers say
_UP_WITHIN = 30.0  # seconds

# As they come, granian and gunicorn stop answering at about 1,000 open connections, idle ones too.
GRANIAN = [
    "granian",
    "--port",
    "{port}",
    "--log-level",
    "error",
    "--backlog",
    "4096",
    "--backpressure",
    "4096",
]
WSGI = [*GRANIAN, "--interface", "wsgi", "--factory", "--blocking-threads", "8"]


class Served:
    """A running server: its port and its worker processes."""

    def __init__(self, port: int, workers: list[psutil.Process]) -> None:
        self.port = port
        self.workers = workers

    def cpu(self) -> float:
        """CPU seconds that the workers have used since they began, user and system."""
        return sum(_cpu(worker) for worker in self.workers)


@contextmanager
def served(command: list[str], environment: Mapping[str, str]) -> Iterator[Served]:
    """Start `python -m` command on a free port, wait for its first answer, and stop it in the end.

    The port is in the environment, and in the command where it says {port}.
    """
    port = free_port()
    # One hash seed for all, so that two servers differ in nothing but what is measured.
    whole = {**_bare_environment(), **environment, "PORT": str(port), "PYTHONHASHSEED": "0"}
    process = subprocess.Popen(
        [sys.executable, "-m", *(word.format(port=port) for word in command)],
        cwd=_ROOT,
        env=whole,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port, process)
        yield Served(port, _workers(process.pid))
    finally:
        _stop(process)


class Client:
    """One kept connection, as a browser has it, with somebody's cookies."""

    def __init__(self, server: Served, cookie: str = "", *, patience: float = 20) -> None:
        """`patience`: seconds to wait for an answer, then it is an OSError."""
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=patience)
        self.close = self._connection.close
        self._headers = {"Accept-Encoding": _ACCEPTED} | ({"Cookie": cookie} if cookie else {})

    def get(self, path: str) -> None:
        """Raises WrongAnswer unless the page comes."""
        self._ask("GET", path, None, 200)

    def seen(self, path: str) -> str:
        """The form of the last page of Lämna, which says what was seen on it."""
        page = self._ask("GET", path, None, 200, accept="identity").decode()
        _before, _is, rest = page.partition('name="seen" value="')
        return f"seen={rest.partition(chr(34))[0]}"

    def miss(self, path: str) -> None:
        """Raises WrongAnswer unless nothing is there."""
        self._ask("GET", path, None, 404)

    def post(self, path: str, form: str) -> None:
        """Send a form; raises WrongAnswer unless it leads on."""
        self._ask("POST", path, form, 303)

    def _ask(self, method: str, path: str, body: str | None, wanted: int, *, accept: str = "") -> bytes:
        headers = self._headers | (
            {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        )
        headers |= {"Accept-Encoding": accept} if accept else {}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        told = answer.read()
        if answer.status != wanted:
            raise WrongAnswer(f"{method} {path}: {answer.status}, not {wanted}")
        return told


class DidNotStart(Exception):
    """The server ended before its first answer; it has said why on the error stream."""


class WrongAnswer(Exception):
    """The server answered something else than what was to be measured."""


def _cpu(worker: psutil.Process) -> float:
    """The process's own CPU clock (nanoseconds) where there is one; else psutil's (hundredths of a second)."""
    if platform.system() == "Linux":
        return time.clock_gettime((~worker.pid << 3) | 2)  # clock_getcpuclockid(3)
    times = worker.cpu_times()
    return float(times.user + times.system)


def _bare_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("DAGSFORM_")}


def _workers(supervisor: int) -> list[psutil.Process]:
    """The processes that answer; the supervisor itself when it has none."""
    process = psutil.Process(supervisor)
    return process.children(recursive=True) or [process]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _UP_WITHIN
    while time.monotonic() < end and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                break
        except OSError:
            time.sleep(0.05)
    if process.poll() is not None:
        raise DidNotStart(f"{process.args!r} ended with {process.returncode}")
    Client(Served(port, [])).get("/healthz")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # its own session, see `served`
        process.wait(timeout=10)
