"""Text posted after the lock, or after the session's end, is not lost: it waits in the owner's tray, sealed to her.

What a phone wrote without a connection comes the same way (outbox.py). A slice says for which of its endpoints that
holds, and how what was left is joined later.
"""

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from flask import Response, current_app, g, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RoutingException

from server.vault import mailbox, once, tray
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.outbox import open_posts
from server.vault.payloads import payload
from server.vault.sealing import Secret

Join = Callable[[Drawer, dict[str, Any], "MultiDict[str, str]", datetime], None]
Posts = list[tuple[str, bytes]]  # by the names that the phone gave them, sealed
_joins: dict[str, Join] = {}
_sends: dict[str, Join] = {}
_LONGEST = 200_000
_NAME = re.compile(r"[0-9a-f]{32}")
log = logging.getLogger("dagsform")


class NobodyJoins(Exception):
    """A form that cannot wait, or that cannot be read."""


@payload("posted", version=1)
class Posted(msgspec.Struct, frozen=True):
    """A form as it was sent: where to, with what in it, when, and under which name if it may come again."""

    endpoint: str
    values: dict[str, str]
    fields: list[tuple[str, str]]
    at: datetime
    name: str = ""

    def __repr__(self) -> str:
        return "Posted(hidden)"


@payload("sealed-posts", version=1)
class SealedPosts(msgspec.Struct, frozen=True):
    """What a phone sent while it was locked, as sealed as it came, and how slow its clock was (seconds)."""

    posts: Posts
    slow: float
    at: datetime

    def __repr__(self) -> str:
        return "SealedPosts(hidden)"


class Written(msgspec.Struct, frozen=True):
    """What the phone sealed: an address of ours, the fields, and its own time (milliseconds since 1970)."""

    to: str
    fields: list[tuple[str, str]]
    at: int


def joins(endpoint: str) -> Callable[[Join], Join]:
    """Register how a form for `endpoint` is joined later. It must hold when the same form is joined twice."""

    def register(join: Join) -> Join:
        _joins[endpoint] = join
        return join

    return register


def sends(endpoint: str) -> Callable[[Join], Join]:
    """Register what is done instead with a form that comes out of the outbox while the drawer is open."""

    def register(join: Join) -> Join:
        _sends[endpoint] = join
        return join

    return register


def addresses(every: Map) -> list[str]:
    """The addresses of every form that can wait, as regular expressions."""
    rules = (rule for rule in every.iter_rules() if rule.endpoint in _joins)
    return sorted(re.sub("<[^>]*>", "[^/]+", rule.rule) for rule in rules)


def leave(held: Secret | None) -> bool:
    """Leave this request's form in the tray of this phone; False when it has none or nobody would join it."""
    if held is None or request.endpoint not in _joins:
        return False
    fields = list(request.form.items(multi=True))
    if sum(len(text) for _name, text in fields) > _LONGEST:
        return False
    values = {name: str(value) for name, value in (request.view_args or {}).items()}
    tray.leave(g.db, held, Posted(request.endpoint, values, fields, g.now, _name()))
    return True


def leave_sealed(held: Secret, posts: Posts, slow: timedelta) -> None:
    """Leave in this phone's tray what it wrote without a connection."""
    tray.leave(g.db, held, SealedPosts(posts, slow.total_seconds(), g.now))


def note(response: Response) -> None:
    """What was just done under a name is not done again when the phone, which heard no answer, sends it anew."""
    name, account = _name(), g.get("keyring")
    if name and account and request.endpoint in _joins and response.status_code < 400:
        once.take(Drawer(g.db, account), [name])


def join_all(account: Keyring) -> int:
    """Join everything that waits, once each and each as a whole; how much it was. Wants a writing connection."""
    waiting = tray.collect(g.db, account)
    drawer = Drawer(g.db, account)
    joined = []
    for letter, left in sorted(waiting, key=lambda one: one[1].at):
        if isinstance(left, SealedPosts):
            refused = join_sealed(drawer, left.posts, timedelta(seconds=left.slow), left.at)
        else:
            refused = _join_each(drawer, [(left.name, left)], _joins)
        if not refused:  # else it stays where it lies, and is tried again
            joined.append(letter)
    mailbox.drop(g.db, account, joined)
    return len(joined)


def join_sealed(
    drawer: Drawer, posts: Posts, slow: timedelta, came: datetime, *, awake: bool = False
) -> list[str]:  # fmt: skip
    """Join posts in their order; the names of those that cannot be opened or joined. Wants a writing connection.

    `slow` is how much the phone's clock was, `came` when they came: nothing was written later than that.
    """
    way, texts = current_app.url_map.bind(""), open_posts(drawer.keyring, posts)
    read = [(name, _read(way, text, slow, came)) for (name, _blob), text in zip(posts, texts, strict=True)]
    return _join_each(drawer, read, _joins | _sends if awake else _joins)


def _name() -> str:
    """What the phone calls this post, the first time and every other; empty when that is no name."""
    name = request.headers.get("Idempotency-Key", "")
    return name if _NAME.fullmatch(name) else ""


def _join_each(
    drawer: Drawer, posts: list[tuple[str, Posted | None]], how: dict[str, Join]
) -> list[str]:  # fmt: skip
    """Join each as a whole or not at all, and remember the names of those that were; the names of the others."""
    known = once.taken(drawer, [name for name, _posted in posts if name])
    refused, done = list[str](), list[str]()
    for name, posted in posts:
        if name in known or (name and name in done):
            continue
        try:
            with g.db.begin_nested():
                _join(drawer, posted, how)
        except Exception as error:  # whatever was left, it must not keep the door shut, nor what came with it
            log.error("could not join %s: %s", posted and posted.endpoint, type(error).__name__)
            refused.append(name)
        else:
            done.append(name)
    once.take(drawer, [name for name in done if name])
    return refused


def _join(drawer: Drawer, posted: Posted | None, how: dict[str, Join]) -> None:
    if posted is None or posted.endpoint not in how:
        raise NobodyJoins
    how[posted.endpoint](drawer, posted.values, MultiDict(posted.fields), posted.at)


def _read(way: MapAdapter, text: bytes | None, slow: timedelta, came: datetime) -> Posted | None:
    """The form that a phone sealed; None for what is no form of ours."""
    if text is None:
        return None
    try:
        written = msgspec.json.decode(text, type=Written)
        endpoint, values = way.match(written.to, method="POST")
        at = min(datetime.fromtimestamp(written.at / 1000, UTC) + slow, came)
    except (msgspec.DecodeError, HTTPException, RoutingException, ValueError, OverflowError, OSError):
        return None
    return Posted(endpoint, {name: str(value) for name, value in values.items()}, written.fields, at)
