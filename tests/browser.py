"""The browser that the stories are lived in: found, or installed with apt where that is possible.

`python -m tests.browser` prints its path. Without one the tests do not run: a sentence says what to install.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests import apt

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
# What `playwright install chromium` leaves in a home folder, on Linux and on macOS.
FETCHED = (
    ".cache/ms-playwright/chromium-*/chrome-linux*/chrome",
    "Library/Caches/ms-playwright/chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
WHAT_TO_DO = (
    "No browser was found, and the stories are lived in one. Install it and try again:\n"
    "  Debian: sudo apt install chromium\n"
    "  Ubuntu: .venv/bin/playwright install --with-deps chromium\n"
    "  macOS: Google Chrome, or .venv/bin/playwright install chromium\n"
    "or say where one is: CHROMIUM=/path/to/chromium make test"
)


class NoBrowser(Exception):
    """There is none, and none could be installed; the message says what to do."""


def find() -> str:
    """The path of a Chromium or Chrome that starts: the one in CHROMIUM, or the first of the usual ones.

    Raises NoBrowser.
    """
    wish = os.environ.get("CHROMIUM", "").strip()
    if wish:
        path = shutil.which(wish)
        if path and _starts(path):
            return path
        raise NoBrowser(f"CHROMIUM is “{wish}”, and no browser starts there.")
    for path in _usual():
        if _starts(path):
            return path
    raise NoBrowser(WHAT_TO_DO)


def find_or_install() -> str:
    """As `find`, after trying apt when there is none. Raises NoBrowser."""
    try:
        return find()
    except NoBrowser:
        if os.environ.get("CHROMIUM", "").strip() or not _install():
            raise
    return find()


def _usual() -> list[str]:
    on_path = [found for name in NAMES if (found := shutil.which(name))]
    fetched = [str(file) for pattern in FETCHED for file in sorted(Path.home().glob(pattern), reverse=True)]
    return [*on_path, *(path for path in MAC if Path(path).exists()), *fetched]


def _starts(path: str) -> bool:
    """Ubuntu has a chromium-browser that only says "install the snap", so the file being there is not enough."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and "Chrom" in said.stdout


def _install() -> bool:
    """Ask apt. True when apt said that it went well."""
    if not apt.can_ask():
        return False
    print("No browser was found. Installing Chromium with apt.", file=sys.stderr)
    return apt.update() and any(
        apt.install(package, "fonts-liberation") for package in ("chromium", "chromium-browser")
    )


def main() -> None:
    try:
        print(find_or_install())
    except NoBrowser as sentence:
        sys.exit(str(sentence))


if __name__ == "__main__":
    main()
