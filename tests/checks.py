"""What is true of every answer: checked by the test client each time it fetches something.

Valid HTML, one h1, a title, unique ids, labels, nothing inline, nothing from elsewhere, nothing kept by caches,
only our own kind of cookie, and not one sentence left in English.
"""

import base64
import hashlib
import re
from collections import Counter
from functools import cache, lru_cache
from http.cookies import SimpleCookie
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from babel.messages.pofile import read_po
from werkzeug.test import TestResponse

import server
from tests.html import all_of, elements, parsed, parsed_part, text_of

CATALOGUE = Path(server.__file__).parent / "translations" / "sv" / "LC_MESSAGES" / "messages.po"
# A person may tap through to these; nothing is ever fetched from them.
ELSEWHERE = ("1177.se", "mind.se", "bris.se", "svenskakyrkan.se", "jourhavandekompis.se")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'{sheet}; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LOADS = ("src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "manifest")
POINTS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "form", "list")


def headers(answer: TestResponse) -> None:
    """No cache may keep it, no other page may frame it, and it tells no other site where it was."""
    said = answer.headers
    assert said["Cache-Control"] == "no-store"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Referrer-Policy"] in ("same-origin", "no-referrer")
    # The opener's hold of the window is cut, but for the question of the day to a browser that has nothing of ours.
    nobody = answer.request.path == "/" and not answer.request.cookies
    assert said.get("Cross-Origin-Opener-Policy") == (None if nobody else "same-origin"), answer.request.path
    assert "Server" not in said or "Werkzeug" not in said["Server"]
    assert not {"ETag", "Last-Modified", "Expires"} & set(said.keys())
    if "Location" in said:
        assert re.match(r"/(?!/)", said["Location"]), f"leads elsewhere: {said['Location']}"


def cookies(answer: TestResponse) -> None:
    """`__Host-`, Secure, HttpOnly, SameSite=Lax, for the whole host and nobody else."""
    for line in answer.headers.getlist("Set-Cookie"):
        for name, cookie in SimpleCookie(line).items():
            assert name.startswith("__Host-"), f"cookie {name}"
            assert cookie["secure"], line
            assert cookie["httponly"], line
            assert cookie["samesite"] == "Lax", line
            assert cookie["path"] == "/", line
            assert not cookie["domain"], line


def page(answer: TestResponse) -> Element:
    """Every rule for a whole page; gives its tree."""
    text = answer.get_data(as_text=True)
    assert answer.content_type == "text/html; charset=utf-8"
    assert text.lower().startswith("<!doctype html>")
    return _whole(text, answer.headers["Content-Security-Policy"])


@lru_cache(maxsize=256)
def _whole(text: str, csp: str) -> Element:
    """The same text under the same policy is read once; nobody changes a tree."""
    tree = parsed(text)
    _frame(tree)
    _anywhere(tree)
    _sheet(tree, csp)
    return tree


def fragment(answer: TestResponse) -> Element:
    """The rules that hold for a part of a page; gives its tree."""
    tree = parsed_part(answer.get_data(as_text=True))
    assert not all_of(tree, "html", "head", "body", "title", "style"), (
        "a whole page where a part was asked for"
    )
    assert answer.headers["Content-Security-Policy"] == CSP.format(sheet="")
    _anywhere(tree)
    return tree


def _frame(tree: Element) -> None:
    root = all_of(tree, "html")[0]
    assert root.get("lang") == "sv"
    assert len(all_of(tree, "main")) == 1
    assert [text_of(one) for one in all_of(tree, "title")] != [""]
    assert len(all_of(tree, "title")) == 1
    headings = all_of(tree, "h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    assert text_of(headings[0])
    levels = [int(one.tag[1]) for one in all_of(tree, "h1", "h2", "h3", "h4", "h5", "h6")]
    assert all(next_ <= one + 1 for one, next_ in pairwise(levels)), f"headings leap: {levels}"


def _anywhere(tree: Element) -> None:
    _ids(tree)
    _labels(tree)
    _for_htmx(tree)
    _nothing_inline(tree)
    _nothing_from_elsewhere(tree)
    _swedish(tree)


def _ids(tree: Element) -> None:
    ids = Counter(one.get("id", "") for one in elements(tree) if "id" in one.attrib)
    assert all(count == 1 for count in ids.values()), f"ids twice: {[i for i, n in ids.items() if n > 1]}"
    assert "" not in ids
    for one in elements(tree):
        for name in POINTS:
            missing = [target for target in one.get(name, "").split() if target not in ids]
            assert not missing, f"{one.tag} {name} points at {missing}, which is not there"
        if one.tag == "a" and one.get("href", "").startswith("#"):
            assert one.get("href", "")[1:] in ids, f"link to {one.get('href')}, which is not there"


def _labels(tree: Element) -> None:
    """Everything that can be filled in or tapped has words that a screen reader says."""
    labelled = {label.get("for") for label in all_of(tree, "label") if text_of(label)}
    wrapped = {id(inner) for label in all_of(tree, "label") if text_of(label) for inner in label.iter()}
    for one in all_of(tree, "input", "textarea", "select"):
        if one.get("type") in ("hidden", "submit"):
            continue
        named = one.get("aria-label") or one.get("aria-labelledby") or id(one) in wrapped
        assert named or one.get("id") in labelled, f"no label: {one.attrib}"
    for one in all_of(tree, "a", "button", "summary"):
        assert text_of(one) or one.get("aria-label"), f"nothing to read on {one.tag} {one.attrib}"
    for group in all_of(tree, "fieldset"):
        assert any(child.tag == "legend" and text_of(child) for child in group), (
            "a group of choices without a name"
        )


def _for_htmx(tree: Element) -> None:
    """A field called `form` hides the form's own property of that name from scripts."""
    for form in all_of(tree, "form"):
        if any(str(name).startswith("hx-") for name in form.attrib):
            hiding = {"form", "action", "method", "submit", "elements", "target", "closest", "matches"}
            names = {one.get("name") for one in all_of(form, "input", "textarea", "select", "button")}
            assert not names & hiding, f"fields called {names & hiding} in a form that a script sends"


def _nothing_inline(tree: Element) -> None:
    for one in elements(tree):
        assert "style" not in one.attrib, f"style= on {one.tag}"
        handlers = [name for name in one.attrib if str(name).lower().startswith(("on", "hx-on"))]
        assert not handlers, f"{handlers} on {one.tag}"
        assert not any("<bdi>" in text for text in one.attrib.values()), f"an element in words on {one.tag}"
        if one.tag == "script":
            assert one.get("src"), "a script inside the page"
            assert not "".join(one.itertext()).strip()


def _sheet(tree: Element, csp: str) -> None:
    """One style sheet may stand inside the page, under its hash. It is there on the very first page only."""
    sheets = all_of(tree, "style")
    assert len(sheets) <= 1
    digest = [base64.b64encode(hashlib.sha256((one.text or "").encode()).digest()).decode() for one in sheets]
    assert csp == CSP.format(sheet="".join(f" 'sha256-{one}'" for one in digest))


def _nothing_from_elsewhere(tree: Element) -> None:
    for one in elements(tree):
        for name in LOADS:
            _ours(one, one.get(name, ""))
        href = one.get("href", "")
        if one.tag == "a" and href.startswith("https://"):
            host = urlsplit(href).hostname or ""
            assert any(host == ours or host.endswith(f".{ours}") for ours in ELSEWHERE), f"link to {host}"
        elif not (one.tag == "a" and href.startswith(("tel:", "sms:", "mailto:"))):
            _ours(one, href)


def _ours(element: Element, address: str) -> None:
    parts = urlsplit(address)
    assert not parts.scheme, f"{element.tag} goes to {address}"
    assert not parts.netloc, f"{element.tag} goes to {address}"


def _swedish(tree: Element) -> None:
    """No sentence of ours is left as it stands in the code."""
    attributes = ("aria-label", "title", "alt", "placeholder")
    said = [one.get(name, "") for one in elements(tree) for name in attributes]
    readable = "\n".join([text_of(tree), *said])
    left = [text for text in english() if text in readable]
    assert not left, f"not in Swedish: {left}"


@cache
def english() -> tuple[str, ...]:
    """Pieces of msgids that no Swedish page can hold: longer than 12 characters and translated to other words."""
    with CATALOGUE.open("rb") as file:
        messages = [(str(one.id), str(one.string)) for one in read_po(file, locale="sv") if one.id]
    pieces = {
        piece.strip()
        for msgid, msgstr in messages
        if msgid != msgstr
        for piece in re.split(r"%\(\w+\)[sd]", msgid)
    }
    swedish = "\n".join(msgstr for _, msgstr in messages)
    return tuple(sorted(piece for piece in pieces if len(piece) > 12 and piece not in swedish))
