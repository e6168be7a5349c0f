"""What comes in: messages find their shelf, “läst” finds the message it is about, and parting keeps what was said."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import rooms
from server.circle.rooms import Post
from server.core import clock
from server.messages import drafts, talks
from server.messages.along import kept
from server.messages.payloads import (
    LONGEST,
    Colleague,
    Gone,
    Message,
    ReadReceipt,
    Takes,
    Talk,
    Written,
)
from server.messages.writing import Conversation
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists
from server.vault.keyring import Contact, Keyring
from server.vault.leaving import before_leaving
from server.vault.letters import Letters, Received, Sent
from server.vault.sealing import Secret

_ID = re.compile(r"[0-9a-f]{32}")
_AGO = timedelta(days=366)  # how long a letter may have waited
_AHEAD = timedelta(minutes=10)  # how much the clocks of two servers may differ


def sort(post: Post, letters: Sequence[Received]) -> None:
    """Each conversation's note is written once, however many letters came."""
    by_pair: dict[bytes, list[Received]] = {}
    for letter in letters:
        by_pair.setdefault(letter.contact, []).append(letter)
    for pair, came in by_pair.items():
        _sort_one(post, pair, came)


def _sort_one(post: Post, pair: bytes, came: Sequence[Received]) -> None:
    contact, pair_hex = post.keyring.contacts[pair], pair.hex()
    known = post.drawer.find(talks.talk_name(pair_hex)).get(talks.talk_name(pair_hex))
    talk = known.payload if known else Talk(pair=pair_hex)
    weeks: dict[str, list[int]] = {}
    messages, dropped = list[Message](), list[int]()
    for letter in came:
        words = letter.payload
        if isinstance(words, Message) and _may_come(contact, talk) and _is_sound(words, post.now):
            weeks.setdefault(talks.week_of(words.at), []).append(letter.letter)
            messages.append(words)
        else:
            dropped.append(letter.letter)
    for week, ids in weeks.items():
        post.letters.keep(pair, ids, talks.part_of(week))
    post.letters.drop(dropped)
    told = [letter.payload for letter in came]
    talks.change_talk(post.drawer, pair_hex, lambda old: _heard(old, contact, messages, told))
    if any(isinstance(one, Gone) for one in told):
        Conversation(post.db, post.keyring, pair_hex, post.now).recount()


def _may_come(contact: Contact, talk: Talk) -> bool:
    """Nobody can write to the owner of a circle who has not written first, nor to a contact who has not said yes."""
    return contact.state == "active" and (talk.begun if contact.side == "mine" else talk.takes)


def _is_sound(words: Message, now: datetime) -> bool:
    near = words.at.tzinfo is not None and now - _AGO <= words.at <= now + _AHEAD
    return near and 0 < len(words.text) <= LONGEST and bool(_ID.fullmatch(words.id))


def _heard(old: Talk, contact: Contact, messages: Sequence[Message], told: Sequence[Any]) -> Talk:
    for words in messages:
        latest = max(old.latest or words.at, words.at)
        old = replace(
            old,
            weeks=talks.with_week(old.weeks, talks.week_of(words.at)),
            latest=latest,
            latest_theirs=max(old.latest_theirs or words.at, words.at),
            theirs_last=latest == words.at or old.theirs_last,
            news=True,
            begun=True,
        )
    for one in told:
        if isinstance(one, ReadReceipt) and one.number > (old.heard.number if old.heard else 0):
            old = replace(old, heard=one)
        elif isinstance(one, Colleague) and contact.side == "mine" and one.number > old.colleague_number:
            known = len(one.words) <= LONGEST and contact.verified == "vouched"
            old = replace(old, colleague=one if known else None, colleague_number=one.number, news=True)
        elif isinstance(one, Takes) and contact.side == "mine" and one.number > old.takes_number:
            old = replace(old, takes=one.yes, takes_number=one.number)
    return old


def part(post: Post, pair: bytes) -> None:
    """The owner of the circle keeps the words of both; with a contact nothing stays of what was written here.

    A question that was never answered leaves nothing: it stands in the note of whoever asked.
    """
    contact, pair_hex = post.keyring.contacts.get(pair), pair.hex()
    record = post.drawer.find(talks.talk_name(pair_hex)).get(talks.talk_name(pair_hex))
    if contact is None or record is None:
        return
    stays = contact.side == "mine" and contact.state != "pending"
    for week in record.payload.weeks:
        letters = post.letters.of(pair, talks.part_of(week))
        if stays:
            _keep(post.drawer, pair_hex, week, letters)
        else:
            for written in post.drawer.shelf(talks.shelf_of(pair_hex, week)):
                post.drawer.remove(written)
        post.letters.drop([letter.letter for letter in letters])
    if stays:
        talks.change_talk(
            post.drawer, pair_hex, lambda old: replace(old, name=contact.name, takes=False, news=False)
        )
    else:
        post.drawer.remove(record)
        drafts.drop(post.drawer, pair_hex)


def _keep(drawer: Drawer, pair: str, week: str, letters: Sequence[Received]) -> None:
    for words in talks.latest([letter.payload for letter in letters]):
        try:
            drawer.put(talks.shelf_of(pair, week), talks.kept_name(pair, words.id), kept(pair, words))
        except RecordExists:
            continue  # two windows parted at once


@before_leaving
def burn_all(db: Connection, keyring: Keyring) -> None:
    """An account is deleted: what it wrote to others goes with it. A row that somebody has edited stops nothing.

    Every record is looked at, so that no note has to open to tell where the words lie.
    """
    own = [record.payload for record in Drawer(db, keyring).intact()]
    going = [
        Sent(one.letter, Secret.from_text(one.burn)) for one in own if isinstance(one, Written) and one.burn
    ]
    Letters(db, keyring, clock.now()).burn(going)


rooms.register(rooms.Room((Message, Gone, ReadReceipt, Takes, Colleague), sort, part))
