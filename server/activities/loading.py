"""Put a checked town into the database: everything is replaced, or nothing changes."""

from typing import Any

import msgspec
from sqlalchemy import Connection, delete, insert, select

from server.activities.models import ActivityRow, PlaceRow, TownRow
from server.activities.town import Activity, Place, TownFile


def load_town(db: Connection, town: TownFile) -> bool:
    """Replace the town inside the caller's transaction. False, and no write, when it is there already."""
    if db.execute(select(TownRow.version)).scalar() == town.version:
        return False
    for table in (ActivityRow, PlaceRow, TownRow):
        db.execute(delete(table))
    if town.places:
        db.execute(insert(PlaceRow), [_row(position, place) for position, place in enumerate(town.places)])
    if town.activities:
        db.execute(insert(ActivityRow), [_row(position, one) for position, one in enumerate(town.activities)])
    db.execute(insert(TownRow), {"id": 1, "name": town.name, "version": town.version})
    return True


def _row(position: int, thing: Place | Activity) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(thing)
    if isinstance(thing, Activity):
        row["place"] = thing.place.slug if thing.place else None
    return row | {"position": position}
