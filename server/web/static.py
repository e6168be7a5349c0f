"""Static files: named after their content, compressed once, served by the app itself through WhiteNoise."""

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import brotli
from flask import Flask
from whitenoise import WhiteNoise

SOURCE = Path(__file__).resolve().parents[2] / "static"
PWA = SOURCE.parent / "pwa"  # what a phone needs to have it on its home screen
# One style sheet on the wire: the layers in base.css come first, then what pages share, then one file per feature.
SHEET = "dagsform.css"
SHARED = ("base.css", "first.css", "parts.css")  # a feature may change what it shares, so it comes after
FIRST = ("base.css", "first.css", "today.css")  # all that the question of the day and Göm use
_HASHED = re.compile(r"\.[0-9a-f]{12}\.")


@dataclass(frozen=True)
class Assets:
    """Addresses of the built files by their source name, and the sheets that stand inside a first visit's pages."""

    urls: dict[str, str]
    sheet: str
    first: str  # the part of it that the question of the day needs


def init_app(app: Flask, home: Path) -> None:
    """Build what has changed into `home`/static and serve it at /static/."""
    built = home / "static"
    assets = build(built)
    app.jinja_env.globals["asset"] = assets.urls.__getitem__
    app.extensions["assets"] = assets
    files = WhiteNoise(
        app.wsgi_app,
        root=built,
        prefix="static/",
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
        allow_all_origins=False,
    )
    app.extensions["files"] = app.wsgi_app = files  # type: ignore[method-assign]


def build(target: Path) -> Assets:
    """Write every static file to `target` under a hashed name, with .br and .gz beside it; drop older builds."""
    target.mkdir(parents=True, exist_ok=True)
    contents = _contents()
    names = {name: _hashed(name, body) for name, body in contents.items()}
    for name, body in contents.items():
        _write(target / names[name], body)
    _drop_others(target, set(names.values()))
    urls = {name: f"/static/{hashed}" for name, hashed in names.items()}
    return Assets(urls, contents[SHEET].decode(), _sheet(FIRST))


def add_worker(app: Flask, home: Path, script: str) -> None:
    """Serve this script as /sw.js, where a worker of every page must stand. The browser asks whether it is new."""
    folder, body = home / "worker", lean_script(script).encode()
    folder.mkdir(parents=True, exist_ok=True)
    name = _hashed("sw.js", body)
    _write(folder / name, body)
    app.extensions["files"].add_file_to_dictionary("/sw.js", str(folder / name))


def _drop_others(folder: Path, names: set[str]) -> None:
    wanted = {f"{name}{ending}" for name in names for ending in ("", ".br", ".gz")}
    for old in folder.iterdir():
        if old.name not in wanted and _HASHED.search(old.name):
            old.unlink(missing_ok=True)


def _contents() -> dict[str, bytes]:
    features = {file.name for file in SOURCE.glob("css/*.css")} - set(SHARED)
    contents = {SHEET: _sheet((*SHARED, *sorted(features))).encode()}
    own = {*SOURCE.glob("js/*.js"), *PWA.glob("*.js")} - {
        PWA / "worker.js"
    }  # what that holds is filled in by pwa.py
    for file in [
        *own,
        *SOURCE.glob("vendor/*.js"),
        *SOURCE.glob("*.svg"),
        *SOURCE.glob("*.css"),
        *PWA.glob("*.png"),
    ]:
        contents[file.name] = lean_script(file.read_text()).encode() if file in own else file.read_bytes()
    return contents


def _sheet(names: Iterable[str]) -> str:
    return _lean("".join((SOURCE / "css" / name).read_text() for name in names))


def lean_script(script: str) -> str:
    """Without lines of comment and indentation; everything else stays as written (ours has no text over lines)."""
    return re.sub(r"^\s*(//.*\n)?|(?<=[;{}]) // .*$", "", script, flags=re.MULTILINE)


def _lean(css: str) -> str:
    """Without comments and indentation; everything else stays as written."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*\n\s*", "\n", css).strip() + "\n"


def _hashed(name: str, body: bytes) -> str:
    stem, ending = name.rsplit(".", 1)
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"


def _write(file: Path, body: bytes) -> None:
    if file.exists():
        return
    file.with_name(file.name + ".br").write_bytes(brotli.compress(body, quality=11))
    file.with_name(file.name + ".gz").write_bytes(gzip.compress(body, 9, mtime=0))
    file.write_bytes(body)
