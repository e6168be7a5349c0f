"""A try-account: the first answer makes it, on this device, and nothing else is asked."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app, g, request

from server.accounts import challenges
from server.accounts.passkeys import Site
from server.vault import ways_in
from server.vault.keyring import Keyring
from server.web.guard import has_been_here, keyring, let_in
from server.web.limits import brake

# Many may sit behind one address (a library, an association): generous for them, a brake for a script.
NEW_ACCOUNTS_AN_HOUR = 120


class CookiesRefused(Exception):
    """The browser sends no cookie back, so that a key could not be kept: nothing was made."""


def open_or_begin() -> Keyring:
    """The drawer of whoever is asking, or a new one on this device. Raises CookiesRefused before anything is made."""
    found = keyring()
    if found:
        return found
    if not has_been_here():
        raise CookiesRefused
    brake("new account", NEW_ACCOUNTS_AN_HOUR)
    account, account_key, half = ways_in.new_account(g.db, now=g.now)
    let_in(account, account_key, half)
    return account


def site() -> Site:
    """Where passkeys of this service belong: the public address, or localhost while developing."""
    origin = current_app.extensions["settings"].origin or request.host_url.rstrip("/")
    return Site(origin, urlsplit(origin).hostname or "localhost")


def ask_for(now: datetime) -> bytes:
    """A fresh challenge, laid beside the sessions."""
    with current_app.extensions["session_database"].write() as db:
        return challenges.ask(db, now)
