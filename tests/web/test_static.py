"""Static files: named after their content, kept for ever, compressed once, and nothing else in the folder is served."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from werkzeug.test import TestResponse

from server.web.static import SOURCE, build
from tests.client import Client, Page
from tests.html import all_of
from tests.world import World

OURS = [
    file
    for file in SOURCE.rglob("*")
    if file.suffix in (".css", ".js", ".svg") and "vendor" not in file.parts
]


def addresses(page: Page) -> set[str]:
    """Every file that the page asks for."""
    found = [one.get("href") for one in all_of(page.tree, "link")] + [
        one.get("src") for one in all_of(page.tree, "script")
    ]
    return {address for address in found if address}


def fetch(world: World, path: str, encoding: str = "br") -> TestResponse:
    answer = world.app.test_client().get(path, headers={"Accept-Encoding": encoding})
    answer.get_data()
    answer.close()
    return answer


def test_every_file_that_a_page_asks_for_is_there(world: World, someone: Client) -> None:
    wanted = set[str]()
    for path in ("/", "/dagar", "/dagar/2026-11-18/ny", "/aktiviteter", "/hjalp", "/klocka"):
        wanted |= addresses(someone.get(path))
    wanted.remove("/manifest.webmanifest")  # no file: it names files
    assert len(wanted) >= 4
    for address in wanted:
        answer = fetch(world, address)
        assert answer.status_code == 200, address
        assert re.search(r"\.[0-9a-f]{12}\.(css|js|svg|png)$", address)
        assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        assert "Set-Cookie" not in answer.headers
        assert answer.mimetype in ("text/css", "text/javascript", "image/svg+xml", "image/png")


def test_files_are_compressed_once_with_both(world: World, someone: Client) -> None:
    sheet = next(address for address in addresses(someone.get("/")) if address.endswith(".css"))
    plain = fetch(world, sheet, "identity")
    by_brotli, by_gzip = fetch(world, sheet, "gzip, br"), fetch(world, sheet, "gzip")
    assert (by_brotli.headers["Content-Encoding"], by_gzip.headers["Content-Encoding"]) == ("br", "gzip")
    assert brotli.decompress(by_brotli.data) == gzip.decompress(by_gzip.data) == plain.data
    assert len(by_brotli.data) < len(plain.data) / 3
    assert "Accept-Encoding" in by_brotli.headers["Vary"]


def test_a_first_visit_has_the_sheet_inside(world: World, someone: Client) -> None:
    """The whole of it, or what the question of the day needs (how that looks: tests/stories/test_first_paint.py)."""
    sheet = next(address for address in addresses(someone.get("/")) if address.endswith(".css"))
    whole = fetch(world, sheet, "identity").get_data(as_text=True)
    question, help_ = world.visitor(), world.visitor()
    assert [one.text for one in all_of(help_.get("/hjalp").tree, "style")] == [whole]
    [inside] = all_of(question.get("/").tree, "style")
    assert set((inside.text or "").splitlines()) < set(whole.splitlines())
    assert len(inside.text or "") < len(whole) * 0.6
    assert not all_of(help_.get("/hjalp").tree, "style")
    assert not all_of(question.get("/").tree, "style")


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_pages_are_compressed_on_the_way_out(world: World, encoding: str) -> None:
    answer = fetch(world, "/hjalp", encoding)
    assert answer.headers["Content-Encoding"] == encoding
    body = brotli.decompress(answer.data) if encoding == "br" else gzip.decompress(answer.data)
    assert "Behöver du någon nu?" in body.decode()
    assert "Content-Encoding" not in fetch(world, "/hjalp", "identity").headers


@pytest.mark.parametrize(
    "path",
    [
        "/static/../dagsform.db", "/static/..%2fdagsform.db", "/static/%2e%2e/people.json", "/static/../pepper",
        "/static/", "/static", "/static//etc/passwd", "/static/dagsform.css", "/static/..\\dagsform.db", "/dagsform.db",
    ],
)  # fmt: skip
def test_nothing_else_in_the_folder_is_served(path: str, world: World) -> None:
    """HOME holds the database and the keys beside the built files."""
    answer = fetch(world, path, "identity")
    assert answer.status_code == 404
    assert b"SQLite" not in answer.data
    assert "Här finns inget" in answer.get_data(as_text=True)


def test_a_change_makes_a_new_name_and_drops_the_old(tmp_path: Path) -> None:
    first = build(tmp_path)
    old = tmp_path / "dagsform.000000000000.css"
    old.write_text("old")
    assert build(tmp_path) == first
    assert not old.exists()
    built = {file.name for file in tmp_path.iterdir()}
    assert built == {f"{Path(url).name}{end}" for url in first.urls.values() for end in ("", ".br", ".gz")}


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.name)
def test_nothing_of_ours_reaches_out_or_evaluates(file: Path) -> None:
    """Hard rule 7, and a strict CSP: nothing third-party, no eval, no markup made from text."""
    text = re.sub(r"http://www\.w3\.org/\d{4}/(svg|xlink)", "", file.read_text())  # names, not addresses
    assert not re.findall(
        r"https?:|//[a-z]+\.|@import|\beval\(|new Function|(inner|outer)HTML|document\.write", text
    )


def test_htmx_is_the_version_that_flask_htmx_speaks() -> None:
    """2.0.11, vendored with its licence (architecture.md)."""
    vendored = SOURCE / "vendor" / "htmx.min.js"
    assert 'version:"2.0.11"' in vendored.read_text()
    assert (SOURCE / "vendor" / "htmx.LICENSE").exists()
    assert (SOURCE / "vendor" / "lucide" / "LICENSE").exists()


def test_the_budget_of_what_we_send() -> None:
    """Issue 2, point 6: css ≤ 12 KB, own scripts ≤ 14 KB, compressed."""
    css = "".join(file.read_text() for file in SOURCE.glob("css/*.css")).encode()
    scripts = b"".join(file.read_bytes() for file in SOURCE.glob("js/*.js"))
    assert len(brotli.compress(css)) <= 12_000
    assert len(brotli.compress(scripts)) <= 14_000
