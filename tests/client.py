"""A browser without a screen: keeps cookies, fills in forms, and checks every page it is given (see checks.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask import Flask
from werkzeug.test import TestResponse

from tests import checks
from tests.forms import Fields, Form, Typed, forms_in
from tests.html import all_of, text_of

HOST = "http://localhost"
FROM_US = {"Sec-Fetch-Site": "same-origin", "Origin": HOST}
COOKIES = (
    "__Host-s",
    "__Host-d",
    "__Host-h",
    "__Host-g",
    "__Host-t",
    "__Host-l",
    "__Host-p",
    "__Host-b",
    "__Host-w",
)


@dataclass(frozen=True)
class Page:
    """An answer that was checked. `tree` is empty when the answer is no page (a redirect, a file)."""

    status: int
    path: str
    body: bytes
    headers: Mapping[str, str]
    tree: Element

    @property
    def html(self) -> str:
        return self.body.decode(errors="replace")  # a zip has no text to read

    @property
    def text(self) -> str:
        """What can be read on the page, white space made single."""
        return text_of(self.tree)

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")

    @property
    def h1(self) -> str:
        return text_of(all_of(self.tree, "h1")[0])

    @property
    def title(self) -> str:
        return text_of(all_of(self.tree, "title")[0])

    @property
    def forms(self) -> list[Form]:
        return forms_in(self.tree, self.path)

    @property
    def links(self) -> list[str]:
        return [link.get("href", "") for link in all_of(self.tree, "a")]

    def form(self, wanted: str) -> Form:
        """The one form whose address ends with `wanted`, or one of whose buttons says it."""
        found = [form for form in self.forms if form.action.endswith(wanted) or wanted in form.buttons_say]
        assert found, f"no form for “{wanted}” on {self.path}: {[form.action for form in self.forms]}"
        return found[0]

    def link(self, says: str) -> str:
        """The address of the first link in which these words stand."""
        for link in all_of(self.tree, "a"):
            if says in text_of(link):
                return link.get("href", "")
        raise AssertionError(f"no link says “{says}” on {self.path}")


class Client:
    """One browser on one device. Without cookies it is a visitor."""

    def __init__(self, app: Flask, *, cookies: bool = True) -> None:
        self._client = app.test_client(use_cookies=cookies)

    def get(self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
        return self._ask("GET", path, status, headers=headers)

    def head(self, path: str) -> int:
        """The status alone."""
        answer = self._client.head(path, base_url=HOST)
        answer.close()
        checks.headers(answer)
        return answer.status_code

    def look(self, path: str, *, headers: Mapping[str, str] | None = None) -> Page:
        """As `get`, for when several answers are right."""
        return self._ask("GET", path, None, headers=headers)

    def post(
        self,
        path: str,
        fields: Fields | Mapping[str, Any] | None = None,
        *,
        status: int = 303,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """A post as a browser makes it from one of our own pages, unless `headers` say otherwise."""
        sent = FROM_US if headers is None else headers
        return self._ask("POST", path, status, data=_flat(fields), headers=sent)

    def send(
        self,
        form: Form,
        typed: Typed | None = None,
        /,
        *,
        press: str = "",
        status: int = 303,
        **more: str | Sequence[str],
    ) -> Page:
        """Fill the form in with what is typed, press the button that says `press` (or the first)."""
        fields = form.filled(press, {**(typed or {}), **more})
        if form.method == "get":
            query = "&".join(f"{name}={text}" for name, text in fields)
            return self.get(f"{form.action}?{query}", status=status)
        return self.post(form.action, fields, status=status)

    def submit(self, path: str, fields: Fields) -> Page:
        """As `post`, for when several answers are right."""
        return self._ask("POST", path, None, data=_flat(fields), headers=FROM_US)

    def autosave(self, writing: Form, typed: Typed | None = None, /, **more: str | Sequence[str]) -> Page:
        """What the page does by itself a second after somebody typed (static/js/draft.js)."""
        fields = writing.typed({**(typed or {}), **more})
        return self.post(writing.autosave, fields, status=204, headers=FROM_US | {"X-Unattended": "1"})

    def post_bytes(self, path: str, body: bytes, *, status: int = 200) -> Page:
        """What a worker sends by itself."""
        sent = {"data": body, "content_type": "application/octet-stream"}
        return self._ask("POST", path, status, **sent, headers=FROM_US | {"X-Unattended": "1"})

    def follow(self, answer: Page) -> Page:
        """The page that a redirect leads to."""
        assert answer.status == 303, f"{answer.status} at {answer.path}: {answer.text[:300]}"
        return self.get(answer.location)

    def fragment(
        self,
        path: str,
        fields: Fields | Mapping[str, Any] | None = None,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """What htmx is given for a part of a page; a post when there are `fields`."""
        headers = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin", **(headers or {})}
        if fields is None:
            return self.get(path, status=status, headers=headers)
        return self.post(path, fields, status=status, headers=headers)

    def cookies(self) -> dict[str, str]:
        return {name: value for name in COOKIES if (value := self.cookie(name)) is not None}

    def lasting(self) -> set[str]:
        """The cookies that are still there when the browser has been closed."""
        found = (self._client.get_cookie(name) for name in COOKIES)
        return {one.key for one in found if one and (one.max_age or one.expires)}

    def cookie(self, name: str) -> str | None:
        found = self._client.get_cookie(name)
        return found.value if found else None

    def keep(self, name: str, value: str) -> None:
        self._client.set_cookie(name, value)

    def lose(self, *names: str) -> None:
        """Cookies cleared; all of them when none is named."""
        for name in names or COOKIES:
            self._client.delete_cookie(name)

    def _ask(self, method: str, path: str, status: int | None, **more: Any) -> Page:
        answer = self._client.open(path, method=method, base_url=HOST, **more)
        sent = more.get("headers") or {}
        part = "HX-Request" in sent and not {"HX-Boosted", "HX-History-Restore-Request"} & set(sent)
        try:
            page = _page(answer, path, part=part)
        finally:
            answer.close()
        assert status in (page.status, None), (
            f"{method} {path} gave {page.status}, not {status}: {page.text[:300]}"
        )
        return page


def _page(answer: TestResponse, path: str, *, part: bool) -> Page:
    checks.cookies(answer)
    checks.headers(answer)
    tree = Element("nothing")
    if answer.mimetype == "text/html" and not (answer.status_code == 204 or 300 <= answer.status_code < 400):
        tree = checks.fragment(answer) if part and answer.status_code == 200 else checks.page(answer)
    return Page(answer.status_code, urlsplit(path).path, answer.data, dict(answer.headers.items()), tree)


def _flat(fields: Fields | Mapping[str, Any] | None) -> dict[str, list[str]]:
    pairs = fields.items() if isinstance(fields, Mapping) else fields or []
    flat: dict[str, list[str]] = {}
    for name, text in pairs:
        flat.setdefault(name, []).extend(text if isinstance(text, (list, tuple)) else [str(text)])
    return flat
