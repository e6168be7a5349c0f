"""A try-account: the first answer makes it, on this device, and nothing else is asked."""

from flask import g

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
