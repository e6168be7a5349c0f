"""A town's files: what is wrong is told with its file and line, in a sentence, and all of it at once."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.activities.town import Access, Kind, Leave, Way
from server.activities.townfile import TownFileErrors, read_town

TOWN = "name: Lillstad\n"
PLACES = """\
- slug: house
  name: The house
  far: near
  access: [lift]
  closed:
    - weeks: [28, 29]
    - {first: 12-23, last: 01-02}
- slug: park
  name: The park
  far: nearer
"""
ACTIVITIES = """\
- slug: walk
  title: A walk
  line: Slowly.
  kind: nature
  place: park
  host: Us
  least_form: 2
  people: few
  sound: low
  way: dropin
  schedule: times
  when: Tuesdays
  times:
    - rule: FREQ=WEEKLY;BYDAY=TU
      first: 2026-01-06
      start: 11.00
      end: 12.00
      season:
        first: 04-01
        last: 10-31
      not_on: [2026-04-07]
  cost_kr: 10
  leave: tell
  smaller:
    title: To the corner
    line: And back.
    least_form: 1
  leads_to: [tea]
- slug: tea
  title: Tea
  line: One cup.
  kind: home
  place: home
  host: You
  least_form: 1
  people: alone
  sound: silent
  way: none
  schedule: anytime
  when: Any time
  smaller:
    title: Half a cup
    line: It is enough.
    least_form: 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("town", TOWN), ("places", PLACES), ("activities", ACTIVITIES)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def problems(folder: Path) -> list[str]:
    """Every line of the error's text; none when the town can be read."""
    try:
        read_town(folder)
    except TownFileErrors as errors:
        return str(errors).split("\n")
    return []


def swap(folder: Path, file: str, old: str, new: str) -> int:
    """Put `new` for `old`, and give the line where `new` says HERE (then taken out), or 0."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    text = text.replace(old, new, 1)
    line = text[: text.index("HERE")].count("\n") + 1 if "HERE" in text else 0
    path.write_text(text.replace("HERE", ""), encoding="utf-8")
    return line


def test_a_small_town_is_read_as_it_stands(folder: Path) -> None:
    town = read_town(folder)
    walk, tea = town.activities
    assert town.name == "Lillstad"
    assert walk.place == town.places[1]
    assert (walk.kind, walk.way, walk.leave, walk.cost_kr) == (Kind.NATURE, Way.DROPIN, Leave.TELL, 10)
    assert town.places[0].access == (Access.LIFT,)
    assert tea.place is None
    assert walk.leads_to == ("tea",)


def test_the_version_is_of_the_content_and_not_of_the_file(folder: Path) -> None:
    before = read_town(folder).version
    assert re.fullmatch("[0-9a-f]{16}", before)
    swap(folder, "activities.yaml", "- slug: walk", "# a comment\n- slug:   walk")
    assert read_town(folder).version == before
    swap(folder, "activities.yaml", "title: A walk", "title: A short walk")
    assert read_town(folder).version != before


T, P, A = "town.yaml", "places.yaml", "activities.yaml"
# file, what stands there, what is put instead (HERE: the line to be told), the sentence
MISTAKES = [
    (P, "far: near\n", "HEREnear: far\n", "unknown key “near”"),
    (P, "- slug: house\n  name: The house\n", "- HEREslug: house\n", "“name” is missing"),
    (P, "[lift]", "[HERElif]", "“access” should be one of wheelchair"),
    (P, "access: [lift]", "HEREaccess: lift", "“access” should be a list"),
    (P, "slug: park", "slug: HEREhouse", "slug “house” is taken already"),
    (P, "slug: park", "slug: HEREhome", "slug “home” is taken already"),
    (P, "slug: park", "slug: HEREThe Park", "should be a-z, 0-9 and single hyphens"),
    (P, "weeks: [28, 29]", "weeks: [28, 29]HERE\n      first: 07-01", "either weeks, or first and last"),
    (P, "[28, 29]", "HERE[28, 99]", "weeks are numbered 1 to 53"),
    (P, "{first: 12-23, last: 01-02}", "{first: HERE12-32, last: 01-02}", "“first” should be a day"),
    (P, "{first: 12-23, last: 01-02}", "HERE{first: 2026-12-23, last: 01-02}", "both have a year"),
    (
        P,
        "{first: 12-23, last: 01-02}",
        "{first: 2026-12-23, last: HERE2026-01-02}",
        "the last day is before the first",
    ),
    (A, "place: park", "place: HEREparc", "unknown place “parc”"),
    (A, "  place: park\n", "", "“place” is missing; write “place: home”"),
    (A, "leads_to: [tea]", "leads_to: [HEREcoffee]", "leads to “coffee”, which is no activity"),
    (A, "slug: tea", "slug: HEREwalk", "slug “walk” is taken already"),
    (A, "slug: tea", "slug: HEREvila", "slug “vila” is taken already"),
    (A, "  title: Tea\n", "  title: Tea\n  HEREtitle: More tea\n", "“title” stands twice"),
    (A, "title: Tea", "title: HERE''", "“title” is empty"),
    (A, "title: Tea", f"title: HERE{'Tea ' * 30}", "“title” is longer than 80 characters"),
    (A, "line: And back.", f"line: HERE{'On ' * 90}", "“line” is longer than 200"),
    (A, "kind: home", "kind: HEREhomely", "“kind” should be one of rest, home"),
    (A, "people: few", "people: HEREsome", "“people” should be one of alone"),
    (A, "leave: tell", "leave: HEREmaybe", "“leave” should be one of yes, tell, no"),
    (A, "least_form: 2", "least_form: HERE6", "least_form should be 1 to 5, not 6"),
    (A, "least_form: 2", "least_form: HERE0", "least_form should be 1 to 5, not 0"),
    (A, "least_form: 2", "least_form: HEREtwo", "“least_form” should be a whole number, not “two”"),
    (A, "least_form: 1\n  leads", "least_form: HERE2\n  leads", "smaller version should need less"),
    (A, "    least_form: 1\n  leads", "    minutes: 3HERE\n  leads", "unknown key “minutes”"),
    (A, "cost_kr: 10", "cost_kr: HERE-1", "a cost cannot be below 0"),
    (A, "cost_kr: 10", "cost_kr: HERE10 kr", "“cost_kr” should be a whole number, not “10 kr”"),
    (A, "leave: tell", "open_on_holidays: HEREperhaps", "should be true or false"),
    (A, "leave: tell", "terms: HERE[]", "say at least one of the terms"),
    (A, "  smaller:\n    title: Half", "  less:HERE\n    title: Half", "unknown key “less”"),
    (A, "start: 11.00", "start: HERE25.00", "“start” should be a time like 9.15, not “25.00”"),
    (A, "start: 11.00", "start: HERE11", "“start” should be a time like 9.15, not “11”"),
    (A, "end: 12.00", "end: HERE10.30", "the end is not after the start"),
    (A, "end: 12.00", "end: HERE11.00", "the end is not after the start"),
    (A, "FREQ=WEEKLY;BYDAY=TU", "HEREFREQ=WEKLY;BYDAY=TU", "is not an RRULE: Expected frequency"),
    (A, "FREQ=WEEKLY;BYDAY=TU", "HEREevery Tuesday", "the rule needs FREQ"),
    (A, "FREQ=WEEKLY;BYDAY=TU", "HEREFREQ=HOURLY", "the rule needs FREQ"),
    (A, "BYDAY=TU", "BYDAY=TU;UNTIL=20261231HERE", "UNTIL cannot be used in a rule here; write"),
    (A, "BYDAY=TU", "BYDAY=TU;COUNT=8HERE", "COUNT cannot be used in a rule here; write"),
    (A, "BYDAY=TU", "BYDAY=TU;COLOUR=8HERE", "COLOUR cannot be used in a rule here"),
    (A, "BYDAY=TU", "BYDAY=2TUHERE", "a numbered day, like 1WE, belongs with FREQ=MONTHLY"),
    (A, "FREQ=WEEKLY;BYDAY=TU", "HEREFREQ=MONTHLY;BYDAY=9TU", "there is no such day"),
    (A, "BYDAY=TU", "BYDAY=TU;INTERVAL=0HERE", "0 counts nothing in a rule"),
    (A, "BYDAY=TU", "BYDAY=TU;INTERVAL=-1HERE", "INTERVAL should be at least 1"),
    (A, "first: 2026-01-06", "first: HERE2026-01-07", "(Wednesday) is not a day that the rule gives; the"),
    (A, "FREQ=WEEKLY;BYDAY=TU\n      first: ", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n      first: HERE",
     "the rule gives no day at all"),
    (A, "first: 2026-01-06", "first: HERE2026-13-06", "“first” should be a date like 2026-11-22"),
    (A, "[2026-04-07]", "[HERE2026-04-08]", "(Wednesday) is not a day that the rule gives"),
    (A, "      season:", "      last: HERE2025-12-31\n      season:", "the last day is before the first"),
    (A, "last: 10-31", "last: HERE31 October", "“last” should be a day like 06-22"),
    (A, "schedule: times", "schedule: HEREnow and then", "“schedule” should be one of anytime"),
    (A, "schedule: anytime", "schedule: HEREtimes", "“schedule: times” needs a list of times"),
    (A, "schedule: times", "schedule: daylight", "“schedule: daylight” has no times"),
    (A, "  line: One cup.", "  line: [One cup.HERE", "this is not YAML"),
    (A, "  line: One cup.", "\tline: One cup.HERE", "this is not YAML"),
    (A, "  line: One cup.", "  line:\n    - One cup.HERE", "“line” should be a text"),
    (A, "  line: One cup.", "  line: One \x07cup.HERE", "a character that YAML does not allow"),
    (T, "name:", "HEREnamn:", "unknown key “namn”"),
    (T, "name: Lillstad", "- HERELillstad", "keys and values"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "sentence"), MISTAKES, ids=[one[3] for one in MISTAKES])
def test_a_mistake_is_told_with_its_line(folder: Path, file: str, old: str, new: str, sentence: str) -> None:
    line = swap(folder, file, old, new)
    found = problems(folder)
    assert [one for one in found if sentence in one], found
    if line:
        assert [one for one in found if one.startswith(f"{file}:{line}: ") and sentence in one], found


def test_all_mistakes_are_told_at_once_in_the_order_of_the_files(folder: Path) -> None:
    swap(folder, "activities.yaml", "least_form: 2", "least_form: 9")
    swap(folder, "activities.yaml", "place: park", "place: parc")
    swap(folder, "places.yaml", "[28, 29]", "[0]")
    assert [one.rsplit(":", 1)[0] for one in problems(folder)] == [
        "activities.yaml:5",
        "activities.yaml:7",
        "places.yaml:6",
    ]


def test_problems_can_be_read_one_by_one(folder: Path) -> None:
    swap(folder, "activities.yaml", "least_form: 2", "least_form: 9")
    with pytest.raises(TownFileErrors) as raised:
        read_town(folder)
    [problem] = raised.value.problems
    assert (problem.file, problem.line) == ("activities.yaml", 7)
    assert problem.sentence == "least_form should be 1 to 5, not 9."


def test_a_place_with_a_mistake_is_not_called_unknown_as_well(folder: Path) -> None:
    swap(folder, "places.yaml", "far: nearer", "fare: nearer")
    assert not [one for one in problems(folder) if "unknown place" in one]


@pytest.mark.parametrize("name", ["town", "places", "activities"])
def test_a_missing_file_is_told(folder: Path, name: str) -> None:
    (folder / f"{name}.yaml").unlink()
    assert f"{name}.yaml:1: the file is missing." in problems(folder)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert len(problems(tmp_path / "nowhere")) == 3


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_told(folder: Path, text: str) -> None:
    (folder / "places.yaml").write_text(text, encoding="utf-8")
    assert "places.yaml:1: the file is empty." in problems(folder)


def test_a_town_may_be_without_places_and_activities(folder: Path) -> None:
    for name in ("places", "activities"):
        (folder / f"{name}.yaml").write_text("[]\n", encoding="utf-8")
    assert read_town(folder).activities == ()


def test_a_file_that_is_not_utf_8_is_told_with_its_line(folder: Path) -> None:
    (folder / "places.yaml").write_bytes(b"- slug: house\n  name: K\xe4llan\n  far: near\n")
    assert "places.yaml:2: this line is not UTF-8; save the file as UTF-8." in problems(folder)


def test_a_folder_where_a_file_should_be_is_told(folder: Path) -> None:
    (folder / "places.yaml").unlink()
    (folder / "places.yaml").mkdir()
    assert [one for one in problems(folder) if one.startswith("places.yaml:1: the file cannot be read")]


@settings(deadline=None)
@given(
    st.sampled_from(["town", "places", "activities"]),
    st.integers(0, 3000),
    st.integers(0, 60),
    st.text(max_size=20) | st.sampled_from(["- ", "&a ", "*a", "{", "[", ": ", "\n", "null", "!!python/x "]),
)
def test_no_file_brings_anything_but_a_told_mistake(
    tmp_path_factory: pytest.TempPathFactory, name: str, where: int, length: int, put: str
) -> None:
    """Whatever an editor does to a file, it is a town or a list of mistakes, never a traceback."""
    folder = tmp_path_factory.getbasetemp() / "spoilt"
    if not folder.exists():
        folder.mkdir()
    for file, text in (("town", TOWN), ("places", PLACES), ("activities", ACTIVITIES)):
        spoilt = text[:where] + put + text[where + length :] if file == name else text
        (folder / f"{file}.yaml").write_bytes(spoilt.encode("utf-8", "surrogatepass"))
    for problem in problems(folder):
        assert re.match(r"(town|places|activities)\.yaml:\d+: .+\.$", problem), problem


def test_the_example_can_be_copied_and_read_elsewhere(example: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(example, tmp_path / "copy")
    assert read_town(copy) == read_town(example)
