"""Where a notice may be sent: to the push services of browsers, and to nobody else.

A subscription comes from a browser, so its address could be anybody's: a machine inside the operator's own network,
or somebody else's server to be knocked at. Looked at when it is saved, and again each time something is sent.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from socket import SOCK_STREAM, getaddrinfo
from urllib.parse import urlsplit

# Chromium and what is built on it, Firefox, Edge on Windows, Safari.
HOSTS = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.notify.windows.com",
    "*.push.apple.com",
)
LONGEST = 1_000  # characters
_PLAIN = re.compile(r"https://[\x21\x23-\x5b\x5d-\x7e]+", re.ASCII)
_NAME = re.compile(r"(?=.{4,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")


class BadEndpoint(Exception):
    """Not an address that a notice may be sent to."""


@dataclass(frozen=True)
class Endpoint:
    """Where to send: the host, which was on the list, and the path with its query."""

    host: str
    path: str

    @property
    def origin(self) -> str:
        return f"https://{self.host}"

    def __repr__(self) -> str:
        return "Endpoint(hidden)"


def parse(text: str, hosts: Iterable[str]) -> Endpoint:
    """The address as we read it; only what was read is used. Raises BadEndpoint."""
    if len(text) > LONGEST or not _PLAIN.fullmatch(text):
        raise BadEndpoint
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise BadEndpoint from None
    if "@" in parts.netloc or port not in (None, 443) or parts.fragment or not _NAME.fullmatch(host):
        raise BadEndpoint
    if not any(_fits(host, one) for one in hosts):
        raise BadEndpoint
    return Endpoint(host, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def public_addresses(host: str) -> list[str]:
    """Where the host is. Raises BadEndpoint unless every address is a public one, OSError when it is not found."""
    found = [str(one[4][0]) for one in getaddrinfo(host, 443, type=SOCK_STREAM)]
    if not found or not all(is_public(one) for one in found):
        raise BadEndpoint
    return found


def is_public(address: str) -> bool:
    """Whether the address is out on the internet, whatever it is written as."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inside = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inside or found in _NAT64:
            return False  # nobody's push service is written so
    return found.is_global and not found.is_multicast


def _fits(host: str, one: str) -> bool:
    return host.endswith(one[1:]) if one.startswith("*.") else host == one


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
