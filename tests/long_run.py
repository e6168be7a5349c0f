"""What the long run needs besides Chromium: Firefox ESR, WebKitGTK with a screen that nobody sees, and Caddy.

`python -m tests.long_run` installs with apt what is missing, where that is possible. What could not be installed is
said, and fails the tests that need it with the same sentence.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests import apt

# Caddy is unpacked here and not installed: Debian's package would start a proxy on port 80 at once.
UNPACKED = Path(sys.prefix) / "caddy"
_MINI_BROWSER = "/usr/lib*/*/webkit2gtk-4.*/MiniBrowser"


class Missing(Exception):
    """It is not there; the message says what to do."""


def firefox() -> str:
    """The path of a Firefox that starts: the one in FIREFOX, or the first of the usual ones. Raises Missing."""
    wish = os.environ.get("FIREFOX", "").strip()
    mac = "/Applications/Firefox.app/Contents/MacOS/firefox"
    for name in [wish] if wish else ["firefox-esr", "firefox", mac]:
        if (path := shutil.which(name)) and _says(path, "Firefox"):
            return path
    raise Missing(
        "No Firefox that starts was found. Debian: sudo apt install firefox-esr. Elsewhere: install Firefox, "
        "or say where one is: FIREFOX=/path/to/firefox make test-long"
    )


def webkit() -> tuple[str, str, str]:
    """The paths of WebKitGTK's driver, its small browser, and a screen that nobody sees. Raises Missing."""
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    browsers = sorted(str(file) for file in Path("/").glob(_MINI_BROWSER.lstrip("/")))
    if driver and screen and browsers:
        return driver, browsers[-1], screen
    raise Missing(
        "WebKitGTK, its driver or Xvfb was not found. Debian, Ubuntu: sudo apt install webkit2gtk-driver xvfb. "
        "There is none for macOS."
    )


def caddy() -> str:
    """The path of a Caddy that starts: an installed one, or the one that was unpacked. Raises Missing."""
    for name in ("caddy", str(UNPACKED / "usr/bin/caddy")):
        if (path := shutil.which(name)) and _says(path, "2.", "version"):
            return path
    raise Missing("No Caddy was found. Debian, Ubuntu: sudo apt install caddy. macOS: brew install caddy")


def _says(path: str, word: str, *asked: str) -> bool:
    try:
        said = subprocess.run([path, *(asked or ("--version",))], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and word in said.stdout


def _unpack_caddy() -> bool:
    shutil.rmtree(UNPACKED, ignore_errors=True)
    UNPACKED.mkdir()
    if not shutil.which("apt-get") or not apt.run(["apt-get", "--quiet", "download", "caddy"], UNPACKED):
        return False
    return all(
        apt.run(["dpkg-deb", "--extract", str(package), str(UNPACKED)]) for package in UNPACKED.glob("*.deb")
    )


NEEDED: dict[Callable[[], object], Callable[[], bool]] = {
    firefox: lambda: apt.install("firefox-esr"),
    webkit: lambda: apt.install("webkit2gtk-driver", "xvfb"),
    caddy: _unpack_caddy,
}


def missing() -> dict[Callable[[], object], str]:
    """What is not there, and what to do about each."""
    sentences = {}
    for find in NEEDED:
        try:
            find()
        except Missing as sentence:
            sentences[find] = str(sentence)
    return sentences


def main() -> None:
    if wanted := missing():
        names = ", ".join(find.__name__ for find in wanted)
        print(f"Not found: {names}. Installing with apt where that is possible.", file=sys.stderr)
        apt.update()
        for find in wanted:
            NEEDED[find]()
        for sentence in missing().values():
            print(sentence, file=sys.stderr)


if __name__ == "__main__":
    main()
