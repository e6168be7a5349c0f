"""A small invented world to look at: believable, the same every time it is filled, in a database of its own."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from server import demo_circle, demo_plan, demo_talks
from server.core import clock
from server.core.database import Database
from server.core.marks import DEMO, put_mark
from server.days import log
from server.days.payloads import Circumstance, Cost, Day, Entry, Form, Mood, Told
from server.demo_circle import Somebody
from server.messages.peers import Keys
from server.vault import cards, removing, ways_in
from server.vault.drawer import Drawer
from server.vault.keyring import Keyring
from server.vault.sealing import Secret

MONTHS = 14
_LINK_LASTS = timedelta(days=3650)

# How much a day can hold, by month, in the middle: the dark ones weigh.
_SEASON = (1.9, 2.1, 2.5, 2.8, 3.1, 3.3, 3.2, 3.0, 2.7, 2.3, 1.9, 2.0)
_WORDS = {
    1: [
        "Låg kvar. Fönstret stod öppet en stund.",
        "Sov mest. Svarade inte i telefon.",
        "Drack vatten. Mer blev det inte.",
        "Regn hela dagen. Skönt att ingen väntade på mig.",
        "Persiennen nere. Hörde barnen på gården.",
        "Orkade inte till badrummet förrän vid tre.",
        "Katten låg på benen. Det var det varma i dag.",
    ],
    2: [
        "Brevet från Försäkringskassan ligger oöppnat på bordet. Det får ligga till i morgon.",
        "Duschade. Det fick räcka.",
        "Åt en macka hos grannen. Vi pratade om hennes katt.",
        "Satt på balkongen med täcket om mig.",
        "Tvätten blev kvar i maskinen.",
        "Stod i hallen med skorna på. Gick in igen.",
        "Lyssnade på ett halvt avsnitt, samma som i går.",
        "Soppa ur paket. Åt den stående.",
        "Min syster skickade en bild på hunden. Skickade ett hjärta tillbaka.",
        "För mycket ljud i trapphuset. Hörlurar hela eftermiddagen.",
        "Kom på vad jag skulle säga till läkaren. Skrev ner tre ord.",
        "Vaknade till framåt kvällen. Tände lampan i fönstret.",
        "Skulle ringa kommunen. Ringde inte.",
        "Gick till soprummet och tillbaka. Träffade ingen.",
    ],
    3: [
        "Sov till elva. Gick till biblioteket ändå. Satt en kvart vid fönstret, ingen frågade något. Det räckte.",
        "Handlade med lista. Glömde listan, men kom ihåg mjölken.",
        "Promenadgruppen. Vi gick i den långsammastes takt och det var inte jag.",
        "Bussen var full. Stod vid dörren och klev av en hållplats för tidigt.",
        "Öppnade två brev. Det ena var reklam.",
        "Lagade linssoppa till tre dagar.",
        "Vilade före mötet, och efter.",
        "Pratade med Jonas om ingenting särskilt.",
        "Vattnade blommorna. En av dem lever visst.",
        "Lånade en bok om fåglar. Läste bildtexterna.",
        "Bytte lakan. Behövde lägga mig på dem direkt.",
        "Satt med vid fikat utan att säga så mycket.",
        "Hämtade medicinen. Kön var kort.",
        "Cyklade till vattnet, ledde cykeln hem.",
    ],
    4: [
        "Öppen fika. Stannade en timme. Skrattade åt något, minns inte vad.",
        "Målade i ateljén. Blev stående vid samma gröna.",
        "Hjälpte till i köket, skar lök till trettio personer.",
        "Fyllde i blanketten, sida ett och två.",
        "Gick hela slingan. Satte mig på två bänkar.",
        "Sorterade en låda med papper. Hittade mitt simborgarmärke.",
        "Ringde det där samtalet. Det tog fyra minuter.",
        "Var med i verkstan hela passet. Somnade i soffan sen.",
    ],
    5: [
        "Städade köket och ringde min syster. Trött på kvällen.",
        "Tåget till Ulla och tillbaka. Såg en rådjursfamilj.",
        "Bakade bullar och gav bort hälften. Låg hela dagen efter.",
        "Simmade före frukost. Tyst i hela hallen.",
    ],
}
_DONE = {
    1: [""],
    2: ["Tog ut soporna.", "Duschade.", "Svarade på ett sms.", ""],
    3: ["Biblioteket.", "Handlade.", "Promenad.", "Tvättade.", "Apoteket.", ""],
    4: ["Öppen fika.", "Ateljén.", "Köket på Källan.", "Blanketten."],
    5: ["Köket.", "Hälsade på Ulla.", "Simmade."],
}
_HELPED = [
    "Att ingen frågade.",
    "Lurar på bussen.",
    "Att jag fick gå när jag ville.",
    "Listan på kylskåpet.",
    "Att Jonas ringde först.",
    "",
    "",
]


@dataclass(frozen=True)
class World:
    """What lets one in: a one-time token for each person, and the key card of the one who has it on paper."""

    links: dict[str, str]
    cards: dict[str, str]


def fill(database: Database, keys: Keys) -> World:
    """Fill an empty database with its people. `keys` are the server's own.

    `participant` has written for fourteen months with the key in one phone, has a plan, and a circle: `support` and
    `authority` have been handed days. `new` is on the fourth day, when a key is offered. `lasting` has a key card,
    and keys that came and went these days, and has asked a peer. `peer` writes with the participant, `host` is the
    association that lists the peer, `safeguarding` is whom reports reach.
    """
    now = clock.now()
    with database.write() as db:
        put_mark(db, DEMO)
        keyring, account_key, half = ways_in.new_account(db, now=now - timedelta(days=MONTHS * 30))
        ways_in.open_device(db, half, now=now)  # visited all the time, so nothing is swept
        invented = _days(random.Random("dagsform"), MONTHS * 30)  # noqa: S311 - an invented life
        _write(db, keyring, _with(invented, demo_circle.days(clock.today())))
        participant = Somebody(db, keys.frank, keyring, account_key)
        people = {"participant": participant, **demo_circle.fill(participant, now)}
        demo_plan.fill(participant)
        keyring, account_key, _half = ways_in.new_account(db, now=now - timedelta(days=3))
        _write(db, keyring, _days(random.Random("begun"), 3))  # noqa: S311
        people["new"] = Somebody(db, keys.frank, keyring, account_key)
        keyring, account_key, card = _lasting(db, now)
        _write(db, keyring, _days(random.Random("lasting"), 60))  # noqa: S311
        people["lasting"] = lasting = Somebody(db, keys.frank, keyring, account_key)
        people |= demo_talks.fill(participant, people["support"], lasting, keys, now)
        links = {who: _link(db, one.keyring, one.account_key) for who, one in people.items()}
    return World(links, {"lasting": card})


def _lasting(db: Connection, now: datetime) -> tuple[Keyring, Secret, str]:
    """A card on paper, a phone taken away yesterday that can come back, and a new one that was told this morning."""
    begun = now - timedelta(days=60)
    keyring, account_key, half = ways_in.new_account(db, now=begun)
    keyring, card = cards.add_card(db, keyring, account_key, now=begun)
    keyring, account_key = cards.confirm_card(db, keyring, account_key, card, now=begun)
    keyring, account_key = removing.remove(
        db, keyring, account_key, ways_in.device_slot(half), now=now - timedelta(days=1)
    )
    keyring, _half = ways_in.add_device(db, keyring, account_key, now=now - timedelta(hours=2))
    return keyring, account_key, card.text


def _link(db: Connection, keyring: Keyring, account_key: Secret) -> str:
    return ways_in.add_once(db, keyring, account_key, now=clock.now(), lasts=_LINK_LASTS).as_text()


def _write(db: Connection, keyring: Keyring, days: list[Day]) -> None:
    drawer = Drawer(db, keyring)
    for day in days:
        drawer.put(log.month_shelf(day.date), log.day_record(day.date), day)


def _with(days: list[Day], told: list[Day]) -> list[Day]:
    """The days, with those of `told` in their places."""
    by_date = {day.date: day for day in (*days, *told)}
    return [by_date[day] for day in sorted(by_date)]


def _days(chance: random.Random, back: int) -> list[Day]:
    """Up to yesterday: heavy weeks and lighter ones, and days that nobody answered."""
    today, level, decks = clock.today(), 2.3, _Decks(chance)
    days: list[Day] = []
    for ago in range(back, 0, -1):
        day = today - timedelta(days=ago)
        level = min(5.0, max(1.0, level + chance.gauss(0, 0.7) + (_SEASON[day.month - 1] - level) * 0.25))
        if chance.random() < 0.25:
            continue  # no answer that day
        entries = [_entry(chance, decks, day, round(level), hour=chance.randint(8, 13))]
        if chance.random() < 0.12:
            entries.append(_entry(chance, decks, day, max(1, round(level) - 1), hour=chance.randint(16, 21)))
        days.append(Day(date=day, entries=tuple(entries)))
    return days


class _Decks:
    """The sentences as decks of cards: none comes back before all of its level have been seen."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._left: dict[int, list[str]] = {}

    def draw(self, level: int) -> str:
        left = self._left.get(level) or self._chance.sample(_WORDS[level], len(_WORDS[level]))
        self._left[level] = left[1:]
        return left[0]


def _entry(chance: random.Random, decks: _Decks, day: date, level: int, *, hour: int) -> Entry:
    told = Told(form=Form(level), words=decks.draw(level) if chance.random() < 0.3 else "")
    if chance.random() < 0.4:
        told = Told(
            form=told.form,
            words=told.words,
            done=chance.choice(_DONE[level]),
            looked=Form(min(5, level + chance.choice((0, 1, 1, 2)))),
            cost=chance.choice(list(Cost)),
            circumstances=tuple(sorted(chance.sample(list(Circumstance), chance.randint(0, 2)))),
            helped=chance.choice(_HELPED),
            mood=chance.choice([None, *Mood]),
        )
    written = datetime.combine(day, time(hour, chance.randint(0, 59)), clock.STOCKHOLM)
    return Entry(id=f"{chance.getrandbits(128):032x}", written=written.astimezone(UTC), told=told)
