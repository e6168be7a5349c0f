"""Whom associations list: peers, and one whom reports reach. Everybody reads the same rows; the key in one counts only
as it was vouched for."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import msgspec
from sqlalchemy import Connection, Insert, Row, Update, delete, insert, select, update

from server.circle.people import alphabet
from server.core import ids
from server.hosts import founding
from server.hosts.founding import Host
from server.hosts.models import HostRow, ListingRow
from server.vault.listings import Listed, is_vouched, vouch
from server.vault.sealing import Secret

PEER, SAFEGUARDING = "peer", "safeguarding"
ROLES = (PEER, SAFEGUARDING)
_SHOWN = sorted(
    set(ListingRow.__table__.c.keys()) - {"host", "role", "account", "public_key", "door", "vouch"}
)


class NoSuchListing(Exception):
    """Nobody is listed there, or not to be seen by whoever asks."""


class ListedAlready(Exception):
    """This account is listed: nobody is a peer twice, or whom one turns to about oneself."""


@dataclass(frozen=True)
class Profile:
    """What a listed person says of themselves, to everybody. Everything but the name can be left out (row E14)."""

    name: str = ""
    story: str = ""
    helps: str = ""
    languages: str = ""
    weekdays: tuple[int, ...] = ()
    hour_from: str = ""
    hour_to: str = ""
    hours_words: str = ""
    capacity: int = 0
    away: bool = False
    away_until: date | None = None

    def is_away(self, today: date) -> bool:
        """With a day: until and with it."""
        return self.away and (self.away_until is None or today <= self.away_until)


@dataclass(frozen=True)
class Listing:
    """Somebody who is listed, and by whom. `to` is where a first letter goes; None until they have opened a door."""

    id: str
    host: Host
    role: str
    account: bytes
    public_key: bytes
    profile: Profile
    full: bool
    published: bool
    to: Listed | None

    @property
    def is_open(self) -> bool:
        """Whether everybody may see it."""
        return self.published and self.to is not None and self.host.words.can_list


def list_up(
    db: Connection, vouching: Secret, host: Host, role: str, name: str, key: tuple[bytes, bytes]
) -> str:
    """The association's yes to somebody: `key` is their account and public key. Unpublished; the id. One statement
    looks, one writes. Raises ListedAlready."""
    account, public_key = key
    if db.execute(select(ListingRow.id).where(ListingRow.account == account)).first():
        raise ListedAlready
    id_ = ids.random_bytes(16)
    row = {
        "id": id_,
        "host": host.id,
        "account": account,
        "role": role,
        "public_key": public_key,
        "door": None,
        "full": False,
        "published": False,
    }
    _write(db, vouching, insert(ListingRow), row | _columns(Profile(name=name)))
    return id_.hex()


def of_host(db: Connection, vouching: Secret, host: Host) -> list[Listing]:
    """Everybody this association lists, by name."""
    return _read(db, vouching, ListingRow.host == host.id)


def of_account(db: Connection, vouching: Secret, account: bytes) -> Listing | None:
    """Where this person is listed."""
    return next(iter(_read(db, vouching, ListingRow.account == account)), None)


def of_key(db: Connection, vouching: Secret, public_key: bytes) -> Listing | None:
    """Who holds this key, published or not: for whoever is in a conversation with them."""
    return next(iter(_read(db, vouching, ListingRow.public_key == public_key)), None)


def open_peers(db: Connection, vouching: Secret) -> dict[str, list[Listing]]:
    """Every peer who can be asked, by the association's id: one statement. No order but the alphabet's."""
    found: dict[str, list[Listing]] = {}
    peers = [one for one in _read(db, vouching, ListingRow.published) if one.is_open and one.role == PEER]
    for one in sorted(peers, key=lambda one: (alphabet(one.host.words.name), one.host.id)):
        found.setdefault(one.host.id.hex(), []).append(one)
    return found


def open_peer(db: Connection, vouching: Secret, id_: str) -> Listing:
    """A peer who can be asked. Raises NoSuchListing."""
    found = find(db, vouching, id_)
    if not found.is_open or found.role != PEER:
        raise NoSuchListing
    return found


def colleagues(db: Connection, vouching: Secret, listing: Listing) -> list[Listing]:
    """The other peers of the same association who can be asked, by name."""
    there = open_peers(db, vouching).get(listing.host.id.hex(), [])
    return [one for one in there if one.id != listing.id]


def safeguarding(db: Connection, vouching: Secret, host: Host) -> Listing | None:
    """Whom a report about one of this association's peers reaches, if they have opened their door."""
    there = (one for one in of_host(db, vouching, host) if one.role == SAFEGUARDING)
    return next((one for one in there if one.published and one.to), None)


def find(db: Connection, vouching: Secret, id_: str) -> Listing:
    """Raises NoSuchListing, for an id that is none too."""
    try:
        named = bytes.fromhex(id_)
    except ValueError:
        raise NoSuchListing from None
    found = _read(db, vouching, ListingRow.id == named)
    if not found:
        raise NoSuchListing
    return found[0]


def tell(db: Connection, vouching: Secret, listing: Listing, profile: Profile) -> None:
    """What the listed person says from now on. Raises NoSuchListing, as all that changes a row, for one that was
    edited by hand meanwhile: nobody vouches for that."""
    _change(db, vouching, listing, **_columns(profile))


def publish(db: Connection, vouching: Secret, listing: Listing, door: Secret) -> None:
    """Everybody may see it, and leave a first letter by `door`."""
    _change(db, vouching, listing, published=True, door=door.reveal())


def take_down(db: Connection, vouching: Secret, listing: Listing) -> None:
    """Nobody sees it, and no letter comes. Twice is once."""
    _change(db, vouching, listing, published=False, door=None)


def set_full(db: Connection, vouching: Secret, listing: Listing, full: bool) -> None:
    """Whether anybody more can be taken on; never how many there are."""
    if listing.full != full:
        _change(db, vouching, listing, full=full)


def take_off(db: Connection, vouching: Secret, listing: Listing) -> dict[str, Any]:
    """The association lists this person no more. What the row said, for `put_back`."""
    row = _row(db, vouching, listing)
    db.execute(delete(ListingRow).where(ListingRow.id == row["id"]))
    return row


def put_back(db: Connection, vouching: Secret, row: dict[str, Any]) -> None:
    """Listed again, and seen by nobody until they show themselves: their door may have been shut meanwhile.

    Raises ListedAlready when the person is listed anew.
    """
    if db.execute(select(ListingRow.id).where(ListingRow.account == row["account"])).first():
        raise ListedAlready
    _write(db, vouching, insert(ListingRow), row | {"door": None, "published": False})


def _read(db: Connection, vouching: Secret, which: Any) -> list[Listing]:
    """Only rows that are as somebody vouched for them, of an association that the operator let in, by name:
    one statement."""
    host = [column.label(f"host_{column.name}") for column in HostRow.__table__.columns]
    joined = select(ListingRow.__table__, *host).join(HostRow, HostRow.id == ListingRow.host).where(which)
    found = [one for row in db.execute(joined).all() if (one := _listing(row, vouching))]
    return sorted(found, key=lambda one: (alphabet(one.profile.name), one.id))


def _columns(profile: Profile) -> dict[str, Any]:
    said = {one.name: getattr(profile, one.name) for one in fields(Profile)}
    return said | {"weekdays": list(profile.weekdays)}


def _change(db: Connection, vouching: Secret, listing: Listing, **values: Any) -> None:
    row = _row(db, vouching, listing)
    _write(db, vouching, update(ListingRow).where(ListingRow.id == row["id"]), row | values)


def _row(db: Connection, vouching: Secret, listing: Listing) -> dict[str, Any]:
    """The whole row as it is now, kept from others until the transaction ends. Raises NoSuchListing unless it fits."""
    of = select(ListingRow.__table__).where(ListingRow.id == bytes.fromhex(listing.id)).with_for_update()
    row = db.execute(of).one_or_none()
    if row is None or not is_vouched(vouching, _to(row._mapping)):
        raise NoSuchListing
    return dict(row._mapping)


def _write(db: Connection, vouching: Secret, statement: Insert | Update, row: dict[str, Any]) -> None:
    """The one way in which rows are written: vouched for as they say from now on."""
    db.execute(statement.values(row | {"vouch": vouch(vouching, _to({**row, "vouch": b""}))}))


def _to(row: Mapping[Any, Any]) -> Listed:
    shown = msgspec.json.encode({name: row[name] for name in _SHOWN})
    door = Secret(row["door"] or b"")
    return Listed(row["host"], row["role"], row["account"], row["public_key"], door, row["vouch"], shown)


def _listing(row: Row[Any], vouching: Secret) -> Listing | None:
    there = row._mapping
    theirs = {name[5:]: value for name, value in there.items() if name.startswith("host_")}
    host = founding.read(SimpleNamespace(**theirs), vouching)
    to = _to(there)
    if host is None or not is_vouched(vouching, to):
        return None
    profile = Profile(**{one.name: there[one.name] for one in fields(Profile)})
    return Listing(
        id=row.id.hex(),
        host=host,
        role=row.role,
        account=row.account,
        public_key=row.public_key,
        profile=replace(profile, weekdays=tuple(profile.weekdays)),
        full=row.full,
        published=row.published,
        to=to if row.door else None,
    )
