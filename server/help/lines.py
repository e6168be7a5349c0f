"""The crisis and support lines, from one data file with the month each was checked."""

import tomllib
from functools import cache
from pathlib import Path

import msgspec


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what it is for, when it answers, and how to reach it."""

    name: str
    for_: str = msgspec.field(name="for")
    hours: str
    checked: str
    number: str = ""
    say: str = ""
    web: str = ""
    first: bool = False

    @property
    def tel(self) -> str:
        return "tel:" + "".join(sign for sign in self.number if sign.isdigit())


@cache
def lines() -> list[Line]:
    """Every line, in the order of the file."""
    data = tomllib.loads((Path(__file__).parent / "lines.toml").read_text(encoding="utf-8"))
    return msgspec.convert(data["line"], list[Line])
