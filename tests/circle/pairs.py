"""Ada with Ben (support) and Fia (authority) in her circle, as the domain tests see them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from server.circle import post, sharing
from server.circle.copies import Handed, Terms
from server.circle.sharing import Piece
from server.core import ids
from server.days import copies as _days  # noqa: F401 - registers the kind
from server.days import log
from server.days.payloads import Form, Told
from server.shared import reading
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.sealing import Secret
from tests.vault.pairs import FRANK

TUESDAY, HEAVY = date(2026, 11, 17), date(2026, 11, 18)


@dataclass
class Person:
    """Somebody with an open drawer."""

    keyring: Keyring
    account_key: Secret

    def drawer(self, db: Connection) -> Drawer:
        return Drawer(db, self.keyring)

    def sorts(self, db: Connection, now: datetime) -> None:
        self.keyring = post.sort(db, self.keyring, self.account_key, now)

    def writes(self, db: Connection, day: date, form: int, words: str = "", **more: Any) -> str:
        entry = ids.token()
        told = Told(form=Form(form), words=words, **more)
        log.answer(self.drawer(db), day, entry, told, datetime(2026, 11, 19, 9).astimezone())
        return entry

    def hands(
        self, db: Connection, to: bytes, now: datetime, *items: tuple[str, tuple[str, ...]], **how: Any
    ) -> list[Handed]:
        terms = {"purpose": "Inför mötet", "until": now + timedelta(days=30)} | how.pop("terms", {})
        return sharing.hand_over(
            db,
            self.keyring,
            FRANK,
            now,
            to=to,
            pieces=[Piece.of(self.drawer(db), item, parts) for item, parts in items],
            terms=Terms(**terms),
            set_id=how.pop("set_id", ids.token()),
            **how,
        )

    def reads(self, db: Connection, pair: bytes, now: datetime) -> list[str]:
        """The words that stand open for this reader."""
        return [
            note.words
            for copy in reading.copies(db, self.keyring, pair, now)
            if copy.body is not None
            for note in copy.body.notes  # type: ignore[attr-defined]
        ]

    def opens_all(self, db: Connection, pair: bytes, now: datetime) -> None:
        closed = reading.unopened(db, self.keyring, pair, now)
        reading.open_copies(db, self.keyring, FRANK, pair, closed, now)
