"""Installed on a phone: the manifest that a browser asks for, and the page that says how.

The name and the icon are neutral (row C30): nothing on the home screen says what it is for. Chromium, Firefox and
Safari install from the manifest alone; no service worker is needed for it.
"""

from flask import Blueprint, Response, current_app, jsonify

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
