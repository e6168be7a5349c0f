"""A small invented world to look at: believable, the same every time it is filled, in a database of its own."""

import random
from datetime import UTC, datetime, time, timedelta

from server.core import clock
from server.core.database import Database
from server.core.marks import DEMO, put_mark
from server.days import log
from server.days.payloads import Circumstance, Cost, Day, Entry, Form, Mood, Told
from server.vault import ways_in
from server.vault.drawer import Drawer

MONTHS = 14
_LINK_LASTS = timedelta(days=3650)

_WORDS = {
    1: ["Låg kvar. Fönstret stod öppet en stund.", "Sov mest. Svarade inte i telefon.", ""],
    2: [
        "Brevet från Försäkringskassan ligger oöppnat på bordet. Det får ligga till i morgon.",
        "Duschade. Det fick räcka.",
        "Åt en macka hos grannen. Vi pratade om hennes katt.",
        "",
    ],
    3: [
        "Sov till elva. Gick till biblioteket ändå. Satt en kvart vid fönstret, ingen frågade något. Det räckte.",
        "Handlade med lista. Glömde listan, men kom ihåg mjölken.",
        "Promenadgruppen. Vi gick i den långsammastes takt och det var inte jag.",
        "",
    ],
    4: [
        "Öppen fika. Stannade en timme. Skrattade åt något, minns inte vad.",
        "Målade i ateljén. Blev stående vid samma gröna.",
        "",
    ],
    5: ["Städade köket och ringde min syster. Trött på kvällen.", ""],
}
_DONE = {
    1: [""],
    2: ["Tog ut soporna.", ""],
    3: ["Biblioteket.", "Handlade.", ""],
    4: ["Öppen fika.", "Ateljén."],
    5: ["Köket."],
}
_HELPED = ["Att ingen frågade.", "Lurar på bussen.", "Att jag fick gå när jag ville.", ""]


def fill(database: Database) -> dict[str, str]:
    """Fill an empty database; gives a one-time sign-in token for each person in it."""
    with database.write() as db:
        put_mark(db, DEMO)
        keyring, account_key, _half = ways_in.new_account(db, now=clock.now())
        drawer = Drawer(db, keyring)
        for day in _days():
            drawer.put(log.month_shelf(day.date), log.day_record(day.date), day)
        link = ways_in.add_once(db, keyring, account_key, now=clock.now(), lasts=_LINK_LASTS)
        return {"participant": link.as_text()}


def _days() -> list[Day]:
    """Fourteen months up to yesterday: heavy weeks and lighter ones, and days that nobody answered."""
    chance = random.Random("dagsform")  # noqa: S311 - an invented life, the same every time
    today, level, days = clock.today(), 2.5, []
    for back in range(MONTHS * 30, 0, -1):
        level = min(5.0, max(1.0, level + chance.gauss(0, 0.7) + (2.7 - level) * 0.15))
        if chance.random() < 0.25:
            continue  # no answer that day
        date = today - timedelta(days=back)
        entries = [_entry(chance, date, round(level), hour=chance.randint(8, 13))]
        if chance.random() < 0.12:
            entries.append(_entry(chance, date, max(1, round(level) - 1), hour=chance.randint(16, 21)))
        days.append(Day(date=date, entries=tuple(entries)))
    return days


def _entry(chance: random.Random, date: object, level: int, *, hour: int) -> Entry:
    told = Told(form=Form(level), words=chance.choice(_WORDS[level]))
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
    written = datetime.combine(date, time(hour, chance.randint(0, 59)), clock.STOCKHOLM)  # type: ignore[arg-type]
    return Entry(id=f"{chance.getrandbits(128):032x}", written=written.astimezone(UTC), told=told)
