"""A house to live in during one test: an app on a database of its own, the example town, and a clock held still."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MethodType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine
from werkzeug.routing import Rule

import server.activities
from server import create_app, migrations
from server.activities.loading import load_town
from server.activities.townfile import read_town
from server.config import Settings
from server.core import clock
from server.core.clock import STOCKHOLM
from server.core.database import Database
from server.vault.sealing import Secret
from tests import people
from tests.client import Client

EXAMPLE_TOWN = Path(server.activities.__file__).parent / "town"
# A Thursday morning: some places are open, some open later, the café is on at one.
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=STOCKHOLM).astimezone(UTC)
FILES = ("dagsform.db", "sessions.db")


class Address(Rule):
    """werkzeug writes and compiles two functions for every address of an app, and expressions to find it by. Each test
    has an app of its own with the same addresses, so what was made for the first app serves the others."""

    _made: ClassVar[dict[tuple[object, ...], dict[str, Any]]] = {}

    def compile(self) -> None:
        key = (self.rule, self.strict_slashes, self.merge_slashes, tuple((self.defaults or {}).items()))
        if key not in self._made:
            super().compile()
            functions = {name: getattr(self, name).__func__ for name in ("_build", "_build_unknown")}
            found = {name: getattr(self, name) for name in ("_parts", "_trace", "_converters", "arguments")}
            self._made[key] = found | functions
            return
        made = self._made[key]
        for name in ("_parts", "_trace", "_converters"):
            setattr(self, name, made[name])
        self.arguments |= made["arguments"]
        self._build = MethodType(made["_build"], self)
        self._build_unknown = MethodType(made["_build_unknown"], self)


Flask.url_rule_class = Address


def at(text: str) -> datetime:
    """“2026-11-19 13.15” on the wall clock of the town."""
    return datetime.strptime(text, "%Y-%m-%d %H.%M").replace(tzinfo=STOCKHOLM).astimezone(UTC)


def settings(home: Path, folder: Path) -> Settings:
    """`home` holds what is built once (static files); `folder` this world's two databases."""
    return Settings(
        home=home,
        database=f"sqlite:///{folder / FILES[0]}",
        sessions=f"sqlite:///{folder / FILES[1]}",
        pepper=Secret(b"p" * 32),
        secret=Secret(b"s" * 32),
        operator="Föreningen Ljung",
        contact="010-123 45 67",
        place="Sverige, i ett skåp i Ljungvik",
    )


def lay_foundations(folder: Path) -> None:
    """Two migrated databases with the example town and five people in it, to be copied for every test."""
    folder.mkdir(parents=True, exist_ok=True)
    database, sessions = (Database(f"sqlite:///{folder / file}") for file in FILES)
    migrations.upgrade(database, sessions)
    with database.write() as db:
        load_town(db, read_town(EXAMPLE_TOWN))
    with clock.frozen(NOW):
        people.move_in(create_app(settings(folder, folder)), folder)
    for one in (database, sessions):
        one.forget_deleted()
        one.engine.dispose()


@dataclass
class World:
    """One app and what a test needs around it. `move` sets the clock."""

    app: Flask
    folder: Path
    foundations: Path
    move: Callable[[datetime], None]

    @classmethod
    def build(cls, foundations: Path, folder: Path, move: Callable[[datetime], None]) -> "World":
        for file in FILES:
            shutil.copyfile(foundations / file, folder / file)
        app = create_app(settings(foundations, folder))
        compiled = foundations / "templates"
        compiled.mkdir(exist_ok=True)
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(compiled))
        return cls(app, folder, foundations, move)

    @property
    def database(self) -> Database:
        found: Database = self.app.extensions["database"]
        return found

    @property
    def stores(self) -> list[Engine]:
        return [self.app.extensions[name].engine for name in ("database", "session_database")]

    def visitor(self) -> Client:
        """Somebody who has never been here."""
        return Client(self.app)

    def phones(self, ada: people.Ada, count: int) -> list[Client]:
        """Browsers that hold Ada's cookies, so that all can send at the same moment."""
        made = [self.visitor() for _ in range(count)]
        for phone in made:
            for name, value in ada.client.cookies().items():
                phone.keep(name, value)
        return made

    def someone(self, form: str = "Mittemellan") -> Client:
        """Somebody with a try-account, made as everybody makes one: the first page, and one tap."""
        client = self.visitor()
        people.begin(client, form)
        return client

    def ada(self) -> people.Ada:
        return people.find_ada(self.app, self.foundations)

    def person(self, name: str) -> Client:
        """Ben, Fia, Pia or Cleo, by name in small letters."""
        return people.find(self.app, self.foundations, name)

    def rows(self, table: str) -> int:
        """How many rows somebody would count who has the database."""
        with self.database.read() as db:
            found: int = db.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        return found

    def close(self) -> None:
        for store in self.stores:
            store.dispose()
