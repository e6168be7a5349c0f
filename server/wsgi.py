"""What the server's workers load. Each reads the environment again, so nothing is handed between processes."""

import gc
import os

from server import config, create_app
from server.config import Settings
from server.web.bridge import Bridge


def development() -> Bridge:
    return _settled(config.for_development())


def production() -> Bridge:
    return _settled(config.for_production())


def demo() -> Bridge:
    settings = config.for_development()
    return _settled(config.at_home(settings, settings.home / "demo"))


def _settled(settings: Settings) -> Bridge:
    """The app behind its bridge; what was made at the start stays for good: the collector need not look through it.

    A worker leaves the terminal's group: Ctrl-C reaches the supervisor alone, which then stops the worker. Told
    twice, by the terminal and by the supervisor, a worker sometimes never ended.
    """
    os.setpgrp()
    app = create_app(settings)
    gc.collect()
    gc.freeze()
    return Bridge(app, stop=app.extensions["live"].close)
