"""A brake per process and address, or account. Neither is ever kept, only its keyed hash, and only in memory."""

import hmac
from ipaddress import ip_address

from flask import Flask, current_app, request
from limits import RateLimitItemPerHour
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from server.vault.sealing import Secret


def init_app(app: Flask, secret: Secret) -> None:
    app.extensions["brake"] = MovingWindowRateLimiter(MemoryStorage())
    app.extensions["brake_key"] = secret


def brake(what: str, times_an_hour: int) -> None:
    """Count one more of `what` from this address; raises TooManyRequests beyond the limit."""
    _count(what, _asker().encode(), times_an_hour)


def brake_account(what: str, account: bytes, times_an_hour: int) -> None:
    """Count one more of `what` by this account, wherever it comes from; raises TooManyRequests beyond the limit."""
    _count(what, b"account" + account, times_an_hour)


def _asker() -> str:
    """The address that the request came from. The proxy on this machine says it last in X-Forwarded-For.

    Without that all would share one brake behind a proxy; from elsewhere the header is anybody's claim.
    """
    peer = request.remote_addr or ""
    claimed = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return claimed if claimed and ip_address(peer).is_loopback else peer
    except ValueError:
        return peer


def _count(what: str, of: bytes, times_an_hour: int) -> None:
    who = hmac.digest(current_app.extensions["brake_key"].reveal(), of, "sha256").hex()
    if not current_app.extensions["brake"].hit(RateLimitItemPerHour(times_an_hour), what, who):
        raise TooManyRequests
