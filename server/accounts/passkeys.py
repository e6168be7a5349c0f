"""Passkeys, in a handful of functions around the `webauthn` library.

The page asks the authenticator for its PRF output with an input that is constant in the code, derives a key from it
with HKDF in the browser, and posts that key only. The raw output never leaves the page: a body that holds it is
refused here (`PrfLeaked`), because whoever had it could derive the key of every later version too.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import webauthn
from sqlalchemy import Connection
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.core import ids
from server.vault.keyring import Keyring
from server.vault.passkeys import Passkey, find_passkey, open_passkey, passkey_kek
from server.vault.sealing import Secret

NAME = "Dagsform"
_VERIFIED = UserVerificationRequirement.REQUIRED


class PasskeyRefused(Exception):
    """The answer of the authenticator does not hold: wrong site, wrong key, no proof of the person, or damaged."""


class PrfLeaked(Exception):
    """The body carries the raw PRF output. The page must take it away; nothing of it is kept or logged."""


@dataclass(frozen=True)
class Site:
    """Where the ceremony takes place: https://dagsform.example, or http://localhost:8000."""

    origin: str
    host: str


@dataclass(frozen=True)
class NewCredential:
    id: bytes
    public_key: bytes
    sign_count: int
    backed_up: bool


def creation_options(site: Site, challenge: bytes, known: list[bytes]) -> str:
    """Options for navigator.credentials.create, as JSON: discoverable, and the person must be verified."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_id=ids.random_bytes(16),
        user_name=NAME,
        user_display_name=NAME,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return webauthn.options_to_json(options)


def request_options(site: Site, challenge: bytes, only: bytes | None = None) -> str:
    """Options for navigator.credentials.get; without `only`, whichever passkey the person chooses."""
    allowed = [PublicKeyCredentialDescriptor(id=only)] if only else None
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=allowed, user_verification=_VERIFIED
    )
    return webauthn.options_to_json(options)


def parse(body: str) -> dict[str, Any]:
    """The credential that the page posted. Raises PrfLeaked, and PasskeyRefused when it is no credential."""
    try:
        found = json.loads(body)
        results = found.get("clientExtensionResults") or {}
        base64url_to_bytes(found["response"]["clientDataJSON"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PasskeyRefused from None
    if not isinstance(results, dict) or not isinstance(results.get("prf") or {}, dict):
        raise PasskeyRefused
    if (results.get("prf") or {}).get("results"):
        raise PrfLeaked
    return found if isinstance(found, dict) else {}


def challenge_in(credential: dict[str, Any]) -> bytes:
    """The question that the answer says it answers; the caller checks that it was asked."""
    try:
        client_data = json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))
        return base64url_to_bytes(client_data["challenge"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PasskeyRefused from None


def credential_id(credential: dict[str, Any]) -> bytes:
    try:
        return base64url_to_bytes(credential["id"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PasskeyRefused from None


def verify_new(site: Site, credential: dict[str, Any]) -> NewCredential:
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge_in(credential),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception:  # the library names some faults, and stumbles on others; none of it is a passkey
        raise PasskeyRefused from None
    synced = made.credential_device_type is CredentialDeviceType.MULTI_DEVICE and made.credential_backed_up
    return NewCredential(made.credential_id, made.credential_public_key, made.sign_count, synced)


def verify_answer(site: Site, credential: dict[str, Any], public_key: bytes, sign_count: int) -> int:
    """The authenticator's new sign count, when it really was this passkey and this person."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge_in(credential),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except Exception:  # the library names some faults, and stumbles on others; none of it is a passkey
        raise PasskeyRefused from None
    return verified.new_sign_count


def find(db: Connection, credential: dict[str, Any]) -> Passkey:
    """The row to verify against. Raises PasskeyRefused for a passkey that nobody here knows."""
    known = find_passkey(db, credential_id(credential))
    if known is None:
        raise PasskeyRefused
    return known


def keks(from_browser: str, half: Secret | None, credential: bytes) -> list[Secret]:
    """The keys that may open: the one that the browser derived from PRF, else the one from this phone's half."""
    if from_browser:
        return [Secret.from_text(from_browser)]
    return [passkey_kek(half, credential)] if half else []


def open_with(
    db: Connection, credential: dict[str, Any], keys: list[Secret], sign_count: int, now: datetime
) -> tuple[Keyring, Secret]:
    return open_passkey(db, credential_id(credential), *keys, sign_count=sign_count, now=now)
