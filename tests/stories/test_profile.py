"""The phone itself: killed right after it said “Sparat här”, and what somebody finds who takes its memory out."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import psutil
import pytest
from playwright.sync_api import Error, Playwright, expect

from server.core import ids
from tests.accounts.acts import lock, lockable
from tests.people import TODAY, Ada
from tests.stories.conftest import how_to_launch, served
from tests.stories.leveldb import blocks
from tests.stories.net import Net
from tests.stories.phone import Phone
from tests.stories.test_offline import at_work, begun, day
from tests.world import World

pytestmark = [pytest.mark.story, pytest.mark.worker, pytest.mark.long]

NAME = "outbox.all().then((all) => all[0].name)"


class Uncompressed(Net):
    """What the browser keeps of an answer can be read as it is."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return super().__call__(environ, start_response)  # type: ignore[return-value]


@pytest.fixture
def net(world: World) -> Net:
    return Uncompressed(world.app)


@pytest.fixture
def address(net: Net) -> Iterator[str]:
    with served(net) as address:
        yield address


class Profile:
    """A folder in which a browser keeps what it keeps, from one start to the next."""

    def __init__(self, playwright: Playwright, folder: Path, address: str) -> None:
        self._playwright, self._folder, self._address = playwright, folder, address

    @contextmanager
    def started(self) -> Iterator[Phone]:
        context = self._playwright.chromium.launch_persistent_context(
            self._folder, **how_to_launch(), base_url=self._address, locale="sv-SE", reduced_motion="reduce"
        )
        with suppress(Error):  # it may have been killed
            yield Phone(context, self._address)
            context.close()

    def kill(self) -> None:
        """The battery is empty: nobody is told."""
        ours = f"--user-data-dir={self._folder}"
        for process in psutil.process_iter(["cmdline"]):
            if ours in (process.info["cmdline"] or ()):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
                    process.wait(10)

    def files_with(self, word: str) -> list[str]:
        """Where a word stands, however it is written: as it is, in UTF-16, in hexadecimal, in base64.

        Chromium's small databases (LevelDB) are logs, which are not compressed, and tables, which are.
        """
        forms = [*_written(word)]
        found = set()
        for file in self._folder.rglob("*"):
            if file.is_file() and not file.is_symlink():
                with suppress(FileNotFoundError):
                    whole = file.read_bytes()
                    if file.suffix == ".ldb":
                        whole = b"".join(blocks(whole))
                    if any(form in whole for form in forms):
                        found.add(str(file.relative_to(self._folder)))
        return sorted(found)


def _written(word: str) -> Iterator[bytes]:
    for raw in (word.encode(), word.encode("utf-16-le")):
        yield from (raw, raw.hex().encode(), raw.hex().upper().encode())
        for before in range(3):  # where in a group of three it begins; the ends depend on what stands beside
            yield base64.b64encode(b"x" * before + raw)[4 if before else 0 : -4]


@pytest.fixture
def profile(playwright: Playwright, tmp_path: Path, address: str) -> Profile:
    return Profile(playwright, tmp_path / "profile", address)


def test_killed_right_after_it_said_saved(profile: Profile, net: Net) -> None:
    """What the page says is so: it lies on the disk. A second start sends it, once."""
    with profile.started() as phone:
        begun(phone)
    with profile.started() as phone:
        phone.open()
        at_work(phone)
        net.down = True
        phone.open()
        phone.write("Några ord, om du vill", "strax före")
        phone.press(phone.page.get_by_role("button", name="Mycket tung"))
        expect(phone.title).to_have_text("Sparat här")
        profile.kill()
    net.down = False
    with profile.started() as phone:
        phone.open()
        phone.sees("Sparat i ditt konto.")
        assert day(phone).count("strax före") == 1
        profile.kill()
    net.asked.clear()
    with profile.started() as phone:
        assert day(phone).count("strax före") == 1
        assert "POST /utkorg" not in net.asked


def test_nothing_that_was_written_is_found_on_the_phone(profile: Profile, net: Net, ada: Ada) -> None:
    """Hard rules 3 and 8: signed in, then locked, while something waits; running, killed, and started again."""
    lockable(ada)
    online, draft, offline = (f"kanarie{which}{ids.token()}" for which in ("a", "b", "c"))
    words = (online, draft, offline, "adaord-idag", "adaord-tisdag")
    with profile.started() as phone:
        phone.becomes(ada.client)
        phone.open(f"/dagar/{TODAY}/ny")
        at_work(phone)
        phone.write("Med egna ord", online)
        phone.until("document.querySelector('#draft').textContent")
        phone.tap("Spara")
        assert day(phone).count(online) == 1
        phone.open(f"/dagar/{TODAY}/ny")
        net.down = True
        phone.page.get_by_label("Med egna ord", exact=True).press_sequentially(draft)
        phone.until("!document.querySelector('#posts').hidden")
        phone.open()
        phone.write("Några ord, om du vill", offline)
        phone.press(phone.page.get_by_role("button", name="Mycket tung"))
        expect(phone.title).to_have_text("Sparat här")
        name = phone.measure(NAME)
        lies_nowhere(profile, words, name)
        lock(ada.client)
        phone.becomes(ada.client)
        phone.open()
        profile.kill()
    lies_nowhere(profile, words, name)
    with profile.started() as phone:
        phone.open()
        phone.sees("2 saker är sparade här och väntar på nät.")
        lies_nowhere(profile, words, name)
    lies_nowhere(profile, words, name)


def lies_nowhere(profile: Profile, words: tuple[str, ...], name: str) -> None:
    """The name of a post does lie there: whoever looks finds what there is."""
    assert profile.files_with(name)
    assert {word: found for word in words if (found := profile.files_with(word))} == {}
