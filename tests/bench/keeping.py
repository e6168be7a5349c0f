"""Putting people back as they were, so that the same act can be measured again."""

from typing import Any

from sqlalchemy import delete, insert, select

from server.core.database import Base, Database
from tests.bench.worlds import World


class Kept:
    """The records and letters of some people, to be put back as they were."""

    def __init__(self, world: World, *names: str) -> None:
        self._database = Database(world.settings.database)
        self._accounts = [world.people[name].account for name in names]
        tables = Base.metadata.tables
        self._owners = [tables["record"].c.account, tables["letter"].c.mailbox]
        self._rows = [self._now(owner) for owner in self._owners]

    def put_back(self) -> None:
        for owner, kept in zip(self._owners, self._rows, strict=True):
            now, table = self._now(owner), owner.table
            gone = [row for id, row in kept.items() if now.get(id) != row]
            with self._database.write() as db:
                for id in (id for id, row in now.items() if kept.get(id) != row):
                    db.execute(delete(table).where(table.c.id == id))
                if gone:
                    db.execute(insert(table), gone)

    def _now(self, owner: Any) -> dict[int, dict[str, Any]]:
        wanted = select(owner.table).where(owner.in_(self._accounts))
        with self._database.read() as db:
            return {row["id"]: dict(row) for row in db.execute(wanted).mappings()}
