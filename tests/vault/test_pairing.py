"""Pairing: who may be met by a key, and what an invitation tells somebody who should not have it (nothing)."""

import hmac
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from server.core.database import Database
from server.vault import invitations, mailbox, pairing
from server.vault.errors import ContactKeyChanged, InvitationOver, TwoHats
from server.vault.invitations import Invited
from server.vault.keyring import open_keyring
from server.vault.letters import Letters
from server.vault.models import Account, Door, InvitationRow, Letter
from server.vault.pairing import Welcome
from server.vault.sealing import KeyPair, Secret, seal_to
from server.vault.three_words import WORDS
from server.vault.tray import collect
from tests.vault.pairs import FRANK, accepted, met, said_yes, welcomed


@pytest.fixture
def ben(person: Callable[[], Any]) -> Any:
    return person()


def invited(database: Database, who: Any, now: datetime, *, room: bool = True, card: str = "ben") -> Invited:
    with database.write() as db:
        return invitations.invite(db, who.keyring, card, in_the_room=room, now=now)


@pytest.mark.parametrize("room", [True, False], ids=["in the room", "at a distance"])
def test_two_people_pin_each_others_keys(
    database: Database, ada: Any, ben: Any, now: Any, room: bool
) -> None:
    invitation = invited(database, ada, now, room=room)
    assert bool(invitation.code) is not room is not invitations.wants_code(invitation.token)
    accepted(database, ben, invitation, now)
    pair = said_yes(database, ada, now)
    welcomed(database, ben, now)
    hers, his = ada.keyring.contacts[pair], ben.keyring.contacts[pair]
    assert (hers.public_key, his.public_key) == (ben.keyring.own_public, ada.keyring.own_public)
    assert (hers.side, hers.hat, hers.name) == ("mine", "support", "Ben")
    assert (his.side, his.hat, his.name, his.state) == ("theirs", "support", "Ada L", "active")
    assert {hers.verified, his.verified} == {"room" if room else "code"}
    with database.read() as db:
        assert open_keyring(db, ada.keyring.account, ada.account_key).contacts[pair] == hers
        assert db.execute(select(InvitationRow.hash)).all() == []
        assert len(db.execute(select(Door.hash)).all()) == 2  # one each way, and none of the invitation's own


def test_nothing_is_sealed_to_the_new_person_before_the_owners_yes(
    database: Database, ada: Any, ben: Any, now: Any
) -> None:
    accepted(database, ben, invited(database, ada, now), now)
    with database.read() as db:
        assert db.execute(select(Letter.id).where(Letter.mailbox == ben.keyring.account)).all() == []
    assert [one.state for one in ben.keyring.contacts.values()] == ["pending"]
    assert ada.keyring.contacts == {}


WRONG: dict[str, Callable[[str], str]] = {
    "guessed": lambda token: Secret(bytes(48)).as_text(),
    "no token at all": lambda token: "hej",
    "empty": lambda token: "",
    "cut": lambda token: token[:-1],
    "another fingerprint": lambda token: Secret(
        Secret.from_text(token, 48).reveal()[:32] + bytes(16)
    ).as_text(),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_link_opens_nothing(database: Database, ada: Any, ben: Any, now: Any, wrong: str) -> None:
    invitation = invited(database, ada, now)
    with pytest.raises(InvitationOver):
        accepted(database, ben, Invited(WRONG[wrong](invitation.token), ""), now)
    assert ben.keyring.contacts == {}
    accepted(database, ben, invitation, now)  # and the right one is not used up by that


def test_an_invitation_works_once(database: Database, ada: Any, ben: Any, cleo: Any, now: Any) -> None:
    invitation = invited(database, ada, now)
    accepted(database, ben, invitation, now)
    for who in (ben, cleo):
        with pytest.raises(InvitationOver):
            accepted(database, who, invitation, now)


def test_an_invitation_ends_after_seven_days(database: Database, ada: Any, ben: Any, now: Any) -> None:
    invitation = invited(database, ada, now)
    with pytest.raises(InvitationOver):
        accepted(database, ben, invitation, now + timedelta(days=7))
    accepted(database, ben, invitation, now + timedelta(days=7, seconds=-1))


def test_a_cancelled_one_and_ones_own_open_nothing(database: Database, ada: Any, ben: Any, now: Any) -> None:
    own = invited(database, ada, now)
    with pytest.raises(InvitationOver):
        accepted(database, ada, own, now)
    invited(database, ada, now)  # a new one for the same person: the earlier one is over
    with pytest.raises(InvitationOver):
        accepted(database, ben, own, now)
    with database.write() as db:
        invitations.cancel(db, ada.keyring, "ben")
        assert db.execute(select(InvitationRow.hash)).all() == db.execute(select(Door.hash)).all() == []


def test_five_wrong_codes_and_it_is_over(database: Database, ada: Any, ben: Any, now: Any) -> None:
    invitation = invited(database, ada, now, room=False)
    wrong = "000000" if invitation.code != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(InvitationOver):
            accepted(database, ben, Invited(invitation.token, wrong), now)
    with pytest.raises(InvitationOver):
        accepted(database, ben, invitation, now)


def test_a_stolen_database_does_not_give_the_code(database: Database, ada: Any, now: Any) -> None:
    """Six digits are soon tried: without the link there is nothing to try them on."""
    invitation = invited(database, ada, now, room=False)
    with database.read() as db:
        stored = db.execute(select(InvitationRow.code_hash)).scalar_one()
    for secret in (bytes(32), ada.keyring.account * 2, ada.keyring.own_public):
        assert invitations._code_hash(Secret(secret), invitation.code) != stored


def test_nobody_wears_two_hats(database: Database, ada: Any, ben: Any, now: Any) -> None:
    """Row D21."""
    met(database, ada, ben, now)
    accepted(database, ben, invited(database, ada, now, card="the other hat"), now)
    with database.write() as db:
        invitations.collect(db, ada.keyring)
    with database.write() as db, pytest.raises(TwoHats):
        pairing.confirm(
            db, ada.keyring, ada.account_key, "the other hat", ("A", "authority", "B"), now=now, frank=FRANK
        )
    assert len(ada.keyring.contacts) == 1


def test_a_key_that_was_changed_behind_our_back_is_refused(
    database: Database, ada: Any, ben: Any, now: Any
) -> None:
    accepted(database, ben, invited(database, ada, now), now)
    with database.write() as db:
        invitations.collect(db, ada.keyring)
        db.execute(
            update(Account).where(Account.id == ben.keyring.account).values(public_key=KeyPair.new().public)
        )
    with database.write() as db, pytest.raises(ContactKeyChanged):
        pairing.confirm(db, ada.keyring, ada.account_key, "ben", ("A", "support", "B"), now=now, frank=FRANK)


def test_an_answer_that_the_invitation_did_not_seal_is_laid_aside(
    database: Database, ada: Any, now: Any
) -> None:
    """Whoever writes the database knows the door, but not the secret of the link."""
    invitation = invited(database, ada, now)
    door = mailbox.door_hash(invitations._door(invitations._parts(invitation.token)[0]))
    letter, me = mailbox.new_id(), ada.keyring
    forged = seal_to(me.own_public, mailbox.place(me.account, letter, me.own_public), door + bytes(200))
    row = {"id": letter, "mailbox": me.account, "shelf": b"", "burn_hash": b"b", "tag": b"t", "blob": forged}
    with database.write() as db:
        db.execute(insert(Letter), row)
        invitations.collect(db, me)
        found = invitations.invitation_for(db, me, "ben")
        assert found is not None and found.joined is None
        assert not mailbox.is_waiting(db, me)


def test_trays_and_pairings_and_letters_leave_each_other_alone(
    database: Database, ada: Any, ben: Any, now: Any
) -> None:
    accepted(database, ben, invited(database, ada, now), now)
    with database.write() as db:
        assert collect(db, ada.keyring) == []
        assert Letters(db, ada.keyring, now).arrived() == []
        invitations.collect(db, ada.keyring)
        found = invitations.invitation_for(db, ada.keyring, "ben")
        assert found is not None and found.joined is not None and found.joined.name == "Ben B"


def test_a_person_met_anew_takes_the_place_of_the_earlier_pairing(
    database: Database, ada: Any, ben: Any, now: Any
) -> None:
    first = met(database, ada, ben, now)
    with database.write() as db:
        ada.keyring = pairing.part(db, ada.keyring, ada.account_key, first)
    second = met(database, ada, ben, now)
    assert set(ada.keyring.contacts) == set(ben.keyring.contacts) == {second}


def test_a_welcome_from_somebody_already_met_changes_nothing(
    database: Database, ada: Any, ben: Any, now: Any
) -> None:
    pair = met(database, ada, ben, now)
    before = ben.keyring
    with database.write() as db:
        again = Welcome(called="Någon annan", hat="authority", door=Secret.random().as_text())
        assert pairing.welcomed(db, ben.keyring, ben.account_key, pair, again) == before


def test_both_see_the_same_three_words_and_nobody_else_does(
    database: Database, ada: Any, ben: Any, cleo: Any, now: Any
) -> None:
    pair, other = met(database, ada, ben, now), met(database, ada, cleo, now, card="cleo")
    words = pairing.three_words(ada.keyring, pair)
    assert words == pairing.three_words(ben.keyring, pair) != pairing.three_words(ada.keyring, other)
    assert len(set(WORDS)) == 256


def test_the_sweep_takes_only_what_is_over(database: Database, ada: Any, now: Any) -> None:
    invited(database, ada, now)
    for later, left in ((timedelta(days=6), 1), (timedelta(days=7), 0)):
        with database.write() as db:
            invitations.sweep(db, now + later)
            assert len(db.execute(select(InvitationRow.hash)).all()) == left


def test_guesses_at_the_same_instant_are_counted_before_they_are_looked_at(
    database: Database, ada: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = invited(database, ada, now, room=False)
    wrong = "000000" if invitation.code != "000000" else "111111"
    looked, real = list[Any](), hmac.compare_digest

    def compare(stored: Any, guessed: Any) -> bool:
        looked.append(guessed)
        return real(stored, guessed)

    monkeypatch.setattr(hmac, "compare_digest", compare)

    def guess(_number: int) -> None:
        with database.write() as db, suppress(InvitationOver):
            invitations.check(db, invitation.token, wrong, now)

    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(guess, range(12)))
    assert len([one for one in looked if len(one) == 32]) == invitations.TRIES


def test_a_right_code_uses_up_no_try(database: Database, ada: Any, ben: Any, now: Any) -> None:
    """Whoever has no account yet is asked twice: before one is begun, and when it is taken."""
    invitation = invited(database, ada, now, room=False)
    for _ in range(2 * invitations.TRIES):
        with database.write() as db:
            invitations.check(db, invitation.token, invitation.code, now)
    accepted(database, ben, invitation, now)


def test_a_dead_link_costs_a_write_as_a_wrong_code_does(database: Database, ada: Any, now: Any) -> None:
    """Time does not tell whether there is an invitation behind a link."""
    live = invited(database, ada, now, room=False)
    changed: list[int] = []

    def note(_db: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("SELECT"):
            changed.append(cursor.rowcount)

    event.listen(database.engine, "after_cursor_execute", note)
    for token, later in (
        (live.token, now),
        (live.token, now + timedelta(days=8)),
        (Secret(bytes(32)).as_text(), now),
    ):
        changed.clear()
        with database.write() as db, suppress(InvitationOver):
            invitations.check(db, token, "12", later)
        assert max(changed) == 1
    event.remove(database.engine, "after_cursor_execute", note)
    with database.read() as db:
        assert len(db.execute(select(InvitationRow.hash)).all()) == 1


def test_what_nobody_took_in_time_leaves_no_door(database: Database, ada: Any, ben: Any, now: Any) -> None:
    """And what was answered in time waits for the yes, however long."""
    answered = invited(database, ada, now)
    accepted(database, ben, answered, now)
    invited(database, ada, now, card="cleo")
    later = now + invitations.LASTS
    with database.write() as db:
        invitations.sweep(db, later)
        invitations.collect(db, ada.keyring)
        doors = len(db.execute(select(Door.hash)).all())
        invitations.let_go(db, ada.keyring, later - timedelta(seconds=1))
        assert set(invitations.invitations(db, ada.keyring)) == {"ben", "cleo"}
        invitations.let_go(db, ada.keyring, later)
        assert set(invitations.invitations(db, ada.keyring)) == {"ben"}
        assert len(db.execute(select(Door.hash)).all()) == doors - 1
