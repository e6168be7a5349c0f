"""The `dagsform` command. A mistake of the operator's is one sentence and exit 2, never a traceback."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from server import config, migrations, serving
from server.activities.loading import load_town
from server.activities.townfile import TownFileErrors, read_town
from server.config import Settings, WrongSetting
from server.core import clock
from server.core.database import Database
from server.core.marks import DEMO, has_mark
from server.hosts import founding
from server.storage import BackupRefused, backup, restore
from server.vault.sealing import derive

EXAMPLE_TOWN = Path(__file__).parent / "activities" / "town"


def main(arguments: Sequence[str] | None = None) -> None:
    parsed = _parser().parse_args(arguments)
    try:
        parsed.do(parsed)
    except (WrongSetting, TownFileErrors, BackupRefused) as mistake:
        sys.exit(_sentence(str(mistake)))
    except DBAPIError as error:
        sys.exit(_sentence(f"The database does not answer: {error.orig}"))
    except KeyboardInterrupt:
        sys.exit(130)


def _sentence(text: str) -> int:
    print(text, file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dagsform", description="Dagsform: see docs/operators.md")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, do: object, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(do=do)
        return command

    add("run", run, "development: make what is missing, load the example town, serve")
    add("serve", serve, "production: refuse to start half-configured, then serve")
    demo_command = add("demo", demo, "fill a separate database with a small invented world and serve it")
    demo_command.add_argument(
        "--json", action="store_true", help="print one line of JSON instead of sentences"
    )
    town = add("town", town_load, "load a town's places and activities from a folder of files")
    town.add_argument("verb", choices=["load"])
    town.add_argument("folder", type=Path)
    host = add("host", host_, "let an association in with a one-time link, list them, or remove one")
    host.add_argument("verb", choices=["invite", "list", "remove"])
    host.add_argument("host", nargs="?", help="with remove: its id, as `list` prints it")
    host.add_argument("--name", default="", help="with invite: what the association is called")
    for name, do, text in (
        ("backup", backup_, "copy the embedded database to a file while the server runs"),
        ("restore", restore_, "put a backup back into the embedded database"),
    ):
        add(name, do, text).add_argument("file", type=Path)
    add(
        "sweep",
        sweep,
        "delete abandoned try-accounts and ended sessions (the running server does it every hour)",
    )
    add(
        "worker", worker, "send the notices that are due, until told to stop (run and serve do it themselves)"
    )
    return parser


def run(_arguments: argparse.Namespace) -> None:
    settings = config.for_development()
    database = open_stores(settings)
    with database.read() as db:
        empty = not serving.town_version(db)
    if empty:
        _load(database, EXAMPLE_TOWN)
    serving.serve(
        settings,
        "server.wsgi:development",
        lambda: print(f"Dagsform: http://localhost:{settings.port}"),
        config.for_development,
    )


def serve(_arguments: argparse.Namespace) -> None:
    settings = config.for_production()
    database = open_stores(settings)
    with database.read() as db:
        if has_mark(db, DEMO):
            raise WrongSetting("This database holds the demo's invented people. Use another for production.")
        if serving.town_version(db) == read_town(EXAMPLE_TOWN).version:
            raise WrongSetting(
                "This database holds the example town, with places that do not exist. "
                "Load your own with: dagsform town load FOLDER, or use a new database."
            )
    serving.serve(
        settings,
        "server.wsgi:production",
        lambda: print(f"Dagsform: port {settings.port}"),
        config.for_production,
    )


def demo(arguments: argparse.Namespace) -> None:
    from server.demo import fill
    from server.messages.peers import Keys

    development = config.for_development()
    settings = config.at_home(development, development.home / "demo")
    for file in (*settings.home.glob("*.db"), *settings.home.glob("*.db-*")):
        file.unlink()
    database = open_stores(settings)
    _load(database, EXAMPLE_TOWN)
    url = f"http://localhost:{settings.port}"
    world = fill(database, Keys(derive(settings.secret, "vouching"), derive(settings.secret, "frank")))
    people = {who: f"{url}/in/{token}" for who, token in world.links.items()}

    def tell() -> None:
        if arguments.json:
            print(json.dumps({"url": url, "people": people, "cards": world.cards}), flush=True)
            return
        print(f"A small invented world stands at {url}. Each link signs in once:")
        for who, link in people.items():
            print(f"  {who}: {link}")
        print("On another phone, and after signing out, a key card opens as often as one likes:")
        for who, card in world.cards.items():
            print(f"  {who}: {card}")

    serving.serve(settings, "server.wsgi:demo", tell)


def town_load(arguments: argparse.Namespace) -> None:
    settings = config.for_development()
    if _load(open_stores(settings), arguments.folder):
        print("The town is loaded.")
    else:
        print("The same town is loaded already. Nothing was changed.")


def host_(arguments: argparse.Namespace) -> None:
    settings = config.for_development()
    database, vouching = open_stores(settings), derive(settings.secret, "vouching")
    with database.write() as db:
        if arguments.verb == "invite":
            token = founding.invite(db, vouching, arguments.name, clock.now())
            origin = settings.origin or f"http://localhost:{settings.port}"
            print(f"{origin}/vard/ny/{token.as_text()}")
        elif arguments.verb == "list":
            for host in founding.everyone(db, vouching):
                print(f"{host.id.hex()}  {host.words.name or '-'}")
        elif founding.remove(db, _host_id(arguments.host)):
            print("Removed, with its listings. The accounts stay.")
        else:
            raise WrongSetting("There is no such host. Their ids: dagsform host list")


def _host_id(text: str | None) -> bytes:
    try:
        return bytes.fromhex(text or "")
    except ValueError:
        return b""


def backup_(arguments: argparse.Namespace) -> None:
    backup(config.for_development().database, arguments.file)
    print(f"Copied to {arguments.file}. Sessions are not in it.")


def restore_(arguments: argparse.Namespace) -> None:
    settings = config.for_development()
    restore(settings.database, arguments.file)
    open_stores(settings)
    print(f"Restored from {arguments.file}.")


def sweep(_arguments: argparse.Namespace) -> None:
    settings = config.for_development()
    serving.sweep(settings)
    print("Swept.")


def worker(_arguments: argparse.Namespace) -> None:
    from server.push.worker import work

    settings = config.for_development()
    open_stores(settings)
    print("Dagsform: sending notices", flush=True)
    work(settings)


def open_stores(settings: Settings) -> Database:
    """Both stores, in their newest form."""
    database = Database(settings.database)
    migrations.upgrade(database, Database(settings.sessions, durable=False))
    return database


def _load(database: Database, folder: Path) -> bool:
    town = read_town(folder)
    with database.write() as db:
        return load_town(db, town)


if __name__ == "__main__":
    main()
