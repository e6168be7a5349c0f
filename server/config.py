"""Settings, read once from the environment. Anything wrong is one clear sentence, before anything has started."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from server.core import ids
from server.vault.sealing import Secret

# A name, or “*.” and the name that others end with.
_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")

KNOWN = {
    "HOME": "folder for the embedded database and built files (default: var)",
    "DATABASE": "database address, sqlite:///… or postgresql+psycopg://… (default: sqlite in HOME)",
    "SESSIONS": "session store address (default: its own sqlite file in HOME, or DATABASE on PostgreSQL)",
    "PEPPER": "64 hexadecimal characters; without it a stolen session store opens nothing",
    "SECRET": "64 hexadecimal characters; server key for marks that never leave this server",
    "OPERATOR": "who runs this service, as people should read it",
    "CONTACT": "how to reach the operator: phone, address or e-mail",
    "ORIGIN": "public address of the service, such as https://dagsform.example; passkeys belong to it",
    "PLACE": "where the server and its backups stand, for example: Sverige, hos Glesys i Falkenberg",
    "PUSH_HOSTS": "further push services that notices may be sent to, such as push.example.org, with commas between",
    "HOST": "address to listen on (default: 127.0.0.1)",
    "WORKERS": "server processes (default: 1)",
    "WORKER": "0 takes the service worker away from every phone; what waits there is still sent (default: 1)",
    "DEBUG": "1 shows errors in the browser; only for development",
}


class WrongSetting(Exception):
    """A setting is missing or does not make sense; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations."""

    home: Path
    database: str
    sessions: str
    pepper: Secret
    secret: Secret
    operator: str
    contact: str
    place: str
    origin: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    worker: bool = True
    debug: bool = False
    push_hosts: tuple[str, ...] = ()


def for_development(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings for `dagsform run`: what is missing is made and kept in HOME."""
    home = _home(environment)
    made = {
        **{
            name: _kept(home / name.lower())
            for name in ("PEPPER", "SECRET")
            if not environment.get(f"DAGSFORM_{name}", "").strip()
        },
        "OPERATOR": "Ingen. Det här är en provkörning på den egna datorn.",
        "CONTACT": "Du själv",
        "PLACE": "Den här datorn",
    }
    return _read({**{f"DAGSFORM_{name}": value for name, value in made.items()}, **environment}, home)


def for_production(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings for `dagsform serve`. Raises WrongSetting unless every fact people are promised is there."""
    missing = [
        f"DAGSFORM_{name} ({KNOWN[name]})"
        for name in ("PEPPER", "SECRET", "OPERATOR", "CONTACT", "PLACE", "ORIGIN")
        if not environment.get(f"DAGSFORM_{name}", "").strip()
    ]
    if missing:
        raise WrongSetting("These settings are missing: " + "; ".join(missing) + ".")
    settings = _read(environment, _home(environment))
    if settings.debug:
        raise WrongSetting(
            "DAGSFORM_DEBUG is on. It shows people's texts in error pages, so production refuses it."
        )
    if settings.pepper == settings.secret:
        raise WrongSetting("DAGSFORM_PEPPER and DAGSFORM_SECRET are the same. Make two: openssl rand -hex 32")
    return settings


def at_home(settings: Settings, home: Path) -> Settings:
    """The same settings with an embedded database of its own in `home` (the demo)."""
    home.mkdir(parents=True, exist_ok=True)
    return replace(
        settings,
        home=home,
        database=f"sqlite:///{home / 'dagsform.db'}",
        sessions=f"sqlite:///{home / 'sessions.db'}",
    )


def _read(environment: Mapping[str, str], home: Path) -> Settings:
    def get(name: str, default: str = "") -> str:
        return environment.get(f"DAGSFORM_{name}", "").strip() or default

    _refuse_unknown(environment)
    database = _address("DATABASE", get("DATABASE", f"sqlite:///{home / 'dagsform.db'}"))
    embedded = database.startswith("sqlite")
    return Settings(
        home=home,
        database=database,
        sessions=_address(
            "SESSIONS", get("SESSIONS", f"sqlite:///{home / 'sessions.db'}" if embedded else database)
        ),
        pepper=_key("PEPPER", get("PEPPER")),
        secret=_key("SECRET", get("SECRET")),
        operator=get("OPERATOR"),
        contact=get("CONTACT"),
        place=get("PLACE"),
        origin=_origin(get("ORIGIN")),
        host=get("HOST", "127.0.0.1"),
        port=_number("PORT", environment.get("PORT", "").strip() or "8000", 1, 65535),
        workers=_number("DAGSFORM_WORKERS", get("WORKERS", "1"), 1, 64),
        worker=_yes_or_no("WORKER", get("WORKER", "1")),
        debug=_yes_or_no("DEBUG", get("DEBUG", "0")),
        push_hosts=_hosts(get("PUSH_HOSTS")),
    )


def _home(environment: Mapping[str, str]) -> Path:
    home = Path(environment.get("DAGSFORM_HOME", "").strip() or "var").absolute()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise WrongSetting(
            f"DAGSFORM_HOME is {home}, and that folder cannot be made: {error.strerror}."
        ) from None
    return home


def _kept(file: Path) -> str:
    """A development key that survives restarts, readable by its owner only."""
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(ids.random_bytes(32).hex())
    return file.read_text().strip()


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    for name in environment:
        if name.startswith("DAGSFORM_") and name.removeprefix("DAGSFORM_") not in KNOWN:
            known = ", ".join(f"DAGSFORM_{known}" for known in KNOWN)
            raise WrongSetting(f"There is no setting called {name}. The settings are: {known}, and PORT.")


def _address(name: str, value: str) -> str:
    try:
        backend = make_url(value).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        raise WrongSetting(f"DAGSFORM_{name} must begin with sqlite:/// or postgresql+psycopg://.")
    return value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
        raise WrongSetting(
            "DAGSFORM_ORIGIN must be an address without a path, such as https://dagsform.example."
        )
    return value.rstrip("/")


def _hosts(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not all(_HOST.fullmatch(name) for name in names):
        raise WrongSetting(
            "DAGSFORM_PUSH_HOSTS must be names with commas between, such as push.example.org, *.push.example.org."
        )
    return names


def _key(name: str, value: str) -> Secret:
    try:
        key = bytes.fromhex(value)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise WrongSetting(
            f"DAGSFORM_{name} must be 64 hexadecimal characters. Make one with: openssl rand -hex 32"
        )
    return Secret(key)


def _number(name: str, value: str, least: int, most: int) -> int:
    if not value.isdecimal() or not least <= int(value) <= most:
        raise WrongSetting(f"{name} is “{value}”; it must be a whole number from {least} to {most}.")
    return int(value)


def _yes_or_no(name: str, value: str) -> bool:
    if value not in ("0", "1"):
        raise WrongSetting(f"DAGSFORM_{name} is “{value}”; it must be 0 or 1.")
    return value == "1"
