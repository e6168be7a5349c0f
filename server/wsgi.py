"""What the server's workers load. Each reads the environment again, so nothing is handed between processes."""

from flask import Flask

from server import config, create_app


def development() -> Flask:
    return create_app(config.for_development())


def production() -> Flask:
    return create_app(config.for_production())


def demo() -> Flask:
    settings = config.for_development()
    return create_app(config.at_home(settings, settings.home / "demo"))
