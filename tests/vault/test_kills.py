"""Killed (kill -9) anywhere, nothing that was acknowledged is lost and everything opens (vault.md, rule 6)."""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from server.core.database import Base, Database
from server.vault.errors import NoSuchWayIn
from server.vault.rotation import finish_epoch, reseal
from server.vault.sealing import Secret
from server.vault.ways_in import device_slot, new_account, open_device
from tests.vault.household import NOW, Holder
from tests.vault.killed import holder, look

ROOT = Path(__file__).parents[2]


class Acknowledged:
    """What must be so, and what may be so as well because the process died between its commit and its word."""

    def __init__(self, first: Holder) -> None:
        self.holders = {first.slot: first}
        self.slots, self.words = {first.slot.hex()}, dict[str, str]()
        self.begun: dict[str, Any] | None = None

    def hear(self, line: str) -> None:
        if line == "done\n":
            assert self.begun is not None
            self.slots, self.words = self.after()
            self.begun = None
        elif line.endswith("\n"):
            self.begun = json.loads(line)
            if told := self.begun.get("holder"):
                new = holder(told)
                self.holders[new.slot] = new

    def after(self) -> tuple[set[str], dict[str, str]]:
        """How it is once the step that was begun is committed."""
        assert self.begun is not None
        words = dict(self.words)
        if changed := self.begun.get("words"):
            name, text = changed
            words = {n: t for n, t in words.items() if n != name} | ({name: text} if text else {})
        return set(self.begun["slots"]), words

    def agree(self, slots: set[str], words: dict[str, str]) -> None:
        """Take what is there as the truth, if it is what it must or may be. Nothing in between is."""
        allowed = [(self.slots, self.words), *([self.after()] if self.begun else [])]
        assert (slots, words) in allowed
        self.slots, self.words, self.begun = slots, words, None


def run_and_kill(file: Path, half: Secret, truth: Acknowledged, chance: random.Random) -> None:
    """Let a process work for a while, and kill it."""
    command = [sys.executable, "-m", "tests.vault.killed", str(file), half.as_text(), str(chance.random())]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(chance.randrange(1, 40)):
            truth.hear(process.stdout.readline())
        time.sleep(chance.random() * chance.choice([0, 0.002, 0.02]))
        process.kill()
        for line in process.stdout:
            truth.hear(line)
    assert process.returncode == -9


def check(database: Database, half: Secret, truth: Acknowledged) -> None:
    keyring, words = look(database, half)
    truth.agree({slot.hex() for slot in keyring.slots}, words)
    with database.write() as db:
        _, key = open_device(db, half, now=NOW)
        for slot, way in truth.holders.items():
            if slot.hex() in truth.slots:
                opened, same = way.open(db)
                assert (opened.account, same) == (keyring.account, key)
            else:
                with pytest.raises(NoSuchWayIn):
                    way.open(db)
        assert db.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
        db.rollback()


@pytest.mark.parametrize("kills", [6, pytest.param(120, marks=pytest.mark.long)])
def test_killed_anywhere_nothing_acknowledged_is_lost(kills: int, tmp_path: Path) -> None:
    # D31, vault.md rule 6
    seed = os.environ.get("KILLS") or str(random.SystemRandom().random())
    chance, file = random.Random(seed), tmp_path / "vault.db"
    database = Database(f"sqlite:///{file}")
    Base.metadata.create_all(database.engine)
    with database.write() as db:
        _, _, half = new_account(db, now=NOW)
    truth = Acknowledged(Holder("device", half.as_text(), device_slot(half)))
    for kill in range(kills):
        run_and_kill(file, half, truth, chance)
        try:
            check(database, half, truth)
        except BaseException:
            print(f"kill {kill} of seed {seed}")
            raise
    with database.write() as db:
        keyring, key = open_device(db, half, now=NOW)
        assert not reseal(db, keyring, budget=60)
        assert len(finish_epoch(db, keyring, key).keys) == 1
    check(database, half, truth)
    database.engine.dispose()
