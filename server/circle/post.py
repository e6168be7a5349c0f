"""Sorting the post: what contacts left since last time finds its place, once, while the person is signed in."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial, reduce
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import askings, people, presenting, rooms, sharing
from server.circle.copies import (
    Farewell,
    Goodbyes,
    Handed,
    Heard,
    Inbox,
    Log,
    Lying,
    Opened,
    Opening,
    Openings,
    Profile,
    Receipt,
    Said,
    Share,
)
from server.circle.payloads import Card
from server.core.clock import here
from server.vault import answering as _answering  # noqa: F401 - sorts first questions
from server.vault import asking, invitations, listings, mailbox, pairing, tray
from server.vault.asked import No, Yes
from server.vault.changing import change_record
from server.vault.drawer import Drawer, Record
from server.vault.errors import RecordExists
from server.vault.keyring import Contact, Keyring
from server.vault.letters import Letters, Received
from server.vault.pairing import Welcome
from server.vault.sealing import Secret

HEARD = "heard"
INBOX = "inbox"
GOODBYES = "goodbyes"
LONGEST = 5_000  # characters of one question or suggestion
_AGO = timedelta(days=366)  # how old news may be: a letter may have waited
_ID = re.compile(r"[0-9a-f]{32}")


def is_waiting(db: Connection, keyring: Keyring) -> bool:
    """Whether there is anything to sort: one statement."""
    return mailbox.is_waiting(db, keyring)


def sort(
    db: Connection, keyring: Keyring, account_key: Any, now: datetime, frank: Secret | None = None
) -> Keyring:
    """Sort everything that waits; the keyring as it is afterwards. Wants a writing connection.

    Each letter is opened once, and each record about a contact is written once, however many letters came. Two
    windows at once wait for each other; very much post is sorted page by page. With `frank`, whoever has said yes to
    us since gets the lines we have written about ourselves.
    """
    mailbox.take_turns(db, keyring.account)
    waiting = mailbox.unsorted(db, keyring)
    invitations.collect(db, keyring, waiting)
    listings.collect(db, keyring, now, waiting)
    invitations.let_go(db, keyring, now)
    letters, drawer, contacts = Letters(db, keyring, now), Drawer(db, keyring), keyring.contacts
    done, shares, news, left = list[int](), list[Received](), list[Received](), set[bytes]()
    elsewhere = list[Received]()
    for letter in letters.arrived(waiting):
        contact = contacts[letter.contact]
        if rooms.owned(letter):
            elsewhere.append(letter)
            continue
        if isinstance(letter.payload, Share) and contact.side == "theirs" and _says_its_end(letter):
            shares.append(letter)
            continue
        done.append(letter.letter)  # what has no business here goes the same way, unread
        if isinstance(letter.payload, Welcome | Yes | No):
            met = rooms.Post(db, keyring, account_key, now, frank)
            _met(met, letter)
            keyring = met.keyring
        elif isinstance(letter.payload, Farewell):
            left.add(letter.contact)
        elif contact.side == "mine" and _is_sound(letter.payload, now):
            news.append(letter)
    _lay(letters, drawer, [one for one in shares if one.contact in keyring.contacts], now)
    _hear(drawer, contacts, news)
    post = rooms.Post(db, keyring, account_key, now, frank)
    rooms.sort(post, elsewhere)
    keyring = post.keyring
    for pair in left & keyring.contacts.keys():  # last of all: what they told before they left is heard
        leave = part if contacts[pair].side == "mine" else forget
        keyring = leave(db, keyring, account_key, pair, now, frank)
        _card_is_on_paper_now(drawer, pair)
        if contacts[pair].side == "theirs":
            _note_goodbye(drawer, contacts[pair].name, here(now).date())
    letters.drop(done)
    tray.collect(db, keyring)  # lays aside what neither a contact, an invitation nor an own phone explains
    sharing.tidy(drawer, now)
    return keyring


def _met(post: rooms.Post, letter: Received) -> None:
    """The other side has said yes, or somebody who was asked has answered; the keyring is set in `post`."""
    contact = post.keyring.contacts.get(letter.contact)  # None: a later pairing came with the same post
    if contact and isinstance(letter.payload, Yes | No):
        if (
            contact.side == "mine" and contact.state == "pending"
        ):  # to nothing only a hand-made letter answers
            _answered(post, letter.contact, letter.payload)
    elif contact and contact.side == "theirs":
        _welcomed(post, letter.contact, contact, letter.payload)


def _answered(post: rooms.Post, pair: bytes, answer: Yes | No) -> None:
    if isinstance(answer, No):
        rooms.part(post, pair)
    post.keyring = asking.answered(post.db, post.keyring, post.account_key, pair, answer)
    if pair not in post.keyring.contacts:
        askings.let_go(post.drawer, pair)
    elif post.keyring.contacts[pair].state == "active":
        rooms.met(post, pair)


def _welcomed(post: rooms.Post, pair: bytes, contact: Contact, welcome: Welcome) -> None:
    db, key = post.db, post.account_key
    if contact.state == "pending":
        for older in pairing.earlier(post.keyring, contact.public_key, but=pair):
            post.keyring = forget(db, post.keyring, key, older, post.now)
    post.keyring = pairing.welcomed(db, post.keyring, key, pair, welcome)
    if post.frank:
        presenting.greet(db, post.keyring, post.frank, pair, post.now)


def _is_sound(payload: Any, now: datetime) -> bool:
    """Whether what a contact tells can be: only a hand-made letter says anything else, and it is thrown away unread."""
    if isinstance(payload, Said):
        short = max(len(payload.text), len(payload.why)) <= LONGEST and _ID.fullmatch(payload.id)
        return bool(short) and _is_near(payload.at, now)
    if isinstance(payload, Profile):
        return all(len(getattr(payload, name)) <= LONGEST for name in presenting.TEXTS)
    return isinstance(payload, Opened | Receipt) and _is_near(payload.at, now)


def _says_its_end(letter: Received) -> bool:
    """Whether a copy tells the end that it has, to the second."""
    until = letter.payload.terms.until
    return bool(letter.until and until.tzinfo and int(until.timestamp()) == letter.until.timestamp())


def _is_near(at: datetime, now: datetime) -> bool:
    return at.tzinfo is not None and now - _AGO <= at <= now + timedelta(days=1)


def goodbyes(drawer: Drawer) -> tuple[tuple[str, date], ...]:
    """Who has ended with this reader and said so, until the reader has seen it."""
    found = drawer.find(GOODBYES).get(GOODBYES)
    return found.payload.people if found else ()


def _note_goodbye(drawer: Drawer, name: str, day: date) -> None:
    change_record(
        drawer,
        GOODBYES,
        GOODBYES,
        Goodbyes(),
        lambda old: replace(old, people=(*old.people, (name, day))[-20:]),
    )


def seen_goodbyes(drawer: Drawer) -> None:
    """The reader has seen it. Twice is once."""
    change_record(drawer, GOODBYES, GOODBYES, Goodbyes(), lambda _old: Goodbyes())


def part(
    db: Connection,
    keyring: Keyring,
    account_key: Any,
    pair: bytes,
    now: datetime,
    frank: Secret | None = None,
) -> Keyring:
    """End a pairing: every copy is burnt first, a question that waits too, then the door is closed.

    From outside it looks like stopping.
    """
    asking.take_back(db, keyring, pair)
    theirs = [one.id for one in sharing.live(Drawer(db, keyring), now) if one.pair == pair.hex()]
    sharing.stop(db, keyring, now, theirs)
    rooms.part(rooms.Post(db, keyring, account_key, now, frank), pair)
    return pairing.part(db, keyring, account_key, pair)


def part_unless_here(
    db: Connection, keyring: Keyring, account_key: Any, gone: Card, now: datetime, frank: Secret | None = None
) -> Keyring:
    """End the pairing of a card that lies in the bin, unless a card in the circle has it."""
    here = {card.relation for card in people.everyone(Drawer(db, keyring))}
    if not gone.relation or gone.relation in here:
        return keyring
    return part(db, keyring, account_key, bytes.fromhex(gone.relation), now, frank)


def part_from_bin(
    db: Connection, keyring: Keyring, account_key: Any, public_key: bytes, now: datetime
) -> Keyring:
    """Somebody who was taken away is met anew on another card: what was ends, so that nobody wears two hats."""
    for gone in people.bin_of(Drawer(db, keyring)).cards:
        contact = keyring.contacts.get(bytes.fromhex(gone.relation))
        if contact and contact.side == "mine" and contact.public_key == public_key:
            keyring = part_unless_here(db, keyring, account_key, gone, now)
    return keyring


def _card_is_on_paper_now(drawer: Drawer, pair: bytes) -> None:
    for card in people.everyone(drawer):
        if card.relation == pair.hex():
            people.alter(drawer, card.id, lambda old: replace(old, ended=True))


def forget(
    db: Connection,
    keyring: Keyring,
    account_key: Any,
    pair: bytes,
    now: datetime,
    frank: Secret | None = None,
) -> Keyring:
    """The reader's side of an end: nothing of that person's stays here."""
    box, drawer = Letters(db, keyring, now), Drawer(db, keyring)
    box.drop([one.letter for one in box.of(pair)])
    record = drawer.find(inbox_name(pair)).get(inbox_name(pair))
    if record:
        drawer.remove(record)
    rooms.part(rooms.Post(db, keyring, account_key, now, frank), pair)
    return pairing.part(db, keyring, account_key, pair)


def _lay(letters: Letters, drawer: Drawer, shares: Sequence[Received], now: datetime) -> None:
    """Put what was handed over on the shelf of whoever handed it, and note until when it is to be read.

    What has been burnt or is over leaves the note, so that it never grows with what was.
    """
    there = letters.there() if shares else set()
    for pair, came in _by_contact(shares).items():
        letters.keep(pair, [one.letter for one in came])
        new = {one.letter: _lying(one) for one in came}
        change_inbox(drawer, pair, partial(_with, new, there, now))


def _lying(letter: Received) -> Lying:
    """A question is noted with its copy, so that the roster tells what is asked without unsealing every copy."""
    share: Share = letter.payload
    lying = Lying(until=letter.until or share.terms.until)
    asked = replace(lying, asks=share.terms.asks, asks_by=share.terms.asks_by, set=share.set)
    return asked if share.terms.asks else lying


def _with(new: dict[int, Lying], there: set[int], now: datetime, old: Inbox) -> Inbox:
    lasting = {
        letter: lying for letter, lying in old.letters.items() if letter in there and lying.until > now
    }
    return replace(old, letters=lasting | new)


def _by_contact(letters: Sequence[Received]) -> dict[bytes, list[Received]]:
    found: dict[bytes, list[Received]] = {}
    for letter in letters:
        found.setdefault(letter.contact, []).append(letter)
    return found


def change_inbox(drawer: Drawer, pair: bytes, change: Callable[[Inbox], Inbox]) -> Inbox:
    """The reader's own note about one person, changed with compare-and-swap."""
    return change_record(drawer, INBOX, inbox_name(pair), Inbox(pair=pair.hex()), change)


def inbox_name(pair: bytes) -> str:
    return f"inbox/{pair.hex()}"


def _hear(drawer: Drawer, contacts: Mapping[bytes, Contact], news: Sequence[Received]) -> None:
    """What contacts told the owner of their reading, asked or suggested."""
    live = {record.payload.letter: record for record in drawer.shelf(sharing.SHELF)} if news else {}
    lines: list[Opening] = []
    for pair, told in _by_contact(news).items():
        payloads = [letter.payload for letter in told]
        openings = sorted((one for one in payloads if isinstance(one, Opened)), key=lambda one: one.number)
        receipts = sorted((one for one in payloads if isinstance(one, Receipt)), key=lambda one: one.at)
        _count(drawer, pair, [one.number for one in openings])
        lines += _change_handed(drawer, live, pair, contacts[pair].name, [*openings, *receipts])
        for said in (one for one in payloads if isinstance(one, Said)):
            _said(drawer, pair, contacts[pair].name, said)
        for profile in (one for one in payloads if isinstance(one, Profile)):
            presenting.receive(drawer, pair, profile)
    _write_down(drawer, lines)


def _count(drawer: Drawer, pair: bytes, numbers: Sequence[int]) -> None:
    """The number runs without gaps as long as nobody has cut or rewritten the chain (vault.md, rule 3)."""

    def next_(old: Log, number: int) -> Log:
        return replace(old, last=max(old.last, number), gap=old.gap or number != old.last + 1)

    if numbers:
        empty = Log(pair=pair.hex())
        change_record(drawer, "log", f"log/{pair.hex()}", empty, lambda old: reduce(next_, numbers, old))


def _change_handed(
    drawer: Drawer, live: Mapping[int, Record], pair: bytes, name: str, events: Sequence[Opened | Receipt]
) -> list[Opening]:
    """Write on the owner's own copies what became of them, stopped ones too: the news may come after the stop."""
    about: dict[int, list[Opened | Receipt]] = {}
    for event in events:
        about.setdefault(event.letter, []).append(event)
    found = [live[letter] for letter in about if letter in live and live[letter].payload.pair == pair.hex()]
    if len(found) < len(about):
        over = drawer.shelf(sharing.over_shelf(pair.hex()))
        found += [record for record in over if record.payload.letter in about]
    lines: list[Opening] = []
    for record in found:
        handed: Handed = record.payload
        told = about[handed.letter]
        drawer.replace(record, reduce(_told, told, handed))
        at = [one.at for one in told if isinstance(one, Opened)]
        lines += [Opening(at=one, name=name, item=handed.item, pair=pair.hex()) for one in at]
    return lines


def _told(handed: Handed, event: Opened | Receipt) -> Handed:
    if isinstance(event, Receipt):
        return replace(handed, receipt=event)
    return replace(handed, opened=(*handed.opened, event.at))


def _write_down(drawer: Drawer, lines: Sequence[Opening]) -> None:
    """“Vem har öppnat vad”, a record for each month."""
    months: dict[str, list[Opening]] = {}
    for line in sorted(lines, key=lambda one: one.at):
        months.setdefault(f"{here(line.at):%Y-%m}", []).append(line)
    for month, new in months.items():
        change_record(drawer, "openings", openings_name(month), Openings(month=month), partial(_longer, new))


def _longer(new: Sequence[Opening], old: Openings) -> Openings:
    return replace(old, lines=(*old.lines, *new))


def openings_name(month: str) -> str:
    """The record with what was opened in one month (“2026-11”)."""
    return f"openings/{month}"


def _said(drawer: Drawer, pair: bytes, name: str, said: Said) -> None:
    with suppress(RecordExists):  # the same words twice are once
        drawer.put(HEARD, f"heard/{pair.hex()}/{said.id}", Heard(said=said, pair=pair.hex(), name=name))
