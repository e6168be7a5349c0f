"""The lock of a phone, as Chromium plays it: a virtual authenticator through the DevTools protocol."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession

from tests.stories.phone import Phone

# What the page is not to send: the authenticator's own output is noted here on its way into the page's script.
_LISTEN = """
const get = navigator.credentials.get.bind(navigator.credentials);
navigator.credentials.get = async (options) => {
  const found = await get(options);
  const first = found.getClientExtensionResults().prf?.results?.first;
  if (first) heardPrf([...new Uint8Array(first)]);
  return found;
};
"""


# The virtual authenticator chooses a passkey by itself the moment a field may offer one; a person has to tap first.
_NO_OFFER = (
    "window.PublicKeyCredential && (PublicKeyCredential.isConditionalMediationAvailable = async () => false)"
)
_OPTIONS: dict[str, Any] = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


# A tap on *Avbryt*, as the browser answers it. The virtual authenticator cannot play it: refused, it asks for the
# finger until its tries are spent, and says no from then on, also when the finger is given again.
_CANCEL = """
for (const act of ["create", "get"]) {
  const ask = navigator.credentials[act].bind(navigator.credentials);
  navigator.credentials[act] = async (options) => {
    if (options.mediation !== "conditional" && (await cancelled()))
      throw new DOMException("The operation either timed out or was not allowed.", "NotAllowedError");
    return ask(options);
  };
}
"""


class Lock:
    """Finger, face or code of one phone. Gives them whenever the phone asks, until the person refuses.

    With `offering` the phone offers its passkeys in the fields that ask for them, and the first one is taken.
    """

    def __init__(self, phone: Phone, *, prf: bool = True, offering: bool = False) -> None:
        if not offering:
            phone.context.add_init_script(_NO_OFFER)
        self._devtools: CDPSession = phone.context.new_cdp_session(phone.page)
        self._devtools.send("WebAuthn.enable")
        self._options = _OPTIONS | {"hasPrf": prf}
        self._id = self._add()

    def refuse(self) -> None:
        """The person gives no finger, face or code. The phone asks a few times and then asks no more."""
        self._devtools.send(
            "WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": False}
        )

    def ready_again(self) -> None:
        """As after unlocking the phone with its own code. Passkeys that were on it are gone."""
        self._devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self._id})
        self._id = self._add()

    def _add(self) -> str:
        made = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": self._options})
        return str(made["authenticatorId"])

    def passkeys(self) -> int:
        found = self._devtools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        return len(found["credentials"])


def cancel(phone: Phone) -> Callable[[], None]:
    """Each call has the person tap *Avbryt* the next time the phone asks; the time after, the finger is given."""
    waiting: list[bool] = []
    phone.context.expose_function("cancelled", lambda: bool(waiting and waiting.pop()))
    phone.context.add_init_script(_CANCEL)
    return lambda: waiting.append(True)


def listen(phone: Phone) -> list[bytes]:
    """Every PRF output that the authenticator gives to pages of this phone from now on."""
    heard: list[bytes] = []
    phone.context.expose_function("heardPrf", lambda numbers: heard.append(bytes(numbers)))
    phone.context.add_init_script(_LISTEN)
    return heard
