"""What stands in the field before anybody pressed Send, kept by itself (hard rule 8)."""

from msgspec.structs import replace

from server.messages.payloads import LONGEST, MessageDraft
from server.vault.changing import change_record
from server.vault.drawer import Drawer

SHELF = "talk-drafts"


def read(drawer: Drawer, pair: str) -> str:
    found = drawer.find(draft_name(pair)).get(draft_name(pair))
    return found.payload.text if found else ""


def keep(drawer: Drawer, pair: str, text: str) -> bool:
    """False when it is far too long to keep."""
    if len(text) > 10 * LONGEST:
        return False
    empty = MessageDraft(pair=pair)
    change_record(drawer, SHELF, draft_name(pair), empty, lambda _old: replace(empty, text=text))
    return True


def join(drawer: Drawer, pair: str, text: str) -> None:
    """A text that was left while it was locked stands in the draft, after what stands there. Twice is once."""

    def joined(old: MessageDraft) -> MessageDraft:
        if text in old.text:
            return old
        return replace(old, text=text if old.text in text else f"{old.text}\n\n{text}")

    change_record(drawer, SHELF, draft_name(pair), MessageDraft(pair=pair), joined)


def forget(drawer: Drawer, pair: str, sent: str) -> None:
    """A text that has been sent stands in the draft no longer. Whatever else stands there was not sent, and stays."""

    def without(old: MessageDraft) -> MessageDraft:
        same = " ".join(old.text.split()) in " ".join(sent.split())
        return replace(old, text="") if same else old

    change_record(drawer, SHELF, draft_name(pair), MessageDraft(pair=pair), without)


def everything(drawer: Drawer) -> dict[str, str]:
    """What stands in each field before anybody pressed Send, by its pair: one statement."""
    return {record.payload.pair: record.payload.text for record in drawer.shelf(SHELF)}


def drop(drawer: Drawer, pair: str) -> None:
    empty = MessageDraft(pair=pair)
    change_record(drawer, SHELF, draft_name(pair), empty, lambda _old: empty)


def draft_name(pair: str) -> str:
    return f"talk-draft/{pair}"
