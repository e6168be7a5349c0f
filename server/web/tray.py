"""Text posted after the lock, or after the session's end, is not lost: it waits in the owner's tray, sealed to her.

What a phone wrote without a connection comes the same way (outbox.py). A slice says for which of its endpoints that
holds, and how what was left is joined later.
"""

import logging
import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from flask import Response, current_app, g, request
from msgspec.structs import replace
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, RoutingException

from server.core import ids
from server.vault import mailbox, once, tray
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.outbox import open_posts
from server.vault.posted import ARRIVED, LONGEST, UNJOINED, Posted, Posts, SealedPosts, Unjoined
from server.vault.sealing import Secret

Join = Callable[[Drawer, dict[str, Any], "MultiDict[str, str]", datetime], None]
_joins: dict[str, Join] = {}
_sends: dict[str, Join] = {}
_NAME = re.compile(r"[0-9a-f]{32}")
log = logging.getLogger("dagsform")


class NobodyJoins(Exception):
    """A form that cannot wait, or that cannot be read."""


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
    if sum(len(text) for _name, text in fields) > LONGEST:
        return False
    values = {name: str(value) for name, value in (request.view_args or {}).items()}
    tray.leave(g.db, held, Posted(request.endpoint, values, fields, g.now, _name()))
    g.waits = True
    return True


def leave_sealed(held: Secret, posts: Posts, slow: timedelta) -> None:
    """Leave in this phone's tray what it wrote without a connection."""
    tray.leave(g.db, held, SealedPosts(posts, slow.total_seconds(), g.now))
    g.waits = True


def lay_by(drawer: Drawer, posts: Posts, slow: timedelta) -> None:
    """The same with an open drawer: it lies in there until it is joined, which the phone does not wait for."""
    drawer.put(
        ARRIVED, f"{ARRIVED}/{ids.token()}", SealedPosts(posts, slow.total_seconds(), g.now, awake=True)
    )
    g.waits = True


def note(response: Response) -> None:
    """What was just done under a name is not done again when the phone, which heard no answer, sends it anew."""
    name, account = _name(), g.get("keyring")
    if name and account and request.endpoint in _joins and response.status_code < 400:
        once.take(Drawer(g.db, account), [name])


def join_all(account: Keyring) -> int:
    """Join everything that waits, once each and each as a whole; how much was joined. Wants a writing connection.

    What cannot be joined is laid where its owner finds it.
    """
    mailbox.take_turns(g.db, account.account)
    drawer = Drawer(g.db, account)
    letters, arrived = tray.collect(g.db, account), drawer.shelf(ARRIVED)
    waiting = [left for _letter, left in letters] + [record.payload for record in arrived]
    joined = 0
    for left in sorted(waiting, key=lambda one: one.at):
        if isinstance(left, SealedPosts):
            joined += _join_each(drawer, _unsealed(drawer, left), _joins | _sends if left.awake else _joins)
        else:
            joined += _join_each(drawer, [left], _joins)
    mailbox.drop(g.db, account, [letter for letter, _left in letters])
    for record in arrived:
        drawer.remove(record)
    g.waits = False
    return joined


def unjoined(drawer: Drawer) -> tuple[Posted, ...]:
    """What could not be joined, in the order in which it came."""
    record = drawer.find(UNJOINED).get(UNJOINED)
    return record.payload.posts if record else ()


def join_again(drawer: Drawer, name: str | None = None) -> bool:
    """Try once more with one that could not be joined, or all; False when it still cannot be.

    Wants a writing connection.
    """
    found = [posted for posted in unjoined(drawer) if name in (None, posted.name)]
    done = [posted for posted in found if _joined(drawer, posted, _joins)]
    once.take(drawer, [posted.name for posted in done])
    if done:
        throw_away(drawer, {posted.name for posted in done})
    return len(done) == len(found)


def throw_away(drawer: Drawer, names: Collection[str]) -> None:
    """Its owner has seen to it. Twice is once."""
    _change(drawer, lambda posts: tuple(one for one in posts if one.name not in names))


def keep_unjoined(drawer: Drawer, more: Iterable[Posted]) -> None:
    """Lay beside what could not be joined before; each needs a name of its own. Twice is once."""
    _change(drawer, lambda posts: tuple({one.name: one for one in (*posts, *more)}.values()))


def _name() -> str:
    """What the phone calls this post, the first time and every other; empty when that is no name."""
    name = request.headers.get("Idempotency-Key", "")
    return name if _NAME.fullmatch(name) else ""


def _join_each(drawer: Drawer, posts: list[Posted], how: dict[str, Join]) -> int:
    """Join each as a whole or not at all, remember the names, lay aside what could not be joined; how many were."""
    known = once.taken(drawer, [posted.name for posted in posts if posted.name])
    done, failed = list[str](), list[Posted]()
    for posted in posts:
        if posted.name in known or (posted.name and posted.name in done):
            continue
        if _joined(drawer, posted, how):
            done.append(posted.name)
        else:
            failed.append(posted if posted.name else replace(posted, name=ids.token()))
    if failed:
        keep_unjoined(drawer, failed)
    once.take(drawer, [name for name in (*done, *(posted.name for posted in failed)) if name])
    return len(done)


def _joined(drawer: Drawer, posted: Posted, how: dict[str, Join]) -> bool:
    try:
        with g.db.begin_nested():
            _join(drawer, posted, how)
    except Exception as error:  # whatever was left, it must not keep the door shut, nor what came with it
        log.error("could not join %s: %s", posted.endpoint, type(error).__name__)
        return False
    return True


def _join(drawer: Drawer, posted: Posted, how: dict[str, Join]) -> None:
    if posted.endpoint not in how:
        raise NobodyJoins
    how[posted.endpoint](drawer, posted.values, MultiDict(posted.fields), posted.at)


def _change(drawer: Drawer, change: Callable[[tuple[Posted, ...]], tuple[Posted, ...]]) -> None:
    change_record(drawer, UNJOINED, UNJOINED, Unjoined(), lambda old: Unjoined(change(old.posts)))


def _unsealed(drawer: Drawer, came: SealedPosts) -> list[Posted]:
    """What a phone sent, in its order; without a place and words where it does not open or is no form of ours."""
    way, texts = current_app.url_map.bind(""), open_posts(drawer.keyring, came.posts)
    slow = timedelta(seconds=came.slow)
    return [
        _read(way, text, slow, came.at, name) for (name, _blob), text in zip(came.posts, texts, strict=True)
    ]


def _read(way: MapAdapter, text: bytes | None, slow: timedelta, came: datetime, name: str) -> Posted:
    """The form that a phone sealed. Nothing was written later than it came."""
    fields, at = list[tuple[str, str]](), came
    try:
        written = msgspec.json.decode(text or b"", type=Written)
        fields = written.fields
        at = min(datetime.fromtimestamp(written.at / 1000, UTC) + slow, came)
        endpoint, values = way.match(written.to, method="POST")
    except (msgspec.DecodeError, HTTPException, RoutingException, ValueError, OverflowError, OSError):
        return Posted("", {}, fields, at, name)
    return Posted(endpoint, {key: str(value) for key, value in values.items()}, fields, at, name)
