"""The town's tables. Everything in them is public inside the town, so they are plain."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.core.database import Base


class TownRow(Base):
    """The one town this server shows. `version` names the content: who has read it need not read again."""

    __tablename__ = "town"
    __table_args__ = (CheckConstraint("id = 1", name="one_town"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    version: Mapped[str] = mapped_column(String(16))


class PlaceRow(Base):
    """Columns are the fields of `town.Place`; `position` keeps the order of the file."""

    __tablename__ = "place"

    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    far: Mapped[str] = mapped_column(Text)
    area: Mapped[str] = mapped_column(Text)
    street: Mapped[str] = mapped_column(Text)
    light: Mapped[str] = mapped_column(Text)
    smell: Mapped[str] = mapped_column(Text)
    access: Mapped[list[Any]] = mapped_column(JSON)
    closed: Mapped[list[Any]] = mapped_column(JSON)


class ActivityRow(Base):
    """Columns are the fields of `town.Activity`; `position` keeps the order of the file."""

    __tablename__ = "activity"

    slug: Mapped[str] = mapped_column(Text, primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    line: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(16))
    host: Mapped[str] = mapped_column(Text)
    least_form: Mapped[int]
    people: Mapped[str] = mapped_column(String(16))
    sound: Mapped[str] = mapped_column(String(16))
    way: Mapped[str] = mapped_column(String(16))
    schedule: Mapped[str] = mapped_column(String(16))
    when: Mapped[str] = mapped_column(Text)
    smaller: Mapped[dict[str, Any]] = mapped_column(JSON)
    place: Mapped[str | None] = mapped_column(ForeignKey("place.slug"))
    size: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(Text)
    cost_kr: Mapped[int]
    cost: Mapped[str] = mapped_column(Text)
    terms: Mapped[list[Any]] = mapped_column(JSON)
    terms_text: Mapped[str] = mapped_column(Text)
    leave: Mapped[str] = mapped_column(String(16))
    leave_text: Mapped[str] = mapped_column(Text)
    breaks: Mapped[str] = mapped_column(Text)
    needs: Mapped[str] = mapped_column(Text)
    from_start: Mapped[bool]
    times: Mapped[list[Any]] = mapped_column(JSON)
    closed: Mapped[list[Any]] = mapped_column(JSON)
    open_on_holidays: Mapped[bool]
    own_access: Mapped[list[Any]] = mapped_column(JSON)
    own_light: Mapped[str] = mapped_column(Text)
    own_smell: Mapped[str] = mapped_column(Text)
    leads_to: Mapped[list[Any]] = mapped_column(JSON)
    leads_on: Mapped[list[Any]] = mapped_column(JSON)
