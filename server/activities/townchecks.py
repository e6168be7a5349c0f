"""What the types cannot tell about a town's files: slugs, levels, times and rules that can come true."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from icalendar import vRecur
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from server.activities import schedule
from server.activities.town import Closed, Schedule, Smaller, Span, Times
from server.activities.yamllines import Reader

RESERVED = frozenset({"vila", "bara-vara"})
"""Slugs of what is always possible, in any town: see `matching.REST` and `matching.BE`."""

_LONGEST = {"title": 80, "line": 200, "name": 80, "far": 60}
_RULE_PARTS = {"FREQ", "INTERVAL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYWEEKNO", "BYSETPOS", "WKST"}
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_LOOK_AHEAD = timedelta(days=800)


def slug(reader: Reader, node: Node, fields: Mapping[str, Any], *, taken: Collection[str]) -> str | None:
    """The slug when it can be used; otherwise a problem is noted."""
    name: str | None = fields.get("slug")
    if name is None:
        return None
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        reader.wrong(_at(node, "slug"), f"slug “{name}” should be a-z, 0-9 and single hyphens.")
    elif name in taken:
        reader.wrong(_at(node, "slug"), f"slug “{name}” is taken already.")
    else:
        return name
    return None


def place(reader: Reader, node: Node, fields: Mapping[str, Any]) -> None:
    _texts(reader, node, fields)
    _closed(reader, _at(node, "closed"), fields.get("closed", ()))


def activity(reader: Reader, node: Node, fields: Mapping[str, Any], slugs: Collection[str]) -> None:
    """Everything about one activity; `slugs` are those of all activities in the file."""
    if "place" not in _keys(node):
        reader.wrong(node, "“place” is missing; write “place: home” for something one does at home.")
    _texts(reader, node, fields)
    _levels(reader, node, fields)
    if fields.get("cost_kr", 0) < 0:
        reader.wrong(_at(node, "cost_kr"), "a cost cannot be below 0 kronor.")
    if fields.get("terms") == ():
        reader.wrong(_at(node, "terms"), "say at least one of the terms, for example “open”.")
    for position, target in enumerate(fields.get("leads_to", ())):
        if target not in slugs:
            sentence = (
                f"leads to “{target}”, which is no activity in this file; other ways on belong in leads_on."
            )
            reader.wrong(_at(node, "leads_to", position), sentence)
    _closed(reader, _at(node, "closed"), fields.get("closed", ()))
    _schedule(reader, node, fields)


def _texts(reader: Reader, node: Node, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if not isinstance(value, str):
            continue
        if name in _LONGEST and not value:
            reader.wrong(_at(node, name), f"“{name}” is empty.")
        if len(value) > _LONGEST.get(name, 400):
            reader.wrong(_at(node, name), f"“{name}” is longer than {_LONGEST.get(name, 400)} characters.")


def _levels(reader: Reader, node: Node, fields: Mapping[str, Any]) -> None:
    level: int | None = fields.get("least_form")
    smaller: Smaller | None = fields.get("smaller")
    if level is not None and not 1 <= level <= 5:
        reader.wrong(_at(node, "least_form"), f"least_form should be 1 to 5, not {level}.")
    elif level and smaller and not 1 <= smaller.least_form <= max(1, level - 1):
        sentence = (
            f"the smaller version should need less than {level} (and at least 1), not {smaller.least_form}."
        )
        reader.wrong(_at(node, "smaller", "least_form"), sentence)
    if smaller:
        _texts(reader, _at(node, "smaller"), {"title": smaller.title, "line": smaller.line})


def _schedule(reader: Reader, node: Node, fields: Mapping[str, Any]) -> None:
    kind, smaller = fields.get("schedule"), fields.get("smaller")
    if kind == Schedule.TIMES and "times" not in _keys(node):
        reader.wrong(_at(node, "schedule"), "“schedule: times” needs a list of times.")
    if kind and kind != Schedule.TIMES and fields.get("times"):
        reader.wrong(_at(node, "times"), f"“schedule: {kind}” has no times; write “schedule: times”.")
    for position, times in enumerate(fields.get("times", ())):
        _times(reader, _at(node, "times", position), times)
    for position, times in enumerate(smaller.times if smaller else ()):
        _times(reader, _at(node, "smaller", "times", position), times)


def _times(reader: Reader, node: Node, times: Times) -> None:
    if times.end <= times.start and not times.overnight:
        sentence = "the end is not after the start; write “overnight: true” if it ends on the following day."
        reader.wrong(_at(node, "end"), sentence)
    if times.last and times.last < times.first:
        reader.wrong(_at(node, "last"), "the last day is before the first.")
    if times.season:
        _span(reader, _at(node, "season"), times.season)
    mistake = _rule_mistake(times)
    if mistake:
        reader.wrong(_at(node, "rule"), mistake)
    else:
        _dates(reader, node, times)


def _rule_mistake(times: Times) -> str | None:
    try:
        parts = vRecur.from_ical(times.rule)
        unknown = sorted(set(parts) - _RULE_PARTS)
        if unknown:
            hint = "; write the last day as “last:”" if {"UNTIL", "COUNT"} & set(unknown) else ""
            return f"{', '.join(unknown)} cannot be used in a rule here{hint}."
        if parts.get("FREQ", [""])[0] not in _FREQUENCIES:
            return f"the rule needs FREQ, one of {', '.join(_FREQUENCIES)}."
        mistake = _number_mistake(parts)  # before trying it: dateutil would count by 0 for ever
        if not mistake:
            schedule.rule_days(times, times.first, times.first)
        return mistake
    except ValueError as error:
        return f"“{times.rule}” is not an RRULE: {error}."


def _number_mistake(parts: Mapping[str, Any]) -> str | None:
    if any(number == 0 for numbers in parts.values() for number in numbers):
        return "0 counts nothing in a rule."
    if parts["FREQ"][0] in ("DAILY", "WEEKLY") and any(str(day)[:-2] for day in parts.get("BYDAY", ())):
        return "a numbered day, like 1WE, belongs with FREQ=MONTHLY or YEARLY."
    if any(number < 0 for number in parts.get("INTERVAL", ())):
        return "INTERVAL should be at least 1."
    return None


def _dates(reader: Reader, node: Node, times: Times) -> None:
    """The first day and the days taken away have to be days that the rule gives."""
    if schedule.rule_days(times, times.first, times.first) != [times.first]:
        ahead = schedule.rule_days(times, times.first, times.first + _LOOK_AHEAD)
        hint = f"the next one is {ahead[0]}" if ahead else "the rule gives no day at all"
        reader.wrong(_at(node, "first"), f"{_day(times.first)} is not a day that the rule gives; {hint}.")
        return
    for position, day in enumerate(times.not_on):
        if schedule.rule_days(times, day, day) != [day]:
            reader.wrong(_at(node, "not_on", position), f"{_day(day)} is not a day that the rule gives.")


def _closed(reader: Reader, node: Node, periods: Iterable[Closed]) -> None:
    for position, period in enumerate(periods):
        here = _at(node, position)
        if bool(period.weeks) == bool(period.first or period.last):
            reader.wrong(here, "a closed period has either weeks, or first and last.")
        elif any(not 1 <= week <= 53 for week in period.weeks):
            reader.wrong(_at(here, "weeks"), "weeks are numbered 1 to 53.")
        elif not period.weeks:
            _span(reader, here, Span(period.first, period.last))


def _span(reader: Reader, node: Node, span: Span) -> None:
    right = [_is_day(text) for text in (span.first, span.last)]
    for name, fits in zip(("first", "last"), right, strict=True):
        if not fits:
            reader.wrong(_at(node, name), f"“{name}” should be a day like 06-22 (every year) or 2026-06-22.")
    if all(right) and len(span.first) != len(span.last):
        reader.wrong(node, "first and last should both have a year, or neither.")
    elif all(right) and len(span.first) == 10 and span.last < span.first:
        reader.wrong(_at(node, "last"), "the last day is before the first.")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(f"2024-{text}" if len(text) == 5 else text).isoformat().endswith(text)
    except ValueError:
        return False


def _day(day: date) -> str:
    return f"{day} ({day:%A})"


def _keys(node: Node) -> set[str]:
    return {str(key.value) for key, _ in node.value} if isinstance(node, MappingNode) else set()


def _at(node: Node, *path: str | int) -> Node:
    """The node at the end of the path, or the last one on the way that is there."""
    for step in path:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.value if key.value == step), node)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
    return node
