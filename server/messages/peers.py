"""Peer supporters: asking one, taking it back, and the peer's own answer. Nothing here knows a page.

The association vouches for the key, and learns nothing of who asks (rows B2, B9).
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from server.circle import askings, people, post, presenting
from server.circle.copies import Farewell
from server.circle.payloads import About, Hat
from server.hosts import listings
from server.hosts.listings import Listing, NoSuchListing, Profile
from server.messages import talks
from server.vault import answering, asking, pairing
from server.vault.answering import Ask
from server.vault.asked import PAIR, Asking, No, Passed, Question, is_short
from server.vault.drawer import Drawer
from server.vault.errors import AskGone, ContactKeyChanged
from server.vault.keyring import LISTED_HATS, Keyring
from server.vault.letters import Letters
from server.vault.listings import close_listing, has_open_listing, open_listing
from server.vault.sealing import Secret


class Full(Exception):
    """The peer has as many as they said they can take: raising that number comes first."""


class NothingToShow(Exception):
    """A page without a name is not shown."""


class TooMuchPassed(Exception):
    """More of an earlier conversation than goes along with one question."""


class Keys(NamedTuple):
    """The server's own keys: for vouching and for letters' tags. Neither is in the database."""

    vouching: Secret
    frank: Secret


class Said(NamedTuple):
    """What an asker writes. `pair` (16 bytes) is made by the page, so that the same form twice is one ask.

    `role` is what the asker's own card says of the peer, in the asker's language.
    """

    pair: bytes
    name: str
    words: str
    role: str
    passed: Sequence[tuple[str, str, datetime]] = ()


def ask(
    db: Connection,
    keyring: Keyring,
    account_key: Secret,
    keys: Keys,
    listing: Listing,
    said: Said,
    now: datetime,
) -> Keyring:
    """Ask a peer; a card for them stands in the circle from now on. `said.passed` are messages (who, words, when) of
    an earlier conversation that the asker sends along.

    Raises NoSuchListing when the page is not shown, NotVouched, AskedAlready, TwoHats (row D21), TooMuchPassed, and
    TooManyPeople; the caller's transaction writes nothing then.
    """
    if listing.to is None or not listing.is_open:
        raise NoSuchListing
    passed = tuple(Passed(*one) for one in said.passed)
    if not is_short(passed):
        raise TooMuchPassed
    known = post.part_from_bin(db, keyring, account_key, listing.public_key, now)
    question = Question(said.pair, listing.id, listing.profile.name, said.name, said.words, passed)
    after = asking.ask(db, known, account_key, keys, listing.to, question, now)
    if after is known:
        return after
    about = About(
        name=listing.profile.name,
        role=said.role,
        organisation=listing.host.words.name,
        hat=Hat.SUPPORT,
        called=said.name,
    )
    askings.add(Drawer(db, after), said.pair.hex(), about, said.pair)
    talks.open_asked(
        Drawer(db, after), said.pair.hex(), said.words, now, mine=True, host=listing.host.id.hex()
    )
    return after


def asked(drawer: Drawer) -> list[Asking]:
    """Whom this person has asked: those who have not answered, and a no until it is put away."""
    return asking.asking(drawer)


def note_of(drawer: Drawer, pair: str) -> Asking:
    """What this person asked, by the pair in hex. Raises AskGone."""
    for one in asked(drawer):
        if one.pair == pair:
            return one
    raise AskGone


def withdraw(
    db: Connection, keyring: Keyring, account_key: Secret, keys: Keys, pair: str, now: datetime
) -> Keyring:
    """Take a question back: nothing of it is left with the peer, and their card leaves the circle.

    Answered at this very moment, the answer stands: the keyring then holds whatever it was. Raises AskGone.
    """
    note = note_of(Drawer(db, keyring), pair)
    id_ = bytes.fromhex(note.pair)
    if note.no is None and not asking.take_back(db, keyring, id_):
        keyring = post.sort(db, keyring, account_key, now, keys.frank)
    contact = keyring.contacts.get(id_)
    if contact and contact.state == "pending":
        keyring = post.part(db, keyring, account_key, id_, now)
        askings.let_go(Drawer(db, keyring), id_)
    return keyring


def put_away(db: Connection, keyring: Keyring, pair: str) -> None:
    """A no that has been read. Raises AskGone, for one that still waits, too."""
    if note_of(Drawer(db, keyring), pair).no is None:
        raise AskGone
    asking.take_back(db, keyring, bytes.fromhex(pair))


def how_it_stands(keyring: Keyring, listing: Listing) -> str:
    """Between this person and a peer: “self”, “waiting”, “talking”, “circle”, “listed” (by this person), or “free”."""
    if listing.public_key == keyring.own_public:
        return "self"
    for contact in keyring.contacts.values():
        if contact.side == "mine" and contact.public_key == listing.public_key:
            if contact.hat in LISTED_HATS:
                return "listed"
            if contact.state == "pending":
                return "waiting"
            return "talking" if contact.vouched else "circle"
    return "free"


def pair_with(keyring: Keyring, listing: Listing) -> str:
    """The own pairing with this peer, in hex; empty when there is none."""
    mine = (
        pair
        for pair, one in keyring.contacts.items()
        if one.side == "mine" and one.public_key == listing.public_key
    )
    return next((pair.hex() for pair in mine), "")


def card_of(drawer: Drawer, keyring: Keyring, listing: Listing) -> str:
    """The id of the peer's card in this person's circle; empty when there is none."""
    pairs = {pair.hex() for pair, one in keyring.contacts.items() if one.public_key == listing.public_key}
    return next((card.id for card in people.everyone(drawer) if card.relation in pairs), "")


def colleagues(db: Connection, keys: Keys, listing: Listing) -> list[Listing]:
    """The other peers of the same association who can be asked, by name."""
    return listings.colleagues(db, keys.vouching, listing)


def own(db: Connection, keys: Keys, keyring: Keyring) -> Listing | None:
    """Where this person is listed: one statement."""
    found = listings.of_account(db, keys.vouching, keyring.account)
    return found if found and found.public_key == keyring.own_public else None


def tell(db: Connection, keys: Keys, keyring: Keyring, profile: Profile) -> None:
    """The peer's own words, and how many they can take. Raises NoSuchListing."""
    listing = _own(db, keys, keyring)
    listings.tell(db, keys.vouching, listing, profile)
    listings.set_full(db, keys.vouching, listing, _is_full(keyring, profile))


def publish(db: Connection, keys: Keys, keyring: Keyring) -> None:
    """Everybody sees the page, and can ask. Twice is once. Raises NoSuchListing, NothingToShow."""
    listing = _own(db, keys, keyring)
    if not listing.profile.name:
        raise NothingToShow
    listings.publish(db, keys.vouching, listing, open_listing(db, keyring))
    listings.set_full(db, keys.vouching, listing, _is_full(keyring, listing.profile))


def take_down(db: Connection, keys: Keys, keyring: Keyring) -> None:
    """Nobody sees the page, and what is sent to it is dropped. What has come is still there. Twice is once."""
    listings.take_down(db, keys.vouching, _own(db, keys, keyring))
    close_listing(db, keyring)


def resign(db: Connection, keyring: Keyring, account_key: Secret, keys: Keys, now: datetime) -> Keyring:
    """Not listed any more: the row goes, the door is shut, the association is told. Conversations go on."""
    listing = own(db, keys, keyring)
    if listing:
        listings.take_off(db, keys.vouching, listing)
    close_listing(db, keyring)
    for pair, contact in tuple(keyring.contacts.items()):
        if contact.side == "theirs" and contact.hat in LISTED_HATS:
            with suppress(ContactKeyChanged):  # then there is nobody who could be told
                Letters(db, keyring, now, keys.frank).send(pair, Farewell(at=now))
            keyring = post.forget(db, keyring, account_key, pair, now)
    return keyring


def is_out_of_step(db: Connection, keys: Keys, keyring: Keyring) -> bool:
    """Whether `settle` has anything to do."""
    listing = own(db, keys, keyring)
    if listing is None:
        return has_open_listing(db, keyring)
    return listing.full != _is_full(keyring, listing.profile)


def settle(db: Connection, keys: Keys, keyring: Keyring) -> None:
    """After somebody was taken on, or left: whether there is room for more. After the association took this person off:
    the door is shut. Twice is once."""
    listing = own(db, keys, keyring)
    if listing is None:
        close_listing(db, keyring)
    else:
        listings.set_full(db, keys.vouching, listing, _is_full(keyring, listing.profile))


def asks(db: Connection, keyring: Keyring) -> list[Ask]:
    """The questions that wait for this peer's answer, the oldest first."""
    return answering.asks(db, keyring)


def is_crowded(db: Connection, keyring: Keyring) -> bool:
    """Whether so many wait that whoever asks now is not heard."""
    return answering.is_crowded(db, keyring)


def say_yes(
    db: Connection, keyring: Keyring, account_key: Secret, keys: Keys, pair: str, now: datetime
) -> Keyring:
    """The two can write to each other, and the asker gets what the peer has written about themselves (row E14).

    An earlier conversation with the same person ends. Raises AskGone (and the question is away for good, when nobody is
    left who asked it), ContactKeyChanged, TwoHats, and Full until the peer says that they can take more.
    """
    listing = own(db, keys, keyring)
    if listing and _is_full(keyring, listing.profile):
        raise Full
    ask = _find(db, keyring, pair)
    if answering.let_go(db, keyring, ask):
        raise AskGone
    with db.begin_nested():  # refused, nothing of the earlier conversation has ended
        for older in pairing.earlier(keyring, ask.asked.public_key):
            keyring = post.forget(db, keyring, account_key, older, now)
        keyring = answering.say_yes(db, keyring, account_key, ask, now, keys.frank)
    first = ask.asked
    talks.open_asked(Drawer(db, keyring), pair, first.words, first.at, mine=False, passed=first.passed)
    presenting.greet(db, keyring, keys.frank, ask.asked.pair, now)
    settle(db, keys, keyring)
    return keyring


def say_no(
    db: Connection, keyring: Keyring, keys: Keys, pair: str, words: str, other: str, now: datetime
) -> bool:
    """With words if there are any, and another peer of the same association (a listing's id) if one is named.

    False when there is nobody who could be told. Raises AskGone, and NoSuchListing for somebody who cannot be asked.
    """
    if other:
        listing = _own(db, keys, keyring)
        if other not in {one.id for one in colleagues(db, keys, listing)}:
            raise NoSuchListing
    return answering.say_no(db, keyring, _find(db, keyring, pair), No(words, other), now, keys.frank)


def taken_on(keyring: Keyring) -> int:
    """How many have been said yes to and have not ended. For the peer alone.

    Whoever is blocked takes their room: a page that says at that moment that there is room again would tell them.
    """
    came = (one for one in keyring.contacts.values() if one.side == "theirs" and one.verified == "vouched")
    return sum(one.state != "pending" for one in came)


def _is_full(keyring: Keyring, profile: Profile) -> bool:
    return bool(profile.capacity) and taken_on(keyring) >= profile.capacity


def _own(db: Connection, keys: Keys, keyring: Keyring) -> Listing:
    found = own(db, keys, keyring)
    if found is None:
        raise NoSuchListing
    return found


def _find(db: Connection, keyring: Keyring, pair: str) -> Ask:
    try:
        id_ = bytes.fromhex(pair)
    except ValueError:
        raise AskGone from None
    if len(id_) != PAIR:
        raise AskGone
    return answering.find(db, keyring, id_)
