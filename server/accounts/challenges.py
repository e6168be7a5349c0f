"""Challenges: a question each passkey ceremony answers once. They lie beside the sessions and are never backed up."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, LargeBinary, bindparam, delete, insert
from sqlalchemy.orm import Mapped, mapped_column

from server.core import ids
from server.core.database import SessionBase

LASTS = timedelta(minutes=10)


class ChallengeRow(SessionBase):
    __tablename__ = "challenge"

    id: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    ends: Mapped[int] = mapped_column(BigInteger)  # seconds since 1970, UTC


class ChallengeOver(Exception):
    """The question was answered already, was never asked, or is too old: the page stood open too long."""


_use = delete(ChallengeRow).where(ChallengeRow.id == bindparam("asked"), ChallengeRow.ends > bindparam("now"))
_over = delete(ChallengeRow).where(ChallengeRow.ends <= bindparam("now"))


def ask(db: Connection, now: datetime) -> bytes:
    """A fresh challenge (32 random bytes), good once for ten minutes."""
    challenge = ids.random_bytes(32)
    db.execute(_over, {"now": int(now.timestamp())})
    db.execute(insert(ChallengeRow), {"id": challenge, "ends": int((now + LASTS).timestamp())})
    return challenge


def use(db: Connection, challenge: bytes, now: datetime) -> None:
    """Raises ChallengeOver unless it was asked, not long ago, and never answered."""
    if db.execute(_use, {"asked": challenge, "now": int(now.timestamp())}).rowcount != 1:
        raise ChallengeOver
