"""Whatever the network does, what was taken stands once where it belongs (hard rule 8): a property, played by a real
Chromium with its worker against a real server, beside a model of what must come of it.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from server.vault import codes
from tests.accounts.acts import another_phone, lockable
from tests.client import Client
from tests.messages.conftest import Talking, agree
from tests.people import Ada
from tests.stories.conftest import served
from tests.stories.faults import Ride, Wire
from tests.stories.phone import Phone
from tests.stories.test_offline import at_work
from tests.world import NOW, World

pytestmark = pytest.mark.story

ACTS = ("tap", "edit", "step_on", "message", "draft", "both")
FAULTS = (
    "down",
    "gone",
    "up",
    "lose",
    "stop",
    "cut",
    "again",
    "tell",
    "lock",
    "unlock",
    "other_phone",
    "reread",
)
CLOCKS = (timedelta(), timedelta(days=1), timedelta(days=-1))
# A bus without a net, another phone meanwhile, a worker that ended; then a net whose answers get lost.
EVENING = "down tap edit draft step_on again other_phone message draft stop up tap both reread lose edit other_phone up"
# Answers that get lost, a proxy without a server, the lock, and a worker that is stopped in the middle.
CORRIDOR = (
    "lose tap message gone edit edit lock draft up tell tap stop other_phone down tap unlock up cut step_on"
)
PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))


class House:
    """A world with people who have met, as it was before each ride."""

    def __init__(
        self, foundations: Path, folder: Path, move: Callable[[datetime], None], browser: Browser
    ) -> None:
        self._foundations, self._move, self._browser = foundations, move, browser
        self._before = folder / "before"
        self._before.mkdir()
        for name in ("static", "worker", "templates"):
            (foundations / name).mkdir(exist_ok=True)
            (self._before / name).symlink_to(foundations / name)
        first = World.build(foundations, self._before, move)
        ada, ben = first.ada(), first.person("ben")
        self._talk = agree(ada.client, ben, "Ben")
        other = another_phone(first, lockable(ada))
        self._ada, self._cookies = ada, [one.cookies() for one in (ada.client, ben, other)]
        for store in ("database", "session_database"):
            first.app.extensions[store].forget_deleted()  # all of it is in the file
        first.close()

    @contextmanager
    def ride(self, wrong: timedelta) -> Iterator[Ride]:
        """A phone whose clock is wrong by so much."""
        self._move(NOW)
        with tempfile.TemporaryDirectory(prefix="dagsform-ride-") as folder:
            world = World.build(self._before, Path(folder), self._move)
            hers, his, other = (self._client(world, cookies) for cookies in self._cookies)
            ada = Ada(hers, self._ada.entries, self._ada.circle, self._ada.plan)
            talk = (Talking(hers, self._talk[0].pair), Talking(his, self._talk[1].pair))
            net = Wire(world.app, world, wrong)
            with served(net) as address:
                context = self._browser.new_context(base_url=address, service_workers="allow")
                phone = Phone(context, address)
                try:
                    ride = Ride(phone, net, ada, talk, other)
                    at_work(phone)
                    yield ride
                finally:
                    context.close()
            world.close()

    def _client(self, world: World, cookies: dict[str, str]) -> Client:
        client = world.visitor()
        for name, value in cookies.items():
            client.keep(name, value)
        return client


@pytest.fixture
def house(
    foundations: Path,
    tmp_path: Path,
    move: Callable[[datetime], None],
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> House:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))
    return House(foundations, tmp_path, move, browser)


def played(house: House, wrong: timedelta, acts: str) -> None:
    with house.ride(wrong) as ride:
        for act in acts.split():
            ride.does(act)
        ride.ends()
        ride.holds()


@settings(PATIENT, phases=[Phase.explicit])
@example(CLOCKS[1], EVENING)
@example(CLOCKS[2], CORRIDOR)
@given(st.none(), st.none())
def test_what_was_taken_stands_once(house: House, wrong: timedelta, acts: str) -> None:
    played(house, wrong, acts)


@pytest.mark.long
@settings(PATIENT, max_examples=150)
@example(
    CLOCKS[0], ["down", "message", "lock", "up", "tap", "down", "message", "unlock", "up"]
)  # once a fault
@given(st.sampled_from(CLOCKS), st.lists(st.sampled_from(ACTS + FAULTS), min_size=4, max_size=24))
def test_what_was_taken_stands_once_whatever_happens(house: House, wrong: timedelta, acts: list[str]) -> None:
    played(house, wrong, " ".join(acts))
