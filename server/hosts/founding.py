"""Associations: the operator's link, which works once, and what an association says about itself.

A row that somebody made in the database by hand lets nobody in: the operator's yes is keyed (vault/listings.py).
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from server.core import ids
from server.hosts.models import HostInvitationRow, HostRow
from server.vault.listings import host_link, is_host, vouch_host
from server.vault.sealing import Secret

LASTS = timedelta(days=7)
SHORT, LONG = 200, 2_000  # characters

_find_link = select(HostInvitationRow.name).where(
    HostInvitationRow.hash == bindparam("of"), HostInvitationRow.end > bindparam("now")
)
_use_up = delete(HostInvitationRow).where(HostInvitationRow.hash == bindparam("of"))
_over = delete(HostInvitationRow).where(HostInvitationRow.end <= bindparam("now"))
_of_account = select(HostRow).where(HostRow.account == bindparam("of"))
_all = select(HostRow)


class HostLinkOver(Exception):
    """Guessed, used, or too old: all look alike."""


@dataclass(frozen=True)
class Words:
    """What an association says about itself, to everybody."""

    name: str = ""
    about: str = ""
    silence: str = ""
    phone: str = ""
    safe_name: str = ""
    safe_phone: str = ""

    @property
    def can_list(self) -> bool:
        """Peers are shown only with a name to stand for them, and somebody outside the peer group to turn to."""
        return bool(self.name and self.safe_name and self.safe_phone)


@dataclass(frozen=True)
class Host:
    """An association that the operator has let in."""

    id: bytes
    account: bytes
    words: Words


def invite(db: Connection, vouching: Secret, name: str, now: datetime) -> Secret:
    """A one-time link for an association; what it carries."""
    token = Secret.random()
    end = int((now + LASTS).timestamp())
    db.execute(
        insert(HostInvitationRow),
        {"hash": _hash(vouching, token.as_text()), "end": end, "name": name[:SHORT]},
    )
    return token


def check(db: Connection, vouching: Secret, token: str, now: datetime) -> str:
    """What the operator called the association. Raises HostLinkOver: nothing is begun for a link that opens nothing."""
    found = db.execute(_find_link, {"of": _hash(vouching, token), "now": int(now.timestamp())})
    name = found.scalar_one_or_none()
    if name is None:
        raise HostLinkOver
    return name


def accept(db: Connection, vouching: Secret, account: bytes, token: str, now: datetime) -> None:
    """This account speaks for an association from now on. One that does already uses no link up.

    Raises HostLinkOver.
    """
    name = check(db, vouching, token, now)
    if host_of(db, vouching, account):
        return
    if db.execute(_use_up, {"of": _hash(vouching, token)}).rowcount != 1:
        raise HostLinkOver  # somebody was faster by an instant
    db.execute(
        delete(HostRow).where(HostRow.account == account)
    )  # one made by hand, which counts for nothing
    host = ids.random_bytes(16)
    row = {"id": host, "account": account, "vouch": vouch_host(vouching, host, account)}
    db.execute(insert(HostRow), row | _columns(Words(name=name)))


def host_of(db: Connection, vouching: Secret, account: bytes) -> Host | None:
    """The association that this account speaks for: one statement."""
    row = db.execute(_of_account, {"of": account}).one_or_none()
    return read(row, vouching) if row else None


def host_called(db: Connection, vouching: Secret, id_: str) -> Host | None:
    """The association with this id, in hex; None when it is gone."""
    return next((host for host in everyone(db, vouching) if host.id.hex() == id_), None)


def everyone(db: Connection, vouching: Secret) -> list[Host]:
    """Every association that was let in, in no meaningful order: one statement."""
    rows = db.execute(_all).all()
    return [host for row in rows if (host := read(row, vouching))]


def tell(db: Connection, host: Host, words: Words) -> None:
    """What the association says from now on."""
    db.execute(update(HostRow).where(HostRow.id == host.id).values(**_columns(words)))


def remove(db: Connection, host: bytes) -> bool:
    """The operator's no: the association and its listings go, the accounts stay. False when there is none."""
    return db.execute(delete(HostRow).where(HostRow.id == host)).rowcount == 1


def sweep(db: Connection, now: datetime) -> None:
    """Delete the links that are over."""
    db.execute(_over, {"now": int(now.timestamp())})


def read(row: Any, vouching: Secret) -> Host | None:
    """A row as a host; None unless the operator let this account in."""
    if not is_host(vouching, row.id, row.account, row.vouch):
        return None
    return Host(row.id, row.account, Words(**{one.name: getattr(row, one.name) for one in fields(Words)}))


def _hash(vouching: Secret, token: str) -> bytes:
    return host_link(vouching, Secret(token.encode()))


def _columns(words: Words) -> dict[str, str]:
    return {one.name: getattr(words, one.name) for one in fields(Words)}
