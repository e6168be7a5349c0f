"""The `dagsform` command as a process of its own, the way an operator runs it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.activities import townfile
from tests.world import EXAMPLE_TOWN

ROOT = Path(__file__).parents[1]
KEY, OTHER_KEY = "ab" * 32, "cd" * 32
# Everything that `dagsform serve` demands.
PRODUCTION = {
    "DAGSFORM_PEPPER": KEY,
    "DAGSFORM_SECRET": OTHER_KEY,
    "DAGSFORM_OPERATOR": "Föreningen Ljung",
    "DAGSFORM_CONTACT": "010-123 45 67",
    "DAGSFORM_PLACE": "Sverige",
    "DAGSFORM_ORIGIN": "https://dagsform.example",
}


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


def environment(home: Path, **settings: str) -> dict[str, str]:
    """A clean environment: nothing of the developer's own settings."""
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith("DAGSFORM_") and name != "PORT"
    }
    return {**kept, "DAGSFORM_HOME": str(home), "PYTHONPATH": str(ROOT), **settings}


def dagsform(*arguments: str, home: Path, **settings: str) -> Said:
    done = subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        env=environment(home, **settings), cwd=home, capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return Said(done.returncode, done.stdout, done.stderr)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def own_town(folder: Path) -> Path:
    """A real town: like the example, and not the example."""
    town = folder / "town"
    shutil.copytree(EXAMPLE_TOWN, town)
    file = town / "town.yaml"
    name = townfile.read_town(EXAMPLE_TOWN).name
    file.write_text(file.read_text().replace(name, "Sjöstad"))
    return town


class Server:
    """A running `dagsform run`, `serve` or `demo`."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process, self.address = process, address

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def wait(self) -> None:
        for _ in range(1200):
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read()
            try:
                if self.get("/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("it does not answer")


@contextmanager
def running(*arguments: str, home: Path, **settings: str) -> Iterator[Server]:
    """Starts it on a free port, and stops it and its workers afterwards."""
    port = settings.setdefault("PORT", str(free_port()))
    process = subprocess.Popen(
        [sys.executable, "-m", "server.cli", *arguments],
        env=environment(home, **settings), cwd=home, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    server = Server(process, f"http://localhost:{port}")
    try:
        server.wait()
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate(timeout=10)
