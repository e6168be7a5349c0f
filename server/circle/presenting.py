"""Mutual profile: a contact presents themselves, the same to everybody who shows them something (rows E14, A15).

It is written once, and goes as a letter to each: no participant learns that there are others.
"""

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import wording
from server.circle.copies import Presented, Profile
from server.circle.wording import Texts, Wording
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged
from server.vault.keyring import LISTED_HATS, Keyring
from server.vault.letters import Letters
from server.vault.payloads import payload
from server.vault.sealing import Secret

RECORD, SHELF = "own-profile", "presented"
TEXTS = ("who", "may", "answers", "keeps")
LONGEST = 2_000  # characters, of each


@payload("own-profile", version=1)
class OwnProfile(Wording, frozen=True, kw_only=True):
    """“Det här är jag”, as its writer keeps it."""

    who: str = ""
    may: str = ""
    answers: str = ""
    keeps: str = ""


def read(drawer: Drawer) -> OwnProfile:
    return wording.read(drawer, RECORD, OwnProfile())


def tell(
    db: Connection, keyring: Keyring, frank: Secret, texts: Texts, edition: int, now: datetime
) -> OwnProfile:
    """Save, and send it to everybody who shows me something. The same text twice is sent once.

    Raises WordingChanged when another tab was first; then nothing is sent.
    """
    drawer = Drawer(db, keyring)
    before = read(drawer)
    saved = wording.tell(drawer, RECORD, OwnProfile(), texts, edition)
    if saved != before:
        _send_to_all(db, keyring, frank, saved, now)
    return saved


def undo(db: Connection, keyring: Keyring, frank: Secret, edition: int, now: datetime) -> bool:
    """The text before stands again, for everybody who was sent the later one."""
    undone = wording.undo(Drawer(db, keyring), RECORD, OwnProfile(), edition)
    if undone:
        _send_to_all(db, keyring, frank, undone, now)
    return undone is not None


def greet(db: Connection, keyring: Keyring, frank: Secret, pair: bytes, now: datetime) -> None:
    """Somebody has just begun to show me something: they get what I have written, if I have."""
    own = read(Drawer(db, keyring))
    if not own.is_empty and keyring.contacts[pair].hat not in LISTED_HATS:
        _send(Letters(db, keyring, now, frank), pair, own)


def receive(drawer: Drawer, pair: bytes, profile: Profile) -> None:
    """The owner's side: the latest stands, whatever order the letters lie in."""

    def newer(old: Presented) -> Presented:
        return old if old.profile and old.profile.number >= profile.number else replace(old, profile=profile)

    change_record(drawer, SHELF, _name(pair.hex()), Presented(pair=pair.hex()), newer)


def of(drawer: Drawer, pair: str) -> dict[str, str]:
    """How this contact (hex) presents themselves: what was filled in, by what it is about."""
    found = drawer.find(_name(pair)).get(_name(pair))
    profile = found.payload.profile if found else None
    return {name: text for name in TEXTS if profile and (text := getattr(profile, name))}


def _send_to_all(db: Connection, keyring: Keyring, frank: Secret, own: OwnProfile, now: datetime) -> None:
    letters = Letters(db, keyring, now, frank)
    for pair, contact in keyring.contacts.items():
        if contact.side == "theirs" and contact.state == "active" and contact.hat not in LISTED_HATS:
            _send(letters, pair, own)


def _send(letters: Letters, pair: bytes, own: OwnProfile) -> None:
    """Whose key has changed gets nothing; that is told on their own page, and holds up nobody else."""
    try:
        letters.send(pair, Profile(**own.texts, number=own.edition))
    except ContactKeyChanged:
        return


def _name(pair: str) -> str:
    return f"presented/{pair}"
