"""The demo's association, its peers, and what people have written to each other over some weeks.

Everything goes the way that people go: let in, invited, listed, asked, answered, written, read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import server.messages.sorting  # noqa: F401 - what comes in is sorted as in the app
from server.circle import people
from server.core import clock, ids
from server.demo_circle import CALLED, Somebody, ago, somebody
from server.hosts import founding, roster
from server.hosts.founding import Words
from server.hosts.listings import PEER, SAFEGUARDING, Listing, Profile
from server.hosts.payloads import Invitee
from server.messages import near, peers
from server.messages.peers import Keys, Said
from server.messages.writing import Conversation
from server.vault import cards, invitations
from server.vault.drawer import Drawer

_MINE, _THEIRS = "mine", "theirs"
_HOST_SINCE, _LISTED = 120, 90  # days ago


def fill(
    owner: Somebody, support: Somebody, asker: Somebody, keys: Keys, now: datetime
) -> dict[str, Somebody]:
    """Give the participant somebody to write to: a peer, and the coach, who takes messages. `asker` has asked the peer
    and waits. `peer`, `host` and `safeguarding` are people of their own, for their links."""
    host = _founded(owner, keys)
    jonas, nadja, karin = (_lasting(owner, _LISTED) for _ in range(3))
    _list(host, jonas, keys, PEER, _JONAS)
    _list(host, nadja, keys, PEER, _nadja(clock.today()))
    _list(host, karin, keys, SAFEGUARDING, _KARIN)
    _write(owner, jonas, support, keys)
    _ask(asker, jonas, keys, _ROBIN, _ROBIN_ASKS, ago(1, "20.10"))
    for one in (owner, support, jonas):
        one.sort(now)
    return {"peer": jonas, "host": host, "safeguarding": karin}


def _lasting(near_to: Somebody, days: int) -> Somebody:
    """Somebody with a card on paper, so that no page asks them to keep a key."""
    who, then = somebody(near_to, ago(days, "10.00")), ago(days, "10.10")
    who.keyring, card = cards.add_card(who.db, who.keyring, who.account_key, now=then)
    who.keyring, who.account_key = cards.confirm_card(who.db, who.keyring, who.account_key, card, now=then)
    return who


def _founded(owner: Somebody, keys: Keys) -> Somebody:
    """The operator's link, taken; and what the association says about itself."""
    who, then = _lasting(owner, _HOST_SINCE), ago(_HOST_SINCE, "11.00")
    token = founding.invite(who.db, keys.vouching, _WORDS.name, then)
    founding.accept(who.db, keys.vouching, who.keyring.account, token.as_text(), then)
    host = founding.host_of(who.db, keys.vouching, who.keyring.account)
    assert host
    founding.tell(who.db, keys.vouching, host, _WORDS)
    return who


def _list(by: Somebody, who: Somebody, keys: Keys, role: str, profile: Profile) -> None:
    """Invited in the room, answered, confirmed; and then the own page, written and shown."""
    then, db = ago(_LISTED, "14.00"), by.db
    host = founding.host_of(db, keys.vouching, by.keyring.account)
    assert host
    invitee = Invitee(id=ids.token(), role=role, name=profile.name)
    roster.invite(db, by.keyring, invitee, then, in_the_room=True)
    invitation = roster.one(db, by.keyring, invitee.id).invitation
    assert invitation
    token = invitations.token_of(by.keyring, invitation)
    who.keyring = invitations.accept(db, who.keyring, who.account_key, token, "", profile.name, then)
    by.sort(then)
    by.keyring = roster.confirm(db, by.keyring, by.account_key, keys, host, invitee.id, then)
    who.sort(then)
    peers.tell(db, keys, who.keyring, profile)
    peers.publish(db, keys, who.keyring)


def _ask(
    asker: Somebody, peer: Somebody, keys: Keys, called: str, words: str, then: datetime
) -> tuple[str, Listing]:
    """The question, left at the peer's door: the pair in hex, and whom it went to."""
    listing = peers.own(peer.db, keys, peer.keyring)
    assert listing
    said = Said(pair=ids.random_bytes(16), name=called, words=words, role="Kamratstödjare")
    asker.keyring = peers.ask(asker.db, asker.keyring, asker.account_key, keys, listing, said, then)
    peer.sort(then)
    return said.pair.hex(), listing


def _write(owner: Somebody, jonas: Somebody, support: Somebody, keys: Keys) -> None:
    """Two conversations in the order of time. With the peer each has read what the other wrote last, and he says when
    he answers; the coach says that messages are fine, and her latest has not been on the participant's screen."""
    pair, _listing = _ask(owner, jonas, keys, CALLED, _ALMA_ASKS, ago(27, "15.10"))
    jonas.keyring = peers.say_yes(jonas.db, jonas.keyring, jonas.account_key, keys, pair, ago(27, "18.05"))
    lena = next(card for card in people.everyone(Drawer(owner.db, owner.keyring)) if card.main)
    peer, coach = _Talk(owner, jonas, pair), _Talk(owner, support, lena.relation)
    by = _day_for_an_answer(_JONAS)
    told: list[Step] = [
        (ago(9, "09.00"), coach, _THEIRS, lambda page: page.take_messages(True)),
        (ago(1, "14.11"), coach, _THEIRS, lambda page: page.tell()),
        (ago(1, "19.06"), peer, _MINE, lambda page: page.tell()),
        (ago(1, "19.30"), peer, _THEIRS, lambda page: page.tell(by=by)),
    ]
    for then, talk, whose, act in sorted(
        [*peer.steps(_WITH_JONAS), *coach.steps(_WITH_LENA), *told], key=_when
    ):
        act(talk.side(whose, then))


def _day_for_an_answer(profile: Profile) -> date:
    """The first of the days that the page offers on which this peer says to be there."""
    offered = near.answer_days(clock.today())
    return next(day for day in offered if day.weekday() in profile.weekdays)


@dataclass
class _Talk:
    """Two who write to each other, each at their own page."""

    owner: Somebody
    other: Somebody
    pair: str

    def side(self, whose: str, then: datetime) -> Conversation:
        """The page opened at that moment: what came is sorted, and has been seen."""
        who = self.owner if whose == _MINE else self.other
        who.sort(then)
        page = Conversation(who.db, who.keyring, self.pair, then, who.frank)
        page.seen()
        return page

    def steps(self, lines: Sequence[tuple[int, str, str, str]]) -> list["Step"]:
        return [(ago(days, at), self, whose, partial(_say, text)) for days, at, whose, text in lines]


Step = tuple[datetime, _Talk, str, Callable[[Conversation], None]]


def _say(text: str, page: Conversation) -> None:
    page.send(ids.token(), text)


def _when(step: Step) -> datetime:
    return step[0]


_WORDS = Words(
    name="Ljungviks kamratförening",
    about="Vi är en förening av människor som själva har levt med psykisk ohälsa. "
    "På torsdagar har vi öppet hus. Några av oss svarar här.",
    silence="Det du skriver stannar hos den du skriver till. Bara om någons liv är i fara berättar vi för någon annan.",
    phone="031-390 06 21",
    safe_name="Karin",
    safe_phone="031-390 06 23",
)
_JONAS = Profile(
    name="Jonas",
    story="Jag var hemma i tre år med en depression. Det som hjälpte var små saker i samma ordning, "
    "och en vän som ringde även när jag inte svarade. Nu arbetar jag halvtid.",
    helps="Samtal man skjuter upp. Brev från myndigheter. Att komma ut igen när det har gått lång tid.",
    languages="svenska, engelska",
    weekdays=(0, 1, 2, 3, 4),
    hour_from="17",
    hour_to="20",
    hours_words="Ibland svarar jag först dagen efter.",
    capacity=4,
)
_KARIN = Profile(name="Karin", hours_words="Jag läser på vardagar.")
_ROBIN = "Robin"
_ROBIN_ASKS = (
    "Hej. Jag har varit sjukskriven länge och ska snart arbetsträna. "
    "Jag vet inte vad jag ska svara när någon frågar var jag har varit. Kan vi skriva om det?"
)
_ALMA_ASKS = (
    "Hej. Det finns samtal jag skjuter upp i veckor, och sen skäms jag. "
    "Du skrev att du känner igen det. Kan jag skriva till dig ibland?"
)
# So many days ago, at what time, who, and the words.
_WITH_JONAS = (
    (27, "18.10", _THEIRS, "Hej Alma. Ja, skriv när du vill. Du behöver inte ha något särskilt att säga."),
    (19, "11.20", _MINE, "Samira skickade utlåtandet åt mig. Nu väntar jag på svar från Maria."),
    (19, "18.45", _THEIRS, "Skönt att det är skickat. Hur är det att vänta?"),
    (18, "10.05", _MINE, "Tyst. Jag kollar posten två gånger om dagen."),
    (18, "17.30", _THEIRS, "Jag bestämde en tid för posten. Efter frukost, sen inte mer. Det höll inte varje dag."),
    (4, "15.30", _MINE, "Var på öppen fika igår. Stannade en timme. Idag ligger jag."),
    (4, "19.10", _THEIRS, "En timme är en timme. Vila nu. Att du är trött idag tar inte bort gårdagen."),
    (2, "16.02", _MINE, "Satt en timme med telefonen. Ringde inte."),
    (2, "17.40", _THEIRS, "En timme med telefonen är ett försök. Vad var det som låste sig?"),
    (2, "17.44", _MINE, "Att de skulle fråga varför jag varit borta så länge."),
    (1, "17.20", _THEIRS, "Det tänkte jag med. Jag skrev ett mejl, tre rader. Vill du se det?"),
    (1, "19.05", _MINE, "Ja, gärna. Men inte ikväll."),
)  # fmt: skip
_WITH_LENA = (
    (9, "10.15", _MINE, "Jag orkar nog inte komma den här veckan. Kan vi ta det på telefon?"),
    (9, "13.00", _THEIRS, "Det går bra. Jag ringer, så slipper du. Förmiddag eller eftermiddag?"),
    (8, "12.40", _MINE, "Eftermiddag."),
    (1, "14.10", _THEIRS, "Då ringer jag imorgon efter lunch. Svara om du orkar. Annars tar vi det en annan dag."),
)  # fmt: skip


def _nadja(today: date) -> Profile:
    return Profile(
        name="Nadja",
        story="Jag har levt med ångest sedan jag var tonåring. I perioder vågade jag varken åka buss eller handla. "
        "Jag vet hur det är att öva på något som ser lätt ut för andra.",
        helps="Buss, affär och väntrum. Att börja om efter ett bakslag.",
        languages="svenska, bosniska, engelska",
        weekdays=(1, 5),
        hour_from="13",
        hour_to="16",
        away=True,
        away_until=today + timedelta(days=12),
    )
