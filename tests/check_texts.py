"""`make check`: every text goes through gettext, the Swedish catalogue is whole, and its words are respectful.

`python -m tests.check_texts` prints one `file:line: sentence` for each thing to mend, and exits 1 if there is any.
With --update it first brings the catalogue up to date with the texts in the code: new ones stand empty in it.
"""

import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment

HOME = Path(__file__).resolve().parents[1]
SWEDISH = HOME / "server/translations/sv/LC_MESSAGES/messages.po"
TOWN = HOME / "server/activities/town"
TEMPLATES = HOME / "templates"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "in_page": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}

# No fault, no heroism, no praise, no authority's words (context-sweden.md 10.2).
AVOID = re.compile(
    r"!|misslyck|underkänd|avbröt|hoppade av|frånvaro|uteblev|skolk|bra jobbat|grattis|duktig|du är bäst"
    r"|det är bara att|psykiskt sjuk|psykfall|begick|arbetsovillig|svårplacerad|bidragstagare|motivationsproblem",
    re.IGNORECASE,
)
# Names and signs that are the same in every language.
SAME_EVERYWHERE = {"Dagsform"}
SPOKEN = {"alt", "aria-description", "aria-label", "placeholder", "title"}
NAMES = re.compile(r"%\(\w+\)s")
LETTERS = re.compile(r"[^\W\d_]{2,}")


def main() -> None:
    found = _texts()
    updating = "--update" in sys.argv
    if updating:
        _update(found)
    problems = [*_catalogue(found), *_town(), *_bare_texts()]
    for problem in problems:
        print(problem)
    sys.exit(1 if problems and not updating else 0)


def _texts() -> Catalog:
    """Every msgid in server/ and templates/, with where it stands."""
    catalog = Catalog(charset="utf-8")
    for folder, pattern, method in (("server", "**.py", "python"), ("templates", "**.html", "jinja2")):
        options = {pattern: {"silent": "false"}}
        for name, line, text, comments, context in extract_from_dir(
            HOME / folder, [(pattern, method)], options, KEYWORDS
        ):
            catalog.add(text, None, [(f"{folder}/{name}", line)], auto_comments=comments, context=context)
    return catalog


def _read() -> Catalog:
    if not SWEDISH.exists():
        about = "# Dagsform in Swedish: every text that a person sees. After changes in the code: make texts"
        who = {"msgid_bugs_address": "issues", "last_translator": "Dagsform", "language_team": "Dagsform"}
        return Catalog("sv", charset="utf-8", project="Dagsform", header_comment=about, fuzzy=False, **who)
    with SWEDISH.open("rb") as file:
        return read_po(file, locale="sv")


def _update(found: Catalog) -> None:
    """Without new dates and places in the code, so that only changed texts show in a diff."""
    catalog = _read()
    found.creation_date = catalog.creation_date
    catalog.update(found, no_fuzzy_matching=True)
    SWEDISH.parent.mkdir(parents=True, exist_ok=True)
    with SWEDISH.open("wb") as file:
        write_po(file, catalog, width=110, no_location=True, sort_output=True, ignore_obsolete=True)


def _catalogue(found: Catalog) -> Iterator[str]:
    file, catalog = _short(SWEDISH), _read()
    for text in found:
        translated = catalog.get(text.id, text.context) if text.id else text
        place = "{}:{}".format(*text.locations[0]) if text.locations else file
        if translated is None or not all(_forms(translated)):
            yield f"{place}: no Swedish for “{_first(text)}”; make texts, then fill it in"
    for text in catalog:
        if not text.id:
            continue
        where = f"{file}:{text.lineno}"
        if found.get(text.id, text.context) is None:
            yield f"{where}: “{_first(text)}” is not used any more; make texts takes it away"
        if text.fuzzy:
            yield f"{where}: “{_first(text)}” is marked fuzzy: read it through, then remove the mark"
        if not _same_names(text):
            yield f"{where}: the Swedish for “{_first(text)}” has other names in %(…)s than the English"
        yield from (f"{where}: avoid “{word}”" for form in _forms(text) for word in AVOID.findall(form))
    if catalog.obsolete:
        yield f"{file}: {len(catalog.obsolete)} old texts at the end; make texts takes them away"


def _same_names(text: Message) -> bool:
    """“1 sak” may leave out its number; anything else that is filled in must stand in both."""
    english = {
        name for form in ([text.id] if isinstance(text.id, str) else text.id) for name in NAMES.findall(form)
    }
    swedish = {name for form in _forms(text) for name in NAMES.findall(form)}
    return swedish <= english if text.pluralizable else swedish == english or not any(_forms(text))


def _first(text: Message) -> str:
    return text.id if isinstance(text.id, str) else text.id[0]


def _forms(text: Message) -> tuple[str, ...]:
    return (text.string,) if isinstance(text.string, str) else tuple(text.string or ("",))


def _town() -> Iterator[str]:
    """The example town speaks to people too."""
    for file in sorted(TOWN.glob("*.yaml")):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            said = line.partition("#")[0]
            yield from (f"{_short(file)}:{number}: avoid “{word}”" for word in AVOID.findall(said))


def _bare_texts() -> Iterator[str]:
    """Words in a template that a translation could not reach."""
    sources = {file: file.read_text() for file in sorted(TEMPLATES.glob("**/*.html"))}
    # {% block look %} inside a tag holds a class or a colour, in that template and in those that extend it.
    in_tags = {
        name for text in sources.values() for name in re.findall(r"<[^<>]*\{%-?\s*block\s+(\w+)", text)
    }
    for file, source in sources.items():
        reader = _Reader()
        reader.feed(_only_html(source, in_tags))
        reader.close()
        for line, text in reader.found:
            yield f"{_short(file)}:{line}: “{text}” is not in gettext"


def _only_html(source: str, in_tags: set[str]) -> str:
    """The template without its Jinja, translated blocks and blocks in tags; every line keeps its number."""
    kept, lines, before, until = [], 1, "", ""
    for line, kind, value in Environment(extensions=["jinja2.ext.i18n"]).lex(source):
        if kind == "name":
            if before == "{%" and (value == "trans" or value == until):
                until = "endtrans" if value == "trans" else ""
            elif before == "block" and value in in_tags:
                until = "endblock"
            before = value if before == "{%" else ""
        elif kind == "block_begin":
            before = "{%"
        kept.append("\n" * (line - lines))
        lines = max(line, lines)
        if kind == "data" and not until:
            kept.append(value)
            lines += value.count("\n")
    return "".join(kept)


class _Reader(HTMLParser):
    """Collects words between tags and in the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in SPOKEN:
                self._look(value or "", self.getpos()[0])

    def handle_data(self, data: str) -> None:
        if not self.cdata_elem:
            first = self.getpos()[0]
            for number, line in enumerate(data.split("\n"), first):
                self._look(line, number)

    def _look(self, text: str, line: int) -> None:
        if set(LETTERS.findall(text)) - SAME_EVERYWHERE:
            self.found.append((line, text.strip()))


def _short(file: Path) -> str:
    return str(file.relative_to(HOME))


if __name__ == "__main__":
    main()
