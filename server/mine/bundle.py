"""Opening a zip that somebody brings. Nothing in it is believed, and nothing is unpacked to disk."""

import dataclasses
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import msgspec

from server.mine.export import CONTENTS, FORMAT, VERSION, Contents, JsonFile
from server.mine.kind import Kind, Reading
from server.mine.kinds import BY_STRUCT, KINDS
from server.mine.problems import (
    BrokenFile,
    BrokenZip,
    DayliosOwnBackup,
    FileMissing,
    HasPassword,
    NewerFile,
    NotOurs,
    PointsOutside,
    TooLarge,
    TooManyFiles,
)
from server.vault.errors import NewerVersion, UnknownKind, VaultError
from server.vault.payloads import decode

MOST_PACKED = 20_000_000  # bytes; forty years of long days are about a tenth
MOST_UNPACKED = 60_000_000
MOST_FILES = 3_000  # an export has one a month since 1920, and a few
_MOST_CONTENTS = 100_000
_ENTRY = b"PK\x01\x02"
_JSON_NAME = re.compile(r"[a-z0-9-]{1,40}\.json")
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error, UnicodeError, ValueError, NotImplementedError,
    IndexError, KeyError, RuntimeError, OverflowError,
)  # fmt: skip
_UNREADABLE = (
    msgspec.DecodeError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
)

Thing = tuple[Kind[Any], Any]


def unpack(data: bytes) -> dict[str, str]:
    """The texts in the zip that are to be read, by name. Raises CannotRead's kinds."""
    if len(data) > MOST_PACKED:
        raise TooLarge
    if data.count(_ENTRY) > MOST_FILES:
        raise TooManyFiles  # before the list of them is built
    try:
        with zipfile.ZipFile(BytesIO(data)) as zip_:
            return _texts(zip_)
    except _DAMAGED:
        raise BrokenZip from None  # not the library's words: they may quote a name


def things_in(texts: Mapping[str, str], reading: Reading) -> list[Thing]:
    """Everything in the files, checked, in the order in which it is laid in. Raises CannotRead's kinds."""
    found: list[Thing] = []
    for file in _listed(texts):
        if file not in texts:
            raise FileMissing(file=file)
        found += _read(texts[file], dataclasses.replace(reading, file=file))
    return sorted(found, key=lambda thing: KINDS.index(thing[0]))


def _texts(zip_: zipfile.ZipFile) -> dict[str, str]:
    wanted: dict[str, zipfile.ZipInfo] = {}
    named = list(_named(zip_.infolist()))
    folder = _folder([name for name, _info in named])
    for name, info in named:
        inside = name.removeprefix(folder)
        if name.startswith(folder) and _JSON_NAME.fullmatch(inside):
            if inside in wanted:
                raise BrokenZip  # two files of one name: which is meant?
            wanted[inside] = info
    texts = {CONTENTS: _text(zip_, wanted[CONTENTS], CONTENTS, _MOST_CONTENTS)}
    listed = [name for name in _listed(texts) if name in wanted]
    if sum(wanted[name].file_size for name in listed) > MOST_UNPACKED:
        raise TooLarge
    return texts | {name: _text(zip_, wanted[name], name, MOST_UNPACKED) for name in listed}


def _named(infos: list[zipfile.ZipInfo]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Every file with its name; what a computer adds by itself is passed over."""
    for info in infos:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or re.match(r"[A-Za-z]:", name):
            raise PointsOutside
        if not name.startswith("__MACOSX/"):
            yield name, info


def _folder(names: list[str]) -> str:
    """The folder that the table of contents lies in: somebody may have unpacked the zip and packed it again."""
    if "backup.daylio" in names:
        raise DayliosOwnBackup
    found = sorted(
        (name for name in names if name.split("/")[-1] == CONTENTS), key=lambda name: name.count("/")
    )
    if not found:
        raise NotOurs
    return found[0].removesuffix(CONTENTS)


def _text(zip_: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, most: int) -> str:
    if info.flag_bits & 1:
        raise HasPassword
    if info.file_size > most:
        raise TooLarge
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise BrokenZip
    with zip_.open(info) as file:
        data = file.read(info.file_size + 1)  # never more than the zip has owned up to, summed above
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenFile(file=name) from None


def _listed(texts: Mapping[str, str]) -> list[str]:
    try:
        contents = msgspec.json.decode(texts[CONTENTS], type=Contents)
    except _UNREADABLE:
        raise BrokenFile(file=CONTENTS) from None
    if contents.format != FORMAT:
        raise NotOurs
    if contents.version > VERSION:
        raise NewerFile(file=CONTENTS)
    if contents.version < 1 or not all(_JSON_NAME.fullmatch(file) for file in contents.files):
        raise BrokenFile(file=CONTENTS)
    return list(dict.fromkeys(contents.files))


def _read(text: str, reading: Reading) -> Iterator[Thing]:
    try:
        file = msgspec.json.decode(text, type=JsonFile)
    except _UNREADABLE:
        raise BrokenFile(file=reading.file) from None
    if file.format != FORMAT:
        raise BrokenFile(file=reading.file)
    head = f"{file.kind}/{file.version}\n".encode()
    for record in file.records:
        payload = _payload(head + bytes(record), reading)
        kind = BY_STRUCT.get(type(payload))
        if kind is None:
            raise BrokenFile(file=reading.file)
        yield kind, kind.check(payload, reading)


def _payload(sealed: bytes, reading: Reading) -> Any:
    """Read as a sealed record is, so that what an older version wrote is lifted in the same way."""
    try:
        return decode(sealed)
    except (NewerVersion, UnknownKind):
        raise NewerFile(file=reading.file) from None
    except (VaultError, *_UNREADABLE):
        raise BrokenFile(file=reading.file) from None
