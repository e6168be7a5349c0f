"""Conversations as they are taken along, and what of one is here although no record of it says so.

Where somebody shows me things I take along what I wrote, and not what they did: as with all that is theirs, nothing of
it can be fetched in a heap (product.md, Delat med mig).
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from server.messages import drafts, talks, writing
from server.messages.payloads import Kept, Message, Talk, Words, Written
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.letters import Letters, Received


def taken_along(db: Connection, keyring: Keyring, now: datetime) -> list[Talk | Kept]:
    """Each note with the name of whoever it is with, and in the own circle what lies as letters, as `Kept`."""
    drawer = Drawer(db, keyring)
    known = talks.all_talks(drawer)
    begun = {pair: Talk(pair=pair) for pair in drafts.everything(drawer)}
    found: list[Talk | Kept] = []
    for pair, talk in (begun | known).items():
        contact = keyring.contacts.get(bytes.fromhex(pair))
        found.append(replace(talk, name=contact.name) if contact else talk)
        if contact and contact.side == "mine":
            found += _theirs(Letters(db, keyring, now), talk)
    return found


def here_already(db: Connection, keyring: Keyring, now: datetime) -> list[Kept | Written]:
    """What the others wrote and still lies as letters, and what was just taken back or away: that stays so."""
    drawer, letters = Drawer(db, keyring), Letters(db, keyring, now)
    found: list[Kept | Written] = []
    for pair, talk in talks.all_talks(drawer).items():
        if bytes.fromhex(pair) in keyring.contacts:
            found += _theirs(letters, talk)
            found += _kept(pair, letters.of(bytes.fromhex(pair), writing.REMOVED, kind=Message))
    thrown = writing.bin_of(drawer)
    return found + [one for one in (thrown.written, thrown.kept) if one]


def _theirs(letters: Letters, talk: Talk) -> Iterator[Kept]:
    for week in talk.weeks:
        yield from _kept(talk.pair, letters.of(bytes.fromhex(talk.pair), talks.part_of(week), kind=Message))


def _kept(pair: str, found: list[Received]) -> list[Kept]:
    return [kept(pair, words) for words in talks.latest([letter.payload for letter in found])]


def kept(pair: str, words: Message) -> Kept:
    """What the other wrote, as a record that needs no letter."""
    said = {name: getattr(words, name) for name in Words.__struct_fields__}
    return Kept(**said, pair=pair)
