"""The courier of this installation, from its settings."""

from server.config import Settings
from server.push.courier import Courier
from server.vault.sealing import derive
from server.vault.webpush import Vapid


def courier_of(settings: Settings) -> Courier:
    """Every process of one installation signs with the same key, made from DAGSFORM_SECRET."""
    return Courier(Vapid(derive(settings.secret, "push")), _subject(settings), settings.push_hosts)


def _subject(settings: Settings) -> str:
    """Whom a push service can turn to (RFC 8292 section 2.1): the service's own address, where that is said."""
    if settings.origin.startswith("https://"):
        return settings.origin
    return "https://localhost"  # somebody who tries it on their own computer
