"""What stands in a table of LevelDB, as a browser keeps it: unpacked, so that it can be searched.

The format: https://github.com/google/leveldb/blob/main/doc/table_format.md
"""

from collections.abc import Iterator

from cramjam import snappy

_FOOTER, _MAGIC = 48, (0xDB4775248B80FB57).to_bytes(8, "little")
_PACKED = 1  # the type of a block: 0 as it is, 1 Snappy


def blocks(table: bytes) -> Iterator[bytes]:
    """Each block of data. Raises ValueError for what is no whole table."""
    if table[-8:] != _MAGIC:
        raise ValueError("no table of LevelDB")
    _meta, index = _two_handles(table[-_FOOTER:])
    for entry in _values(_block(table, *index)):
        yield _block(table, *_handle(entry, 0)[:2])


def _block(table: bytes, start: int, size: int) -> bytes:
    kind, body = table[start + size], table[start : start + size]
    if kind > _PACKED:
        raise ValueError(f"a block of type {kind}")
    return bytes(snappy.decompress_raw(body)) if kind == _PACKED else body


def _values(block: bytes) -> Iterator[bytes]:
    """The values of a block. Its end says how many places there are from which a reader may begin."""
    end, at = len(block) - 4 - 4 * int.from_bytes(block[-4:], "little"), 0
    while at < end:
        _shared, at = _number(block, at)
        rest, at = _number(block, at)
        size, at = _number(block, at)
        yield block[at + rest : at + rest + size]
        at += rest + size


def _two_handles(footer: bytes) -> tuple[tuple[int, int], tuple[int, int]]:
    *meta, at = _handle(footer, 0)
    *index, _at = _handle(footer, at)
    return (meta[0], meta[1]), (index[0], index[1])


def _handle(data: bytes, at: int) -> tuple[int, int, int]:
    """Where a block begins, how long it is, and where to read on."""
    start, at = _number(data, at)
    size, at = _number(data, at)
    return start, size, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and where to read on."""
    found = shift = 0
    while True:
        group = data[at]
        at, found, shift = at + 1, found | (group & 0x7F) << shift, shift + 7
        if group < 0x80:
            return found, at
