"""Typed values out of YAML, with the line of everything that is wrong.

The schema is the msgspec structs themselves. Scalars are read by the type that is wanted, never by how they
look, so 14.00 is a time where a time belongs and not the number fourteen.
"""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_NOTHING = {"", "~", "null"}


class Problem(msgspec.Struct, frozen=True, order=True):
    """One mistake: the file's name, its line counted from 1, and a sentence for whoever wrote the file."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.sentence}"


class Reader:
    """Reads one file and gathers every problem in it, so that all can be mended at once."""

    def __init__(self, path: Path, named: Mapping[type[Any], Mapping[str, Any]] | None = None) -> None:
        """`named`: kinds that may be written as a name alone, and what the names stand for."""
        self.file = path.name
        self.named = named or {}
        self.problems: list[Problem] = []
        self.root = self._compose(path)

    def wrong(self, node: Node | int | None, sentence: str) -> None:
        """Note a problem at a node, or at a line number counted from 1."""
        line = node if isinstance(node, int) else node.start_mark.line + 1 if node else 1
        self.problems.append(Problem(self.file, line, sentence))

    def struct(self, node: Node, kind: type[Any]) -> dict[str, Any]:
        """The fields found in a mapping, each of its type. Wrong ones are noted and left out."""
        if not isinstance(node, MappingNode):
            self.wrong(node, f"here should be a {_named(kind)} with keys and values.")
            return {}
        hints, read = get_type_hints(kind), {}
        keys = self.keys(node)
        for key, value in keys.items():
            if key not in hints:
                self.wrong(_key_node(node, key), f"unknown key “{key}”; known here are {_listed(hints)}.")
            else:
                found = self.value(value, hints[key], key)
                if found is not msgspec.UNSET:
                    read[key] = found
        for field in msgspec.structs.fields(kind):
            if field.required and field.name not in keys:
                self.wrong(node, f"“{field.name}” is missing.")
        return read

    def keys(self, node: MappingNode) -> dict[str, Node]:
        """Key → value node; a key that stands twice is a problem at its second line."""
        found: dict[str, Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self.wrong(key, f"“{name}” stands twice.")
            found[name] = value
        return found

    def items(self, node: Node, name: str) -> list[Node]:
        if isinstance(node, SequenceNode):
            return list(node.value)
        if not (isinstance(node, ScalarNode) and node.value in _NOTHING):
            self.wrong(node, f"“{name}” should be a list.")
        return []

    def value(self, node: Node, kind: Any, name: str) -> Any:
        """The node as `kind`, or UNSET when it is wrong (then noted)."""
        if isinstance(kind, UnionType):
            if isinstance(node, ScalarNode) and node.value in _NOTHING:
                return None
            kind = next(one for one in get_args(kind) if one is not NoneType)
        if get_origin(kind) is tuple:
            read = [self.value(item, get_args(kind)[0], name) for item in self.items(node, name)]
            return msgspec.UNSET if msgspec.UNSET in read else tuple(read)
        if kind in self.named and isinstance(node, ScalarNode):
            return self._by_name(node, kind, name)
        if issubclass(kind, msgspec.Struct):
            before = len(self.problems)
            fields = self.struct(node, kind)
            return kind(**fields) if len(self.problems) == before else msgspec.UNSET
        return self._scalar(node, kind, name)

    def _by_name(self, node: ScalarNode, kind: type[Any], name: str) -> Any:
        if node.value in self.named[kind]:
            return self.named[kind][node.value]
        self.wrong(node, f"unknown {name} “{node.value}”.")
        return msgspec.UNSET

    def _scalar(self, node: Node, kind: type[Any], name: str) -> Any:
        if not isinstance(node, ScalarNode):
            self.wrong(node, f"“{name}” should be {_NAMES.get(kind, 'a single value')}.")
            return msgspec.UNSET
        text = node.value.strip()
        try:
            return _parse(text, kind)
        except ValueError:
            self.wrong(node, f"“{name}” should be {_wanted(kind)}, not “{text}”.")
            return msgspec.UNSET

    def _compose(self, path: Path) -> Node | None:
        try:
            root: Node | None = YAML(typ="safe", pure=True).compose(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self.wrong(1, "the file is missing.")
        except OSError as error:
            self.wrong(1, f"the file cannot be read ({error.strerror}).")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.wrong(line, "this line is not UTF-8; save the file as UTF-8.")
        except MarkedYAMLError as error:
            # a bracket or quote that is never closed is told where it was opened
            unclosed = error.context and re.search("flow|quoted", error.context)
            mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
            self.wrong(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem or error.context}.")
        except YAMLError as error:
            self.wrong(_reader_line(path, error), "this line holds a character that YAML does not allow.")
        else:
            if root is None:
                self.wrong(1, "the file is empty.")
            return root
        return None


def _parse(text: str, kind: type[Any]) -> Any:
    """ValueError when the text is not of that kind. Times are 9.15 or 09:15, dates 2026-11-22."""
    if kind is str:
        return text
    if kind is int:
        return int(text)
    if kind is bool:
        return ("false", "true").index(text.lower()) == 1
    if kind is date:
        return date.fromisoformat(text)
    if kind is time:
        found = re.fullmatch(r"(\d{1,2})[.:](\d\d)", text)
        if not found:
            raise ValueError(text)
        return time(int(found[1]), int(found[2]))
    return kind(text)


_NAMES: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    date: "a date like 2026-11-22",
    time: "a time like 9.15",
}


def _wanted(kind: type[Any]) -> str:
    if issubclass(kind, StrEnum):
        return "one of " + _listed({one.value: one for one in kind})
    return _NAMES[kind]


def _listed(names: Mapping[str, Any]) -> str:
    return ", ".join(names)


def _named(kind: type[Any]) -> str:
    return {"Span": "span of days", "Closed": "closed period"}.get(kind.__name__, kind.__name__.lower())


def _key_node(node: MappingNode, name: str) -> Node:
    found: Node = next(key for key, _ in node.value if str(key.value) == name)
    return found


def _reader_line(path: Path, error: YAMLError) -> int:
    return path.read_text(encoding="utf-8")[: getattr(error, "position", 0) or 0].count("\n") + 1
