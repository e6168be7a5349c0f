"""Read a town's folder: town.yaml, places.yaml and activities.yaml (described in town/README.md)."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from ruamel.yaml.nodes import MappingNode, Node

from server.activities import townchecks
from server.activities.town import Activity, Place, TownFile
from server.activities.yamllines import Problem, Reader

HOME = "home"


class TownFileErrors(Exception):
    """The files say something that cannot be. `problems` holds every mistake; str() is one line for each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class _Town(msgspec.Struct, frozen=True):
    name: str


def read_town(folder: Path) -> TownFile:
    """The town in that folder, wholly checked. Raises TownFileErrors with every problem and its line."""
    town = Reader(folder / "town.yaml")
    name = town.struct(town.root, _Town).get("name", "") if town.root else ""
    places = Reader(folder / "places.yaml")
    by_slug = _places(places)
    activities = Reader(folder / "activities.yaml", named={Place: {HOME: None} | by_slug})
    found = _activities(activities)
    problems = town.problems + places.problems + activities.problems
    if problems:
        raise TownFileErrors(problems)
    return _town(name, tuple(by_slug.values()), found)


def _town(name: str, places: tuple[Place, ...], activities: tuple[Activity, ...]) -> TownFile:
    content = msgspec.json.encode(["town/1", name, places, activities])
    return TownFile(name, places, activities, hashlib.sha256(content).hexdigest()[:16])


def _places(reader: Reader) -> dict[str, Place]:
    """All places by slug. One with a mistake is kept, so that its name is not called unknown as well."""
    found: dict[str, Place] = {}
    for node in _list(reader):
        fields = reader.struct(node, Place)
        slug = townchecks.slug(reader, node, fields, taken=found.keys() | {HOME})
        townchecks.place(reader, node, fields)
        if slug:
            found[slug] = Place(**({"name": "", "far": ""} | fields))
    return found


def _activities(reader: Reader) -> tuple[Activity, ...]:
    read: list[tuple[Node, dict[str, Any]]] = []
    slugs: set[str] = set()
    for node in _list(reader):
        fields = reader.struct(node, Activity)
        slug = townchecks.slug(reader, node, fields, taken=slugs | townchecks.RESERVED)
        slugs |= {slug} if slug else set()
        read.append((node, fields))
    for node, fields in read:
        townchecks.activity(reader, node, fields, slugs)
    return () if reader.problems else tuple(Activity(**fields) for _, fields in read)


def _list(reader: Reader) -> list[Node]:
    nodes = reader.items(reader.root, reader.file) if reader.root else []
    for node in nodes:
        if not isinstance(node, MappingNode):
            reader.wrong(node, "each item of the list should have keys and values.")
    return [node for node in nodes if isinstance(node, MappingNode)]
