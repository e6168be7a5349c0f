"""The vault's rows: nobody's name, no `created_at`, no sequential ids, no last-seen. Sizes and weeks show."""

from datetime import date
from typing import Any

from sqlalchemy import DDL, BigInteger, Boolean, Date, ForeignKey, Index, Integer, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from server.core.database import Base, SessionBase

# In SQLite only a column typed exactly INTEGER is the row's own key, which makes a lookup one step.
RowId = BigInteger().with_variant(Integer, "sqlite")


class Bytes(LargeBinary):
    """Bytes as the driver gives them, unconverted: a row edited by hand reaches the seal as it is."""

    cache_ok = True

    def result_processor(self, dialect: Any, coltype: Any) -> None:
        return None


class Account(Base):
    """A person, as the host sees one: a public key and a sealed keyring."""

    __tablename__ = "account"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    public_key: Mapped[bytes] = mapped_column(Bytes(32))
    keyring: Mapped[bytes] = mapped_column(Bytes)
    generation: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1"
    )  # older ones are not written under
    born_month: Mapped[str] = mapped_column(String(7))  # "2026-11": coarse on purpose


class Slot(Base):
    """A way in: opens only with what the person holds. Passkeys are looked up by their credential id."""

    __tablename__ = "slot"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    account: Mapped[bytes] = mapped_column(
        Bytes(16), ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(8))
    public_key: Mapped[bytes] = mapped_column(Bytes(32))
    wrapped_secret: Mapped[bytes] = mapped_column(Bytes)
    sealed_account_key: Mapped[bytes] = mapped_column(Bytes)
    keep_until: Mapped[date | None] = mapped_column(
        Date
    )  # a Monday; only while nothing makes the account last
    state: Mapped[str] = mapped_column(String(8), default="active", server_default="active")
    tries: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0"
    )  # wrong codes since the last right one
    credential_id: Mapped[bytes | None] = mapped_column(Bytes, unique=True, index=True)
    credential_public_key: Mapped[bytes | None] = mapped_column(Bytes)
    sign_count: Mapped[int | None] = mapped_column(BigInteger)
    backed_up: Mapped[bool | None] = mapped_column(Boolean)


class RecordRow(Base):
    """One sealed thing in a drawer. Its id is its name under the owner's index key, never automatic."""

    __tablename__ = "record"
    # The epoch is there so that what is left to re-seal is found without reading the rows.
    __table_args__ = (Index(None, "account", "shelf", "epoch"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    account: Mapped[bytes] = mapped_column(Bytes(16), ForeignKey("account.id", ondelete="CASCADE"))
    shelf: Mapped[bytes] = mapped_column(Bytes(16))
    epoch: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(BigInteger)
    blob: Mapped[bytes] = mapped_column(Bytes)


class Door(Base):
    """One phone's or one contact's right to leave a letter in a mailbox: a hash, and nothing of whose it is."""

    __tablename__ = "door"

    hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    mailbox: Mapped[bytes] = mapped_column(
        Bytes(16), ForeignKey("account.id", ondelete="CASCADE"), index=True
    )


class Letter(Base):
    """A sealed copy in somebody's mailbox. No sender, no time; the shelf is empty until the reader has sorted it."""

    __tablename__ = "letter"
    __table_args__ = (Index(None, "mailbox", "shelf"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    mailbox: Mapped[bytes] = mapped_column(Bytes(16), ForeignKey("account.id", ondelete="CASCADE"))
    shelf: Mapped[bytes] = mapped_column(Bytes(16), default=b"")
    end_day: Mapped[date | None] = mapped_column(Date)  # shares only, rounded up to the week
    burn_hash: Mapped[bytes] = mapped_column(Bytes(32))
    tag: Mapped[bytes] = mapped_column(Bytes(32))
    blob: Mapped[bytes] = mapped_column(Bytes)


class InvitationRow(Base):
    """Somebody may come in and be paired, once. Who invited and who is meant, the row does not tell."""

    __tablename__ = "invitation"

    hash: Mapped[bytes] = mapped_column(Bytes(32), primary_key=True)
    code_hash: Mapped[bytes | None] = mapped_column(Bytes(32))  # None in the room, where no code is needed
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    end: Mapped[int] = mapped_column(BigInteger)  # seconds since 1970, UTC


class OpenPage(Base):
    """What one phone shows without being unlocked, sealed under a key that only that phone and its owner hold."""

    __tablename__ = "open_page"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    account: Mapped[bytes] = mapped_column(
        Bytes(16), ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    blob: Mapped[bytes] = mapped_column(Bytes)


class PushRow(Base):
    """How one person wants to be told that there is something, sealed under a server key that is not in the database.

    The id is the account's under that key, so the row does not say whose it is.
    """

    __tablename__ = "push"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    blob: Mapped[bytes] = mapped_column(Bytes)


class SessionRow(SessionBase):
    """An unlocked moment: opens only with the cookie and the server's pepper together. Never backed up."""

    __tablename__ = "session"

    id: Mapped[bytes] = mapped_column(Bytes(16), primary_key=True)
    account: Mapped[bytes] = mapped_column(Bytes(16), index=True)
    sealed_account_key: Mapped[bytes] = mapped_column(Bytes)
    idle_end: Mapped[int] = mapped_column(BigInteger)  # seconds since 1970, UTC
    absolute_end: Mapped[int] = mapped_column(BigInteger)


# On PostgreSQL the sessions leave no trace in the write-ahead log, and dumps can leave them out.
event.listen(
    SessionBase.metadata.tables["session"],
    "after_create",
    DDL("ALTER TABLE session SET UNLOGGED").execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]
)
