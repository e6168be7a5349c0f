"""A listed person's key is vouched for, and the first question may be sealed to it (vault.md, rule 1; rows B2, B9)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, insert, select, update

from server.core import ids
from server.core.database import Database
from server.vault import answering, asking, listings, mailbox, pairing
from server.vault.asked import LONGEST, MOST_PASSED, Asked, No, Passed, Question, Yes
from server.vault.drawer import Drawer
from server.vault.errors import (
    AskedAlready,
    AskGone,
    ContactKeyChanged,
    NoSuchContact,
    NotVouched,
    TwoHats,
)
from server.vault.keyring import Contact
from server.vault.leaving import delete_account
from server.vault.letters import Letters
from server.vault.listings import Listed, close_listing, is_vouched, open_listing, vouch
from server.vault.models import Account, Door, Letter
from server.vault.payloads import payload
from server.vault.sealing import KeyPair, Secret
from tests.vault.pairs import FRANK, met

VOUCHING = Secret(b"v" * 32)
KEYS = (VOUCHING, FRANK)
HOST, OTHER_HOST = b"h" * 16, b"o" * 16
PAIR = b"p" * 16
LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)


@payload("test-first-word", version=1)
class FirstWord(msgspec.Struct, frozen=True):
    """A kind of letter that another slice sorts."""

    text: str


heard: list[str] = []


@listings.on_arrival(FirstWord)
def hear(_db: Any, _keyring: Any, arrived: listings.Arrived, _now: datetime) -> None:
    heard.append(arrived.payload.text)


def listed(database: Database, who: Any, role: str = "peer") -> Listed:
    """The row of somebody an association vouches for, with the door open."""
    with database.write() as db:
        right = open_listing(db, who.keyring)
    account, key = who.keyring.account, who.keyring.own_public
    return vouched(Listed(HOST, role, account, key, right, b"", b"Pia"))


def vouched(row: Listed, secret: Secret = VOUCHING) -> Listed:
    return row._replace(vouch=vouch(secret, row))


def question(pair: bytes = PAIR, words: str = "Orkar du prata?", **more: Any) -> Question:
    return Question(pair=pair, listing="a" * 32, peer="Pia", name="Ada", words=words, **more)


def asks(database: Database, who: Any, row: Listed, now: datetime, what: Question | None = None) -> None:
    with database.write() as db:
        who.keyring = asking.ask(db, who.keyring, who.account_key, KEYS, row, what or question(), now)


def sorts(database: Database, who: Any, now: datetime) -> list[answering.Ask]:
    """What `circle.post.sort` does with all this."""
    with database.write() as db:
        waiting = mailbox.unsorted(db, who.keyring)
        listings.collect(db, who.keyring, now, waiting)
        letters = Letters(db, who.keyring, now)
        for letter in letters.arrived(waiting):
            if isinstance(letter.payload, Yes | No):
                who.keyring = asking.answered(
                    db, who.keyring, who.account_key, letter.contact, letter.payload
                )
                letters.drop([letter.letter])
        return answering.asks(db, who.keyring)


def yes(database: Database, who: Any, one: answering.Ask, now: datetime) -> None:
    with database.write() as db:
        who.keyring = answering.say_yes(db, who.keyring, who.account_key, one, now, FRANK)


def take_back(database: Database, who: Any, pair: bytes = PAIR) -> bool:
    with database.write() as db:
        burnt = asking.take_back(db, who.keyring, pair)
        who.keyring = pairing.part(db, who.keyring, who.account_key, pair)
    return burnt


def count(database: Database, table: Any, who: Any) -> int:
    with database.read() as db:
        of = select(func.count()).select_from(table).where(table.mailbox == who.keyring.account)
        found: int = db.execute(of).scalar_one()
    return found


@pytest.fixture
def pia(person: Callable[[], Any]) -> Any:
    return person()


def test_the_whole_way(database: Database, now: datetime, ada: Any, pia: Any, note: Any) -> None:
    """Asked, sorted, answered; then the two write to each other as any pair does."""
    row = listed(database, pia)
    asks(database, ada, row, now)
    assert ada.keyring.contacts[PAIR].state == "pending"
    assert ada.keyring.contacts[PAIR].verified == "vouched"
    (one,) = sorts(database, pia, now)
    assert (one.asked.name, one.asked.words, one.asked.at) == ("Ada", "Orkar du prata?", now)
    yes(database, pia, one, now)
    assert sorts(database, ada, now) == []
    assert ada.keyring.contacts[PAIR].state == "active"
    assert (pia.keyring.contacts[PAIR].side, pia.keyring.contacts[PAIR].name) == ("theirs", "Ada")
    for writer, reader in ((ada, pia), (pia, ada)):
        with database.write() as db:
            Letters(db, writer.keyring, now, FRANK).send(PAIR, note("hej"))
            assert [one.payload.text for one in Letters(db, reader.keyring, now).arrived()] == ["hej"]
    with database.read() as db:
        assert pairing.three_words(ada.keyring, PAIR) == pairing.three_words(pia.keyring, PAIR)
        assert asking.asking(Drawer(db, ada.keyring)) == []
    assert sorts(database, pia, now) == []


def test_opening_twice_is_once_and_closing_too(database: Database, pia: Any) -> None:
    with database.write() as db:
        assert open_listing(db, pia.keyring) == open_listing(db, pia.keyring)
    assert count(database, Door, pia) == 1
    with database.write() as db:
        before = open_listing(db, pia.keyring)
        for _ in range(2):
            close_listing(db, pia.keyring)
    assert count(database, Door, pia) == 0
    with database.write() as db:
        assert open_listing(db, pia.keyring) != before  # whoever kept the old right has nothing


@pytest.mark.parametrize(
    "change",
    [
        {"public_key": KeyPair.new().public},
        {"mailbox": b"m" * 16},
        {"host": OTHER_HOST},
        {"role": "safeguarding"},
        {"vouch": b"x" * 32},
        {"vouch": vouch(Secret(b"w" * 32), Listed(HOST, "peer", b"m" * 16, b"k" * 32, Secret(b"d"), b""))},
        {"shown": b"Maria"},
        {"door": Secret(b"d" * 32)},
        {"vouch": "text"},
        {"vouch": None},
        {"host": "text"},
        {"public_key": None},
    ],
    ids=lambda change: "-".join(change),
)
def test_a_row_that_was_written_by_hand_gets_nothing(
    change: dict[str, Any], database: Database, now: datetime, ada: Any, pia: Any
) -> None:
    """A swapped key or mailbox, a row moved to another association or role, a forged vouch: nothing is written."""
    row = listed(database, pia)._replace(**change)
    assert not is_vouched(VOUCHING, row)
    with pytest.raises(NotVouched):
        asks(database, ada, row, now)
    with pytest.raises(NotVouched), database.write() as db:
        listings.leave(db, ada.keyring, VOUCHING, row, FirstWord("hej"), FRANK)
    assert (ada.keyring.contacts, count(database, Letter, pia)) == ({}, 0)


def test_a_key_that_changed_since_gets_nothing(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    row = listed(database, pia)
    with database.write() as db:
        db.execute(update(Account).where(Account.id == row.mailbox).values(public_key=KeyPair.new().public))
    with pytest.raises(NotVouched):
        asks(database, ada, row, now)


@given(st.binary(max_size=40), st.text(max_size=8), st.binary(max_size=40), st.binary(max_size=40))
def test_a_vouch_is_for_exactly_one(host: bytes, role: str, account: bytes, key: bytes) -> None:
    door = Secret(b"d" * 32)
    mine = vouched(Listed(host, role, account, key, door, b"", b"Pia"))
    assert is_vouched(VOUCHING, mine)
    for other in (
        mine._replace(host=host + b"x"),
        mine._replace(role=role + "x"),
        mine._replace(mailbox=key, public_key=account),
        mine._replace(public_key=key + b"P", shown=b"ia"),
        mine._replace(door=Secret(b"d" * 32 + b"P"), shown=b"ia"),
    ):
        if account != key or other.shown != mine.shown or other[:2] != mine[:2]:
            assert not is_vouched(VOUCHING, other)


def test_a_host_is_the_operators_yes_too() -> None:
    yes_ = listings.vouch_host(VOUCHING, HOST, b"a" * 16, b"010-1")
    assert listings.is_host(VOUCHING, HOST, b"a" * 16, b"010-1", yes_)
    assert not listings.is_host(VOUCHING, HOST, b"b" * 16, b"010-1", yes_)
    assert not listings.is_host(VOUCHING, OTHER_HOST, b"a" * 16, b"010-1", yes_)
    assert not listings.is_host(VOUCHING, HOST, b"a" * 16, b"0900-1", yes_)
    assert not listings.is_host(VOUCHING, HOST, b"a" * 16, b"010-1", b"")


def test_nobody_asks_in_anothers_name(
    database: Database, now: datetime, ada: Any, cleo: Any, pia: Any
) -> None:
    """Ada's public key is known to whoever reads the rows; a question with it needs her secret."""
    row = listed(database, pia)
    back = Secret.random().as_text()
    forged = Asked(
        pair=PAIR,
        public_key=ada.keyring.own_public,
        mailbox=ada.keyring.account,
        door=back,
        name="Ada",
        at=now,
    )
    with database.write() as db:
        listings.leave(db, cleo.keyring, VOUCHING, row, forged, FRANK)
    pretending = msgspec.structs.replace(cleo.keyring, own_public=ada.keyring.own_public)
    with database.write() as db:
        listings.leave(db, pretending, VOUCHING, row, forged, FRANK)
    assert sorts(database, pia, now) == []


@pytest.mark.parametrize(
    "change",
    [
        {"pair": b"short"},
        {"mailbox": b""},
        {"door": "no secret"},
        {"name": ""},
        {"name": "a" * 300},
        {"words": "a" * (LONGEST + 1)},
        {"passed": tuple(Passed("Pia", "x", LONG_AGO) for _ in range(MOST_PASSED + 1))},
        {"passed": (Passed("Pia", "x" * 60_000, LONG_AGO),)},
        {"at": datetime(2026, 11, 22)},
        {"at": LONG_AGO},
        {"at": datetime(2026, 11, 24, tzinfo=UTC)},
    ],
    ids=lambda change: "-".join(change),
)
def test_what_no_page_of_ours_sends_is_thrown_away(
    change: dict[str, Any], database: Database, now: datetime, ada: Any, pia: Any
) -> None:
    row = listed(database, pia)
    key, mine, back = ada.keyring.own_public, ada.keyring.account, Secret.random().as_text()
    sound: dict[str, Any] = {
        "pair": PAIR,
        "public_key": key,
        "mailbox": mine,
        "door": back,
        "name": "A",
        "at": now,
    }
    with database.write() as db:
        listings.leave(db, ada.keyring, VOUCHING, row, Asked(**(sound | change)), FRANK)
    assert sorts(database, pia, now) == []


def test_the_same_form_twice_is_one_ask(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    row = listed(database, pia)
    for _ in range(2):
        asks(database, ada, row, now)
    assert count(database, Letter, pia) == 1
    with pytest.raises(AskedAlready):
        asks(database, ada, row, now, question(b"q" * 16))


def test_a_replayed_letter_asks_nothing_again(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """Whoever writes the database puts the row back: beside it, after a no, and after a yes."""
    asks(database, ada, listed(database, pia), now)
    with database.read() as db:
        columns = Letter.__table__.c.keys()
        row = db.execute(select(*Letter.__table__.c)).one()._asdict()

    def put_back() -> None:
        with database.write() as db:
            db.execute(insert(Letter), {name: row[name] for name in columns})

    (one,) = sorts(database, pia, now)
    with database.write() as db:
        answering.say_no(db, pia.keyring, one, No("Inte nu."), now, FRANK)
    assert PAIR not in pia.keyring.contacts
    put_back()
    assert sorts(database, pia, now) == []
    assert count(database, Letter, pia) == 0


def test_no_question_waits_unseen(
    database: Database, now: datetime, person: Callable[[], Any], pia: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit at the door is dropped, and who came first is shown: nobody is pushed out by later ones."""
    monkeypatch.setattr(answering, "MOST", 2)
    row = listed(database, pia)
    for number in range(4):
        asks(database, person(), row, now, question(bytes([number]) * 16, f"{number}"))
        assert len(sorts(database, pia, now)) == min(number + 1, 2)
    with database.read() as db:
        assert answering.is_crowded(db, pia.keyring)
        assert {one.asked.words for one in answering.asks(db, pia.keyring)} == {"0", "1"}
    assert count(database, Letter, pia) == 2
    yes(database, pia, sorts(database, pia, now)[0], now)
    with database.read() as db:
        assert not answering.is_crowded(db, pia.keyring)


def test_a_letter_of_another_kind_moved_to_the_shelf_asks_nothing(
    database: Database, now: datetime, ada: Any, cleo: Any, pia: Any
) -> None:
    row = listed(database, pia)
    asks(database, ada, row, now)
    with database.write() as db:
        moved = listings.leave(db, cleo.keyring, VOUCHING, row, FirstWord("hej"), FRANK).letter
        mailbox.put_on_shelf(db, pia.keyring, answering.ASKS, [moved])
        assert len(listings.kept(db, pia.keyring, answering.ASKS, 9)) == 1
    (one,) = sorts(database, pia, now)
    yes(database, pia, one, now)


def test_two_questions_from_one_person_are_one(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """A hand-made flood from one account is one line, and goes as a whole with the answer."""
    row = listed(database, pia)
    before = ada.keyring
    for number in range(5):
        ada.keyring = msgspec.structs.replace(before, generation=before.generation + number)
        asks(database, ada, row, now + timedelta(minutes=number), question(bytes([number]) * 16, f"{number}"))
    (one,) = sorts(database, pia, now)
    assert one.asked.words == "0"
    yes(database, pia, one, now)
    assert (sorts(database, pia, now), count(database, Letter, pia)) == ([], 0)


def test_a_flood_is_sorted_page_by_page(
    database: Database, now: datetime, cleo: Any, pia: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = listed(database, pia)
    monkeypatch.setattr(mailbox, "_unsorted", mailbox._unsorted.limit(3))
    heard.clear()
    with database.write() as db:
        for number in range(7):
            listings.leave(db, cleo.keyring, VOUCHING, row, FirstWord(f"{number}"), FRANK)
    for far in (3, 6, 7, 7):
        sorts(database, pia, now)
        assert len(heard) == far
    assert sorted(heard) == [f"{number}" for number in range(7)]


def test_a_listing_that_was_taken_down_drops_and_answers_the_same(
    database: Database, now: datetime, ada: Any, pia: Any
) -> None:
    """Equal work: as many statements, a pin and a note on the asker's side, and nothing in the mailbox."""

    def statements(who: Any) -> list[str]:
        said: list[str] = []
        listen = lambda _c, _cu, text, *_more: said.append(text)  # noqa: E731
        event.listen(database.engine, "before_cursor_execute", listen)
        asks(database, who, row, now)
        event.remove(database.engine, "before_cursor_execute", listen)
        take_back(database, who)
        return said

    row = listed(database, pia)
    open_ = statements(ada)
    with database.write() as db:
        close_listing(db, pia.keyring)
    assert statements(ada) == open_
    asks(database, ada, row, now)
    assert count(database, Letter, pia) == 0
    assert ada.keyring.contacts[PAIR].state == "pending"


def test_what_was_left_before_it_was_taken_down_is_still_read(
    database: Database, now: datetime, ada: Any, pia: Any
) -> None:
    asks(database, ada, listed(database, pia), now)
    with database.write() as db:
        close_listing(db, pia.keyring)
        open_listing(db, pia.keyring)
    assert len(sorts(database, pia, now)) == 1


@pytest.mark.parametrize("sorted_first", [False, True])
def test_a_question_that_was_taken_back_leaves_nothing(
    sorted_first: bool, database: Database, now: datetime, ada: Any, pia: Any
) -> None:
    doors = count(database, Door, ada)
    asks(database, ada, listed(database, pia), now)
    if sorted_first:
        sorts(database, pia, now)
    assert take_back(database, ada)
    assert (sorts(database, pia, now), ada.keyring.contacts) == ([], {})
    assert (count(database, Letter, pia), count(database, Door, ada)) == (0, doors)
    with database.read() as db:
        assert asking.asking(Drawer(db, ada.keyring)) == []


def test_taken_back_before_the_answer(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """Pia's page was open with the question on it: her yes finds nothing, and pins nobody."""
    asks(database, ada, listed(database, pia), now)
    (one,) = sorts(database, pia, now)
    take_back(database, ada)
    with pytest.raises(AskGone):
        yes(database, pia, one, now)
    with pytest.raises(AskGone), database.write() as db:
        answering.say_no(db, pia.keyring, one, No(), now, FRANK)
    assert (pia.keyring.contacts, count(database, Letter, ada)) == ({}, 0)


def test_answered_before_it_was_taken_back(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """Nothing was left to burn, and that is told: whoever sorts then finds the yes."""
    asks(database, ada, listed(database, pia), now)
    (one,) = sorts(database, pia, now)
    yes(database, pia, one, now)
    with database.write() as db:
        assert not asking.take_back(db, ada.keyring, PAIR)
    sorts(database, ada, now)
    assert ada.keyring.contacts[PAIR].state == "active"


def test_a_no_names_another_and_keeps_nothing(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    asks(database, ada, listed(database, pia), now)
    (one,) = sorts(database, pia, now)
    with database.write() as db:
        answering.say_no(db, pia.keyring, one, No("Jag hinner inte.", "b" * 32), now, FRANK)
    sorts(database, ada, now)
    assert (ada.keyring.contacts, pia.keyring.contacts) == ({}, {})
    with database.read() as db:
        (kept,) = asking.asking(Drawer(db, ada.keyring))
    assert kept.no == No("Jag hinner inte.", "b" * 32)
    assert kept.words == "Orkar du prata?"  # ready for whoever was named


def test_nothing_is_sealed_before_the_yes(
    database: Database, now: datetime, ada: Any, pia: Any, note: Any
) -> None:
    asks(database, ada, listed(database, pia), now)
    with pytest.raises(NoSuchContact), database.write() as db:
        Letters(db, ada.keyring, now, FRANK).send(PAIR, note("för tidigt"))
    assert count(database, Letter, pia) == 1


def test_nobody_wears_two_hats(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """Row D21, both ways: who is in the circle is not asked, and who was asked is not taken into it in another hat."""
    row = listed(database, pia)
    pair = met(database, ada, pia, now, card="pia", hat="authority")
    with pytest.raises(TwoHats):
        asks(database, ada, row, now)
    with database.write() as db:
        ada.keyring = pairing.part(db, ada.keyring, ada.account_key, pair)
    asks(database, ada, row, now)
    with pytest.raises(TwoHats):
        met(database, ada, pia, now, card="pia again", hat="authority")
    (one,) = sorts(database, pia, now)
    yes(database, pia, one, now)
    with pytest.raises(TwoHats):
        met(database, ada, pia, now, card="pia once more", hat="employer")


def test_nobody_asks_themselves(database: Database, now: datetime, pia: Any) -> None:
    row = listed(database, pia)
    with pytest.raises(TwoHats):
        asks(database, pia, row, now)


def test_an_asker_whose_key_changed_is_not_pinned(
    database: Database, now: datetime, ada: Any, pia: Any
) -> None:
    asks(database, ada, listed(database, pia), now)
    (one,) = sorts(database, pia, now)
    with database.write() as db:
        account = ada.keyring.account
        db.execute(update(Account).where(Account.id == account).values(public_key=KeyPair.new().public))
    with pytest.raises(ContactKeyChanged):
        yes(database, pia, one, now)
    assert pia.keyring.contacts == {}


def test_a_forged_yes_changes_nothing(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """A yes that names no door, and one that comes a second time."""
    asks(database, ada, listed(database, pia), now)
    for answer in (Yes("no door"), Yes("")):
        with database.write() as db:
            assert asking.answered(db, ada.keyring, ada.account_key, PAIR, answer) == ada.keyring
    (one,) = sorts(database, pia, now)
    yes(database, pia, one, now)
    sorts(database, ada, now)
    with database.write() as db:
        later = Yes(Secret.random().as_text())
        assert asking.answered(db, ada.keyring, ada.account_key, PAIR, later) == ada.keyring
        assert asking.answered(db, ada.keyring, ada.account_key, PAIR, No()) == ada.keyring


def test_leaving_takes_the_questions_along(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    asks(database, ada, listed(database, pia), now)
    sorts(database, pia, now)
    with database.write() as db:
        delete_account(db, ada.keyring)
    assert (sorts(database, pia, now), count(database, Letter, pia)) == ([], 0)


def test_only_the_sender_burns(database: Database, now: datetime, cleo: Any, pia: Any) -> None:
    row = listed(database, pia)
    with database.write() as db:
        sent = listings.leave(db, cleo.keyring, VOUCHING, row, FirstWord("hej"), FRANK)
        assert not listings.burn(db, sent._replace(burn=Secret.random()))
        assert listings.burn(db, sent)
        assert not listings.burn(db, sent)


def test_what_comes_along_stands_word_for_word(database: Database, now: datetime, ada: Any, pia: Any) -> None:
    """A conversation handed to a colleague with the participant's yes."""
    passed = (Passed("Ada", "Hej", now), Passed("Jonas", "Hej hej", now))
    asks(database, ada, listed(database, pia), now, question(passed=passed))
    (one,) = sorts(database, pia, now)
    assert one.asked.passed == passed


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(steps=st.lists(st.sampled_from(["ask", "sort", "yes", "no", "back", "asker sorts"]), max_size=10))
def test_whatever_the_order_both_sides_agree_in_the_end(
    steps: list[str], database: Database, now: datetime, person: Callable[[], Any]
) -> None:
    """After both have sorted: paired on both sides, or on neither."""
    ada, pia = person(), person()
    row, pairs = listed(database, pia), [ids.random_bytes(16)]
    for step in [*steps, "asker sorts", "sort"]:
        waiting = sorts(database, pia, now) if step in ("sort", "yes", "no") else []
        if step == "ask" and not any(one.side == "mine" for one in ada.keyring.contacts.values()):
            pairs.append(ids.random_bytes(16))
            asks(database, ada, row, now, question(pairs[-1]))
        elif step == "yes" and waiting:
            yes(database, pia, waiting[0], now)
        elif step == "no" and waiting:
            with database.write() as db:
                answering.say_no(db, pia.keyring, waiting[0], No(), now, FRANK)
        elif step == "asker sorts":
            sorts(database, ada, now)
        elif step == "back":
            with database.write() as db:
                burnt = asking.take_back(db, ada.keyring, pairs[-1])
            sorts(database, ada, now)
            contact: Contact | None = ada.keyring.contacts.get(pairs[-1])
            if contact and contact.state == "pending":
                assert burnt
                with database.write() as db:
                    ada.keyring = pairing.part(db, ada.keyring, ada.account_key, pairs[-1])
    assert {pair for pair, one in ada.keyring.contacts.items() if one.state == "active"} == set(
        pia.keyring.contacts
    )
