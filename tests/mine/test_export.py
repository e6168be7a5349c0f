"""What lies in the zip (rows A16, D31)."""

import csv
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from msgspec.structs import replace

from server.activities.taste import SavedTaste
from server.circle.copies import Handed, Heard, Inbox, Opening, Openings, Receipt, Said, Share, Shown, Terms
from server.circle.handing import Frames
from server.circle.payloads import Card, CircleBin, DiaryNote, Happening, Hat, Matter, Move
from server.circle.presenting import OwnProfile
from server.days.copies import DayCopy, NoteCopy
from server.days.payloads import Bin, Circumstance, Cost, Draft, Form, Maybe, Mood, Removed
from server.items.payloads import Board, Item, ItemBin, ItemDraft, Version
from server.items.sheets import ONE, sheet_called
from server.messages.payloads import Kept, MessageDraft, Talk, Written
from server.mine.export import KindForgotten
from server.mine.kinds import BY_STRUCT, KINDS, PASSING
from server.mine.waiting import Waiting, lay_by
from server.push.payloads import Reminder, Reminders
from server.story.payloads import Meet
from server.vault import payloads
from server.vault.payloads import encode
from server.vault.posted import Posted, Unjoined
from tests.mine.conftest import Person
from tests.mine.said import NOW, TODAY, day, entry

TOLD: dict[str, Any] = {
    "form": Form.HEAVY, "done": "- soporna", "looked": Form.LIGHT, "cost": Cost.TOOK_MUCH, "mood": Mood.RATHER_BAD,
    "circumstances": (Circumstance.SLEEP, Circumstance.LETTER), "helped": "Lurar",
}  # fmt: skip

FIA = Card(
    id="f" * 32, name="Fia", role="Handläggare", organisation="Försäkringskassan", hat=Hat.AUTHORITY,
    phone="0771-524 524", decides="- Sjukpenning\n- Rehabilitering", away="till 7 december", backup_name="Pia",
    backup_phone="010-1", main=True,
)  # fmt: skip
MATTER = Matter(
    id="a" * 32, title="Sjukpenningen", actor=FIA.id, waiting_for="Besked", since=date(2026, 11, 3),
    history=(
        Happening(id="a" * 32, on=date(2026, 11, 3), move=Move.TURN, actor=FIA.id, name="Fia", what="Besked"),
        Happening(id="c" * 32, on=date(2026, 11, 12), move=Move.ASKED),
    ),
)  # fmt: skip

MORNING, PAIR = datetime(2026, 11, 19, 8, 30, tzinfo=UTC), "e" * 32
COPY = DayCopy(date=TODAY, form=Form.FAIRLY_LIGHT, notes=(NoteCopy(words="Satt vid fönstret.\n# Länge"),))
HANDED = Handed(
    id="1" * 32, pair=PAIR, name="Maria", item="day/2026-11-19", parts=("form",), letter=0, burn="",
    share=Share(
        set="2" * 32, kind="day", body=encode(COPY).decode(), given=TODAY,
        terms=Terms(
            purpose="Inför mötet", until=datetime(2026, 12, 3, 23, 0, tzinfo=UTC), frame="En kvart tog onsdagen.",
            asks="Kan du svara?", asks_by=date(2026, 12, 1),
        ),
    ),
    opened=(MORNING,), receipt=Receipt(letter=0, at=MORNING, by=date(2026, 11, 24)),
)  # fmt: skip
SUGGESTION = Said(id="3" * 32, what="suggestion", text="Kom förbi", why="Du ville till verkstan", at=MORNING)
HISTORY = (
    HANDED,
    Shown(id="4" * 32, at=MORNING, name="Petra", purpose="Mötet", items=("day/2026-11-19",), way="screen"),
    Openings(
        month="2026-11", lines=(Opening(at=MORNING, name="Maria", item="day/2026-11-19", pair=PAIR),)
    ),
    Heard(said=SUGGESTION, pair=PAIR, name="Lena", answer="not_now", own="I vår", reason="Orkar inte nu"),
    Frames(own=((TODAY, "En kvart tog onsdagen."),)),
    Inbox(pair=PAIR, said=(replace(SUGGESTION, what="question", text="Hur går det?", why=""),)),
)  # fmt: skip

TALK = Talk(pair=PAIR, name="Ben", weeks=("2026-W47",))
WRITTEN = Written(id="5" * 32, pair=PAIR, text="# Satt en timme\nmed telefonen.", at=MORNING)
THEIRS = Kept(
    id="6" * 32, pair=PAIR, text="Vad låste sig?", at=MORNING + timedelta(minutes=4), edition=2, changed=True
)
UNSENT = MessageDraft(pair=PAIR, text="Att de skulle")
CONVERSATION = (TALK, WRITTEN, THEIRS, UNSENT)

GOAL = Item(
    sheet="goal", id="7" * 32, at=MORNING, texts={"goal": "Våga gå ut", "review": "2027-01-31", "state": "resting"}
)  # fmt: skip
STEP = Item(
    sheet="step", id="8" * 32, at=MORNING, edition=3,
    texts={"title": "# Sitta i\u2028biblioteket", "smallest": "Gå\n- dit", "goal": GOAL.id, "kind": "visit"},
    earlier=(Version(at=MORNING, texts={"title": "förut"}),),
    beside=(Version(at=MORNING, texts={"title": "Sitta hemma"}),),
)  # fmt: skip
DREAM = Item(sheet="dream", id=ONE, at=MORNING, texts={"dream": "Ett växthus", "pace": "Lugnt"})
HOME = Item(sheet="area", id="hem", at=MORNING, texts={"now": "Trångt", "marks": "care:talk"})
LINES = [sheet_called(one.sheet).line(one) for one in (STEP, HOME, GOAL, DREAM)]
PLAN = (
    GOAL, STEP, DREAM, HOME, Board(name="plan", lines=tuple(LINES)),
    ItemBin(items=(replace(STEP, id="9" * 32, texts={"title": "borttaget steg"}, earlier=(), beside=()),)),
    ItemDraft(sheet="obstacle", id="a" * 32, edition=0, texts={"what": "Bussen går"}),
)  # fmt: skip


@pytest.fixture
def exporter(person: Person) -> Person:
    """Ada with something of every kind."""
    return person.lives(
        day(entry(1, "# Brevet ligger\noöppnat", **TOLD)),
        day(entry(2, "oktober"), date=date(2026, 10, 8)),
        Bin(removed=(Removed(date=TODAY, entry=entry(3, "borta")),)),
        Draft(entry_id="d" * 32, date=TODAY, edition=0, fields={"words": ["halvvägs"], "level": ["2"]}),
        SavedTaste(hidden=("atelje",)),
        Reminders(
            items=(
                Reminder(
                    id="0" * 31 + "1", wall=datetime(2026, 12, 1, 9, 30), words="ringa", repeat="WEEKLY"
                ),
                Reminder(
                    id="0" * 31 + "2",
                    wall=datetime(2026, 12, 3, 12),
                    slug="oppen-fika",
                    title="Fika",
                    start=NOW,
                ),
            )
        ),
        FIA,
        MATTER,
        CircleBin(cards=(Card(id="b" * 32, name="Ben"),)),
        *HISTORY,
        DiaryNote(id="e" * 32, card=FIA.id, name="Fia", on=TODAY, what="- Hon lovade\nringa", written=NOW),
        Meet(wishes="# Lugn", strengths="Baka", edition=1),
        OwnProfile(who="Jag är Ada", edition=1),
        *CONVERSATION,
        *PLAN,
        Unjoined((Posted("days.save", {"day": "2026-10-08"}, [("words", "på bussen")], NOW, "9" * 32),)),
    )


def files(person: Person) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(person.export())) as zip_:
        assert zip_.testzip() is None
        return {name: zip_.read(name).decode() for name in zip_.namelist()}


def test_everything_is_there_to_be_read(exporter: Person) -> None:
    """A16, D31: readable files of every kind, and the same again for computers, with a schema."""
    assert list(files(exporter)) == [
        "LAS-MIG.txt",
        "bollen.json", "bollen.md",
        "borttaget-egna-ord.json", "borttaget-egna-ord.md",
        "borttaget-kretsen.json", "borttaget-kretsen.md",
        "borttaget.json", "borttaget.md",
        "dagar.csv", "dagar.json", "dagar/2026-10.md", "dagar/2026-11.md",
        "det-har-ar-jag.json", "det-har-ar-jag.md",
        "egna-ord-ordning.json", "egna-ord.json", "egna-ord/planen.md",
        "innehall.json",
        "inramningar.json", "inramningar.md",
        "inte-for-mig.json", "inte-for-mig.md",
        "inte-sparat.json", "inte-sparat.md",
        "kontaktdagbok.json", "kontaktdagbok.md",
        "kretsen.json", "kretsen.md",
        "lamnat.json", "lamnat.md",
        "mina-svar.json", "mina-svar.md",
        "mot-mig.json", "mot-mig.md",
        "oppnat.json", "oppnat.md",
        "paminnelser.json", "paminnelser.md",
        "sagt.json", "sagt.md",
        "samtal-andras-ord.json", "samtal-mina-ord.json", "samtal-utkast.json",
        "samtal.json", "samtal.md",
        "schema/bollen.json", "schema/borttaget-egna-ord.json",
        "schema/borttaget-kretsen.json", "schema/borttaget.json", "schema/dagar.json",
        "schema/det-har-ar-jag.json", "schema/egna-ord-ordning.json", "schema/egna-ord.json",
        "schema/inramningar.json", "schema/inte-for-mig.json", "schema/inte-sparat.json",
        "schema/kontaktdagbok.json", "schema/kretsen.json",
        "schema/lamnat.json", "schema/mina-svar.json", "schema/mot-mig.json", "schema/oppnat.json",
        "schema/paminnelser.json", "schema/sagt.json", "schema/samtal-andras-ord.json",
        "schema/samtal-mina-ord.json", "schema/samtal-utkast.json",
        "schema/samtal.json", "schema/utkast-egna-ord.json", "schema/utkast.json", "schema/visat.json",
        "utkast-egna-ord.json", "utkast-egna-ord.md",
        "utkast.json", "utkast.md",
        "visat.json", "visat.md",
    ]  # fmt: skip


def test_a_month_reads_like_a_diary(exporter: Person) -> None:
    assert files(exporter)["dagar/2026-11.md"] == (
        "# November 2026\n\n## Torsdag 19 november 2026\n\n### HEAVY, at 09.59\n\n"
        "> # Brevet ligger\n> oöppnat\n\nWhat I did:\n\n> - soporna\n\nWhat helped:\n\n> Lurar\n\n"
        "How it looked to others: LIGHT\n\nWhat it cost: TOOK_MUCH\n\nAround the day: SLEEP, lETTER\n\n"
        "How I felt: RATHER_BAD\n"
    )


def test_the_plan_reads_from_dream_to_step(exporter: Person) -> None:
    """A16: one file for a board, the sheets in their order, own words as quotations; not what was said before."""
    text = files(exporter)["egna-ord/planen.md"]
    assert text == (
        "# The plan\n\n## Drömmen\n\nOm du får drömma, vad vill du göra helst?\n\n> Ett växthus\n\n"
        "Takten:\n\n> Lugnt\n\n## Livskartan\n\n### Hem\n\nSå är det nu:\n\n> Trångt\n\n"
        "## Ett mål\n\n### Våga gå ut\n\n"
        "När vill du se om det fortfarande stämmer för dig? Söndag 31 januari 2027\n\n"
        "How it stands now: Vilar\n\n## Ett steg\n\n### # Sitta i biblioteket\n\n"
        "Minsta varianten:\n\n> Gå\n> - dit\n\nVad är det för sorts steg? Besöka och titta\n\n"
        "Vilket mål hör det till? Våga gå ut\n\n"
        "Written on another phone at the same time:\n\n> Sitta hemma\n"
    )
    assert "förut" in files(exporter)["egna-ord.json"]
    assert "borttaget steg" in files(exporter)["borttaget-egna-ord.md"]
    assert "> Bussen går" in files(exporter)["utkast-egna-ord.md"]


def test_the_circle_reads_like_an_address_book(exporter: Person) -> None:
    """E24, A23: names, numbers and who has what, on paper."""
    made = files(exporter)
    assert made["kretsen.md"] == (
        "# The circle\n\n## Fia\n\nRole: Handläggare\n\nOrganisation: Försäkringskassan\n\nHat: Authority\n\n"
        "Phone: 0771-524 524\n\nAway: till 7 december\n\nWhen away, ask: Pia 010-1\n\nMain contact: Yes\n\n"
        "What this person decides:\n\n> - Sjukpenning\n> - Rehabilitering\n"
    )
    assert made["bollen.md"] == (
        "# Who has the ball\n\n## Sjukpenningen\n\nSince: 2026-11-03\n\nWhat I wait for: Besked\n\n"
        "### Tisdag 3 november 2026: Got the ball, Fia\n\n> Besked\n\n### Torsdag 12 november 2026: I asked again\n"
    )
    assert "## Ben" in made["borttaget-kretsen.md"]
    assert made["kontaktdagbok.md"] == (
        "# Contact diary\n\n## Torsdag 19 november 2026: Fia\n\n> - Hon lovade\n> ringa\n"
    )
    assert made["mot-mig.md"] == (
        "# How to meet me\n\n## What I want\n\n> # Lugn\n\n## What I can do\n\n> Baka\n"
    )


def test_what_was_handed_over_reads_like_a_list_of_receipts(exporter: Person) -> None:
    """E15: what, to whom, for what, until when, and who opened it when."""
    made = files(exporter)
    assert made["lamnat.md"] == (
        "# What I have handed over\n\n## Torsdag 19 november 2026, Maria\n\nWhat for: Inför mötet\n\n"
        "Handed over: 2026-11-19\n\nUntil: 2026-12-03\n\nOpened: 2026-11-19 09.30\n\n"
        "What came back: Read, answers by 2026-11-24\n\nWhat I asked, by: 2026-12-01\n\n"
        "What I asked:\n\n> Kan du svara?\n\nHow it hangs together:\n\n> En kvart tog onsdagen.\n\n"
        "The form: FAIRLY_LIGHT\n\n> Satt vid fönstret.\n> # Länge\n"
    )
    assert made["oppnat.md"].endswith("\n\n- 2026-11-19 09.30: Maria, Torsdag 19 november 2026\n")
    assert "## 2026-11-19 09.30: Petra\n\nOn my screen: Torsdag 19 november 2026" in made["visat.md"]
    assert "Suggestion, Lena\n\n> Kom förbi\n\nWhy:\n\n> Du ville till verkstan" in made["sagt.md"]
    assert "My answer: Not now" in made["sagt.md"] and "> Orkar inte nu" in made["sagt.md"]
    assert made["inramningar.md"] == "# My own frames\n\n> En kvart tog onsdagen.\n"
    assert "Question\n\n> Hur går det?" in made["mina-svar.md"]


def test_a_conversation_reads_like_one(exporter: Person) -> None:
    """D31: per person, in order of time, who said what, and what was never sent."""
    lena = replace(TALK, pair="d" * 32, name="Al\nva")
    hers = replace(THEIRS, pair=lena.pair, text="> Hej", edition=1)
    exporter.lives(lena, hers, replace(TALK, pair="c" * 32, name="Ingen", weeks=()))
    assert files(exporter)["samtal.md"] == (
        "# What we have written to each other\n\n## Al va\n\n### 2026-11-19 09.34: Al va\n\n> > Hej\n\n"
        "## Ben\n\n### 2026-11-19 09.30: Me\n\n> # Satt en timme\n> med telefonen.\n\n"
        "### 2026-11-19 09.34: Ben, changed\n\n> Vad låste sig?\n\n### Not sent\n\n> Att de skulle\n"
    )


def test_what_is_written_afterwards_says_so(person: Person) -> None:
    text = files(person.lives(day(entry(1), date=date(2026, 11, 2))))["dagar/2026-11.md"]
    assert "### No level, written afterwards" in text


def test_a_maybe_is_told(person: Person) -> None:
    maybes = (Maybe(slug="oppen-fika", title="Öppen fika"),)
    person.lives(type(day())(date=TODAY, maybes=maybes))
    assert "Maybe: Öppen fika" in files(person)["dagar/2026-11.md"]


def test_the_table_opens_in_a_spreadsheet(exporter: Person) -> None:
    """A byte order mark and semicolons; nothing in it is taken for a formula."""
    text = files(exporter)["dagar.csv"]
    assert text.startswith("\ufeffDay;Written;Level;Form")
    rows = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert [row["Day"] for row in rows] == ["2026-10-08", "2026-11-19"]
    assert rows[1]["In my own words"] == "# Brevet ligger\noöppnat"
    assert rows[1]["What I did"] == "'- soporna"
    assert rows[1]["Level"] == "2"


@pytest.mark.parametrize("text", ["=1+1", "+46", "-x", "@home", "\tx"])
def test_no_text_in_the_table_begins_a_formula(text: str, person: Person) -> None:
    person.lives(day(entry(1, text)))
    (row,) = csv.DictReader(
        StringIO(files(person)["dagar.csv"].removeprefix("\ufeff"), newline=""), delimiter=";"
    )
    assert row["In my own words"] == "'" + text


@pytest.mark.parametrize("text", ['"a";b', "rad\nrad", "å;ä,ö", "''", "שלום; 😀"])
def test_the_table_keeps_every_sign(text: str, person: Person) -> None:
    person.lives(day(entry(1, text)))
    (row,) = csv.DictReader(
        StringIO(files(person)["dagar.csv"].removeprefix("\ufeff"), newline=""), delimiter=";"
    )
    assert row["In my own words"] == text


def test_the_schema_describes_the_json(exporter: Person) -> None:
    """Every name in the JSON stands in the schema beside it, and every required name stands in the JSON."""
    made = files(exporter)
    for kind in KINDS:
        schema, file = (json.loads(made[f"{folder}{kind.stem}.json"]) for folder in ("schema/", ""))
        _fits(file, schema, schema["$defs"])


def test_the_same_drawer_gives_the_same_bytes(exporter: Person, other_host: Person) -> None:
    """No clock, no machine and no order of rows shows in the zip."""
    data = exporter.export()
    assert exporter.export() == data
    other_host.reads_in(data)
    assert other_host.export() == data
    with zipfile.ZipFile(BytesIO(data)) as zip_:
        infos = zip_.infolist()
        assert {(info.date_time, info.create_system, info.external_attr) for info in infos} == {
            ((1980, 1, 1, 0, 0, 0), 3, 0o600 << 16)
        }


def test_an_empty_drawer_gives_a_zip_too(person: Person, other_host: Person) -> None:
    assert list(files(person)) == ["LAS-MIG.txt", "innehall.json"]
    assert other_host.reads_in(person.export()).is_nothing


def test_nobody_elses_days_are_in_it(exporter: Person, other_host: Person) -> None:
    """Hard rule 2."""
    other_host.lives(day(entry(9, "cleoord")))
    assert "cleoord" not in str(files(exporter))
    assert "Brevet" not in str(files(other_host))


def test_a_file_on_its_way_in_is_not_taken_along(exporter: Person) -> None:
    before = exporter.export()
    lay_by(exporter.drawer, Waiting(source="daylio", files={"daylio.csv": "x"}))
    assert exporter.export() == before


LETTERS = {
    "Asked",
    "Colleague",
    "DayCopy",
    "Farewell",
    "Gone",
    "ItemCopy",
    "Joined",
    "MeetCopy",
    "Message",
    "No",
    "Opened",
    "Posted",
    "Profile",
    "ReadReceipt",
    "Receipt",
    "Report",
    "Said",
    "Share",
    "Takes",
    "Welcome",
    "Yes",
    "Notices",
}  # what lies in a mailbox, or under a key of the server's, never in the drawer


def test_no_kind_is_forgotten(exporter: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """D31: a slice that seals a new kind of thing also says how it is taken along; until then nothing is given."""
    ours = {
        struct
        for _version, struct in payloads._latest.values()
        if struct.__module__.startswith("server.") and struct.__name__ not in LETTERS
    }
    assert ours - {kind.struct for kind in KINDS} == set(PASSING)
    monkeypatch.delitem(BY_STRUCT, SavedTaste)
    with pytest.raises(KindForgotten):
        exporter.export()


def _fits(value: Any, schema: Any, names: dict[str, Any]) -> None:
    """A small part of JSON Schema, enough for what we make."""
    if "$ref" in schema:
        schema = names[schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        schema = next((one for one in schema["anyOf"] if one.get("type") != "null" or value is None), schema)
        schema = {"type": "null"} if value is None else schema
        return _fits(value, schema, names)
    assert value == schema.get("const", value)
    assert value in schema.get("enum", [value])
    if schema.get("type") == "array" and "prefixItems" in schema:
        for one, place in zip(value, schema["prefixItems"], strict=True):
            _fits(one, place, names)
    elif schema.get("type") == "array":
        for one in value:
            _fits(one, schema["items"], names)
    if schema.get("type") == "object" and "properties" in schema:
        assert set(schema["required"]) <= set(value) <= set(schema["properties"])
        for name, one in value.items():
            _fits(one, schema["properties"][name], names)
    return None
