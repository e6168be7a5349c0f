"""Plans, stories and whatever else is written on a sheet: items, their order, their bin and drafts, out and in.

Whichever sheets there are, these four are all there is to take along.
"""

import hashlib
import re
from datetime import UTC, timedelta

import msgspec
from msgspec.structs import replace

from server.circle.kinds import NoSuchItem
from server.items import drafts, keeping, saying
from server.items.inputs import is_day
from server.items.payloads import Board, Item, ItemBin, ItemDraft, Line, Texts, Version
from server.items.sheets import Field, Sheet, every_sheet, sheet_called
from server.mine import items_text
from server.mine.entries import check_id
from server.mine.here import Here
from server.mine.kind import Kind, Reading
from server.mine.problems import BrokenFile, DayOutOfReach

FIRST_YEAR = 1920
_LONGEST = 1_000_000  # characters: what two locked phones may leave, one below the other
_MOST = 5_000  # versions of one item, lines of one board
_MOST_EDITIONS = 10**8
_MARKS = re.compile(r"[a-z0-9:_ -]{0,500}")  # what a tap sets, where it is no choice
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _(msgid: str) -> str:
    return msgid


def check_item(item: Item, reading: Reading) -> Item:
    """The item as it may be kept: of a sheet that there is, in words that it has. Raises CannotRead's kinds."""
    sheet = _sheet(item.sheet, item.id, reading)
    if not 1 <= item.edition < _MOST_EDITIONS or max(len(item.earlier), len(item.beside)) > _MOST:
        raise BrokenFile(file=reading.file)
    if not 0 <= item.worded <= item.edition:
        raise BrokenFile(file=reading.file)
    said = _check_version(sheet, Version(at=item.at, texts=item.texts), reading)
    return replace(
        item,
        texts=said.texts,
        at=said.at,
        earlier=tuple(_check_version(sheet, one, reading) for one in item.earlier),
        beside=tuple(_check_version(sheet, one, reading) for one in item.beside),
    )


def check_board(board: Board, reading: Reading) -> Board:
    """Only the order is taken from it: what a line says is written from its item. Raises BrokenFile."""
    names = {sheet.board for sheet in every_sheet().values()}
    if board.name not in names or len(board.lines) > _MOST:
        raise BrokenFile(file=reading.file)
    for line in board.lines:
        if _sheet(line.sheet, line.id, reading).board != board.name:
            raise BrokenFile(file=reading.file)
    return board


def check_bin(bin_: ItemBin, reading: Reading) -> ItemBin:
    return ItemBin(items=tuple(check_item(item, reading) for item in bin_.items))


def check_draft(draft: ItemDraft, reading: Reading) -> ItemDraft:
    sheet = _sheet(draft.sheet, draft.id, reading)
    if not 0 <= draft.edition < _MOST_EDITIONS:
        raise BrokenFile(file=reading.file)
    return replace(draft, texts=_check_texts(sheet, draft.texts, reading))


def lay_item(here: Here, new: Item) -> None:
    """An item that is not here comes last on its board. Other words under its id stand beside those here, until the
    owner has chosen. What was taken away here stays so.
    """
    sheet, known = sheet_called(new.sheet), _known(here, new)
    if known is None and (gone := _binned(here, new)):
        if _says_all(gone, new):
            here.outcome.in_bin += 1
            return
        new = new if sheet.few else replace(new, id=_id_beside(new))
        known = _known(here, new)
        if known is None and not sheet.few and _binned(here, new):
            here.outcome.in_bin += 1
            return
    if known is None:
        here.change(keeping.item_record(new.sheet, new.id), new)
        _list(here, sheet, new)
        here.outcome.items += 1
        return
    both = saying.with_all_of(known, new)
    here.outcome.here += both == known
    here.outcome.versions += both != known
    here.change(keeping.item_record(new.sheet, new.id), both)


def lay_board(here: Here, new: Board) -> None:
    """What has just come in stands in the file's order, after what stood here. An order that is here stays."""
    board, fresh = here.get(Board, keeping.board_record(new.name)), here.listed.get(new.name, set())
    if board is None:
        return
    order = {line.name: number for number, line in enumerate(new.lines)}
    stood = [line for line in board.lines if line.name not in fresh]
    came = sorted(
        (one for one in board.lines if one.name in fresh), key=lambda one: order.get(one.name, _MOST)
    )
    rests = board.rests if stood else new.rests
    here.change(keeping.board_record(new.name), replace(board, lines=(*stood, *came), rests=rests))


def lay_bin(here: Here, new: ItemBin) -> None:
    """What lies in the file's bin comes to the bin here, unless it is here already, on its board or in the bin."""
    for item in new.items:
        old = here.get(ItemBin, keeping.BIN) or ItemBin()
        found = _for_the_bin(here, item)
        if found is None:
            here.outcome.here += 1
            continue
        others = tuple(one for one in old.items if one.name != found.name)
        here.change(keeping.BIN, replace(old, items=(*others, found)))
        here.outcome.removed += 1


def lay_draft(here: Here, new: ItemDraft) -> None:
    """What was begun stands in the fields again; where something stands there, below it."""
    sheet = sheet_called(new.sheet)
    item = here.get(Item, keeping.item_record(new.sheet, new.id))
    lost = new.edition > 0 and item is None and _binned_name(here, f"{new.sheet}/{new.id}") is None
    if item and all(item.texts.get(name) == text for name, text in new.texts.items()):
        here.outcome.here += 1
        return
    new = replace(new, edition=0) if lost else new
    if not sheet.few and (lost or (item and new.edition == 0)):
        new = replace(new, id=_draft_beside(new))
        if here.get(Item, keeping.item_record(new.sheet, new.id)):
            here.outcome.here += 1
            return
    old = here.get(ItemDraft, _draft_name(new))
    both = replace(old, texts=saying.joined(sheet, old.texts, new.texts)) if old else new
    if both == old:
        here.outcome.here += 1
        return
    here.change(_draft_name(new), both)
    here.outcome.drafts += 1


def _for_the_bin(here: Here, item: Item) -> Item | None:
    """The item as it is to lie in the bin; None when all it says is here."""
    few = bool(sheet_called(item.sheet).few)
    live, gone = _known(here, item), _binned(here, item)
    if any(one and _says_all(one, item) for one in (live, gone)):
        return None
    if few:
        return saying.over(gone, item) if gone else item
    if live is None and gone is None:
        return item
    item = replace(item, id=_id_beside(item))
    return None if _known(here, item) or _binned(here, item) else item


def _says_all(known: Item, new: Item) -> bool:
    return saying.with_all_of(known, new) == known


def _list(here: Here, sheet: Sheet, item: Item) -> None:
    name = keeping.board_record(sheet.board)
    board = here.get(Board, name) or Board(name=sheet.board)
    line: Line = sheet.line(item)
    if line.name not in {one.name for one in board.lines}:
        here.change(name, replace(board, lines=(*board.lines, line)))
        here.listed.setdefault(sheet.board, set()).add(line.name)


def _known(here: Here, item: Item) -> Item | None:
    return here.get(Item, keeping.item_record(item.sheet, item.id))


def _binned(here: Here, item: Item) -> Item | None:
    return _binned_name(here, item.name)


def _binned_name(here: Here, name: str) -> Item | None:
    bin_ = here.get(ItemBin, keeping.BIN) or ItemBin()
    return next((one for one in bin_.items if one.name == name), None)


def _id_beside(item: Item) -> str:
    return _hash(item.sheet, item.id, sorted(item.texts.items()))


def _draft_beside(draft: ItemDraft) -> str:
    return _hash("draft", draft.sheet, draft.id, sorted(draft.texts.items()))


def _hash(*content: object) -> str:
    return hashlib.sha256(b"dagsform/item/1\n" + msgspec.json.encode(content)).hexdigest()[:32]


def _draft_name(draft: ItemDraft) -> str:
    return drafts.record(sheet_called(draft.sheet), draft.id)


def _sheet(name: str, item_id: str, reading: Reading) -> Sheet:
    try:
        sheet = sheet_called(name)
    except NoSuchItem:
        raise BrokenFile(file=reading.file) from None
    if item_id not in sheet.few:
        if sheet.few:
            raise BrokenFile(file=reading.file)
        check_id(item_id, reading)
    return sheet


def _check_version(sheet: Sheet, one: Version, reading: Reading) -> Version:
    if one.at.tzinfo is None:
        raise BrokenFile(file=reading.file)
    if one.at.year < FIRST_YEAR or one.at > reading.now + timedelta(days=1):
        raise DayOutOfReach(file=reading.file, day=one.at.date().isoformat())
    return Version(at=one.at.astimezone(UTC), texts=_check_texts(sheet, one.texts, reading))


def _check_texts(sheet: Sheet, texts: Texts, reading: Reading) -> Texts:
    """Without NUL, and nothing that no page could have kept there."""
    fields = {one.name: one for one in sheet.fields}
    if not texts.keys() <= fields.keys():
        raise BrokenFile(file=reading.file)
    return saying.filled({name: _check_text(fields[name], text, reading) for name, text in texts.items()})


def _check_text(one: Field, text: str, reading: Reading) -> str:
    text = text.replace("\0", "")
    if one.kind == "day" and text and not is_day(text):
        if _DAY.fullmatch(text):
            raise DayOutOfReach(file=reading.file, day=text)
        raise BrokenFile(file=reading.file)
    fits = text in one.choices if one.choices else one.kind != "set" or _MARKS.fullmatch(text)
    if len(text) > _LONGEST or (text and not fits):
        raise BrokenFile(file=reading.file)
    return text


def _no_empty(board: Board) -> Board | None:
    return board if board.lines else None


ITEMS = Kind(
    stem="egna-ord",
    struct=Item,
    about=(("egna-ord/", _("Your plan, your story and what else you have written: a file for each page.")),),
    name=lambda item: keeping.item_record(item.sheet, item.id),
    shelf=lambda item: keeping.shelf_of(sheet_called(item.sheet).board),
    files=items_text.boards,
    check=check_item,
    lay=lay_item,
    told_with=(Board,),
)
BOARDS = Kind(
    stem="egna-ord-ordning",
    struct=Board,
    about=(),
    name=lambda board: keeping.board_record(board.name),
    shelf=lambda board: keeping.board_shelf(board.name),
    files=lambda _boards, _voice: {},
    check=check_board,
    lay=lay_board,
    goes=_no_empty,
)
ITEM_BIN = Kind(
    stem="borttaget-egna-ord",
    struct=ItemBin,
    about=(("borttaget-egna-ord.md", _("What you have taken away from the plan and your other texts.")),),
    name=lambda _bin: keeping.BIN,
    shelf=lambda _bin: keeping.BIN,
    files=lambda bins, voice: {"borttaget-egna-ord.md": items_text.removed(bins, voice)},
    check=check_bin,
    lay=lay_bin,
)
ITEM_DRAFTS = Kind(
    stem="utkast-egna-ord",
    struct=ItemDraft,
    about=(
        ("utkast-egna-ord.md", _("What you have begun in the plan and your other texts, but not saved.")),
    ),
    name=_draft_name,
    shelf=lambda _draft: drafts.SHELF,
    files=lambda found, voice: {"utkast-egna-ord.md": items_text.begun(found, voice)},
    check=check_draft,
    lay=lay_draft,
)
