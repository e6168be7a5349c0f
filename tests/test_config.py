"""A wrong setting is one clear sentence and exit 2, never a traceback, before anything has started."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from server import cli
from tests.commands import KEY, PRODUCTION, Said, dagsform

Command = Callable[..., Said]
GOOD = dict(PRODUCTION)
WRONG = {
    "a number that is none": ({"PORT": "åtta"}, "PORT is “åtta”"),
    "a port that is too high": ({"PORT": "65536"}, "from 1 to 65535"),
    "a port below one": ({"PORT": "0"}, "PORT"),
    "no workers": ({"DAGSFORM_WORKERS": "0"}, "DAGSFORM_WORKERS"),
    "workers in words": ({"DAGSFORM_WORKERS": "two"}, "whole number"),
    "a pepper that is too short": ({"DAGSFORM_PEPPER": "abc"}, "DAGSFORM_PEPPER must be 64 hexadecimal"),
    "a secret that is not hexadecimal": (
        {"DAGSFORM_SECRET": "x" * 64},
        "DAGSFORM_SECRET must be 64 hexadecimal",
    ),
    "another database": ({"DAGSFORM_DATABASE": "mysql://x/y"}, "DAGSFORM_DATABASE must begin with"),
    "an address that is none": ({"DAGSFORM_DATABASE": "dagsform.db"}, "DAGSFORM_DATABASE must begin with"),
    "another session store": ({"DAGSFORM_SESSIONS": "redis://x"}, "DAGSFORM_SESSIONS must begin with"),
    "a database where there is no folder": (
        {"DAGSFORM_DATABASE": "sqlite:////nowhere/at/all.db"},
        "database",
    ),
    "debug in words": ({"DAGSFORM_DEBUG": "yes"}, "it must be 0 or 1"),
    "a setting that is not there": ({"DAGSFORM_COLOUR": "red"}, "There is no setting called DAGSFORM_COLOUR"),
    "a misspelt setting": ({"DAGSFORM_PEPER": KEY}, "There is no setting called DAGSFORM_PEPER"),
    "a push service with a path": (
        {"DAGSFORM_PUSH_HOSTS": "push.example.org/x"},
        "names with commas between",
    ),
    "a push service that is an address": ({"DAGSFORM_PUSH_HOSTS": "10.0.0.1"}, "names with commas between"),
    "a home that is a file": ({"DAGSFORM_HOME": "/dev/null/home"}, "that folder cannot be made"),
}
SERVE = {
    "debug on": ({**GOOD, "DAGSFORM_DEBUG": "1"}, "DAGSFORM_DEBUG is on"),
    "one key for two": ({**GOOD, "DAGSFORM_SECRET": KEY}, "are the same"),
    **{
        f"no {name}": ({**GOOD, f"DAGSFORM_{name}": "  "}, f"DAGSFORM_{name}")
        for name in ("PEPPER", "SECRET", "OPERATOR", "CONTACT", "PLACE")
    },
}


def one_sentence(said: Said, expected: str) -> None:
    assert said.code == 2
    assert expected in said.err
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    assert said.out == ""


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Runs the command in this process: same code, without the second that a process takes to start."""
    for name in [name for name in os.environ if name.startswith("DAGSFORM_") or name == "PORT"]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("server.serving.serve", lambda *_: pytest.fail("it started all the same"))

    def run(*arguments: str, **settings: str) -> Said:
        for name, text in {"DAGSFORM_HOME": str(tmp_path / "home"), **settings}.items():
            monkeypatch.setenv(name, text)
        with pytest.raises(SystemExit) as stopped:
            cli.main(arguments)
        out, err = capfd.readouterr()
        assert isinstance(stopped.value.code, int)
        return Said(stopped.value.code, out, err)

    return run


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_setting_is_one_sentence(wrong: str, command: Command) -> None:
    settings, sentence = WRONG[wrong]
    one_sentence(command("run", **settings), sentence)
    one_sentence(command("serve", **{**GOOD, **settings}), sentence)


@pytest.mark.parametrize("wrong", SERVE)
def test_production_refuses_to_start_half_configured(wrong: str, command: Command) -> None:
    """Without pepper and secret, with debug on, or without the operator's facts (issue 2, point 1)."""
    settings, sentence = SERVE[wrong]
    one_sentence(command("serve", **settings), sentence)


def test_the_sentence_never_repeats_a_key(command: Command) -> None:
    said = command("serve", **{**GOOD, "DAGSFORM_PEPPER": "geheim" * 10})
    assert "geheim" not in said.err + said.out


@pytest.mark.parametrize(
    ("arguments", "settings", "sentence"),
    [
        (["serve"], {}, "These settings are missing: DAGSFORM_PEPPER"),
        (["demo", "--json"], {"DAGSFORM_WORKERS": "many"}, "DAGSFORM_WORKERS is “many”"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_as_a_process_of_its_own(
    arguments: list[str], settings: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    one_sentence(dagsform(*arguments, home=tmp_path, **settings), sentence)


def test_the_keys_made_for_development_are_the_owners_alone(tmp_path: Path, command: Command) -> None:
    command("restore", "nowhere.db")
    for name in ("pepper", "secret"):
        file = tmp_path / "home" / name
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(bytes.fromhex(file.read_text())) == 32
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
