"""Sessions: an unlocked moment in a store of its own, never backed up.

The account key lies sealed under the cookie and the server's pepper together: the row alone, the cookie alone
or a stolen copy of the store opens nothing. Times are seconds since 1970, UTC.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update

from server.core.database import Database, Prepared
from server.vault.errors import VaultError
from server.vault.models import SessionRow
from server.vault.sealing import KEY, Secret, context, derive, seal, unseal

IDLE = timedelta(minutes=10)
ABSOLUTE = timedelta(hours=12)
GRACE = timedelta(seconds=30)
_TOUCH = timedelta(minutes=1)

_add = insert(SessionRow)
_row = Prepared(
    select(
        SessionRow.account, SessionRow.sealed_account_key, SessionRow.idle_end, SessionRow.absolute_end
    ).where(SessionRow.id == bindparam("id"))
)
_extend = (
    update(SessionRow)
    .where(SessionRow.id == bindparam("session"), SessionRow.idle_end < bindparam("until"))
    .values(idle_end=bindparam("until"))
)
_end = delete(SessionRow).where(SessionRow.id == bindparam("session"))
_end_others = delete(SessionRow).where(
    SessionRow.account == bindparam("of"), SessionRow.id != bindparam("keep")
)
_replace = (
    update(SessionRow)
    .where(SessionRow.id == bindparam("session"))
    .values(sealed_account_key=bindparam("sealed"), absolute_end=bindparam("soon"))
)
_over = delete(SessionRow).where(
    or_(SessionRow.idle_end <= bindparam("now"), SessionRow.absolute_end <= bindparam("now"))
)
_still_open = select(SessionRow.id).where(
    SessionRow.id.in_(bindparam("those", expanding=True)),
    SessionRow.idle_end > bindparam("now"),
    SessionRow.absolute_end > bindparam("now"),
)
_open_now = (
    select(SessionRow.account)
    .where(SessionRow.idle_end > bindparam("now"), SessionRow.absolute_end > bindparam("now"))
    .distinct()
)


class Sessions:
    """The session store. `pepper` (32 bytes or more) lives in the server's settings, never in a database."""

    def __init__(self, database: Database, pepper: Secret) -> None:
        self._database = database
        self._pepper = pepper

    def start(self, account: bytes, account_key: Secret, now: datetime, *, idle: timedelta = IDLE) -> Secret:
        """Begin a session that locks after `idle`; its cookie value, 32 random bytes that are stored nowhere."""
        return self._start(account, account_key, idle, now, _seconds(now + ABSOLUTE))

    def resume(self, cookie: Secret, now: datetime, *, touch: bool = True) -> tuple[bytes, Secret] | None:
        """(account, account key), or None after the idle or absolute end, or when the cookie opens nothing.

        Moves the idle end at most once a minute, so reading a page is usually no write. `touch=False` for
        what scripts ask by themselves: polls and autosaves are not activity. Past its end it is deleted.
        """
        found = self._open(cookie)
        if found is None:
            return None
        account, account_key, idle, idle_end, absolute_end = found
        if min(idle_end, absolute_end) <= _seconds(now):
            self.end(cookie)
            return None
        until = _seconds(now) + idle
        if touch and until - idle_end >= _TOUCH.total_seconds():
            with self._database.write() as db:
                db.execute(_extend, {"session": _id(cookie), "until": until})
        return account, account_key

    def renew(self, cookie: Secret, account: bytes, account_key: Secret, now: datetime) -> Secret:
        """A new cookie for a session whose account key has been changed; how long it lasts stays as it was.

        The old cookie opens the same for 30 more seconds, for requests that were under way. One that opens
        nothing of this account becomes a session like any other.
        """
        found = self._open(cookie)
        if found is None or found[0] != account:
            return self.start(account, account_key, now)
        _, _, idle, _, absolute_end = found
        id, soon = _id(cookie), min(absolute_end, _seconds(now + GRACE))
        values = {
            "session": id,
            "soon": soon,
            "sealed": self._sealed(cookie, account, account_key, idle, soon),
        }
        with self._database.write() as db:
            db.execute(_replace, values)
        return self._start(account, account_key, timedelta(seconds=idle), now, absolute_end)

    def end(self, cookie: Secret) -> None:
        """Lock or sign out: the row goes, and with it the only sealed copy of the account key in this store."""
        with self._database.write() as db:
            db.execute(_end, {"session": _id(cookie)})

    def end_others(self, account: bytes, keep: Secret) -> None:
        """End every session of the account but this one: a way in was removed."""
        with self._database.write() as db:
            db.execute(_end_others, {"of": account, "keep": _id(keep)})

    def end_all(self, account: bytes) -> None:
        """End every session of the account: it has been deleted."""
        with self._database.write() as db:
            db.execute(_end_others, {"of": account, "keep": b""})

    def open_accounts(self, now: datetime) -> set[bytes]:
        """Whose drawer may be open somewhere just now."""
        with self._database.read() as db:
            return set(db.execute(_open_now, {"now": _seconds(now)}).scalars())

    def row(self, cookie: Secret) -> bytes:
        """The name of this cookie's row, for `still_open`. It opens nothing."""
        return _id(cookie)

    def still_open(self, rows: Collection[bytes], now: datetime) -> set[bytes]:
        """Which of these rows are there and not past their end, in one statement; asking is no activity."""
        with self._database.read() as db:
            return set(db.execute(_still_open, {"those": list(rows), "now": _seconds(now)}).scalars())

    def sweep(self, now: datetime) -> int:
        """Delete every session past its end; how many."""
        with self._database.write() as db:
            return db.execute(_over, {"now": _seconds(now)}).rowcount

    def _start(
        self, account: bytes, account_key: Secret, idle: timedelta, now: datetime, absolute_end: int
    ) -> Secret:
        cookie, seconds = Secret.random(), int(idle.total_seconds())
        values = {
            "id": _id(cookie),
            "account": account,
            "sealed_account_key": self._sealed(cookie, account, account_key, seconds, absolute_end),
            "idle_end": _seconds(now) + seconds,
            "absolute_end": absolute_end,
        }
        with self._database.write() as db:
            db.execute(_add, values)
        return cookie

    def _sealed(
        self, cookie: Secret, account: bytes, account_key: Secret, idle: int, absolute_end: int
    ) -> bytes:
        """The account key, and after it the idle seconds (4 bytes), where no edit of the row can move them."""
        where = _where(_id(cookie), account, absolute_end)
        return seal(self._key(cookie), where, account_key.reveal() + idle.to_bytes(4, "big"))

    def _open(self, cookie: Secret) -> tuple[bytes, Secret, int, int, int] | None:
        """Account, account key, idle seconds, idle end, absolute end; None when cookie and row do not fit."""
        id = _id(cookie)
        with self._database.read() as db:
            row = _row.row(db, id=id)
        if row is None:
            return None
        account, sealed, idle_end, absolute_end = row
        try:
            inside = Secret(unseal(self._key(cookie), _where(id, account, absolute_end), sealed))
            idle_end = int(idle_end)
        except (VaultError, TypeError, ValueError):  # another pepper, or a row edited by hand
            return None
        # Sessions of the first release hold the key alone.
        idle = int.from_bytes(inside.reveal()[KEY:], "big") or int(IDLE.total_seconds())
        return account, Secret(inside.reveal()[:KEY]), idle, idle_end, absolute_end

    def _key(self, cookie: Secret) -> Secret:
        return derive(Secret(cookie.reveal() + self._pepper.reveal()), "session")


def _id(cookie: Secret) -> bytes:
    return derive(cookie, "id", 16).reveal()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _where(id: bytes, account: bytes, absolute_end: int) -> bytes:
    return context("session", id, account, absolute_end)
