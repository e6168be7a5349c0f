"""A brake per process and address. The address is never kept, only its keyed hash, and only in memory."""

import hmac

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
    address = (request.remote_addr or "").encode()
    who = hmac.digest(current_app.extensions["brake_key"].reveal(), address, "sha256").hex()
    if not current_app.extensions["brake"].hit(RateLimitItemPerHour(times_an_hour), what, who):
        raise TooManyRequests
