"""Associations that run the service, and whom they list. What stands here is public inside the town, so it is plain.

No row tells when it was made, or who talks with whom. A key in a row counts only as far as it was vouched for with a
key that is not in the database (server/vault/listings.py).
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.database import Base
from server.vault.models import Bytes


class HostRow(Base):
    """An association, and the account that speaks for it."""

    __tablename__ = "host"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    account: Mapped[bytes] = mapped_column(
        Bytes(16), ForeignKey("account.id", ondelete="CASCADE"), unique=True, index=True
    )
    vouch: Mapped[bytes] = mapped_column(Bytes(32))  # the operator's yes to this account
    name: Mapped[str] = mapped_column(Text)
    about: Mapped[str] = mapped_column(Text)
    silence: Mapped[str] = mapped_column(Text)  # what is promised about what peers are told
    phone: Mapped[str] = mapped_column(Text)
    safe_name: Mapped[str] = mapped_column(Text)  # whom to turn to about a peer, outside the peer group
    safe_phone: Mapped[str] = mapped_column(Text)


class HostInvitationRow(Base):
    """The operator's one-time link, as a keyed hash; `name` is what the operator called the association."""

    __tablename__ = "host_invitation"

    hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    end: Mapped[int] = mapped_column(BigInteger)  # seconds since 1970, UTC
    name: Mapped[str] = mapped_column(Text)


class ListingRow(Base):
    """Somebody whom an association lists. One account is listed once."""

    __tablename__ = "listing"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    host: Mapped[bytes] = mapped_column(Bytes(16), ForeignKey("host.id", ondelete="CASCADE"), index=True)
    account: Mapped[bytes] = mapped_column(
        Bytes(16), ForeignKey("account.id", ondelete="CASCADE"), unique=True, index=True
    )
    role: Mapped[str] = mapped_column(String(16))
    public_key: Mapped[bytes] = mapped_column(Bytes(32))
    vouch: Mapped[bytes] = mapped_column(Bytes(32))
    door: Mapped[bytes | None] = mapped_column(
        Bytes(32)
    )  # a public right; None until the listed person opens
    name: Mapped[str] = mapped_column(Text)
    story: Mapped[str] = mapped_column(Text)
    helps: Mapped[str] = mapped_column(Text)
    languages: Mapped[str] = mapped_column(Text)
    weekdays: Mapped[list[Any]] = mapped_column(JSON)  # 0 is Monday
    hour_from: Mapped[str] = mapped_column(String(5))  # “18.00”
    hour_to: Mapped[str] = mapped_column(String(5))
    hours_words: Mapped[str] = mapped_column(Text)
    capacity: Mapped[int] = mapped_column(Integer)  # 0: as many as come
    away: Mapped[bool]
    away_until: Mapped[date | None] = mapped_column(Date)
    full: Mapped[bool]
    published: Mapped[bool]
