"""What comes from the pages of Mitt: a file, and what a person says about words for moods."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from server.days.payloads import Mood
from server.mine.bundle import MOST_PACKED
from server.mine.problems import EmptyFile, NothingChosen, TooLarge

FIELD = "fil"
_AROUND = 10_000  # what a form adds around its file
_BUFFER = 500_000  # what the parser may hold at a time; the framework's own default


def file_in(request: Request) -> bytes:
    """The bytes of the one file in the form. Raises NothingChosen, EmptyFile or TooLarge.

    It is kept in memory: the framework's own parser would write a large file to the disk, unsealed.
    """
    request.max_content_length = MOST_PACKED + _AROUND
    parser = FormDataParser(
        stream_factory=_in_memory,
        max_content_length=request.max_content_length,
        max_form_memory_size=_BUFFER,
        max_form_parts=10,
    )
    try:
        _stream, _fields, files = parser.parse(
            request.stream, request.mimetype, request.content_length, request.mimetype_params
        )
    except RequestEntityTooLarge:
        raise TooLarge from None
    file = files.get(FIELD)
    if file is None or not file.filename:
        raise NothingChosen
    data: bytes = file.read()
    if not data:
        raise EmptyFile
    return data


def _in_memory(
    total_content_length: int | None,
    content_type: str | None,
    filename: str | None,
    content_length: int | None = None,
) -> BytesIO:
    return BytesIO()


def moods_in(fields: Mapping[str, str], words: Sequence[str]) -> dict[str, Mood]:
    """What was chosen for each unknown word; “mood-0” belongs to the first. Nothing chosen is no mood."""
    chosen = {word: fields.get(f"mood-{number}", "") for number, word in enumerate(words)}
    levels = {str(mood.value): mood for mood in Mood}
    return {word: levels[text] for word, text in chosen.items() if text in levels}
