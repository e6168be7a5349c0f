"""What a person and the network do to one phone, and what must have come of it in the end."""

import itertools
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from playwright.sync_api import Page
from werkzeug.test import run_wsgi_app

from server.core import clock
from tests.accounts.acts import lock, open_code
from tests.client import Client
from tests.html import all_of
from tests.messages.conftest import Talking
from tests.people import TODAY, TUESDAY, Ada
from tests.stories.net import Net
from tests.stories.phone import Phone
from tests.world import World

HOME = "/hjalp"  # a page that stands still
BEGUN = "2026-11-15"  # nothing is written on this day but a draft
STATES = ("trying", "resting", "done", "tried")
TAKEN = (202, 204, 303)
_TICK = timedelta(seconds=1)
_PATIENCE = 15  # seconds

_POST = """([to, fields, quiet]) => {
  window.said = fetch(to, {
    method: "POST", body: new URLSearchParams(fields), redirect: "manual", headers: quiet ? {"X-Unattended": "1"} : {},
  }).then((answer) => (answer.type === "opaqueredirect" ? 303 : answer.status), () => 0);
}"""
_SAID = "() => Promise.race([window.said, new Promise((yes) => setTimeout(yes, 9000, 0))])"
_TELLS = "() => navigator.serviceWorker.controller.postMessage({})"
WAITS = """() => new Promise((yes) => {
  const asked = indexedDB.open("dagsform", 1);
  asked.onsuccess = () => {
    const all = asked.result.transaction("posts").objectStore("posts").getAll();
    all.onsuccess = () => { asked.result.close(); yes(all.result.length); };
  };
})"""


class Wire(Net):
    """The way to the server, on which time passes, and a phone whose clock is wrong by so many milliseconds."""

    def __init__(self, app: WSGIApplication, world: World, wrong: timedelta) -> None:
        super().__init__(app)
        self._world = world
        self._ahead = round((clock.now().timestamp() - time.time() + wrong.total_seconds()) * 1000)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._world.move(clock.now() + _TICK)
        if environ["PATH_INFO"] != "/sw.js":
            return super().__call__(environ, start_response)
        for header in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            environ.pop(header, None)
        script, status, headers = run_wsgi_app(super().__call__, environ, buffered=True)
        del headers["Content-Length"]
        start_response(status, [*headers])
        clock_of_the_phone = f"const now = Date.now; Date.now = () => now() + {self._ahead};\n"
        return [clock_of_the_phone.encode(), *script]


@dataclass
class Expected:
    """What was taken, by words that stand nowhere else."""

    taps: list[set[str]] = field(default_factory=list)  # in order; those of one set at the same moment
    unsure: set[str] = field(default_factory=set)  # nobody was told that they were taken
    notes: set[str] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)  # by somebody who saw what stood there
    messages: list[str] = field(default_factory=list)
    again: set[str] = field(
        default_factory=set
    )  # sent while it was locked: they wait in the field for another tap
    draft: str = ""
    state: str = ""


class Ride:
    """One phone for a while: acts and faults by name, then what stands in the account."""

    def __init__(
        self, phone: Phone, net: Net, ada: Ada, talk: tuple[Talking, Talking], other: Client
    ) -> None:
        """`other`: another phone of the same person, on another network."""
        self._phone, self._net, self._ada, self._other = phone, net, ada, other
        self._hers, self._his = talk
        self._numbers = itertools.count(100)
        self._entry, self._begun = ada.entries[TUESDAY], "b" * 32
        self._step = f"/plan/steg/{ada.plan['step']}"
        self._field = ""  # what stands in the field of the conversation as the phone has it
        self._locked = False
        self._beside: Page | None = None
        self.expected = Expected()
        phone.becomes(ada.client)
        phone.open(HOME)
        self._page = phone.page
        self._reread()

    def does(self, what: str) -> None:
        getattr(self, f"_{what}")()

    def ends(self) -> None:
        """The network is back, the phone is open, and everything has been sent."""
        self._up()
        self._unlock()
        self._again()
        self._sends_all()

    def holds(self) -> None:
        """Each text stands once where it belongs, and in order."""
        want = self.expected
        taps = _words(self._other.get(f"/dagar/{TODAY}").text)
        sure = [one for one in taps if one not in want.unsure]
        assert len(taps) == len(set(taps)), f"twice on the day: {taps}"
        assert [*_sets_of(sure, map(len, want.taps))] == want.taps, (sure, want.taps)
        notes = _words(self._other.get(f"/dagar/{TUESDAY}").text)
        assert sorted(notes) == sorted(want.notes - want.replaced), (notes, want)
        sent = [word for line in self._his.reads() for word in _words(line)]
        kept = _words(self._draft_of_talk())
        assert sorted(sent + kept) == sorted(want.messages), (sent, kept, want.messages)
        once = [one for one in sent if one not in want.again]
        assert once == [one for one in want.messages if one in once], (sent, want.messages)
        if want.draft:
            assert want.draft in self._other.get(f"/dagar/{BEGUN}/{self._begun}").html
        if want.state:
            pressed = [
                one
                for one in all_of(self._other.get(self._step).tree, "button")
                if one.get("aria-pressed") == "true"
            ]
            assert [one.get("value") for one in pressed] == [want.state]

    # acts

    def _tap(self) -> None:
        word = self._word()
        assert self._post("/svara", _answer(word)) in TAKEN
        self.expected.taps.append({word})

    def _edit(self) -> None:
        """Of the note as the phone has it. Where somebody was first, and says so, the text still stands on the page."""
        word, base = self._word(), self._base
        said = self._post(f"/dagar/{TUESDAY}/{self._entry}", {"edition": self._edition, "words": word})
        assert said in (*TAKEN, 409)
        if said != 409:
            self.expected.notes.add(word)
            self.expected.replaced.add(base)

    def _step_on(self) -> None:
        state = STATES[next(self._numbers) % len(STATES)]
        assert self._post(f"{self._step}/satt", {"state": state}) in TAKEN
        self.expected.state = state

    def _message(self) -> None:
        word = self._word()
        text, self._field = f"{self._field}\n\n{word}".strip(), ""
        assert self._post(f"{self._hers.page}/skriv", {"id": _id(word), "words": text}) in TAKEN
        self.expected.messages.append(word)

    def _draft(self) -> None:
        word = self._word()
        to = f"/dagar/{BEGUN}/{self._begun}/utkast"
        assert self._post(to, {"edition": "0", "words": word}, quiet=True) in TAKEN
        self.expected.draft = word

    def _both(self) -> None:
        """Two tabs at the same moment."""
        self._beside = self._beside or self._opened()
        pages = {self._word(): page for page in (self._page, self._beside)}
        for word, page in pages.items():
            page.evaluate(_POST, ["/svara", _answer(word), False])
        assert all(page.evaluate(_SAID) in TAKEN for page in pages.values())
        self.expected.taps.append(set(pages))

    # faults

    def _down(self) -> None:
        self._net.down, self._net.gone = True, False

    def _gone(self) -> None:
        self._net.down, self._net.gone = False, True

    def _up(self) -> None:
        self._net.down = self._net.gone = False
        self._net.lost = 0

    def _lose(self) -> None:
        """Two posts are done whose answers never come: Chromium by itself asks once more."""
        self._net.lost = 2

    def _stop(self) -> None:
        devtools = self._phone.context.new_cdp_session(self._page)
        devtools.send("ServiceWorker.enable")
        devtools.send("ServiceWorker.stopAllWorkers")
        devtools.detach()

    def _cut(self) -> None:
        """The worker is stopped in the middle of an act: whoever was not told that it was taken sends it again."""
        word = self._word()
        self._page.evaluate(_POST, ["/svara", _answer(word), False])
        self._stop()
        if self._page.evaluate(_SAID) in TAKEN:
            self.expected.taps.append({word})
        else:
            self.expected.unsure.add(word)

    def _again(self) -> None:
        """The page is closed, and another opened."""
        self._page.close()
        self._page = self._opened()

    def _tell(self) -> None:
        """What waits is tried while something else goes on."""
        self._page.evaluate(_TELLS)

    def _lock(self) -> None:
        if not self._locked:
            lock(self._ada.client)
            self._phone.becomes(self._ada.client)
            self._locked = True

    def _unlock(self) -> None:
        """Nothing is on its way meanwhile: what was sent with cookies from before, and comes after, waits in the tray
        for the next time.
        """
        if self._locked:
            if not self._net.down and not self._net.gone:
                self._sends_all()
            self._ada.client.follow(open_code(self._ada.client))
            self._phone.becomes(self._ada.client)
            self._locked = False
            self._field = self._draft_of_talk()
            self.expected.again.update(_words(self._field))

    def _other_phone(self) -> None:
        """Somebody opens the note elsewhere and changes it."""
        form = self._other.get(f"/dagar/{TUESDAY}/{self._entry}").form("Spara")
        word, base = self._word(), dict(form.typed({}))["words"]
        self._other.send(form, words=word)
        self.expected.notes.add(word)
        self.expected.replaced.add(base)

    def _reread(self) -> None:
        """The phone opens the note anew, where it can."""
        if self._locked or self._net.down or self._net.gone:
            return
        fields = dict(self._ada.client.get(f"/dagar/{TUESDAY}/{self._entry}").form("Spara").typed({}))
        self._edition, self._base = fields["edition"], fields["words"]

    # how

    def _sends_all(self) -> None:
        end = time.monotonic() + _PATIENCE
        while waiting := self._page.evaluate(WAITS):
            assert time.monotonic() < end, f"{waiting} wait for ever"
            self._page.evaluate(_TELLS)
            self._page.wait_for_timeout(50)
        self._page.evaluate(
            "fetch('/hjalp').catch(() => {}).then(() => {})"
        )  # a page comes when what was sent is joined

    def _opened(self) -> Page:
        page = self._phone.context.new_page()
        page.goto(HOME)
        return page

    def _post(self, to: str, fields: dict[str, str], *, quiet: bool = False) -> Any:
        self._page.evaluate(_POST, [to, fields, quiet])
        return self._page.evaluate(_SAID)

    def _draft_of_talk(self) -> str:
        return dict(self._other.get(self._hers.page).form("/skriv").typed({}))["words"]

    def _word(self) -> str:
        return f"ord{next(self._numbers)}"


def _words(text: str) -> list[str]:
    return re.findall(r"\bord\d{3}\b", text)


def _sets_of(words: list[str], sizes: Iterable[int]) -> Iterator[set[str]]:
    """So many words at a time, and what is left in the end."""
    left = iter(words)
    for size in sizes:
        yield set(itertools.islice(left, size))
    if more := set(left):
        yield more


def _answer(word: str) -> dict[str, str]:
    return {"form": "2", "words": word, "id": _id(word)}


def _id(word: str) -> str:
    return word.removeprefix("ord").zfill(32)
