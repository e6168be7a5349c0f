"""What comes in: messages find their shelf, “läst” finds the message it is about, and parting keeps what was said."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import rooms
from server.circle.rooms import Post
from server.core import clock
from server.messages import drafts, talks, writing
from server.messages.along import kept
from server.messages.payloads import (
    LONGEST,
    Colleague,
    Gone,
    Kept,
    Message,
    MessageBin,
    ReadReceipt,
    Takes,
    Talk,
    Written,
)
from server.messages.writing import Conversation
from server.vault import testimony
from server.vault.drawer import Drawer
from server.vault.errors import ContactKeyChanged, RecordExists
from server.vault.keyring import Contact, Keyring
from server.vault.leaving import before_leaving
from server.vault.letters import Letters, Received, Sent
from server.vault.sealing import Secret

_ID = re.compile(r"[0-9a-f]{32}")
_AGO = timedelta(days=366)  # how long a letter may have waited
_EDITIONS = 10**6
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
    _let_go_of_copies(
        post.drawer, pair_hex, [letter.payload.id for letter in came if _is_first(letter, pair_hex)]
    )
    told = [letter.payload for letter in came if _is_told(letter.payload, post.now)]
    talks.change_talk(post.drawer, pair_hex, lambda old: _heard(old, contact, messages, told))
    if any(isinstance(one, Gone) for one in told):
        Conversation(post.db, post.keyring, pair_hex, post.now).recount()


def _may_come(contact: Contact, talk: Talk) -> bool:
    """Nobody can write to the owner of a circle who has not written first, nor to a contact who has not said yes."""
    return contact.state == "active" and (talk.begun if contact.side == "mine" else talk.takes)


def _is_sound(words: Message, now: datetime) -> bool:
    said = 0 < len(words.text) <= LONGEST and "\0" not in words.text and not words.text.isspace()
    return (
        said and 0 < words.edition < _EDITIONS and _is_near(words.at, now) and bool(_ID.fullmatch(words.id))
    )


def _is_near(at: datetime, now: datetime) -> bool:
    return at.tzinfo is not None and now - _AGO <= at <= now + _AHEAD


def _is_told(payload: Any, now: datetime) -> bool:
    """Only a letter made by hand says anything else; it is thrown away unread."""
    if isinstance(payload, ReadReceipt):
        return _is_near(payload.upto, now)
    if isinstance(payload, Colleague):
        return max(len(payload.words), len(payload.name), len(payload.listing)) <= LONGEST
    return True


def _is_first(letter: Received, pair: str) -> bool:
    """Whether it is about the question with which a conversation with a peer began."""
    return isinstance(letter.payload, Message | Gone) and letter.payload.id == pair


def _let_go_of_copies(drawer: Drawer, pair: str, ids: Sequence[str]) -> None:
    """A question to a peer was kept with the yes. The letter that its asker has left since takes its place, so that it
    can be taken back like any other message."""
    for id in ids:
        name = talks.kept_name(pair, id)
        if record := drawer.find(name).get(name):
            drawer.remove(record)


def met(post: Post, pair: bytes) -> None:
    """A listed peer has said yes: the question is left with them as the first message, with what burns it."""
    drawer, pair_hex = post.drawer, pair.hex()
    name = talks.written_name(pair_hex, pair_hex)
    record = drawer.find(name).get(name)
    if record is None or record.payload.letter or post.frank is None:
        return
    written: Written = record.payload
    letters = Letters(post.db, post.keyring, post.now, post.frank)
    with suppress(ContactKeyChanged):
        sent = letters.send(pair, Message(id=written.id, text=written.text, at=written.at))
        drawer.replace(record, replace(written, letter=sent.letter, burn=sent.burn.as_text()))


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
            if contact.vouched:
                old = replace(old, colleague=one, colleague_number=one.number, news=True)
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
        letters = post.letters.of(pair, talks.part_of(week), kind=Message)
        if stays:
            _keep(post, pair, week, letters)
        else:
            for written in post.drawer.shelf(talks.shelf_of(pair_hex, week)):
                post.drawer.remove(written)
        post.letters.drop([letter.letter for letter in letters])
    if stays:
        _keep_what_was_put_away(post, pair)
        parted = {"name": contact.name, "key": contact.public_key, "takes": False, "news": False}
        talks.change_talk(post.drawer, pair_hex, lambda old: replace(old, **parted))
    else:
        post.drawer.remove(record)
        drafts.drop(post.drawer, pair_hex)


def _keep(post: Post, pair: bytes, week: str, letters: Sequence[Received]) -> None:
    """With the server's word for each that it finds proven: a peer who leaves does not take the proof along. Of an id
    the highest edition stands.
    """
    proven = set[int]()
    if post.frank and post.keyring.contacts[pair].vouched:
        found = Letters(post.db, post.keyring, post.now, post.frank)
        proven = found.proven(pair, [letter.letter for letter in letters])
    for letter in sorted(letters, key=lambda one: one.payload.edition, reverse=True):
        words = kept(pair.hex(), letter.payload)
        if letter.letter in proven and post.frank:
            words = replace(words, word=_testify_to(post, pair, words))
        with suppress(RecordExists):  # two windows parted at once
            post.drawer.put(talks.shelf_of(words.pair, week), talks.kept_name(words.pair, words.id), words)


def _testify_to(post: Post, pair: bytes, words: Kept) -> bytes:
    assert post.frank
    spoken = talks.spoken(post.keyring.contacts[pair].public_key, words.text, words.at)
    return testimony.testify(post.frank, post.keyring.account, spoken)


def _keep_what_was_put_away(post: Post, pair: bytes) -> None:
    """The one message that can still be put back can be so afterwards, too."""
    if writing.bin_of(post.drawer).pair != pair.hex():
        return
    for letter in post.letters.of(pair, writing.REMOVED, kind=Message):
        own = kept(pair.hex(), letter.payload)
        writing.fill_bin(post.drawer, MessageBin(pair=own.pair, kept=own, week=talks.week_of(own.at)))
        post.letters.drop([letter.letter])


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


rooms.register(rooms.Room((Message, Gone, ReadReceipt, Takes, Colleague), sort, part, met))
