"""Two worlds that differ in whether Ada has asked Pia: not one byte of anybody else's pages (vault.md, rule 9)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.core import clock, ids
from tests.client import Client
from tests.hosts.listing import asks, founds, lists, page_of, publishes
from tests.together import Together, build, lay
from tests.web.test_together import everything
from tests.world import NOW, World

HOST = "host.json"


@pytest.fixture(scope="module")
def laid(foundations: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada has met Ben and Fia; an association lists Pia."""
    folder = tmp_path_factory.mktemp("listed")
    lay(foundations, folder)
    with clock.frozen(NOW):
        home = folder / "home"
        home.mkdir()
        world = World.build(folder, home, lambda moment: None)
        host, pia = founds(world), world.person("pia")
        lists(host, pia)
        publishes(pia)
        (folder / HOST).write_text(json.dumps(host.cookies()))
        world.close()
        for file in home.glob("*.db"):
            file.replace(folder / file.name)
    return folder


@pytest.fixture
def live(laid: Path, tmp_path: Path) -> Iterator[Callable[[str], Together]]:
    made = []

    def make(name: str) -> Together:
        (tmp_path / name).mkdir()
        made.append(build(laid, tmp_path / name))
        return made[-1]

    with clock.frozen(NOW):
        yield make
    for one in made:
        one.world.close()


def test_whether_ada_asked_pia(live: Callable[[str], Together], laid: Path) -> None:
    plain, other = live("plain"), live("other")
    asks(other.ada.client)
    for who in ("ben", "fia", "cleo", "nobody"):
        left, right = everything(plain, who), everything(other, who)
        assert [path for path in left if left[path] != right[path]] == [], who
    assert _as_host(plain, laid) == _as_host(other, laid)
    assert other.ada.client.get("/prata/kamrater").text != plain.ada.client.get("/prata/kamrater").text
    assert "Ada frågar dig" in other.client("pia").get("/prata/fragor").text


def _as_host(together: Together, laid: Path) -> list[bytes]:
    """The association's own pages, and Pia's page as the association and as Cleo see it."""
    host, cleo = Client(together.world.app), together.client("cleo")
    for name, value in json.loads((laid / HOST).read_text()).items():
        host.keep(name, value)
    with ids.seeded("the same"):
        path = page_of(host)
        pages = [host.get(where) for where in ("/vard", "/vard/om", "/prata/kamrater", path)]
        return [page.body for page in (*pages, cleo.get(path))]
