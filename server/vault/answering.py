"""The listed person's side of being asked (asking.py): what waits for an answer, a yes, a no."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from server.vault import listings
from server.vault.asked import HAT, LONGEST, LONGEST_NAME, PAIR, Answered, Asked, No, Yes, cut, is_short
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import AskGone, ContactKeyChanged, NotASecret, TwoHats
from server.vault.keyring import Contact, Keyring, write_keyring
from server.vault.letters import Letters
from server.vault.listings import Arrived
from server.vault.mailbox import close_doors, drop, key_in_row, open_door
from server.vault.pairing import earlier
from server.vault.sealing import Secret

ASKS, ANSWERED = "asks", "asks-answered"
LASTS = timedelta(days=60)  # how old a question may be when it is sorted
_AHEAD = timedelta(days=1)  # how much clocks may differ
MOST = (
    200  # asks that wait at one door: all of them are opened for a page, and what comes after them is dropped
)
_REMEMBERED = 200  # pairs that were answered, so that a letter put back by hand asks nothing again


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that waits for an answer."""

    letter: int
    asked: Asked = field(repr=False)


def asks(db: Connection, keyring: Keyring) -> list[Ask]:
    """The questions that wait for this person's answer, the oldest first: one from each who asks and is not blocked."""
    found: dict[bytes, Ask] = {}
    blocked = _blocked(keyring)
    pairs = set[bytes]()
    arrived = listings.kept(db, keyring, ASKS, MOST, Asked)
    for one in sorted(arrived, key=lambda one: (one.payload.at, one.letter)):
        if one.public_key not in blocked and one.payload.pair not in pairs | keyring.contacts.keys():
            pairs.add(one.payload.pair)
            found.setdefault(one.public_key, Ask(one.letter, one.payload))
    return list(found.values())


def is_crowded(db: Connection, keyring: Keyring) -> bool:
    """Whether so many wait that whoever asks now is not heard."""
    return listings.how_many(db, keyring, ASKS) >= MOST


def find(db: Connection, keyring: Keyring, pair: bytes) -> Ask:
    """The question with this pair. Raises AskGone when it was taken back or answered, or was never there."""
    for one in asks(db, keyring):
        if one.asked.pair == pair:
            return one
    raise AskGone


def say_yes(
    db: Connection, keyring: Keyring, account_key: Secret, ask: Ask, now: datetime, frank: Secret
) -> Keyring:
    """Pin the asker and answer. An earlier pairing with the same person makes room, as in `pairing.welcomed`.

    Raises AskGone when the asker has taken it back, ContactKeyChanged when their row holds another key, and TwoHats
    for a question of one's own; the caller's transaction writes nothing then.
    """
    if ask.asked.public_key == keyring.own_public:
        raise TwoHats
    contact = _theirs(db, ask)
    _take(db, keyring, ask)
    older = earlier(keyring, contact.public_key)
    close_doors(db, [keyring.contacts[id].back for id in older])
    left = {id: other for id, other in keyring.contacts.items() if id not in older}
    keyring = write_keyring(db, keyring, account_key, contacts=left | {ask.asked.pair: contact})
    open_door(db, contact.back, keyring.account)
    Letters(db, keyring, now, frank).send(ask.asked.pair, Yes(contact.back.as_text()))
    return keyring


def say_no(db: Connection, keyring: Keyring, ask: Ask, no: No, now: datetime, frank: Secret) -> bool:
    """Answer with a no; nothing of the asker's stays here. Raises AskGone as `say_yes`.

    False when the asker's row holds another key than the question, or is gone: then nobody is told.
    """
    _take(db, keyring, ask)
    try:
        contact = _theirs(db, ask)
    except ContactKeyChanged:
        return False
    once = replace(keyring, contacts={ask.asked.pair: contact})  # for this letter only: nobody is pinned
    Letters(db, once, now, frank).send(ask.asked.pair, cut(no))
    return True


def let_go(db: Connection, keyring: Keyring, ask: Ask) -> bool:
    """Throw a question away whose asker's account is gone. False when there is somebody who can be answered."""
    if key_in_row(db, ask.asked.mailbox) is not None:
        return False
    _take(db, keyring, ask)
    return True


@listings.on_arrival(Asked)
def _arrived(db: Connection, keyring: Keyring, arrived: Arrived, now: datetime) -> str | None:
    """A question is kept as the letter it is, so that it can be burnt until it is answered. What no page of ours
    sends, what was answered before, what has lain for too long, and what comes from somebody blocked is thrown away."""
    asked: Asked = arrived.payload
    sound = (
        len(asked.pair) == PAIR
        and len(asked.mailbox) == PAIR
        and asked.public_key == arrived.public_key
        and 0 < len(asked.name) <= LONGEST_NAME
        and len(asked.words) <= LONGEST
        and is_short(asked.passed)
        and asked.at.tzinfo is not None
        and now - LASTS <= asked.at <= now + _AHEAD
        and _is_secret(asked.door)
        and arrived.public_key not in _blocked(keyring)
    )
    if not sound or asked.pair in keyring.contacts or asked.pair.hex() in _answered_before(db, keyring):
        return None
    return ASKS if listings.how_many(db, keyring, ASKS) < MOST else None


def _blocked(keyring: Keyring) -> set[bytes]:
    return {one.public_key for one in keyring.contacts.values() if one.state == "blocked"}


def _theirs(db: Connection, ask: Ask) -> Contact:
    asked = ask.asked
    if key_in_row(db, asked.mailbox) != asked.public_key:
        raise ContactKeyChanged
    return Contact(
        public_key=asked.public_key,
        mailbox=asked.mailbox,
        door=Secret.from_text(asked.door),
        back=Secret.random(),
        side="theirs",
        name=asked.name,
        hat=HAT,
        verified="vouched",  # it came by the listing; nobody has compared anything
    )


def _take(db: Connection, keyring: Keyring, ask: Ask) -> None:
    """The letter goes, and with it the asker's chance to burn it: only one of the two can be first."""
    if not listings.take(db, keyring, ask.letter):
        raise AskGone
    again = [
        one.letter
        for one in listings.kept(db, keyring, ASKS, MOST, Asked)
        if one.public_key == ask.asked.public_key
    ]
    if again:
        drop(db, keyring, again)
    pair = ask.asked.pair.hex()
    change_record(
        Drawer(db, keyring),
        ANSWERED,
        ANSWERED,
        Answered(),
        lambda old: Answered((*(one for one in old.pairs if one != pair), pair)[-_REMEMBERED:]),
    )


def _answered_before(db: Connection, keyring: Keyring) -> frozenset[str]:
    record = Drawer(db, keyring).find(ANSWERED).get(ANSWERED)
    return frozenset(record.payload.pairs) if record else frozenset()


def _is_secret(text: str) -> bool:
    try:
        Secret.from_text(text)
    except NotASecret:
        return False
    return True
