"""Sessions: an unlocked moment in a store of its own, never backed up.

The account key lies sealed under the cookie and the server's pepper together: the row alone, the cookie alone
or a stolen copy of the store opens nothing. Times are seconds since 1970, UTC.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, or_, select, update

from server.core.database import Database
from server.vault.errors import VaultError
from server.vault.models import SessionRow
from server.vault.sealing import Secret, context, derive, seal, unseal

IDLE = timedelta(minutes=10)
ABSOLUTE = timedelta(hours=12)
_TOUCH = timedelta(minutes=1)

_add = insert(SessionRow)
_row = select(
    SessionRow.account, SessionRow.sealed_account_key, SessionRow.idle_end, SessionRow.absolute_end
).where(SessionRow.id == bindparam("id"))
_extend = (
    update(SessionRow)
    .where(SessionRow.id == bindparam("session"), SessionRow.idle_end < bindparam("until"))
    .values(idle_end=bindparam("until"))
)
_end = delete(SessionRow).where(SessionRow.id == bindparam("session"))
_over = delete(SessionRow).where(
    or_(SessionRow.idle_end <= bindparam("now"), SessionRow.absolute_end <= bindparam("now"))
)


class Sessions:
    """The session store. `pepper` (32 bytes or more) lives in the server's settings, never in a database."""

    def __init__(self, database: Database, pepper: Secret) -> None:
        self._database = database
        self._pepper = pepper

    def start(self, account: bytes, account_key: Secret, now: datetime) -> Secret:
        """Begin a session; its cookie value, 32 random bytes that are stored nowhere."""
        cookie = Secret.random()
        id, absolute = _id(cookie), _seconds(now + ABSOLUTE)
        where = _where(id, account, absolute)
        values = {
            "id": id,
            "account": account,
            "sealed_account_key": seal(self._key(cookie), where, account_key.reveal()),
            "idle_end": _seconds(now + IDLE),
            "absolute_end": absolute,
        }
        with self._database.write() as db:
            db.execute(_add, values)
        return cookie

    def resume(self, cookie: Secret, now: datetime, *, touch: bool = True) -> tuple[bytes, Secret] | None:
        """(account, account key), or None after the idle or absolute end, or when the cookie opens nothing.

        Moves the idle end at most once a minute, so reading a page is usually no write. `touch=False` for
        what scripts ask by themselves: polls and autosaves are not activity. Past its end it is deleted.
        """
        id = _id(cookie)
        with self._database.read() as db:
            row = db.execute(_row, {"id": id}).one_or_none()
        if row is None:
            return None
        account, sealed, idle_end, absolute_end = row
        try:
            account_key = Secret(unseal(self._key(cookie), _where(id, account, absolute_end), sealed))
            left = min(idle_end, absolute_end) - _seconds(now)
        except (VaultError, TypeError):  # another pepper, or a row edited by hand
            return None
        if left <= 0:
            self.end(cookie)
            return None
        until = _seconds(now + IDLE)
        if touch and until - idle_end >= _TOUCH.total_seconds():
            with self._database.write() as db:
                db.execute(_extend, {"session": id, "until": until})
        return account, account_key

    def end(self, cookie: Secret) -> None:
        """Sign out: the row goes, and with it the only sealed copy of the account key in this store."""
        with self._database.write() as db:
            db.execute(_end, {"session": _id(cookie)})

    def sweep(self, now: datetime) -> int:
        """Delete every session past its end; how many."""
        with self._database.write() as db:
            return db.execute(_over, {"now": _seconds(now)}).rowcount

    def _key(self, cookie: Secret) -> Secret:
        return derive(Secret(cookie.reveal() + self._pepper.reveal()), "session")


def _id(cookie: Secret) -> bytes:
    return derive(cookie, "id", 16).reveal()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _where(id: bytes, account: bytes, absolute_end: int) -> bytes:
    return context("session", id, account, absolute_end)
