"""Text posted after the lock, or after the session's end, is not lost: it waits in the owner's tray, sealed to her.

A slice says for which of its endpoints that holds, and how what was left is joined after the next unlock.
"""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from flask import g, request
from werkzeug.datastructures import MultiDict

from server.vault import mailbox, tray
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.payloads import payload
from server.vault.sealing import Secret

Join = Callable[[Drawer, dict[str, Any], "MultiDict[str, str]", datetime], None]
_joins: dict[str, Join] = {}
_LONGEST = 200_000
log = logging.getLogger("dagsform")


@payload("posted", version=1)
class Posted(msgspec.Struct, frozen=True):
    """A form as it was sent: where to, with what in it, and when."""

    endpoint: str
    values: dict[str, str]
    fields: list[tuple[str, str]]
    at: datetime

    def __repr__(self) -> str:
        return "Posted(hidden)"


def joins(endpoint: str) -> Callable[[Join], Join]:
    """Register how a form for `endpoint` is joined later. It must hold when the same form is joined twice."""

    def register(join: Join) -> Join:
        _joins[endpoint] = join
        return join

    return register


def leave(held: Secret | None) -> bool:
    """Leave this request's form in the tray of this phone; False when it has none or nobody would join it."""
    if held is None or request.endpoint not in _joins:
        return False
    fields = list(request.form.items(multi=True))
    if sum(len(text) for _name, text in fields) > _LONGEST:
        return False
    values = {name: str(value) for name, value in (request.view_args or {}).items()}
    tray.leave(g.db, held, Posted(request.endpoint, values, fields, g.now))
    return True


def join_all(account: Keyring) -> int:
    """Join everything that waits, once each and each as a whole; how much it was. Wants a writing connection."""
    waiting = tray.collect(g.db, account)
    drawer = Drawer(g.db, account)
    joined = []
    for letter, posted in sorted(waiting, key=lambda one: one[1].at):
        try:
            with g.db.begin_nested():  # a join that fails leaves nothing half-written, and is tried again
                _joins[posted.endpoint](drawer, posted.values, MultiDict(posted.fields), posted.at)
        except (
            Exception
        ) as error:  # whatever was left, it must not keep the door shut; it stays where it lies
            log.error("could not join %s: %s", posted.endpoint, type(error).__name__)
        else:
            joined.append(letter)
    mailbox.drop(g.db, account, joined)
    return len(joined)
