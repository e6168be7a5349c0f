"""Plain facts about an installation's database, such as that it holds invented people."""

from sqlalchemy import Connection, String, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from server.core.database import Base

DEMO = "demo"


class Mark(Base):
    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)


def put_mark(db: Connection, name: str) -> None:
    db.execute(delete(Mark).where(Mark.name == name))
    db.execute(insert(Mark), {"name": name})


def has_mark(db: Connection, name: str) -> bool:
    return db.execute(select(Mark.name).where(Mark.name == name)).one_or_none() is not None
