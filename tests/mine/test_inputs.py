"""A file on its way in: taken whole, and never written to the disk (hard rule 3)."""

import tempfile
from io import BytesIO

import pytest
from flask import Request
from werkzeug import formparser
from werkzeug.test import EnvironBuilder

from server.days.payloads import Mood
from server.mine.bundle import MOST_PACKED
from server.mine.inputs import file_in, moods_in
from server.mine.problems import EmptyFile, NothingChosen, TooLarge


def posted(data: bytes, *, field: str = "fil", name: str = "fil.zip") -> Request:
    head = f'--x\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
    body = head.encode() + data + b"\r\n--x--\r\n"
    builder = EnvironBuilder(
        method="POST", input_stream=BytesIO(body), content_type="multipart/form-data; boundary=x"
    )
    return Request(builder.get_environ())


@pytest.mark.parametrize("length", [1, 9_000, 70_000, 600_000, 5_000_000])
def test_a_file_of_any_length_comes_through_in_memory(length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A diary is not laid unsealed in a temporary file, as the framework would do from half a megabyte."""

    def never(*_args: object, **_about: object) -> None:
        raise AssertionError("written to the disk")

    for name in ("SpooledTemporaryFile", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, never)
    monkeypatch.setattr(formparser, "default_stream_factory", never)
    data = (b"0123456789\r\n--y" * (length // 15 + 1))[:length]
    assert file_in(posted(data)) == data


def test_no_file() -> None:
    for request in (
        posted(b"x", field="annat"),
        posted(b"x", name=""),
        Request(EnvironBuilder().get_environ()),
    ):
        with pytest.raises(NothingChosen):
            file_in(request)


def test_an_empty_file() -> None:
    with pytest.raises(EmptyFile):
        file_in(posted(b""))


def test_more_than_fits() -> None:
    with pytest.raises(TooLarge):
        file_in(posted(bytes(MOST_PACKED + 20_000)))


@pytest.mark.parametrize(
    ("fields", "moods"),
    [
        ({"mood-0": "5", "mood-1": ""}, {"lugn": Mood.GOOD}),
        ({"mood-1": "1"}, {"orolig": Mood.NOT_GOOD}),
        ({"mood-0": "6", "mood-1": "bra", "mood-2": "3", "mood-x": "3"}, {}),
    ],
)
def test_places_for_words(fields: dict[str, str], moods: dict[str, Mood]) -> None:
    assert moods_in(fields, ["lugn", "orolig"]) == moods
