"""Asking apt for what a test run needs, where that is possible: as root, or with a sudo that needs no password."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def can_ask() -> bool:
    return bool(shutil.which("apt-get")) and _root() is not None


def update() -> bool:
    """True when apt said that it went well."""
    return can_ask() and _apt("update")


def install(*packages: str) -> bool:
    """True when apt said that it went well. Ask for `update` first."""
    return can_ask() and _apt("install", "--yes", "--no-install-recommends", *packages)


def run(command: list[str], folder: Path | None = None) -> bool:
    """Everything that it says goes to the error stream: only a path is printed as an answer."""
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode == 0


def _apt(*arguments: str) -> bool:
    asker = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--quiet"]
    return run([*(_root() or []), *asker, *arguments])


def _root() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "--non-interactive", "true"]):
        return ["sudo", "--non-interactive"]
    return None
