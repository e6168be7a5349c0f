"""Items as files for people to read: one for each board, the sheets in their order, the owner's order within.

What an item said before is in the JSON, not here.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from server.items.inputs import is_day
from server.items.payloads import Board, Item, ItemBin, ItemCopy, ItemDraft, Texts
from server.items.sheets import Field, Sheet, every_sheet, sheet_called
from server.mine.kind import Files, Voice
from server.mine.markdown import long_day, page, quoted


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


FOLDER = "egna-ord"
# A board that is not named here is called by its own name.
NAMES = {
    "plan": ("planen", _("The plan")),
    "story": ("berattelse", _("My story")),
    "money": ("pengar", _("Money")),
    "safety": ("krisplan", _("My safety plan")),
}
GONE, DRAFTS = _("Taken away from the plan"), _("Drafts")
OTHER = _("Written on another phone at the same time")


def boards(found: Sequence[Any], voice: Voice) -> Files:
    """“egna-ord/planen.md” and so on. `found` is items, then the boards that list them."""
    items: list[Item] = [one for one in found if isinstance(one, Item)]
    order = {line.name: n for one in found if isinstance(one, Board) for n, line in enumerate(one.lines)}
    items.sort(key=lambda item: order.get(item.name, len(order)))
    titles = {item.id: _title(item) for item in items}
    by_board: dict[str, list[str]] = {}
    for sheet in every_sheet().values():
        of_it = [item for item in items if item.sheet == sheet.name]
        blocks = [text for item in of_it for text in _item(sheet, item, titles, voice)]
        if blocks:
            by_board.setdefault(sheet.board, []).extend([*_section(sheet), *blocks])
    return {f"{FOLDER}/{_file(name)}.md": page([_head(name, voice), *by_board[name]]) for name in by_board}


def removed(bins: Sequence[ItemBin], voice: Voice) -> str:
    items = [item for bin_ in bins for item in bin_.items]
    titles = {item.id: _title(item) for item in items}
    blocks = [text for item in items for text in _item(sheet_called(item.sheet), item, titles, voice)]
    return page([f"# {voice.say(GONE)}", *blocks])


def begun(drafts: Iterable[ItemDraft], voice: Voice) -> str:
    blocks = [f"# {voice.say(DRAFTS)}"]
    for draft in sorted(drafts, key=lambda one: (one.sheet, one.id)):
        sheet = sheet_called(draft.sheet)
        blocks += [f"## {_line(str(sheet.few.get(draft.id) or sheet.word))}"]
        blocks += _told(sheet, draft.texts, (sheet.heading,), {}, voice)
    return page(blocks)


def copied(copy: ItemCopy, voice: Voice) -> list[str]:
    """What was handed over of an item; nothing when no sheet here knows it."""
    sheet = every_sheet().get(copy.sheet)
    return _told(sheet, copy.texts, (sheet.heading,), {}, voice) if sheet else []


def _item(sheet: Sheet, item: Item, titles: Mapping[str, str], voice: Voice) -> list[str]:
    """A heading and what it says. One of which there is one has the section's heading."""
    head = [] if len(sheet.few) == 1 else [f"### {_title(item) or _line(str(sheet.word))}"]
    whole = [sheet.heading] if "\n" in item.texts.get(sheet.heading, "") else []
    others = [
        text
        for one in item.beside
        for text in (
            f"{voice.say(OTHER)}:",
            *_told(sheet, one.texts, (sheet.heading,), titles, voice),
        )
    ]
    return [*head, *_told(sheet, item.texts, whole, titles, voice), *others]


def _told(
    sheet: Sheet, texts: Texts, whole: Sequence[str], titles: Mapping[str, str], voice: Voice
) -> list[str]:
    """Every field that says something; first the heading, where it does not stand above."""
    told = [one for one in sheet.fields if texts.get(one.name) and one.name != sheet.heading]
    head = [quoted(texts[name]) for name in whole if texts.get(name)]
    return [*head, *(text for one in told for text in _field(one, texts[one.name], titles, voice))]


def _field(one: Field, text: str, titles: Mapping[str, str], voice: Voice) -> list[str]:
    label = _line(str(one.label)) or voice.say(_("How it stands now"))
    label = label if label.endswith("?") else f"{label}:"
    if one.choices:
        return [f"{label} {_line(str(one.choices.get(text, text)))}"]
    if one.kind == "set":
        return []
    if one.kind == "link":
        return [f"{label} {titles.get(text) or _line(text)}"]
    if one.kind == "day" and is_day(text):
        return [f"{label} {long_day(date.fromisoformat(text), voice)}"]
    return [label, quoted(text)]


def _title(item: Item) -> str:
    sheet = sheet_called(item.sheet)
    return _line(str(sheet.few.get(item.id) or item.texts.get(sheet.heading, "")))


def _section(sheet: Sheet) -> list[str]:
    return [f"## {_line(str(sheet.word))}"]


def _file(board: str) -> str:
    return NAMES[board][0] if board in NAMES else board


def _head(board: str, voice: Voice) -> str:
    return f"# {voice.say(NAMES[board][1]) if board in NAMES else board.capitalize()}"


def _line(text: str) -> str:
    """On one line, whatever was pasted."""
    return " ".join(text.split())
