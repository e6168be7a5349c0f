"""On a phone: the manifest, the page that says how to install, the worker, and the page for no connection.

The name and the icon are neutral (row C30): nothing on the home screen says what it is for. Chromium, Firefox and
Safari install from the manifest alone. The worker (pwa/worker.js) keeps two pages, the same for everybody: the crisis
page and the one for no connection; nothing of a person.
"""

import base64
import hashlib
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, g, jsonify

from server.vault.outbox import public_key
from server.web import static, tray
from server.web.borrowed import borrowed
from server.web.guard import keyring, open_to_all
from server.web.language import gettext as _
from server.web.respond import respond

bp = Blueprint("pwa", __name__)

SKY = "#f0ecf5"
ICONS = (
    ("icon-192.png", 192, "any"),
    ("icon-512.png", 512, "any"),
    ("icon-maskable-512.png", 512, "maskable"),
)


_WORKER = ("outbox.js", "notices.js", "worker.js")  # one script: one request, and smaller on the wire
# What the two kept pages ask for.
_FILES = ("dagsform.css", "page.js", "outbox.js", "reading.js", "offline.js", "icon.svg")


def init_app(app: Flask, *, worker: bool) -> None:
    """Serve the worker, put together for this build; without `worker` the one that takes itself away.

    Wants every slice to be there: they say which forms can wait for a connection.
    """
    urls = app.extensions["assets"].urls
    files = _WORKER if worker else ("gone.js",)
    script = "".join((static.PWA / name).read_text() for name in files)
    for mark, text in {
        "icon-192.png": urls["icon-192.png"],
        "files": " ".join(urls[name] for name in _FILES),
        "waits": "|".join(tray.addresses(app.url_map)).replace("/", "\\/"),
        "build": _build(app, urls),
    }.items():
        script = script.replace(f"[[{mark}]]", text)
    static.add_worker(app, app.extensions["settings"].home, script)
    app.jinja_env.globals.update(box=_box, worker=worker)


def _build(app: Flask, urls: dict[str, str]) -> str:
    """Another text for every build whose kept pages may differ."""
    pages, texts = Path(app.root_path, app.template_folder or ""), Path(app.root_path, "translations")
    files = (*sorted(pages.rglob("*.html")), *sorted(texts.rglob("*.mo")))
    parts = (*(file.read_bytes() for file in files), *(url.encode() for url in sorted(urls.values())))
    return hashlib.sha256(b"".join(parts)).hexdigest()[:12]


def _box() -> str:
    """What the phone seals to while there is no connection; empty on a page that knows nobody, or a borrowed one."""
    account = None if borrowed() else g.get("keyring")
    return base64.b64encode(public_key(account)).decode() if account else ""


@bp.get("/manifest.webmanifest")
@open_to_all
def manifest() -> Response:
    """What the home screen shows (W3C, Web Application Manifest). The same for everybody."""
    asset = current_app.extensions["assets"].urls.__getitem__
    answer = jsonify(
        {
            "id": "/",
            "name": "Dagsform",
            "short_name": "Dagsform",
            "lang": "sv",
            "dir": "ltr",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": SKY,
            "theme_color": SKY,
            "icons": [
                {"src": asset(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
                for name, size, purpose in ICONS
            ],
            "shortcuts": [
                {"name": _("Today"), "url": "/"},
                {"name": _("Talk"), "url": "/prata"},
            ],
            "screenshots": [
                {
                    "src": asset(name),
                    "sizes": "390x844",
                    "type": "image/png",
                    "form_factor": "narrow",
                    "label": label,
                }
                for name, label in (
                    ("shot-ask.png", _("The question of the day")),
                    ("shot-heavy.png", _("A heavy day, and something small")),
                )
            ],
        }
    )
    answer.mimetype = "application/manifest+json"
    return answer


@bp.get("/hemskarm")
@open_to_all
def home_screen() -> Response:
    """How to put Dagsform on the home screen, for each sort of phone; on an iPhone the key has to come along."""
    keyring()  # so that the tabs are those of whoever asks
    return respond("help/home_screen.html")
