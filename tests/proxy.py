"""The TLS proxy of the deploy recipe in front of a server: Debian's Caddy with the recipe's own file."""

import os
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import long_run
from tests.commands import ROOT, free_port

RECIPE = ROOT / "deploy"


class Proxy:
    """A running Caddy on https://localhost and a port of its own, with a certificate that it made itself."""

    def __init__(self, port: int, plain: int, upstream: int, folder: Path) -> None:
        self.port, self.plain, self.address = port, plain, f"https://localhost:{port}"
        self._log, self._data = folder / "caddy.log", folder / "data"
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder),
            "XDG_DATA_HOME": str(self._data), "XDG_CONFIG_HOME": str(folder / "config"),
            "ORIGIN": self.address, "HTTP_PORT": str(plain), "PORT": str(upstream),
        }  # fmt: skip

    @property
    def certificate(self) -> Path:
        """The one of this address, as a file."""
        (file,) = self._data.glob("caddy/certificates/*/localhost/localhost.crt")
        return file

    def trust(self) -> ssl.SSLContext:
        """Trusts what this Caddy signs, and nothing else."""
        return ssl.create_default_context(cafile=self._data / "caddy/pki/authorities/local/root.crt")

    def log(self) -> str:
        """Everything that it has said."""
        return self._log.read_text()

    def start(self) -> None:
        try:
            caddy = long_run.caddy()
        except long_run.Missing as what_to_do:
            pytest.fail(str(what_to_do))
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [caddy, "run", "--adapter", "caddyfile", "--config", str(RECIPE / "Caddyfile")],
                env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        for _ in range(600):
            assert self._process.poll() is None, self.log()
            if self._answers():
                return
            time.sleep(0.05)
        raise AssertionError(self.log())

    def stop(self) -> None:
        """Nobody reaches the server any more: this is what a phone without network meets."""
        self._process.terminate()
        self._process.wait(timeout=20)

    def _answers(self) -> bool:
        try:
            self.certificate  # noqa: B018 - there as soon as it is made
            with self.trust().wrap_socket(_connect(self.port), server_hostname="localhost"):
                return True
        except (OSError, ValueError):
            return False


def _connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


@contextmanager
def proxied(upstream: int, folder: Path, port: int | None = None) -> Iterator[Proxy]:
    """A proxy before what listens on the port `upstream`; its files lie in `folder`."""
    folder.mkdir(exist_ok=True)
    proxy = Proxy(port or free_port(), free_port(), upstream, folder)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()
