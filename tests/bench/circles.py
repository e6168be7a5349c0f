"""Worlds with circles in them: people who met and handed days over, through the vault and the domain."""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection, insert, select

from server import config
from server.circle import handing, people, post, sharing
from server.circle.copies import Audience, Handed, Held, Share, Terms
from server.circle.handing import Chosen
from server.circle.kinds import kind_called
from server.circle.payloads import About
from server.circle.sharing import Piece
from server.core import clock, ids
from server.core.database import Base, Database
from server.days import copies as _days  # noqa: F401 - registers the kind
from server.shared import reading
from server.vault import invitations, letters, pairing, ways_in
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.mailbox import new_id
from server.vault.sealing import Secret, derive
from server.web.guard import DEVICE
from tests.bench.worlds import OTHERS, TEN_YEARS, World, build, smallest, strangers

PARTICIPANTS, EACH = 200, 30  # who show the contact something, and letters from each
SENDERS, LATE = 20, 25  # people with letters that nobody has sorted, and how many from each
SHARES = 10  # handings that lie ready, each of one day
PURPOSE, FRAME = "Inför mötet", "En kvart tog onsdagens kraft också. Resten av veckan låg jag."
_MONTH = range(1, EACH + 1)  # days back
_LASTS = timedelta(days=14)
_BATCH = 10_000


@dataclass(frozen=True)
class Circles:
    """A world, the pair (hex) of somebody whose letters the contact has opened, and the owner's ready handings."""

    world: World
    opened: str
    ready: list[str]


@dataclass(frozen=True)
class Pair:
    """A world with “owner”, “reader” and “stranger”, the pair (hex) of the first two, and a handing that is ready."""

    world: World
    pair: str
    ready: str


class Life:
    """Somebody of a world with an open drawer, in the transaction that makes the world."""

    def __init__(self, db: Connection, world: World, name: str) -> None:
        half = dict(part.split("=") for part in world.people[name].cookie.split("; "))[DEVICE]
        self.db, self.name, self.frank = db, name, derive(world.settings.secret, "frank")
        self.keyring, self.account_key = ways_in.open_device(db, Secret.from_text(half), now=clock.now())

    @property
    def drawer(self) -> Drawer:
        return Drawer(self.db, self.keyring)

    def sorts(self, now: datetime) -> None:
        self.keyring = post.sort(self.db, self.keyring, self.account_key, now)

    def meets(self, other: "Life") -> bytes:
        """A card, an invitation in the room, and a yes from both. The pair; the card has its name (hex)."""
        now, card = clock.now(), ids.token()
        people.add(self.drawer, card, About(name=other.name))
        invited = invitations.invite(self.db, self.keyring, card, in_the_room=True, now=now)
        token, them = invited.token, other
        them.keyring = invitations.accept(self.db, them.keyring, them.account_key, token, "", them.name, now)
        invitations.collect(self.db, self.keyring)
        told = (self.name, "authority", other.name)
        self.keyring, pair = pairing.confirm(
            self.db, self.keyring, self.account_key, card, told, now=now, frank=self.frank
        )
        people.alter(self.drawer, card, lambda old: replace(old, relation=pair.hex()))
        other.sorts(now)
        return pair

    def hands(
        self, pair: bytes, days: Sequence[int], now: datetime, lasts: timedelta = _LASTS
    ) -> list[Handed]:
        """Days, counted backwards from today, with all their words."""
        terms = Terms(purpose=PURPOSE, until=now + lasts, frame=FRAME)
        pieces = [self.whole(clock.today() - timedelta(days=back)) for back in days]
        return sharing.hand_over(
            self.db, self.keyring, self.frank, now, to=pair, pieces=pieces, terms=terms, set_id=ids.token()
        )

    def takes_back(self, handed: Sequence[Handed], now: datetime) -> None:
        sharing.stop(self.db, self.keyring, now, [one.id for one in handed])

    def opens(self, pair: bytes, now: datetime) -> None:
        closed = reading.unopened(self.db, self.keyring, pair, now)
        reading.open_copies(self.db, self.keyring, self.frank, pair, closed, now)

    def whole(self, day: date) -> Piece:
        piece = Piece.of(self.drawer, f"day/{day}", ())
        return Piece(
            piece.item, piece.kind, piece.source, ("form", *(one.id for one in piece.source.entries))
        )


def circles(home: Path, *, old: bool = False) -> Circles:
    """Three circles. “contact” has 30 letters from each of 200 people. “reader” has 500 that nobody has sorted, from
    20 people, who have opened 500 of “told”. “owner” has 30 days that “friend” may read, and ten handings ready.

    `old`: everybody has done so before, and those letters have ended, been swept or been burnt; ten years of copies
    that were.
    """
    ones, senders = [f"one {n}" for n in range(PARTICIPANTS)], [f"sender {n}" for n in range(SENDERS)]
    lives = {"contact": (), "reader": (), "friend": ()} | dict.fromkeys([*ones, *senders, "told"], _MONTH)
    world = build(home, lives | {"owner": range(TEN_YEARS if old else 2 * EACH)})
    with _made(world) as db:
        opened = _contact(*(Life(db, world, name) for name in ("contact", *ones)), old=old)
        _unsorted(*(Life(db, world, name) for name in ("reader", "told", *senders)), old=old)
        ready = _owner(Life(db, world, "owner"), Life(db, world, "friend"), old=old)
    return Circles(world, opened, ready)


def pair(home: Path) -> Pair:
    """Two who have met, and somebody who has nothing to do with them."""
    world = build(home, {"owner": _MONTH, "reader": (), "stranger": ()})
    with _made(world) as db:
        owner, reader = Life(db, world, "owner"), Life(db, world, "reader")
        met = owner.meets(reader)
        (ready,) = _ready(owner, _MONTH[:1])
    return Pair(world, met.hex(), ready)


def crowded(circles: Circles, home: Path) -> Circles:
    """The same people among 100,000 other accounts, with a letter that waits in each."""
    shutil.copytree(circles.world.environment["DAGSFORM_HOME"], home)
    environment = {"DAGSFORM_HOME": str(home)}
    world = World(environment, config.for_development(environment), circles.world.people)
    with _made(world) as db:
        for done in range(0, OTHERS, _BATCH):
            strangers(db, min(_BATCH, OTHERS - done))
        _letters_of_others(db)
    return Circles(world, circles.opened, circles.ready)


def _contact(contact: Life, *ones: Life, old: bool) -> str:
    pairs = []
    for one in ones:
        pairs.append(pair := one.meets(contact))
        if old:
            _earlier(one, contact, pair)
        one.hands(pair, _MONTH, clock.now())
        contact.sorts(clock.now())
    contact.opens(pairs[0], clock.now())
    return pairs[0].hex()


def _unsorted(reader: Life, told: Life, *senders: Life, old: bool) -> None:
    met = [(sender, sender.meets(reader), told.meets(sender)) for sender in senders]
    for sender, to_reader, from_told in met if old else ():
        _earlier(sender, reader, to_reader)
        _ended_copies(told, from_told, range(EACH + 1, TEN_YEARS, SENDERS))
    for sender, to_reader, from_told in met:
        sender.hands(to_reader, _MONTH[:LATE], clock.now())
        told.hands(from_told, _MONTH[:LATE], clock.now())
        sender.sorts(clock.now())
        sender.opens(from_told, clock.now())


def _owner(owner: Life, friend: Life, *, old: bool) -> list[str]:
    pair = owner.meets(friend)
    if old:
        _earlier(owner, friend, pair)
        _ended_copies(owner, pair, range(EACH + 1, TEN_YEARS))
    owner.hands(pair, _MONTH, clock.now())
    friend.sorts(clock.now())
    return _ready(owner, range(EACH + 1, EACH + 1 + SHARES))


def _ready(owner: Life, days: Sequence[int]) -> list[str]:
    """Handings to the owner's only contact, one for each day, as they are when nothing but the last tap is left."""
    (card,) = people.everyone(owner.drawer)
    said = {"card": card.id, "purpose": PURPOSE, "frame": FRAME, "length": "days"}
    pieces = [owner.whole(clock.today() - timedelta(days=back)) for back in days]
    chosen = [Chosen(item=piece.item, parts=piece.parts) for piece in pieces]
    return [handing.start(owner.drawer, (one,), clock.today(), **said).id for one in chosen]


@contextmanager
def _made(world: World) -> Iterator[Connection]:
    database = Database(world.settings.database)
    with database.write() as db:
        yield db
    database.forget_deleted()
    database.engine.dispose()


def _earlier(one: Life, reader: Life, pair: bytes) -> None:
    """A month that has ended and was swept; one that was burnt; a week's that ended an hour ago. All were sorted."""
    now = clock.now()
    for before, lasts, number in ((120, 14, EACH), (60, 90, EACH), (14, 14, 7)):
        then = now - timedelta(days=before, hours=1)
        handed = one.hands(pair, _MONTH[:number], then, timedelta(days=lasts))
        reader.sorts(then)
        if then + timedelta(days=lasts) > now:
            one.takes_back(handed, now)
        letters.sweep(one.db, clock.today())
    one.sorts(now)


def _ended_copies(owner: Life, pair: bytes, days: Sequence[int]) -> None:
    """Copies that ended long ago, as the domain leaves them: the own copy on the shelf of what was, and the audience
    of each day."""
    drawer, kind = owner.drawer, kind_called("day")
    for back in days:
        day, then = clock.today() - timedelta(days=back), clock.now() - timedelta(days=back)
        terms = Terms(purpose=PURPOSE, until=then + _LASTS, frame=FRAME)
        share = Share(set=ids.token(), kind="day", terms=terms, body="x" * 300, given=day)
        handed = Handed(
            id=ids.token(), pair=pair.hex(), name="reader", item=f"day/{day}", parts=("form",), share=share,
            letter=new_id(), burn=Secret.random().as_text(), opened=(then,),
        )  # fmt: skip
        drawer.put(f"{sharing.OVER}/{pair.hex()}", f"handed/{handed.id}", handed)
        held = Held(id=handed.id, name="reader", until=terms.until)
        _may_read(drawer, f"audience/{kind.shelf(str(day))}", handed.item, held)


def _may_read(drawer: Drawer, shelf: str, item: str, held: Held) -> None:
    def add(old: Audience) -> Audience:
        return replace(old, held=(*old.held, held))

    change_record(drawer, shelf, f"audience/{item}", Audience(item=item), add)


def _letters_of_others(db: Connection) -> None:
    """One letter in every stranger's mailbox: real sizes, random bytes."""
    letter, account = Base.metadata.tables["letter"], Base.metadata.tables["account"]
    shape = smallest(db, letter)
    mailboxes = list(db.execute(select(account.c.id)).scalars())[:OTHERS]
    new, size = sorted(new_id() for _ in mailboxes), len(bytes(shape["blob"]))  # type: ignore[call-overload]
    rows = [
        shape | {"id": id, "mailbox": mailbox, "blob": os.urandom(size)}
        for id, mailbox in zip(new, mailboxes, strict=True)
    ]
    for done in range(0, len(rows), _BATCH):
        db.execute(insert(letter), rows[done : done + _BATCH])
