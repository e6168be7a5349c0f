"""Everything an account holds, as a zip of files that any editor opens (rows A16, D31).

For each kind of thing: files for people (kind.py), the same as JSON, and a JSON Schema of that JSON. The JSON is
what is read in again (bundle.py). The same drawer gives the same files in the same order, on any machine and day.
"""

import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

import msgspec

from server.mine.kind import Files, Kind, Voice
from server.mine.kinds import BY_STRUCT, KINDS, PASSING
from server.vault.drawer import Drawer
from server.vault.payloads import encode

FORMAT, VERSION = "dagsform", 1
CONTENTS, README = "innehall.json", "LAS-MIG.txt"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name: no clock shows in it
_ONLY_MINE = 0o600 << 16


def _(msgid: str) -> str:
    """Marks a msgid for extraction; `voice.say` translates it."""
    return msgid


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """innehall.json: which files are read in again."""

    format: str
    version: int
    files: tuple[str, ...]


class JsonFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of records, each as the payload of its kind and version says."""

    format: str
    kind: str
    version: int
    records: tuple[msgspec.Raw, ...]


class KindForgotten(Exception):
    """A record of a kind that has no place in KINDS: it would be left out, so nothing is given."""


def export(drawer: Drawer, voice: Voice, along: Iterable[Any] = ()) -> bytes:
    """The zip. `along` are things that do not lie in the drawer as they go along: they stand for what does.

    Raises CannotOpen's kinds when a record was tampered with, KindForgotten for a gap in KINDS."""
    return packed(files(held(drawer, along), voice))


def held(drawer: Drawer, along: Iterable[Any] = ()) -> dict[type, list[Any]]:
    """Everything that goes along, at one moment, by kind of payload and then by name."""
    found: dict[type, dict[str, Any]] = {kind.struct: {} for kind in KINDS}
    for thing in (*(record.payload for record in drawer.everything()), *along):
        struct = type(thing)
        if struct not in BY_STRUCT and struct not in PASSING:
            raise KindForgotten(struct.__name__)
        kind = BY_STRUCT.get(struct)
        if kind and (goes := kind.goes(thing)) is not None:
            found[struct][kind.name(goes)] = goes
    return {struct: [by_name[name] for name in sorted(by_name)] for struct, by_name in found.items()}


def files(things: dict[type, list[Any]], voice: Voice) -> Files:
    """Every file of the export by name, README first."""
    made: Files = {}
    kinds = [kind for kind in KINDS if things[kind.struct]]
    for kind in kinds:
        told = [thing for struct in (kind.struct, *kind.told_with) for thing in things[struct]]
        made |= kind.files(told, voice)
        made |= _for_machines(kind, things[kind.struct])
    contents = Contents(format=FORMAT, version=VERSION, files=tuple(f"{kind.stem}.json" for kind in kinds))
    made[CONTENTS] = _pretty(msgspec.json.encode(contents))
    return {README: _readme(kinds, voice), **dict(sorted(made.items()))}


def packed(made: Files) -> bytes:
    """The files as a zip that tells nothing of the machine or the time it was made on."""
    packet = BytesIO()
    with zipfile.ZipFile(packet, "w") as zip_:
        for name, text in made.items():
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.create_system, info.external_attr = 3, _ONLY_MINE
            zip_.writestr(info, text.encode(), zipfile.ZIP_DEFLATED, 6)
    return packet.getvalue()


def _for_machines(kind: Kind[Any], things: Sequence[Any]) -> Files:
    heads_and_bodies = [encode(thing).split(b"\n", 1) for thing in things]
    name, _slash, version = heads_and_bodies[0][0].decode().partition("/")
    file = JsonFile(
        format=FORMAT,
        kind=name,
        version=int(version),
        records=tuple(msgspec.Raw(body) for _head, body in heads_and_bodies),
    )
    return {
        f"{kind.stem}.json": _pretty(msgspec.json.encode(file)),
        f"schema/{kind.stem}.json": _pretty(msgspec.json.encode(_schema(kind, name, int(version)))),
    }


def _schema(kind: Kind[Any], name: str, version: int) -> dict[str, Any]:
    """JSON Schema of a file of this kind, made from the payload itself so that it cannot fall behind."""
    (record,), definitions = msgspec.json.schema_components([kind.struct], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{kind.stem}.json",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "kind": {"const": name},
            "version": {"const": version},
            "records": {"type": "array", "items": record},
        },
        "required": ["format", "kind", "version", "records"],
        "$defs": definitions,
    }


def _pretty(text: bytes) -> str:
    return msgspec.json.format(text, indent=1).decode() + "\n"


def _readme(kinds: Iterable[Kind[Any]], voice: Voice) -> str:
    about = [*(one for kind in kinds for one in kind.about), ("*.json", JSON), ("schema/", SCHEMA)]
    folder = [f"- {path}: {voice.say(text)}" for path, text in about]
    blocks = [[TITLE], OPENING, [FOLDER], folder, CLOSING]
    return (
        "\n\n".join("\n".join(block if block is folder else map(voice.say, block)) for block in blocks) + "\n"
    )


TITLE = _("Everything of yours in Dagsform")
OPENING = [
    _("These files are yours. You can open them on any computer, without Dagsform."),
    _("Nobody else has been given them. Keep them where only you can reach them: they are not locked."),
]
FOLDER = _("What is in the folder:")
JSON = _("The same again, for computers. These are read when you read the zip file in.")
SCHEMA = _("How the JSON files are built, as JSON Schema.")
CLOSING = [
    _("To get it back: open Dagsform, here or with another host. Choose Mine, Read in, and this zip file."),
    _("What is there already is not doubled."),
    _("What you have handed over, shown or heard comes back as history. Nobody gets anything by it."),
    _("What was written under Talk can be read again. Nothing is sent to anyone by it."),
    _("Others have written there too, to you. Think of them before you show it to somebody."),
    _("In the table a text that begins with = + - or @ has got a ' in front, so that it is shown as text."),
]
