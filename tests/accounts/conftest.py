"""The stretching of codes is made cheap here: five wrong tries are tried in many tests."""

import pytest

from server.vault import codes


@pytest.fixture(autouse=True)
def cheap_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "STRETCH", codes.Stretch(2, 8, 1))
