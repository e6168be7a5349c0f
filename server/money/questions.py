"""Questions to ask about money, from one data file with the day each list was looked through (rows A3, C25)."""

import tomllib
from datetime import date
from pathlib import Path

import msgspec

from server.money.words import AUTHORITIES


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask one authority. Never with an answer."""

    authority: str
    title: str
    checked: date
    questions: tuple[str, ...]


class Questions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every list, and the line that stands under each."""

    below: str
    lists: tuple[Asked, ...] = msgspec.field(name="list")


class WrongQuestions(ValueError):
    """The file names an authority that nobody knows, or asks the same thing twice."""


def read(text: str) -> Questions:
    """Raises WrongQuestions, and msgspec's own error for what is missing or of another kind."""
    found = msgspec.convert(tomllib.loads(text), Questions)
    named = [one.authority for one in found.lists]
    if len(set(named)) != len(named) or not set(named) <= set(AUTHORITIES):
        raise WrongQuestions(named)
    for one in found.lists:
        if not one.questions or len(set(one.questions)) != len(one.questions) or not all(one.questions):
            raise WrongQuestions(one.authority)
    return found


QUESTIONS = read((Path(__file__).parent / "questions.toml").read_text(encoding="utf-8"))
EVERY_QUESTION = tuple(question for one in QUESTIONS.lists for question in one.questions)
