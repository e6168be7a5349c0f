"""Sorting the post: what contacts left since last time finds its place, once, while the person is signed in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import people, presenting, sharing
from server.circle.copies import (
    Farewell,
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
from server.core.clock import here
from server.vault import mailbox, pairing, tray
from server.vault.changing import change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists
from server.vault.keyring import Contact, Keyring
from server.vault.letters import Letters, Received
from server.vault.pairing import Welcome
from server.vault.sealing import Secret

HEARD = "heard"
INBOX = "inbox"


def is_waiting(db: Connection, keyring: Keyring) -> bool:
    """Whether there is anything to sort: one statement."""
    return mailbox.is_waiting(db, keyring)


def sort(
    db: Connection, keyring: Keyring, account_key: Any, now: datetime, frank: Secret | None = None
) -> Keyring:
    """Sort everything that waits; the keyring as it is afterwards. Wants a writing connection.

    With `frank`, whoever has said yes to us since gets the lines we have written about ourselves.
    """
    pairing.collect(db, keyring)
    letters, drawer, done = Letters(db, keyring, now), Drawer(db, keyring), []
    for letter in sorted(letters.arrived(), key=_number):
        contact = keyring.contacts[letter.contact]
        if isinstance(letter.payload, Welcome) and contact.side == "theirs":
            keyring = pairing.welcomed(db, keyring, account_key, letter.contact, letter.payload)
            if frank:
                presenting.greet(db, keyring, frank, letter.contact, now)
        elif isinstance(letter.payload, Share) and contact.side == "theirs" and letter.until:
            letters.keep(letter)
            _note_lying(drawer, letter, now)
            continue
        elif isinstance(letter.payload, Farewell):
            leave = part if contact.side == "mine" else forget
            keyring = leave(db, keyring, account_key, letter.contact, now)
            _card_is_on_paper_now(drawer, letter.contact)
        elif contact.side == "mine" and type(letter.payload) in _FOR_OWNER:
            _FOR_OWNER[type(letter.payload)](drawer, letter, contact)
        done.append(letter.letter)  # what has no business here goes the same way, unread
    letters.drop(done)
    tray.collect(db, keyring)  # lays aside what neither a contact, an invitation nor an own phone explains
    sharing.tidy(drawer, now)
    return keyring


def _number(letter: Received) -> int:
    """Letters lie in no meaningful order; events of one contact are counted in the order they were told."""
    return letter.payload.number if isinstance(letter.payload, Opened) else 0


def part(db: Connection, keyring: Keyring, account_key: Any, pair: bytes, now: datetime) -> Keyring:
    """End a pairing: every copy is burnt first, then the door is closed. From outside it looks like stopping."""
    theirs = [one.id for one in sharing.live(Drawer(db, keyring), now) if one.pair == pair.hex()]
    sharing.stop(db, keyring, now, theirs)
    return pairing.part(db, keyring, account_key, pair)


def _card_is_on_paper_now(drawer: Drawer, pair: bytes) -> None:
    for card in people.everyone(drawer):
        if card.relation == pair.hex():
            people.alter(drawer, card.id, lambda old: replace(old, ended=True))


def forget(db: Connection, keyring: Keyring, account_key: Any, pair: bytes, now: datetime) -> Keyring:
    """The reader's side of an end: nothing of that person's stays here."""
    box, drawer = Letters(db, keyring, now), Drawer(db, keyring)
    box.drop([one.letter for one in box.of(pair)])
    record = drawer.find(inbox_name(pair)).get(inbox_name(pair))
    if record:
        drawer.remove(record)
    return pairing.part(db, keyring, account_key, pair)


def _note_lying(drawer: Drawer, letter: Received, now: datetime) -> None:
    until = letter.until or letter.payload.terms.until

    def add(old: Inbox) -> Inbox:
        lasting = {id_: one for id_, one in old.letters.items() if one.until > now}
        return replace(old, letters=lasting | {letter.letter: Lying(until=until)})

    change_inbox(drawer, letter.contact, add)


def change_inbox(drawer: Drawer, pair: bytes, change: Callable[[Inbox], Inbox]) -> Inbox:
    """The reader's own note about one person, changed with compare-and-swap."""
    return change_record(drawer, INBOX, inbox_name(pair), Inbox(pair=pair.hex()), change)


def inbox_name(pair: bytes) -> str:
    return f"inbox/{pair.hex()}"


def _opened(drawer: Drawer, letter: Received, contact: Contact) -> None:
    event: Opened = letter.payload
    _count(drawer, letter.contact, event.number)
    handed = _change_handed(
        drawer, letter.contact, event.letter, lambda old: replace(old, opened=(*old.opened, event.at))
    )
    if handed is None:
        return
    line = Opening(at=event.at, name=contact.name, item=handed.item, pair=letter.contact.hex())
    month = f"{here(event.at):%Y-%m}"
    change_record(
        drawer,
        "openings",
        openings_name(month),
        Openings(month=month),
        lambda old: replace(old, lines=(*old.lines, line)),
    )


def openings_name(month: str) -> str:
    """The record with what was opened in one month (“2026-11”)."""
    return f"openings/{month}"


def _count(drawer: Drawer, pair: bytes, number: int) -> None:
    """The number runs without gaps as long as nobody has cut or rewritten the chain (vault.md, rule 3)."""
    name = f"log/{pair.hex()}"
    change_record(
        drawer,
        "log",
        name,
        Log(pair=pair.hex()),
        lambda old: replace(old, last=max(old.last, number), gap=old.gap or number != old.last + 1),
    )


def _receipt(drawer: Drawer, letter: Received, _contact: Contact) -> None:
    receipt: Receipt = letter.payload
    _change_handed(drawer, letter.contact, receipt.letter, lambda old: replace(old, receipt=receipt))


def _change_handed(
    drawer: Drawer, pair: bytes, letter: int, change: Callable[[Handed], Handed]
) -> Handed | None:
    """The owner's own copy of that letter, stopped ones too: the news may come after the stop."""
    for shelf in (sharing.SHELF, f"{sharing.OVER}/{pair.hex()}"):
        for record in drawer.shelf(shelf):
            if record.payload.letter == letter and record.payload.pair == pair.hex():
                changed: Handed = change(record.payload)
                drawer.replace(record, changed)
                return changed
    return None


def _said(drawer: Drawer, letter: Received, contact: Contact) -> None:
    said: Said = letter.payload
    heard = Heard(said=said, pair=letter.contact.hex(), name=contact.name)
    try:
        drawer.put(HEARD, f"heard/{letter.contact.hex()}/{said.id}", heard)
    except RecordExists:
        return  # the same words twice are once


_FOR_OWNER: dict[type, Callable[[Drawer, Received, Contact], None]] = {
    Opened: _opened,
    Profile: presenting.receive,
    Receipt: _receipt,
    Said: _said,
}
