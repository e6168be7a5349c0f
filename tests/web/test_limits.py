"""Whose brake it is: everybody behind one proxy has an own one, and nobody can claim to be somebody else."""

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from server.vault.sealing import Secret
from server.web import limits


@pytest.fixture
def app() -> Flask:
    app = Flask("braked")
    limits.init_app(app, Secret(b"k" * 32))
    return app


def goes(app: Flask, peer: str, **headers: str) -> bool:
    """Whether one more is let through, of two an hour."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with app.test_request_context(environ_base={"REMOTE_ADDR": peer}, headers=named):
        try:
            limits.brake("try", 2)
        except TooManyRequests:
            return False
    return True


@pytest.mark.parametrize("proxy", ["127.0.0.1", "::1"])
def test_people_behind_the_proxy_on_this_machine_have_brakes_of_their_own(app: Flask, proxy: str) -> None:
    assert [goes(app, proxy, X_Forwarded_For="192.0.2.1") for _ in range(3)] == [True, True, False]
    assert goes(app, proxy, X_Forwarded_For="192.0.2.2")


def test_what_a_browser_claims_before_the_proxy_counts_for_nothing(app: Flask) -> None:
    """A proxy that keeps what came writes the real address last."""
    assert [goes(app, "127.0.0.1", X_Forwarded_For=f"10.0.0.{n}, 192.0.2.1") for n in range(3)] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("peer", ["192.0.2.9", "", "unix:"])
def test_from_elsewhere_the_header_is_only_a_claim(app: Flask, peer: str) -> None:
    assert [goes(app, peer, X_Forwarded_For=f"192.0.2.{n}") for n in range(3)] == [True, True, False]
