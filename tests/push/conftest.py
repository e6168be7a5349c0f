"""A push service on this machine, and a browser that has subscribed there."""

from collections.abc import Iterator

import pytest

from tests.push.service import Browser, Service, serving


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service")) as service:
        yield service


@pytest.fixture
def service(standing: Service) -> Service:
    standing.came.clear()
    standing.answers.clear()
    standing.asked.clear()
    standing.slow = 0.0
    return standing


@pytest.fixture
def browser() -> Browser:
    return Browser()
