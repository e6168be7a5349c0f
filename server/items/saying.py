"""What an item says, said before, and says on another phone: pure. No words are dropped here but by number.

An item remembers at most `MOST_VERSIONS`; the oldest gives way. A tap is no text: of taps in a row one is remembered.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from server.items.payloads import Item, Texts, Version
from server.items.sheets import Sheet

MOST_VERSIONS = 100


def filled(texts: Mapping[str, str]) -> Texts:
    return {name: text for name, text in texts.items() if text}


def saying(old: Item, texts: Texts, now: datetime) -> Item:
    """The item with these texts; what it said until now lies last among the earlier ones."""
    told = filled(texts)
    if told == old.texts:
        return old
    next = old.edition + 1
    return replace(old, texts=told, at=now, earlier=_with(old.earlier, _now(old)), edition=next, worded=next)


def tapped(sheet: Sheet, old: Item, texts: Texts, now: datetime) -> Item:
    """As `saying`, for what one tap sets: of the taps before it, only the latest is remembered."""
    changed = saying(old, old.texts | texts, now)
    kept, latest = changed.earlier[:-1], changed.earlier[-1:]
    while changed is not old and kept and _words(sheet, kept[-1].texts) == _words(sheet, old.texts):
        kept = kept[:-1]
    if changed is old:
        return old
    return replace(changed, earlier=(*kept, *latest), worded=old.worded or old.edition)


def undone(sheet: Sheet, old: Item, now: datetime) -> Item:
    """What it said before stands again, and what was undone lies there instead: it can be read and taken back."""
    *rest, before = old.earlier
    same, next = _words(sheet, before.texts) == _words(sheet, old.texts), old.edition + 1
    worded = old.worded or old.edition if same else next
    return replace(old, texts=before.texts, at=now, earlier=(*rest, _now(old)), edition=next, worded=worded)


def told_beside(old: Item, other: Version) -> Item:
    """With words from another phone beside its own, until the owner has chosen. What it has said already it knows."""
    if not other.texts or _knows(old, other.texts):
        return old
    worded = old.worded or old.edition
    return replace(old, beside=(*old.beside, other), edition=old.edition + 1, worded=worded)


def decided(sheet: Sheet, old: Item, how: str, now: datetime) -> Item:
    """Of two versions the one below (“mine”), the other (“theirs”) or both joined; what is left lies in `earlier`.

    How it stands is what was tapped last, whichever words are chosen.
    """
    other = old.beside[0]
    tapped = {name: text for name, text in old.texts.items() if name not in sheet.names}
    theirs = _words(sheet, other.texts) | tapped
    told = {"mine": old.texts, "theirs": theirs, "both": joined(sheet, old.texts, theirs)}[how]
    kept = replace(old, beside=old.beside[1:], earlier=_with(old.earlier, other))
    return replace(kept, edition=old.edition + 1) if told == old.texts else saying(kept, told, now)


def joined(sheet: Sheet, mine: Mapping[str, str], theirs: Mapping[str, str]) -> Texts:
    """Both versions: where written texts differ, one below the other; what is chosen from a list stays mine."""
    both = dict(theirs) | dict(mine)
    for one in sheet.written:
        text, other = mine.get(one.name, ""), theirs.get(one.name, "")
        if one.kind in ("text", "line") and text and other:
            between = "\n\n" if one.kind == "text" else " / "
            both[one.name] = text if other in text else other if text in other else f"{text}{between}{other}"
    return both


def with_all_of(old: Item, other: Item) -> Item:
    """All that another item of the same name says stands beside this one's words, and what that said before behind.

    The same item twice is once.
    """
    behind = replace(old, earlier=(*_unknown(old, other.earlier), *old.earlier)[-MOST_VERSIONS:])
    both = behind if behind == old else replace(behind, edition=old.edition + 1)
    for one in (_now(other), *other.beside):
        both = told_beside(both, one)
    return both


def over(latest: Item, older: Item) -> Item:
    """Two that were taken away under one name: the latest, with every word of the older among its earlier ones."""
    behind = _unknown(latest, (*older.earlier, *older.beside, _now(older)))
    return replace(latest, earlier=(*behind, *latest.earlier)[-MOST_VERSIONS:])


def was_tapped(sheet: Sheet, item: Item) -> bool:
    """Whether its latest change was a tap, and no words."""
    return bool(item.earlier) and _words(sheet, item.earlier[-1].texts) == _words(sheet, item.texts)


def versions(sheet: Sheet, item: Item) -> list[tuple[int, Version]]:
    """What it said before with its number, the latest first; a tap alone makes no version to read."""
    seen, found = _words(sheet, item.texts), list[tuple[int, Version]]()
    for number, one in reversed(list(enumerate(item.earlier))):
        words = _words(sheet, one.texts)
        if words != seen and any(words.values()):
            found.append((number, one))
        seen = words
    return found


def _now(item: Item) -> Version:
    return Version(at=item.at, texts=item.texts)


def _words(sheet: Sheet, texts: Texts) -> Texts:
    return {name: texts[name] for name in sheet.names if name in texts}


def _knows(item: Item, texts: Texts) -> bool:
    return texts == item.texts or any(one.texts == texts for one in (*item.beside, *item.earlier))


def _unknown(item: Item, found: Iterable[Version]) -> tuple[Version, ...]:
    return tuple(one for one in found if one.texts and not _knows(item, one.texts))


def _with(earlier: tuple[Version, ...], one: Version) -> tuple[Version, ...]:
    return (*earlier, one)[-MOST_VERSIONS:]
