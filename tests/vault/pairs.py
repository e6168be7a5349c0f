"""Two people who meet: what each does, as tests tell it."""

from datetime import datetime
from typing import Any

from server.core.database import Database
from server.vault import invitations, pairing
from server.vault.errors import InvitationOver
from server.vault.invitations import Invited
from server.vault.letters import Letters
from server.vault.sealing import Secret

FRANK = Secret(b"f" * 32)


def accepted(database: Database, who: Any, invitation: Invited, now: datetime, name: str = "Ben B") -> None:
    """Takes an invitation. A refusal is committed, as the guard does, for its tries count."""
    refusal = None
    with database.write() as db:
        try:
            who.keyring = invitations.accept(
                db, who.keyring, who.account_key, invitation.token, invitation.code, name, now
            )
        except InvitationOver as error:
            refusal = error
    if refusal:
        raise refusal


def said_yes(database: Database, owner: Any, now: datetime, card: str = "ben", hat: str = "support") -> bytes:
    with database.write() as db:
        invitations.collect(db, owner.keyring)
        owner.keyring, pair = pairing.confirm(
            db, owner.keyring, owner.account_key, card, ("Ada L", hat, "Ben"), now=now, frank=FRANK
        )
    return pair


def welcomed(database: Database, who: Any, now: datetime) -> None:
    with database.write() as db:
        letters = Letters(db, who.keyring, now)
        for letter in letters.arrived():
            who.keyring = pairing.welcomed(db, who.keyring, who.account_key, letter.contact, letter.payload)
            letters.drop([letter.letter])


def met(
    database: Database, owner: Any, who: Any, now: datetime, card: str = "ben", hat: str = "support"
) -> bytes:
    """The whole way, in the room; the id of the pair."""
    with database.write() as db:
        invitation = invitations.invite(db, owner.keyring, card, in_the_room=True, now=now)
    accepted(database, who, invitation, now)
    pair = said_yes(database, owner, now, card, hat)
    welcomed(database, who, now)
    return pair
