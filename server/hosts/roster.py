"""How an association comes to list somebody: invited, answered, and its yes, which is the vouching.

The association learns who its peers are and whether they can be asked; never who asks them, or how many.
"""

from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from server.hosts import listings
from server.hosts.founding import Host
from server.hosts.listings import Listing, NoSuchListing
from server.hosts.payloads import Invitee, ListingBin, TakenOff
from server.vault import invitations, pairing
from server.vault.changing import change_existing, change_record
from server.vault.drawer import Drawer
from server.vault.errors import NoSuchContact
from server.vault.invitations import Invitation
from server.vault.keyring import LISTED_HATS, Keyring
from server.vault.sealing import Secret

SHELF, BIN = "invitees", "listing-bin"
MOST = 200  # people that one association has invited
_IN_BIN = 10
_NOBODY = Invitee(id="", role="", name="")


class NoSuchInvitee(Exception):
    """Nobody was invited under that id, or it has been taken back."""


class TooManyInvited(Exception):
    """More open invitations than one association has peers."""


@dataclass(frozen=True)
class Waiting:
    """Somebody whose yes, or to whom the association's yes, is still to come."""

    invitee: Invitee
    invitation: Invitation | None


def invite(db: Connection, keyring: Keyring, invitee: Invitee, now: datetime, *, in_the_room: bool) -> None:
    """Invite somebody to be listed, under the id that the page made: the same id twice is one invitation.

    Raises TooManyInvited.
    """
    drawer = Drawer(db, keyring)
    if _find(drawer, invitee.id) is None and len(drawer.shelf(SHELF)) >= MOST:
        raise TooManyInvited
    change_record(drawer, SHELF, _name(invitee.id), _NOBODY, lambda old: old if old.id else invitee)
    known = _find(drawer, invitee.id)
    if known and not known.relation:
        invitations.invite(db, keyring, card_of(invitee.id), in_the_room=in_the_room, now=now)


def waiting(db: Connection, keyring: Keyring) -> list[Waiting]:
    """Everybody who was invited and has not been listed."""
    open_ = invitations.invitations(db, keyring)
    invitees = [record.payload for record in Drawer(db, keyring).shelf(SHELF) if not record.payload.relation]
    return [
        Waiting(one, open_.get(card_of(one.id)))
        for one in sorted(invitees, key=lambda one: (one.name, one.id))
    ]


def one(db: Connection, keyring: Keyring, id_: str) -> Waiting:
    """Raises NoSuchInvitee."""
    invitee = _find(Drawer(db, keyring), id_)
    if invitee is None:
        raise NoSuchInvitee
    return Waiting(invitee, invitations.invitation_for(db, keyring, card_of(id_)))


def cancel(db: Connection, keyring: Keyring, id_: str) -> None:
    """The invitation opens nothing any more, and whoever took it gets nothing. Twice is once."""
    invitations.cancel(db, keyring, card_of(id_))
    drawer = Drawer(db, keyring)
    record = drawer.find(_name(id_)).get(_name(id_))
    if record and not record.payload.relation:
        drawer.remove(record)


def confirm(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    keys: tuple[Secret, Secret],
    host: Host,
    id_: str,
    now: datetime,
) -> Keyring:
    """The association's yes: the key is pinned, and vouched for in a row that nobody sees until its owner says so.

    `keys` are the server's own, for vouching and for tags. Raises NoSuchInvitee, NoSuchContact without an answer,
    TwoHats, ContactKeyChanged, and ListedAlready; the caller's transaction writes nothing then.
    """
    vouching, frank = keys
    there = one(db, keyring, id_)
    if there.invitation is None or there.invitation.joined is None:
        raise NoSuchContact
    joined, invitee = there.invitation.joined, there.invitee
    keyring = _part_from_earlier(db, keyring, account_key, vouching, joined.public_key)
    welcome = (host.words.name, invitee.role, invitee.name)
    keyring, pair = pairing.confirm(db, keyring, account_key, card_of(id_), welcome, now=now, frank=frank)
    key = (joined.mailbox, joined.public_key)
    listing = listings.list_up(db, vouching, host, invitee.role, invitee.name, key)
    change_existing(
        Drawer(db, keyring), _name(id_), lambda old: replace(old, relation=pair.hex(), listing=listing)
    )
    return keyring


def take_off(db: Connection, keyring: Keyring, vouching: Secret, host: Host, id_: str) -> None:
    """The association lists this person no more; their row can come back. Raises NoSuchListing."""
    row = TakenOff.of(listings.take_off(db, vouching, _own(db, vouching, host, id_)))
    change_record(
        Drawer(db, keyring), BIN, BIN, ListingBin(), lambda old: ListingBin((*old.rows, row)[-_IN_BIN:])
    )


def put_back(db: Connection, keyring: Keyring, vouching: Secret, id_: str) -> None:
    """Undo; they show their page themselves. Raises NoSuchListing, and ListedAlready when they are listed anew."""
    drawer = Drawer(db, keyring)
    record = drawer.find(BIN).get(BIN)
    row = next((row for row in record.payload.rows if row.id.hex() == id_), None) if record else None
    if row is None:
        raise NoSuchListing
    listings.put_back(db, vouching, row.row)
    change_record(
        drawer, BIN, BIN, ListingBin(), lambda old: ListingBin(tuple(r for r in old.rows if r.id != row.id))
    )


def card_of(id_: str) -> str:
    """What the invitation calls this person: no card of the circle has such a name."""
    return f"listed/{id_}"


def _own(db: Connection, vouching: Secret, host: Host, id_: str) -> Listing:
    found = listings.find(db, vouching, id_)
    if found.host.id != host.id:
        raise NoSuchListing
    return found


def _part_from_earlier(
    db: Connection, keyring: Keyring, account_key: Secret, vouching: Secret, public_key: bytes
) -> Keyring:
    """Somebody who was taken off is invited anew: the earlier pairing makes room."""
    if listings.of_key(db, vouching, public_key):
        return keyring
    for pair, contact in keyring.contacts.items():
        if contact.side == "mine" and contact.hat in LISTED_HATS and contact.public_key == public_key:
            keyring = pairing.part(db, keyring, account_key, pair)
    return keyring


def _find(drawer: Drawer, id_: str) -> Invitee | None:
    record = drawer.find(_name(id_)).get(_name(id_))
    found: Invitee | None = record.payload if record else None
    return found


def _name(id_: str) -> str:
    return f"invitee/{id_}"
