"""What people may have said about their days, for tests that try many: any text, any order, any choice."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from server.activities.taste import SavedTaste
from server.circle.copies import (
    Handed,
    Heard,
    Inbox,
    Lying,
    Opening,
    Openings,
    Receipt,
    Said,
    Share,
    Shown,
    Terms,
)  # fmt: skip
from server.circle.handing import Frames
from server.circle.payloads import ME, Card, CircleBin, DiaryNote, Happening, Hat, Matter, Move
from server.days.copies import DayCopy, NoteCopy
from server.days.payloads import Bin, Circumstance, Cost, Day, Draft, Entry, Form, Maybe, Mood, Removed, Told
from server.items.payloads import Board, Item, ItemBin, ItemDraft, Version
from server.items.sheets import ONE, sheet_called
from server.messages import talks
from server.messages.payloads import Kept, MessageDraft, Read, ReadReceipt, Talk, Written
from server.plan import sheets as _plan  # noqa: F401 - registers what its items are
from server.push.payloads import Reminder, Reminders
from server.push.reminders import REPEATS
from server.story.payloads import Meet
from server.vault.payloads import encode
from server.vault.posted import Posted, Unjoined

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 19)
FIRST = date(1920, 1, 1)

# What has broken files before: other directions, signs beyond the first plane, and what CSV and Markdown mean.
AWKWARD = st.sampled_from(
    [
        "😀👩🏽‍🚀", "שלום", "مرحبا \u202eنص", '"citat"; och, komma', "=1+1", "# rubrik", "rad\nrad", "\ufeff", "'", "|",
        "\u2028", "\x1b[2J",
    ]
)  # fmt: skip
SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.one_of(st.just(""), AWKWARD, st.text(SIGNS, max_size=40))
IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
MOMENTS = st.datetimes(datetime(1920, 1, 2), NOW.replace(tzinfo=None), timezones=st.just(UTC))
SLUGS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,4})?", fullmatch=True)
DATES = st.dates(FIRST, TODAY)

TOLD = st.builds(
    Told,
    form=st.none() | st.sampled_from(Form),
    words=TEXTS,
    done=TEXTS,
    looked=st.none() | st.sampled_from(Form),
    cost=st.none() | st.sampled_from(Cost),
    circumstances=st.lists(st.sampled_from(Circumstance), unique=True, max_size=3).map(tuple),
    helped=TEXTS,
    mood=st.none() | st.sampled_from(Mood),
)
MAYBES = st.builds(Maybe, slug=SLUGS, title=TEXTS, start=st.none() | MOMENTS)
# Short to draw: what is long is long in the days.
NAMES, HEX = TEXTS.map("N{}".format), st.integers(0, 2**40).map("{:032x}".format)
ABOUT: dict[str, Any] = {
    "name": NAMES,
    "hat": st.none() | st.sampled_from(Hat),
    "decides": TEXTS,
    "away": AWKWARD,
}
ACTORS = st.sampled_from(["", ME]) | HEX
HAPPENINGS = st.builds(Happening, id=HEX, on=DATES, move=st.sampled_from(Move), actor=ACTORS, what=TEXTS)
AFFAIR: dict[str, Any] = {
    "title": NAMES,
    "actor": ACTORS,
    "since": DATES,
    "next_step": TEXTS,
    "by": st.none() | DATES,
    "history": st.lists(HAPPENINGS, max_size=2).map(tuple),
    "closed": st.none() | DATES,
}
EDITIONS = st.integers(1, 99)


@st.composite
def circles(draw: Callable[..., Any], ids: Any) -> list[Any]:
    """People on cards, matters, and what was taken away; at most one is the main contact."""

    def card(*, main: bool = False) -> Card:
        found: Card = draw(st.builds(Card, id=st.just(next(ids)), edition=EDITIONS, **ABOUT))
        return replace(found, main=main, before=found.about if main else None)

    def matter() -> Matter:
        found: Matter = draw(st.builds(Matter, id=st.just(next(ids)), edition=EDITIONS, **AFFAIR))
        return replace(found, before=found.affair if found.closed else None)

    count = draw(st.integers(0, 2))
    life: list[Any] = [card(main=number == 0) for number in range(count)]
    life += [matter() for _ in range(draw(st.integers(0, 1)))]

    def note(about: Card) -> DiaryNote:
        known = {"id": st.just(next(ids)), "card": st.just(about.id), "name": st.just(about.name)}
        found: DiaryNote = draw(
            st.builds(DiaryNote, **known, on=DATES, what=NAMES, written=MOMENTS, edition=EDITIONS)
        )
        return replace(found, before=found.noted if found.edition > 50 else None)

    life += [note(one) for one in life if isinstance(one, Card) and draw(st.booleans())]
    if draw(st.booleans()):
        gone = card()
        life.append(CircleBin(cards=(gone,), matters=(matter(),), notes=(note(gone),)))
    return life


PAIRS = HEX
GIVEN_DAYS = st.dates(date(2020, 1, 1), TODAY)
ITEMS = GIVEN_DAYS.map(lambda day: f"day/{day}")
TERMS = st.builds(
    Terms, purpose=NAMES, until=MOMENTS, frame=TEXTS, asks=TEXTS, asks_by=st.none() | GIVEN_DAYS
)
BODIES = st.builds(
    DayCopy,
    date=GIVEN_DAYS,
    form=st.none() | st.sampled_from(Form),
    notes=st.builds(NoteCopy, words=TEXTS, helped=TEXTS).map(lambda note: (note,)),
).map(lambda copy: encode(copy).decode())
SHARES = st.builds(Share, set=HEX, kind=st.just("day"), terms=TERMS, body=BODIES, given=GIVEN_DAYS)
RECEIPTS = st.builds(Receipt, letter=st.just(0), at=MOMENTS, by=st.none() | GIVEN_DAYS)
HANDED: dict[str, Any] = {
    "pair": PAIRS,
    "name": NAMES,
    "item": ITEMS,
    "parts": st.just(("form",)),
    "share": SHARES,
    "opened": st.lists(MOMENTS, max_size=2).map(tuple),
    "receipt": st.none() | RECEIPTS,
    "stopped": st.just("") | HEX,
}
LINES = st.builds(Opening, at=MOMENTS, name=NAMES, item=ITEMS, pair=PAIRS)
WHATS = st.sampled_from(["question", "suggestion"])
FRAMED = st.tuples(GIVEN_DAYS, NAMES)


@st.composite
def histories(draw: Callable[..., Any], ids: Any) -> list[Any]:
    """What was handed over, shown, opened and said; as it is when it has travelled once, or as it is at home."""

    def said() -> Said:
        found: Said = draw(
            st.builds(Said, id=st.just(next(ids)), what=WHATS, text=NAMES, at=MOMENTS, why=TEXTS)
        )
        return found

    life: list[Any] = []
    if draw(st.booleans()):
        burn = draw(st.just("") | st.just("x" * 43))
        life.append(
            draw(
                st.builds(
                    Handed,
                    id=st.just(next(ids)),
                    letter=st.just(7 if burn else 0),
                    burn=st.just(burn),
                    **HANDED,
                )
            )
        )
    if draw(st.booleans()):
        ways = st.sampled_from(["screen", "print"])
        items = st.lists(ITEMS, min_size=1, max_size=2).map(tuple)
        shown = st.builds(
            Shown, id=st.just(next(ids)), at=MOMENTS, name=NAMES, purpose=TEXTS, items=items, way=ways
        )
        life.append(draw(shown))
    if lines := draw(st.lists(LINES, max_size=2)):
        life.append(Openings(month="2026-11", lines=tuple(lines)))
    if draw(st.booleans()):
        answers = st.sampled_from(["", "yes", "not_now", "no"])
        heard = st.builds(Heard, said=st.just(said()), pair=PAIRS, name=NAMES, answer=answers, reason=TEXTS)
        life.append(draw(heard))
    if frames := draw(st.lists(FRAMED, max_size=2, unique_by=lambda one: one[1])):
        life.append(Frames(own=tuple(frames)))
    if draw(st.booleans()):
        lying = draw(st.just({}) | st.builds(Lying, until=MOMENTS).map(lambda one: {5: one}))
        count, numbers = draw(st.integers(0, 1)), st.integers(0, 9)
        life.append(
            Inbox(
                pair=draw(PAIRS),
                letters=lying,
                number=draw(numbers),
                said=tuple(said() for _ in range(count)),
            )
        )
    return life


READS = st.builds(Read, upto=MOMENTS, by=st.none() | GIVEN_DAYS, tired=st.booleans())
RECEIPTS_OF_TALK = st.builds(ReadReceipt, upto=MOMENTS, tired=st.booleans(), number=st.integers(1, 9))
TALKS: dict[str, Any] = {
    "name": st.one_of(AWKWARD, st.text(SIGNS, max_size=20)).map(lambda text: " ".join(f"N{text}".split())),
    "latest": st.none() | MOMENTS,
    "news": st.booleans(),
    "begun": st.booleans(),
    "takes": st.booleans(),
    "takes_number": st.integers(0, 9),
    "told": st.none() | READS,
    "told_number": st.integers(0, 9),
    "heard": st.none() | RECEIPTS_OF_TALK,
    "paused": st.booleans(),
    "stopped": st.just("") | HEX,
}


@st.composite
def conversations(draw: Callable[..., Any], ids: Any) -> list[Any]:
    """What was written with one person, going on or over; what was begun; what was just taken back."""
    if draw(st.booleans()):
        return []
    pair = draw(PAIRS)

    def words(struct: type[Written] | type[Kept], **more: Any) -> Any:
        return draw(
            st.builds(
                struct,
                id=st.just(next(ids)),
                pair=st.just(pair),
                text=NAMES,
                at=MOMENTS,
                edition=EDITIONS,
                **more,
            )
        )

    letters = {"letter": st.integers(0, 2**60), "burn": st.just("") | st.just("x" * 43), "first": TEXTS}
    said = [words(Written, **letters) for _ in range(draw(st.integers(0, 2)))]
    said += [words(Kept) for _ in range(draw(st.integers(0, 2)))]
    weeks = tuple(sorted({talks.week_of(one.at) for one in said}))
    life = [draw(st.builds(Talk, pair=st.just(pair), weeks=st.just(weeks), **TALKS)), *said]
    if draw(st.booleans()):
        life.append(MessageDraft(pair=pair, text=draw(NAMES)))
    return life


STATES = st.sampled_from([{}, {"state": "trying"}, {"state": "done", "learned": "Ut"}])
WRITTEN_ON = {
    "step": st.builds(
        lambda title, note, state: {"title": title, "note": note} | state, NAMES, NAMES, STATES
    ),
    "goal": st.builds(lambda goal: {"goal": goal, "review": "2027-01-31"}, NAMES),
    "dream": st.builds(lambda dream, pace: {"dream": dream, "pace": pace}, NAMES, NAMES),
    "area": st.builds(lambda now: {"now": now, "marks": "care:talk wish:skip"}, NAMES),
}
FEW = {"dream": [ONE], "area": ["hem", "vardag"]}


@st.composite
def plans(draw: Callable[..., Any], ids: Any) -> list[Any]:
    """Items of four sheets with what they said before, in an order of their owner's, a bin and drafts."""

    def item(sheet: str, item_id: str) -> Item:
        texts = WRITTEN_ON[sheet]
        said = [Version(at=draw(MOMENTS), texts=draw(texts)) for _ in range(draw(st.integers(1, 3)))]
        unlike = [
            one for n, one in enumerate(said[1:], 1) if one.texts not in [was.texts for was in said[:n]]
        ]
        beside = tuple(unlike[1:])
        return Item(
            sheet=sheet, id=item_id, texts=said[0].texts, at=said[0].at, edition=draw(EDITIONS),
            earlier=tuple(unlike[:1]), beside=beside,
        )  # fmt: skip

    kinds = draw(st.lists(st.sampled_from([*WRITTEN_ON]), max_size=3))
    few = {kind: iter(names) for kind, names in FEW.items()}
    items = []
    for kind in kinds:
        name = next(few[kind], None) if kind in few else next(ids)
        items += [item(kind, name)] if name else []
    life: list[Any] = list(items)
    if items:
        lines = [sheet_called(one.sheet).line(one) for one in draw(st.permutations(items))]
        life.append(Board(name="plan", lines=tuple(lines), rests=draw(st.booleans())))
    if draw(st.booleans()):
        life.append(ItemBin(items=(item("step", next(ids)),)))
    if draw(st.booleans()):
        life.append(ItemDraft(sheet="goal", id=next(ids), edition=0, texts={"goal": draw(NAMES)}))
    return life


@st.composite
def lives(draw: Callable[..., Any]) -> list[Any]:
    """Everything one drawer may hold: days, a bin, drafts, how to meet me, a circle, what was handed over."""
    ids = iter(draw(st.lists(IDS, unique=True, min_size=40, max_size=40)))

    def entries(most: int) -> tuple[Entry, ...]:
        count = draw(st.integers(1, most))
        return tuple(
            Entry(id=next(ids), written=draw(MOMENTS), told=draw(TOLD), edition=draw(st.integers(1, 99)))
            for _ in range(count)
        )

    dates = draw(st.lists(DATES, unique=True, max_size=3))
    maybes = st.lists(MAYBES, max_size=2, unique_by=lambda maybe: maybe.slug)
    days = [Day(date=one, entries=entries(2), maybes=tuple(draw(maybes))) for one in dates]
    life: list[Any] = list(days)
    if draw(st.booleans()):
        life.append(Bin(removed=tuple(Removed(date=draw(DATES), entry=one) for one in entries(2))))
    if draw(st.booleans()):
        life.append(Draft(entry_id=next(ids), date=draw(DATES), edition=0, fields={"words": [draw(TEXTS)]}))
    if days and draw(st.booleans()):
        begun = days[0].entries[0]
        fields = {"words": [draw(TEXTS)], "level": ["3"], "circumstances": ["sleep", "money"]}
        life.append(Draft(entry_id=begun.id, date=days[0].date, edition=begun.edition, fields=fields))
    if hidden := draw(st.lists(SLUGS, unique=True, max_size=3)):
        life.append(SavedTaste(hidden=tuple(hidden)))
    if draw(st.booleans()):
        before = st.none() | st.just(Meet().texts)
        life.append(draw(st.builds(Meet, wishes=NAMES, meeting=TEXTS, edition=EDITIONS, before=before)))
    if draw(st.booleans()):
        walls = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
        one = Reminder(
            id=next(ids), wall=draw(walls), words=draw(TEXTS), repeat=draw(st.sampled_from(REPEATS))
        )
        life.append(Reminders(items=(one,)))
    if draw(st.booleans()):
        sent = [("id", next(ids)), ("words", draw(TEXTS))]
        life.append(Unjoined((Posted("days.save", {}, sent, draw(MOMENTS), next(ids)),)))
    life += draw(plans(ids))
    return [*life, *draw(circles(ids)), *draw(histories(ids)), *draw(conversations(ids))]


def entry(number: int, words: str = "", **told: object) -> Entry:
    """The entry with that number, written `number` minutes before NOW."""
    said = Told(words=words, **told)  # type: ignore[arg-type]
    return Entry(id=f"{number:032x}", written=NOW - timedelta(minutes=number), told=said)


def day(*entries: Entry, date: date = TODAY) -> Day:
    return Day(date=date, entries=entries)
