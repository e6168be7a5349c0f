"""Items are handed over as every other kind of thing: a sheet becomes a kind of the circle."""

from datetime import datetime

from werkzeug.datastructures import MultiDict

from server.circle import kinds
from server.circle.kinds import Kind, NoSuchItem, Parts
from server.items import keeping, sheets, words
from server.items.payloads import Item, ItemCopy
from server.items.sheets import Sheet
from server.vault.drawer import Drawer


def register(sheet: Sheet) -> Sheet:
    """Add a sheet, and its kind to the circle. Raises ValueError when its name is taken."""
    kinds.register(_kind(sheet))
    sheets.add(sheet)
    return sheet


def copy_of(sheet: Sheet, item: Item, parts: Parts) -> ItemCopy:
    """Only what was chosen, in the words of this moment, and the heading."""
    going = sheet.goes(item.texts, parts)
    names = (sheet.heading, *(one.name for one in sheet.readable if one.name in going))
    goes = {name: item.texts[name] for name in names if item.texts.get(name)}
    return ItemCopy(sheet=sheet.name, texts=goes, which=item.id if item.id in sheet.few else "")


def _kind(sheet: Sheet) -> Kind:
    def find(drawer: Drawer, item_id: str) -> Item:
        item = keeping.find(drawer, sheet, item_id)
        if not (sheet.parts_of(item.texts) or item.texts.get(sheet.heading)):
            raise NoSuchItem
        return item

    def chosen(fields: "MultiDict[str, str]") -> Parts:
        if sheet.chosen:
            return sheet.chosen(sheet, fields)
        offered = (sheet.heading, *(one.name for one in sheet.readable))
        return tuple(name for name in offered if name in fields.getlist("part"))

    def more(drawer: Drawer, _now: datetime) -> list[str]:
        board = keeping.read_board(drawer, sheet.board)
        return [line.id for line in board.lines if line.sheet == sheet.name]

    return Kind(
        name=sheet.name,
        word=sheet.word,
        find=find,
        title=lambda item_id: words.sheet_title(
            sheet.few.get(item_id) if len(sheet.few) > 1 else None, sheet.word
        ),
        chosen=chosen,
        copy=lambda item, parts: copy_of(sheet, item, parts),
        body=ItemCopy,
        needs_frame=lambda item, parts, hat: sheet.needs_frame(item.texts, parts, hat),
        more=more,
        shelf=lambda _item_id: sheet.board,
        address=sheet.address,
        choose_page=sheet.choose_page,
        copy_page=sheet.copy_page,
        texts={"sheet": sheet},
        frame_why=sheet.why_frame,
        another=sheet.another,
        partly=lambda parts: words.part_words(one.label for one in sheet.readable if one.name in parts),
        named=lambda thing: thing.texts.get(sheet.heading, ""),
        stands_first=sheet.stands_first,
        wishes=lambda body: sheet.wishes(body.texts),
    )
