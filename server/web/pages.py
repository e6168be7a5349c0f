"""What every template may ask for, and compression on the way out."""

from flask import Flask
from flask_compress import Compress

from server.web import guard, headers, respond


def init_app(app: Flask) -> None:
    app.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=3,
        COMPRESS_BR_WINDOW=16,
        COMPRESS_LEVEL=5,
        COMPRESS_MIN_SIZE=500,
        COMPRESS_STREAMS=False,
    )
    Compress(app)
    app.jinja_env.globals.update(
        signed_in=guard.seems_signed_in,
        first_visit=lambda: not guard.has_been_here(),
        sheet_inside=headers.sheet_inside,
        toast=respond.toast,
    )
    app.after_request(respond.forget_toast)
