"""Keeping items: begin, tell, alter by a tap, undo, bring back, take away. Nothing here knows a page.

Every change is compare-and-swap on the item's record, and the board that lists it is changed in the same transaction.
Nothing that was written is overwritten: what an item said before lies in `earlier`, and two phones that wrote at once
leave both (hard rule 8).
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from server.circle.kinds import NoSuchItem
from server.items import saying
from server.items.payloads import Board, Item, ItemBin, Line, Texts, Version
from server.items.sheets import Sheet
from server.vault.changing import NoSuchRecord, change_existing, change_record
from server.vault.drawer import Drawer
from server.vault.errors import RecordExists

BIN = "item-bin"
MOST_LINES = 500


class ItemChanged(Exception):
    """Another window or phone saved this item first; `theirs` is what it says now."""

    def __init__(self, theirs: Item) -> None:
        super().__init__("item changed")
        self.theirs = theirs


class TooManyItems(Exception):
    """More items on one board than a person can follow."""


def item_record(sheet: str, item_id: str) -> str:
    return f"item/{sheet}/{item_id}"


def board_record(board: str) -> str:
    return f"board/{board}"


def find(drawer: Drawer, sheet: Sheet, item_id: str) -> Item:
    """One statement. Raises NoSuchItem."""
    name = item_record(sheet.name, item_id)
    found = drawer.find(name).get(name)
    if found is None:
        raise NoSuchItem
    item: Item = found.payload
    return item


def peek(drawer: Drawer, sheet: Sheet, *item_ids: str) -> dict[str, Item]:
    """Those of these items that are there, by id: one statement."""
    found = drawer.find(*(item_record(sheet.name, one) for one in item_ids))
    return {record.payload.id: record.payload for record in found.values()}


def read_board(drawer: Drawer, board: str) -> Board:
    found = drawer.find(board_record(board)).get(board_record(board))
    return found.payload if found else Board(name=board)


def items_on(drawer: Drawer, board: str) -> list[Item]:
    """Every item that the board lists, in its order: two statements. For what needs all the words."""
    by_name = {record.payload.name: record.payload for record in drawer.shelf(shelf_of(board))}
    lines = read_board(drawer, board).lines
    return [by_name[line.name] for line in lines if line.name in by_name]


def shelf_of(board: str) -> str:
    return f"items/{board}"


def board_shelf(board: str) -> str:
    return f"{shelf_of(board)}/board"


def begin(drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, now: datetime) -> Item:
    """A new item under the id that its page made: the same id twice is one item. Raises TooManyItems."""
    item = Item(sheet=sheet.name, id=item_id, texts=saying.filled(texts), at=now)
    try:
        drawer.put(shelf_of(sheet.board), item_record(sheet.name, item_id), item)
    except RecordExists:
        return find(drawer, sheet, item_id)
    list_item(drawer, sheet, item)
    return item


def save(
    drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, edition: int, now: datetime
) -> Item:  # fmt: skip
    """A new item (`edition` 0), or other words for an old one. One of few that was taken away meanwhile begins anew.

    Raises ItemChanged, NoSuchItem, TooManyItems.
    """
    if edition and not (sheet.few and not peek(drawer, sheet, item_id)):
        return tell(drawer, sheet, item_id, texts, edition, now)
    item = begin(drawer, sheet, item_id, texts, now)
    if saying.filled(item.texts | texts) != item.texts:
        raise ItemChanged(item)  # another phone began the same one, or it has been changed since it was begun
    return item


def tell(
    drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, edition: int, now: datetime
) -> Item:  # fmt: skip
    """Other words for an item that was read at `edition`. Raises ItemChanged if its words moved on, NoSuchItem."""

    def rewrite(old: Item) -> Item:
        told = old.texts | texts
        if saying.filled(told) == old.texts:
            return old
        if not old.says_as_at(edition):
            raise ItemChanged(old)
        return saying.saying(old, told, now)

    return _change(drawer, sheet, item_id, rewrite)


def alter(drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, now: datetime) -> Item:
    """What a tap changes: the latest tap counts, whatever the page had read. Raises NoSuchItem."""
    if all(sheet.field(name).kind == "set" for name in texts):
        return _change(drawer, sheet, item_id, lambda old: saying.tapped(sheet, old, texts, now))
    return _change(drawer, sheet, item_id, lambda old: saying.saying(old, old.texts | texts, now))


def tell_beside(drawer: Drawer, sheet: Sheet, item_id: str, texts: Texts, now: datetime) -> Item:
    """Words from another phone, kept beside those here until the owner has chosen. Twice is once."""

    def add(old: Item) -> Item:
        return saying.told_beside(old, Version(at=now, texts=saying.filled(old.texts | texts)))

    return _change(drawer, sheet, item_id, add)


def choose(
    drawer: Drawer, sheet: Sheet, item_id: str, how: str, edition: int, now: datetime
) -> Item:  # fmt: skip
    """Of two versions: keep “mine”, take “theirs”, or “both”, one below the other. What is left lies in `earlier`.

    Raises ItemChanged when it is no longer at `edition`, NoSuchItem.
    """

    def decide(old: Item) -> Item:
        if old.edition != edition:
            raise ItemChanged(old)
        return saying.decided(sheet, old, how, now) if old.beside else old

    return _change(drawer, sheet, item_id, decide)


def undo(drawer: Drawer, sheet: Sheet, item_id: str, edition: int, now: datetime) -> Item | None:
    """Take back what was just saved: the words before stand again, and a new item goes to the bin (then None).

    Raises NoSuchItem, and ItemChanged when it is no longer at `edition`.
    """
    item = find(drawer, sheet, item_id)
    if item.edition != edition:
        raise ItemChanged(item)
    if not item.earlier:
        take_away(drawer, sheet, item_id)
        return None

    def back(old: Item) -> Item:
        if old.edition != edition:
            raise ItemChanged(old)
        return saying.undone(sheet, old, now)

    return _change(drawer, sheet, item_id, back)


def restore(
    drawer: Drawer, sheet: Sheet, item_id: str, number: int, edition: int, now: datetime
) -> Item:  # fmt: skip
    """An earlier version stands again. Raises ItemChanged when the numbers are others now, NoSuchItem."""
    item = find(drawer, sheet, item_id)
    if item.edition != edition:
        raise ItemChanged(item)
    if number >= len(item.earlier):
        raise NoSuchItem
    was = item.earlier[number].texts
    return tell(drawer, sheet, item_id, {one: was.get(one, "") for one in sheet.names}, edition, now)


def take_away(drawer: Drawer, sheet: Sheet, item_id: str) -> None:
    """Move an item to the bin, whence it can come back. Twice is once."""
    name = item_record(sheet.name, item_id)
    record = drawer.find(name).get(name)
    if record is None:
        return
    drawer.remove(record)  # first: when another phone wrote just now, nothing of this is done
    change_bin(drawer, lambda old: _binned(old, record.payload))
    sheet.kept(drawer, None)
    change_board(
        drawer, sheet.board, lambda old: replace(old, lines=_without(old.lines, record.payload.name))
    )


def put_back(drawer: Drawer, sheet: Sheet, item_id: str) -> Item:
    """Out of the bin again, last on its board. Beside one that was begun meanwhile, as the only dream is, both stand.

    Raises NoSuchItem, TooManyItems.
    """
    item = binned(drawer, sheet, item_id)
    try:
        drawer.put(shelf_of(sheet.board), item_record(sheet.name, item_id), item)
        list_item(drawer, sheet, item)
    except RecordExists:
        item = _change(drawer, sheet, item_id, lambda old: saying.with_all_of(old, item))
    destroy(drawer, sheet, item_id)
    return item


def binned(drawer: Drawer, sheet: Sheet, item_id: str) -> Item:
    """The item in the bin. Raises NoSuchItem."""
    for item in bin_of(drawer):
        if (item.sheet, item.id) == (sheet.name, item_id):
            return item
    raise NoSuchItem


def destroy(drawer: Drawer, sheet: Sheet, item_id: str) -> None:
    """Gone for good from the bin. The caller truncates the log after commit, so that the bytes leave the files."""
    change_bin(drawer, lambda old: _others(old, f"{sheet.name}/{item_id}"))


def bin_of(drawer: Drawer) -> tuple[Item, ...]:
    """What was taken away, the latest last."""
    found = drawer.find(BIN).get(BIN)
    return found.payload.items if found else ()


def change_bin(drawer: Drawer, change: Callable[[tuple[Item, ...]], tuple[Item, ...]]) -> None:
    change_record(drawer, BIN, BIN, ItemBin(), lambda old: replace(old, items=change(old.items)))


def change_board(drawer: Drawer, board: str, change: Callable[[Board], Board]) -> Board:
    return change_record(drawer, board_shelf(board), board_record(board), Board(name=board), change)


def list_item(drawer: Drawer, sheet: Sheet, item: Item) -> None:
    """The item stands on its board as it is now: where it stood, or last. Raises TooManyItems.

    Every road by which an item gets other words comes through here, so that its sheet is told.
    """
    sheet.kept(drawer, item)
    line = sheet.line(item)

    def add(old: Board) -> Board:
        if any(one.name == line.name for one in old.lines):
            return replace(old, lines=tuple(line if one.name == line.name else one for one in old.lines))
        if len(old.lines) >= MOST_LINES:
            raise TooManyItems
        return replace(old, lines=(*old.lines, line))

    change_board(drawer, sheet.board, add)


def move(drawer: Drawer, board: str, name: str, steps: int) -> bool:
    """One place up (-1) or down (1) among those of its sort that hang on the same; False at the end of the row."""
    moved = False

    def swap(old: Board) -> Board:
        nonlocal moved
        lines = list(old.lines)
        here = next((n for n, one in enumerate(lines) if one.name == name), None)
        if here is None:
            return old
        row = [n for n, one in enumerate(lines) if _beside(one, lines[here])]
        there = row.index(here) + steps
        moved = 0 <= there < len(row)
        if moved:
            lines[here], lines[row[there]] = lines[row[there]], lines[here]
        return replace(old, lines=tuple(lines))

    change_board(drawer, board, swap)
    return moved


def pause(drawer: Drawer, board: str, rests: bool) -> None:
    """The whole board rests, or is taken up again. Nobody is told."""
    change_board(drawer, board, lambda old: replace(old, rests=rests))


def _change(drawer: Drawer, sheet: Sheet, item_id: str, how: Callable[[Item], Item]) -> Item:
    try:
        item = change_existing(drawer, item_record(sheet.name, item_id), how)
    except NoSuchRecord:
        raise NoSuchItem from None
    list_item(drawer, sheet, item)
    return item


def _others(items: tuple[Item, ...], name: str) -> tuple[Item, ...]:
    return tuple(item for item in items if item.name != name)


def _binned(items: tuple[Item, ...], gone: Item) -> tuple[Item, ...]:
    """The bin with one more in it; one of the same name that lies there lives on in what this one said before."""
    older = next((item for item in items if item.name == gone.name), None)
    return (*_others(items, gone.name), saying.over(gone, older) if older else gone)


def _without(lines: Iterable[Line], name: str) -> tuple[Line, ...]:
    return tuple(line for line in lines if line.name != name)


def _beside(one: Line, other: Line) -> bool:
    return (one.sheet, one.under) == (other.sheet, other.under)
