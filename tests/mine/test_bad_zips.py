"""A file that cannot be read gives one clear sentence, and nothing is half-written."""

import json
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.activities.taste import SavedTaste
from server.days.payloads import Draft, Maybe
from server.mine import bundle, problems
from server.mine.problems import CannotRead
from tests.mine.conftest import Person, say
from tests.mine.said import TODAY, day, entry
from tests.mine.test_export import CONVERSATION

Files = dict[str, str]
SAID = ["samtal.json", "samtal-mina-ord.json", "samtal-andras-ord.json", "samtal-utkast.json"]


@pytest.fixture
def good(person: Person) -> bytes:
    """A zip with one day, a draft, a hidden activity and a conversation."""
    maybes = (Maybe(slug="fika", title="Fika"),)
    return person.lives(
        type(day())(date=TODAY, entries=(entry(1, "ord"),), maybes=maybes),
        Draft(entry_id="d" * 32, date=TODAY, edition=0, fields={"words": ["halvvägs"]}),
        SavedTaste(hidden=("atelje",)),
        *CONVERSATION,
    ).export()


def repacked(data: bytes, change: Callable[[Files], Any] = lambda _files: None) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as zip_:
        files = {name: zip_.read(name).decode() for name in zip_.namelist()}
    change(files)
    return zipped(files)


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packet = BytesIO()
    with zipfile.ZipFile(packet, "w", method) as zip_:
        for name, text in files.items():
            zip_.writestr(name, text)
    return packet.getvalue()


def edited(good: bytes, file: str, change: Callable[[Any], Any]) -> bytes:
    """The zip with one JSON file changed, as somebody might do by hand."""

    def edit(files: Files) -> None:
        content = json.loads(files[file])
        change(content)
        files[file] = json.dumps(content)

    return repacked(good, edit)


def refused(person: Person, data: bytes) -> CannotRead:
    """Nothing is written, and there is a sentence to show."""
    before = person.export()
    with pytest.raises(CannotRead) as caught:
        person.reads_in(data)
    assert person.export() == before
    assert say(caught.value.sentence, **caught.value.values)
    return caught.value


NOT_OURS = {
    "nothing but a head": (b"PK\x03\x04", problems.BrokenZip),
    "an empty zip": (zipped({}), problems.NotOurs),
    "somebody else's zip": (zipped({"a.txt": "hej"}), problems.NotOurs),
    "Daylio's backup": (zipped({"backup.daylio": "e30="}), problems.DayliosOwnBackup),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), problems.NotKnown),
    "a letter": ("Hej. Det här är inte en export.".encode(), problems.NotKnown),
    "a table of something else": (b"date,steps\n2026-11-01,4000\n", problems.NotKnown),
    "another contents": (zipped({"innehall.json": '{"format": "x", "version": 1, "files": []}'}), problems.NotOurs),
    "contents that are no JSON": (zipped({"innehall.json": "{"}), problems.BrokenFile),
    "contents of a newer version": (
        zipped({"innehall.json": '{"format": "dagsform", "version": 2, "files": []}'}), problems.NewerFile,
    ),
    "contents that name another folder": (
        zipped({"innehall.json": '{"format": "dagsform", "version": 1, "files": ["../a.json"]}'}), problems.BrokenFile,
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NOT_OURS)
def test_a_file_of_another_kind(what: str, other_host: Person) -> None:
    data, kind = NOT_OURS[what]
    assert type(refused(other_host, data)) is kind


@pytest.mark.parametrize(
    "name", ["../a.md", "/etc/a.md", "dagar/../../a.md", "..\\a.md", "C:\\a.md", "C:/a.md"]
)
def test_a_name_that_points_outside(name: str, good: bytes, other_host: Person) -> None:
    data = repacked(good, lambda files: files.update({name: "x"}))
    assert type(refused(other_host, data)) is problems.PointsOutside


@pytest.mark.parametrize("name", ["dagar.json", "utkast.json", "inte-for-mig.json", *SAID])
def test_a_missing_file_is_named(name: str, good: bytes, other_host: Person) -> None:
    problem = refused(other_host, repacked(good, lambda files: files.pop(name)))
    assert type(problem) is problems.FileMissing
    assert problem.values == {"file": name}


def test_a_zip_bomb(good: bytes, other_host: Person) -> None:
    """Sixty million zeroes weigh sixty kilobytes; they are never unpacked."""
    data = repacked(good, lambda files: files.update({"dagar.json": "0" * (bundle.MOST_UNPACKED + 1)}))
    assert len(data) < 200_000
    assert type(refused(other_host, data)) is problems.TooLarge


def test_a_bomb_that_lies_about_its_size(good: bytes, other_host: Person) -> None:
    """What unpacks to more than the zip says is not read further."""
    data = repacked(good, lambda files: files.update({"dagar.json": "0" * 5_000_000}))
    lying = data.replace((5_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    refused(other_host, lying)


def test_a_bomb_in_the_table_of_contents(other_host: Person) -> None:
    assert type(refused(other_host, zipped({"innehall.json": " " * 1_000_000}))) is problems.TooLarge


def test_too_many_files(good: bytes, other_host: Person) -> None:
    data = repacked(good, lambda files: files.update({f"dagar/{n}.md": "" for n in range(bundle.MOST_FILES)}))
    assert type(refused(other_host, data)) is problems.TooManyFiles


def test_too_many_bytes(other_host: Person) -> None:
    assert type(refused(other_host, b"PK\x03\x04" + bytes(bundle.MOST_PACKED))) is problems.TooLarge


def test_a_zip_with_a_password(good: bytes, other_host: Person) -> None:
    """The mark that says so is enough; nobody is asked for it."""
    at = good.rindex(b"PK\x01\x02", 0, good.rindex(b"innehall.json"))
    data = good[: at + 8] + bytes([good[at + 8] | 1]) + good[at + 9 :]
    assert type(refused(other_host, data)) is problems.HasPassword


def test_packed_in_a_way_that_we_never_use(good: bytes, other_host: Person) -> None:
    with zipfile.ZipFile(BytesIO(good)) as zip_:
        files = {name: zip_.read(name).decode() for name in zip_.namelist()}
    assert type(refused(other_host, zipped(files, zipfile.ZIP_LZMA))) is problems.BrokenZip


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name(good: bytes, other_host: Person) -> None:
    packet = BytesIO(good)
    with zipfile.ZipFile(packet, "a") as zip_:
        zip_.writestr("dagar.json", "{}")
    assert type(refused(other_host, packet.getvalue())) is problems.BrokenZip


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"records": []}', "[" * 100_000, "\ud7ff{"])
def test_broken_json_is_named(text: str, good: bytes, other_host: Person) -> None:
    problem = refused(other_host, repacked(good, lambda files: files.update({"dagar.json": text})))
    assert type(problem) is problems.BrokenFile
    assert problem.values == {"file": "dagar.json"}


def test_text_that_is_not_utf8(good: bytes, other_host: Person) -> None:
    packet = BytesIO()
    with zipfile.ZipFile(BytesIO(good)) as old, zipfile.ZipFile(packet, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name) if name != "dagar.json" else b'"\xff"')
    assert type(refused(other_host, packet.getvalue())) is problems.BrokenFile


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "form 6": lambda entry: entry["told"].update(form=6),
    "form as a word": lambda entry: entry["told"].update(form="tung"),
    "words as a number": lambda entry: entry["told"].update(words=1),
    "words as nothing": lambda entry: entry["told"].update(words=None),
    "a mood too many": lambda entry: entry["told"].update(mood=0),
    "an unknown circumstance": lambda entry: entry["told"].update(circumstances=["väder"]),
    "an id with a path": lambda entry: entry.update(id="../../etc/passwd"),
    "an id in capitals": lambda entry: entry.update(id="A" * 32),
    "no id": lambda entry: entry.pop("id"),
    "no told": lambda entry: entry.pop("told"),
    "a moment without a zone": lambda entry: entry.update(written="2026-11-19T09:00:00"),
    "a moment that is none": lambda entry: entry.update(written="2026-13-40T99:00:00Z"),
    "edition nought": lambda entry: entry.update(edition=0),
    "edition beyond counting": lambda entry: entry.update(edition=10**30),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_note_of_the_wrong_shape(what: str, good: bytes, other_host: Person) -> None:
    data = edited(good, "dagar.json", lambda file: WRONG[what](file["records"][0]["entries"][0]))
    assert type(refused(other_host, data)) is problems.BrokenFile


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("dagar.json", lambda record: record["maybes"][0].update(slug="../x")),
        ("dagar.json", lambda record: record["maybes"][0].update(slug="")),
        ("dagar.json", lambda record: record["maybes"][0].update(start="2026-11-19T09:00:00")),
        ("dagar.json", lambda record: record["maybes"][0].update(title="x" * 10_000)),
        ("utkast.json", lambda record: record.update(entry_id="x")),
        ("utkast.json", lambda record: record.update(edition=-1)),
        ("utkast.json", lambda record: record["fields"].update(level=["9"])),
        ("utkast.json", lambda record: record.update(fields=[])),
        ("inte-for-mig.json", lambda record: record.update(hidden=["a b"])),
        ("inte-for-mig.json", lambda record: record.update(hidden=["a"] * 6000)),
        ("samtal.json", lambda record: record.update(pair="../x")),
        ("samtal.json", lambda record: record.update(name=" ")),
        ("samtal.json", lambda record: record.update(weeks="2026-W47")),
        ("samtal-mina-ord.json", lambda record: record.update(id="x")),
        ("samtal-mina-ord.json", lambda record: record.update(text="x" * 5_001)),
        ("samtal-mina-ord.json", lambda record: record.update(at="2026-11-19T09:00:00")),
        ("samtal-andras-ord.json", lambda record: record.update(edition=0)),
        ("samtal-andras-ord.json", lambda record: record.pop("text")),
        ("samtal-utkast.json", lambda record: record.update(text="x" * 50_001)),
    ],
)  # fmt: skip
def test_anything_else_of_the_wrong_shape(
    file: str, change: Callable[[Any], Any], good: bytes, other_host: Person
) -> None:
    """What no page of ours could have made is not let in: it could not be shown, or not be taken away."""
    problem = refused(other_host, edited(good, file, lambda content: change(content["records"][0])))
    assert type(problem) is problems.BrokenFile
    assert problem.values == {"file": file}


@pytest.mark.parametrize("when", ["1890-01-01", "1919-12-31", "2026-11-20", "2027-11-19", "9999-12-31"])
@pytest.mark.parametrize("file", ["dagar.json", "utkast.json"])
def test_a_day_in_1890_or_next_year(when: str, file: str, good: bytes, other_host: Person) -> None:
    problem = refused(other_host, edited(good, file, lambda content: content["records"][0].update(date=when)))
    assert type(problem) is problems.DayOutOfReach
    assert problem.values == {"file": file, "day": when}


@pytest.mark.parametrize(
    "when", ["1890-01-01T00:00:00Z", "2026-11-22T00:00:00Z", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_in_1890_or_next_week(when: str, good: bytes, other_host: Person) -> None:
    data = edited(good, "dagar.json", lambda file: file["records"][0]["entries"][0].update(written=when))
    assert type(refused(other_host, data)) is problems.DayOutOfReach


def test_a_text_longer_than_a_note(good: bytes, other_host: Person) -> None:
    data = edited(
        good, "dagar.json", lambda file: file["records"][0]["entries"][0]["told"].update(words="x" * 20_001)
    )
    assert type(refused(other_host, data)) is problems.TextTooLong


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"kind": "dream"}, {"version": 10**8}, {"kind": "dream", "version": 3}],
    ids=str,
)
def test_a_newer_version_is_not_guessed_at(change: dict[str, Any], good: bytes, other_host: Person) -> None:
    """Another host may have a newer Dagsform: what this one does not know is not half-read."""
    problem = refused(other_host, edited(good, "dagar.json", lambda file: file.update(change)))
    assert type(problem) is problems.NewerFile


@pytest.mark.parametrize("kind", ["waiting", "../day", "", "day\n"])
def test_a_kind_that_is_no_part_of_an_export(kind: str, good: bytes, other_host: Person) -> None:
    problem = refused(other_host, edited(good, "dagar.json", lambda file: file.update(kind=kind)))
    assert type(problem) in (problems.BrokenFile, problems.NewerFile)


def test_packed_again_by_hand(good: bytes, person: Person, other_host: Person) -> None:
    """In a folder, with what a Mac adds by itself and a mark that an editor put first: it is the same."""

    def by_hand(files: Files) -> None:
        inside = {f"Min mapp/{name}": text for name, text in files.items()}
        files.clear()
        files.update(inside)
        files |= {"__MACOSX/Min mapp/._dagar.json": "\0", "Min mapp/.DS_Store": "\0"}
        files["Min mapp/dagar.json"] = "\ufeff" + files["Min mapp/dagar.json"]

    other_host.reads_in(repacked(good, by_hand))
    assert other_host.holds() == person.holds()


def test_the_text_of_a_person_never_stands_in_the_sentence(good: bytes, other_host: Person) -> None:
    """A problem is told without quoting what was written: it may be shown, and it may be logged."""
    data = edited(good, "dagar.json", lambda file: file["records"][0].update(entries="hemligt"))
    problem = refused(other_host, data)
    assert "hemligt" not in f"{problem}{problem!r}{problem.values}"


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_bytes_changed_on_the_way(
    data: st.DataObject, good: bytes, person: Person, other_host: Person
) -> None:
    """Whatever bytes are flipped or cut off, it is refused with a sentence, or it is what it was."""
    bad = bytearray(good)
    for _ in range(data.draw(st.integers(1, 3))):
        bad[data.draw(st.integers(0, len(bad) - 1))] ^= data.draw(st.integers(1, 255))
    cut = bytes(bad[: data.draw(st.integers(0, len(bad)) | st.just(len(bad)))])
    before = other_host.export()
    try:
        other_host.reads_in(cut)
    except CannotRead:
        assert other_host.export() == before
    else:
        assert set(other_host.holds()) <= set(person.holds())


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(["dagar.json", "utkast.json", "innehall.json", *SAID]), data=st.data())
def test_any_other_json(file: str, data: st.DataObject, good: bytes, other_host: Person) -> None:
    """Any value in any place: refused with a sentence, or read without harm."""
    anything: st.SearchStrategy[Any] = (
        st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({})
    )

    def somewhere(content: Any) -> None:
        place = content
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                return
            key = data.draw(st.sampled_from(keys))
            inner = place[key]
            if not isinstance(inner, (dict, list)) or not inner or data.draw(st.integers(0, 4)) == 0:
                place[key] = data.draw(anything)
                return
            place = inner

    bad = edited(good, file, somewhere)
    before = other_host.export()
    try:
        other_host.reads_in(bad)
    except CannotRead:
        assert other_host.export() == before
    other_host.export()
