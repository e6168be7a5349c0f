"""The demo's people around the participant: a coach, somebody at an authority, somebody on paper, and what they have.

Everything goes the way that people go: invited, answered, confirmed, handed over, opened, answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from server.circle import handing, matters, people, post, sharing
from server.circle.copies import Said as Words
from server.circle.handing import Chosen, Reader
from server.circle.matters import Holder, Told
from server.circle.payloads import About, Card, Hat
from server.core import clock, ids
from server.days.copies import FORM
from server.days.payloads import Circumstance, Cost, Day, Entry, Form
from server.days.payloads import Told as Said
from server.shared import reading
from server.vault import invitations, pairing, ways_in
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring, write_keyring
from server.vault.sealing import Secret

CALLED = "Alma"  # what the others call the participant
# So many days ago, what the participant wrote that somebody has been shown since.
_DAYS = {
    20: Said(
        form=Form.HEAVY,
        words="Kom ut först vid fyra. Gick runt huset en gång och tillbaka upp.",
        done="Tog ut soporna.",
        circumstances=(Circumstance.SLEEP,),
    ),
    19: Said(
        form=Form.IN_BETWEEN,
        words="Satt en kvart på biblioteket. Ingen frågade något, det räckte.",
        helped="Att jag fick gå när jag ville.",
    ),
    12: Said(form=Form.HEAVY, words="Låg kvar till eftermiddagen. Skrev ner tre frågor till läkaren."),
    5: Said(
        form=Form.FAIRLY_LIGHT,
        words="Öppen fika. Stannade en timme och hjälpte till att duka av.",
        done="Öppen fika.",
        looked=Form.LIGHT,
        cost=Cost.TOOK_MUCH,
    ),
}
_FRAME = (
    "Jag orkade en timme för att jag hade vilat dagen före. Efteråt låg jag till nästa kväll. "
    "Så här är det ungefär en dag av tio."
)


@dataclass
class Somebody:
    """A person with an open drawer, at the keys."""

    db: Connection
    frank: Secret
    keyring: Keyring
    account_key: Secret

    @property
    def drawer(self) -> Drawer:
        return Drawer(self.db, self.keyring)

    def sort(self, now: datetime) -> None:
        self.keyring = post.sort(self.db, self.keyring, self.account_key, now)


def days(today: date) -> list[Day]:
    """The days that are handed over or shown below, by the date they are about."""
    found = []
    for ago, said in _DAYS.items():
        day = today - timedelta(days=ago)
        written = datetime.combine(day, time(18, 20), clock.STOCKHOLM).astimezone(UTC)
        found.append(Day(date=day, entries=(Entry(id=ids.token(), written=written, told=said),)))
    return found


def fill(owner: Somebody, now: datetime) -> dict[str, Somebody]:
    """Give the participant a circle. `support` and `authority` are people of their own, for their links."""
    lena, support = _meet(owner, _LENA, _LENA_SAYS, ago(40, "13.30"), in_the_room=True)
    maria, authority = _meet(owner, _MARIA, _MARIA_SAYS, ago(30, "10.15"), in_the_room=False)
    samira = people.add(owner.drawer, ids.token(), _SAMIRA)
    people.make_main(owner.drawer, lena.id)
    _let_the_ball_go(owner, samira, maria, clock.today())
    _support_reads(owner, support, lena)
    _show_the_doctor(owner, samira)
    _authority_reads(owner, authority, maria)
    _support_speaks(support, lena)
    for one in (support, authority, owner):
        one.sort(now)
    return {"support": support, "authority": authority}


def somebody(near: Somebody, now: datetime) -> Somebody:
    """A new person in the same database, who began then and comes by now and then, so that nothing is swept."""
    keyring, account_key, half = ways_in.new_account(near.db, now=now)
    ways_in.open_device(near.db, half, now=clock.now())
    return Somebody(near.db, near.frank, keyring, account_key)


def _meet(
    owner: Somebody, about: About, says: str, now: datetime, *, in_the_room: bool
) -> tuple[Card, Somebody]:
    """Invited, answered, confirmed: the whole way, as two people go it."""
    who = somebody(owner, now)
    who.keyring = write_keyring(
        who.db, who.keyring, who.account_key, settings=who.keyring.settings | {"home": "shared"}
    )
    card = people.add(owner.drawer, ids.token(), about)
    invited = invitations.invite(owner.db, owner.keyring, card.id, in_the_room=in_the_room, now=now)
    who.keyring = invitations.accept(
        owner.db, who.keyring, who.account_key, invited.token, invited.code, about.name, now, says
    )
    invitations.collect(owner.db, owner.keyring)
    welcome = (CALLED, str(about.hat), about.name)
    owner.keyring, pair = pairing.confirm(
        owner.db, owner.keyring, owner.account_key, card.id, welcome, now=now, frank=owner.frank
    )
    who.sort(now)
    return people.alter(owner.drawer, card.id, lambda old: replace(old, relation=pair.hex(), says=says)), who


def _let_the_ball_go(owner: Somebody, samira: Card, maria: Card, today: date) -> None:
    """A matter that has been sent on once, and has now lain with one person for twenty days."""
    drawer, matter = owner.drawer, ids.token()
    begun = Told(
        title="Prova två förmiddagar i verkstan",
        since=today - timedelta(days=33),
        waiting_for="Ett utlåtande till Försäkringskassan",
        next_step="Fråga Lena om hon ringer med mig",
    )
    matters.begin(drawer, matter, begun, Holder.of(samira))
    matters.pass_on(
        drawer,
        matter,
        ids.token(),
        Holder.of(maria),
        today - timedelta(days=20),
        what="Samira har skickat utlåtandet.",
        waiting_for="Besked om ersättningen påverkas när jag provar",
    )


def _support_reads(owner: Somebody, support: Somebody, lena: Card) -> None:
    """Two days before a talk; the coach has opened one of them."""
    given, opened = ago(18, "11.00"), ago(17, "14.10")
    first, _second = _hand_over(owner, lena, (20, 19), "Inför samtalet om hösten", given, lasts=30)
    support.sort(given)
    pair = bytes.fromhex(lena.relation)
    reading.open_copies(support.db, support.keyring, support.frank, pair, [first], opened)
    owner.sort(opened)


def _show_the_doctor(owner: Somebody, samira: Card) -> None:
    """On the own screen, at the health centre."""
    then = ago(10, "13.15")
    prepared = _prepare(owner, samira, (12,), "Läkarbesöket", then, lasts=30)
    handing.note_shown(
        owner.drawer,
        prepared,
        Reader(name=samira.name, hat=Hat.SUPPORT, pair=None, card=samira),
        "screen",
        then,
    )
    handing.give_up(owner.drawer, prepared.id)


def _authority_reads(owner: Somebody, authority: Somebody, maria: Card) -> None:
    """A better day with its frame, opened, and answered with a day."""
    given, opened = ago(4, "16.20"), ago(3, "09.05")
    (letter,) = _hand_over(
        owner, maria, (5,), "Inför mötet om verkstan", given, lasts=21, frame=_FRAME,
        asks="Vad händer med ersättningen om jag provar och det inte går?",
        asks_by=_workday_in(6),
    )  # fmt: skip
    authority.sort(given)
    pair = bytes.fromhex(maria.relation)
    reading.open_copies(authority.db, authority.keyring, authority.frank, pair, [letter], opened)
    reading.acknowledge(
        authority.db, authority.keyring, authority.frank, pair, letter, _workday_in(4), opened
    )


def _support_speaks(support: Somebody, lena: Card) -> None:
    """A question, and a suggestion that waits for the owner's yes, not now or no."""
    pair = bytes.fromhex(lena.relation)
    asks = ago(2, "10.30")
    question = Words(
        id=ids.token(), what="question", text="Vill du att jag följer med på mötet med Maria?", at=asks
    )
    suggestion = Words(
        id=ids.token(),
        what="suggestion",
        text="Vi kan gå förbi verkstan en förmiddag och bara titta. Du kan gå när du vill.",
        why="Du skrev att det räckte med en kvart.",
        at=asks + timedelta(minutes=4),
    )
    for said in (question, suggestion):
        reading.say(support.db, support.keyring, support.frank, pair, said, said.at)


def _hand_over(
    owner: Somebody, card: Card, ago: Sequence[int], purpose: str, now: datetime, **known: Any
) -> list[int]:
    """The letters, in the order of the days."""
    prepared = _prepare(owner, card, ago, purpose, now, **known)
    to = handing.reader(owner.drawer, prepared)
    handed = sharing.hand_over(
        owner.db,
        owner.keyring,
        owner.frank,
        now,
        to=bytes.fromhex(card.relation),
        pieces=handing.pieces(owner.drawer, prepared),
        terms=handing.terms(prepared, to, now),
        set_id=prepared.id,
    )
    handing.remember(owner.drawer, prepared, clock.here(now).date())
    handing.give_up(owner.drawer, prepared.id)
    return [one.letter for one in handed]


def _prepare(
    owner: Somebody,
    card: Card,
    ago: Sequence[int],
    purpose: str,
    now: datetime,
    *,
    lasts: int,
    **known: object,
) -> handing.Handing:
    """What the four pages ask for: the form and every word of days so many days before today."""
    today, given = clock.today(), clock.here(now).date()
    chosen = []
    for back in ago:
        item = f"day/{today - timedelta(days=back)}"
        entries = sharing.Piece.of(owner.drawer, item, ()).source.entries
        chosen.append(Chosen(item=item, parts=(FORM, *(entry.id for entry in entries))))
    last = given + timedelta(days=lasts)
    return handing.start(
        owner.drawer, tuple(chosen), given, card=card.id, purpose=purpose, length="other", day=last, **known
    )


def ago(days: int, on_the_clock: str) -> datetime:
    """A moment of an ordinary day, whenever the demo is filled."""
    hour, minute = on_the_clock.split(".")
    day = clock.today() - timedelta(days=days)
    return datetime.combine(day, time(int(hour), int(minute)), clock.STOCKHOLM).astimezone(UTC)


def _workday_in(days: int) -> date:
    day = clock.today() + timedelta(days=days)
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > _FRIDAY else day


_FRIDAY = 4
_LENA = About(
    name="Lena",
    role="Coach",
    organisation="Kommunens arbetsmarknadsenhet",
    hat=Hat.SUPPORT,
    decides="Ingenting om min ersättning. Hon följer med och ringer när jag inte orkar.",
    phone="031-390 06 06",
    answers_within="två dagar",
    called=CALLED,
)
_LENA_SAYS = "Jag svarar inom två dagar. Det du visar mig stannar hos mig."
_MARIA = About(
    name="Maria",
    role="Handläggare",
    organisation="Försäkringskassan",
    hat=Hat.AUTHORITY,
    decides="Om min ersättning, och om jag får prova något utan att den ändras.",
    phone="031-390 06 12",
    answers_within="fem arbetsdagar",
    backup_name="Kundcenter",
    backup_phone="031-390 06 40",
    called=CALLED,
)
_MARIA_SAYS = "Jag svarar inom fem arbetsdagar. Det jag läser inför ett beslut skriver jag in i ärendet."
_SAMIRA = About(
    name="Samira",
    role="Rehabkoordinator",
    organisation="Vårdcentralen Ljung",
    hat=Hat.SUPPORT,
    decides="Skriver till läkaren och bokar tid.",
    phone="031-390 06 17",
)
