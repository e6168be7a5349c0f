"""What the documents say is so: paths, tests, tables, settings and promises (style.md 38)."""

import re
from pathlib import Path

import pytest

from server import config
from server.circle import sharing
from server.core.database import Base
from server.shared import reading
from server.vault import errors, invitations, models  # noqa: F401 - the tables
from tests.client import Client

HOME = Path(__file__).resolve().parents[1]
DOCS = {
    str(file.relative_to(HOME)): file.read_text("utf-8")
    for file in (HOME / "README.md", HOME / "SECURITY.md", HOME / "CHANGELOG.md", *sorted(HOME.glob("docs/*.md")))
}  # fmt: skip
VAULT = DOCS["docs/vault.md"]
TABLES = ("account", "slot", "record", "letter", "door", "invitation", "open_page", "push")


@pytest.mark.parametrize("name", DOCS)
def test_every_path_and_link_leads_somewhere(name: str) -> None:
    here = (HOME / name).parent
    for link in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", DOCS[name]):
        assert (here / link).exists(), link
    for path in re.findall(r"`((?:server|tests|docs|templates|static|deploy)/[\w./-]*)`", DOCS[name]):
        assert (HOME / path).exists() or path in (f"{word}/days/" for word in ("server", "tests")), path


def test_the_readme_knows_every_folder_of_the_server() -> None:
    folders = {file.parent.name for file in HOME.glob("server/*/__init__.py")}
    assert folders - {"translations"} == set(re.findall(r"\| `server/(\w+)` \|", DOCS["README.md"]))


def test_every_setting_is_told_to_operators() -> None:
    told = DOCS["docs/operators.md"]
    assert not [name for name in config.KNOWN if f"DAGSFORM_{name}" not in told and f"`{name}`" not in told]


def test_what_stays_visible_is_every_column_there_is() -> None:
    """A column that is not in the table has not been thought about."""
    told = {
        table: tuple(re.findall(r"`(\w+)`", columns))
        for table, columns in re.findall(r"^\| `(\w+)` \| ((?:`\w+`(?:, )?)+) \|", VAULT, re.MULTILINE)
    }
    assert told == {
        name: tuple(column.name for column in Base.metadata.tables[name].columns) for name in TABLES
    }


def test_every_file_and_error_that_the_vault_names_is_there() -> None:
    for file in re.findall(r"`(\w+\.py)`", VAULT):
        assert (HOME / "server/vault" / file).exists(), file
    for name in re.findall(r"\(`([A-Z]\w+)`\)", VAULT):
        assert issubclass(getattr(errors, name), errors.VaultError)


def test_the_numbers_are_those_of_the_code() -> None:
    assert (invitations.LASTS.days, invitations.TRIES) == (7, 5)
    assert "seven days" in VAULT and "five tries" in VAULT
    assert sharing.LONGEST["authority"].days == 90 and "at most 90 days" in DOCS["SECURITY.md"]
    assert reading.OPEN_FOR.seconds == 3600 and "closes after an hour" in VAULT
    script = (HOME / "static/js/watch.js").read_text("utf-8")
    (every,) = re.findall(r"EVERY = (\d+)", script)
    assert int(every) < 10_000 and "within ten\nseconds" in VAULT


def test_the_page_for_everybody_says_what_the_vault_promises(visitor: Client) -> None:
    """The Swedish words in docs/vault.md stand on *Så funkar det*, word for word."""
    page = visitor.get("/sa-funkar-det").text
    quotes = [
        quote.replace("\n> ", " ") for quote in re.findall(r"^> ((?:.+\n?> ?)*.+)", VAULT, re.MULTILINE)
    ]
    (swedish,) = [quote for quote in quotes if quote.startswith("Om någon")]
    for sentence in re.split(r"(?<=\.) ", swedish):
        assert sentence in page, sentence
