"""The keyring: every key a person has, sealed under the account key in the person's own row."""

import hmac
from datetime import date, datetime
from typing import Any, Literal, Self

import msgspec
from sqlalchemy import Connection, bindparam, select, update

from server.core import ids
from server.core.database import Prepared
from server.vault.errors import AccountKeyChanged, DamagedPayload, KeyringChanged, NewerVersion, NoSuchAccount
from server.vault.models import Account
from server.vault.sealing import KeyPair, Secret, context, pad, seal, unpad, unseal

# 2 remembers removed ways in, 3 knows people, 4 those who are vouched for or blocked; older ones open as they are.
FORMAT = 4

State = Literal["pending", "active"]
Met = Literal["pending", "active", "blocked"]
Side = Literal["mine", "theirs"]
# Whom an association lists. Towards it they wear no hat of a circle: it shows them nothing, and they show it nothing.
LISTED_HATS = ("peer", "safeguarding")
Verified = Literal["room", "code", "words", "vouched"]


class SlotInfo(msgspec.Struct, frozen=True):
    """What the keyring remembers of a way in, so that a swapped row is noticed.

    `voucher` lies in the slot too, and an account key handed to the slot is sealed under it first. Anyone can
    seal to a public key: without the voucher, whoever writes the database could slip in a key of their own.
    """

    kind: str
    public_key: bytes
    voucher: Secret
    made: date
    label: str = ""  # what the person calls it
    state: State = "active"  # pending until it has been used, or typed back, once
    undo_until: datetime | None = None  # shown as new to all other ways in until then
    here_only: bool = False  # a passkey that also wants the half which its phone keeps


class RemovedSlot(msgspec.Struct, frozen=True):
    """A way in that was taken out of use, with all it takes to undo that until `until`. Its row is gone."""

    info: SlotInfo
    row: dict[str, Any]
    until: datetime


class Contact(msgspec.Struct, frozen=True):
    """Somebody with an account of their own. Both keyrings name the pair by the same 16 random bytes.

    `side` says whose circle it is: *mine* is somebody I hand copies to, *theirs* somebody who shows me theirs.
    """

    public_key: bytes  # X25519, pinned at the pairing: another one later is refused aloud
    mailbox: bytes
    door: Secret  # our right to leave letters in their mailbox
    back: Secret  # theirs to leave letters in ours, kept so that it can be closed
    side: Side
    name: str = ""  # what I call them, or how they call themselves to me
    hat: str = (
        ""  # support, authority or employer, as the owner said; or a LISTED_HAT, towards an association
    )
    verified: Verified = "code"  # how the key was pinned; "code" is shown as not confirmed
    vouched: bool = False  # began with an association's word; `verified` may say more by now
    # Pending until the owner, or a listed person who was asked, has said yes; blocked: what they leave is dropped,
    # and they cannot tell.
    state: Met = "active"

    def __repr__(self) -> str:
        return "Contact(hidden)"


class Keyring(msgspec.Struct, frozen=True):
    """An opened keyring. Keys are `Secret`s; nothing of it shows in a repr."""

    account: bytes
    generation: int
    keys: dict[int, Secret]  # vault keys by epoch; old ones stay until every record has been re-sealed
    own_secret: Secret  # X25519
    own_public: bytes
    index_key: Secret
    slots: dict[bytes, SlotInfo] = {}
    removed: dict[bytes, RemovedSlot] = {}
    contacts: dict[bytes, Contact] = {}
    settings: dict[str, Any] = {}
    format: int = FORMAT

    @classmethod
    def create(cls) -> Self:
        """A fresh keyring for a fresh account (16 random bytes), generation 1, epoch 1. Nothing is stored."""
        own = KeyPair.new()
        return cls(
            account=ids.random_bytes(16),
            generation=1,
            keys={1: Secret.random()},
            own_secret=own.secret,
            own_public=own.public,
            index_key=Secret.random(),
        )

    @property
    def epoch(self) -> int:
        """The newest epoch: what new writes are sealed under."""
        return max(self.keys)

    @property
    def is_listed(self) -> bool:
        """Whether an association has said yes to this person as one of its own."""
        return any(one.side == "theirs" and one.hat in LISTED_HATS for one in self.contacts.values())

    def shelf(self, name: str) -> bytes:
        """The opaque label (16 bytes) that the rows of this shelf carry; another person's is another."""
        return hmac.digest(self.index_key.reveal(), b"shelf" + name.encode(), "sha256")[:16]

    def row_id(self, name: str) -> int:
        """The row id (63 bits) of the record with this name; another person's is another."""
        digest = hmac.digest(self.index_key.reveal(), b"record" + name.encode(), "sha256")
        return int.from_bytes(digest[:8], "big") >> 1

    def __repr__(self) -> str:
        return "Keyring(hidden)"

    __str__ = __repr__


class _Format(msgspec.Struct):
    """Only as much as says whether this program can read the rest."""

    format: int


def _hide(value: Any) -> bytes:
    if isinstance(value, Secret):
        return value.reveal()  # only this module's encoder, whose output goes straight under a seal
    raise NotImplementedError


def _show(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, bytes):
        return Secret(value)
    raise NotImplementedError


_encode = msgspec.msgpack.Encoder(enc_hook=_hide).encode
_decode = msgspec.msgpack.Decoder(Keyring, dec_hook=_show).decode
_format = msgspec.msgpack.Decoder(_Format).decode


def seal_keyring(keyring: Keyring, account_key: Secret) -> bytes:
    """The blob for the account row, bound to its account and generation."""
    return seal(account_key, _where(keyring.account, keyring.generation), pad(_encode(keyring)))


def unseal_keyring(account: bytes, generation: int, blob: bytes, account_key: Secret) -> Keyring:
    """The keyring in a blob. Raises CannotOpen's kinds; NewerVersion when a newer program wrote it."""
    plain = Secret(unpad(unseal(account_key, _where(account, generation), blob)))  # a traceback shows locals
    try:
        if _format(plain.reveal()).format > FORMAT:
            raise NewerVersion
        return _decode(plain.reveal())
    except (msgspec.DecodeError, NotImplementedError):
        raise DamagedPayload from None


def _where(account: bytes, generation: int) -> bytes:
    return context("keyring", account, generation)


_row = Prepared(
    select(Account.public_key, Account.generation, Account.keyring).where(Account.id == bindparam("account"))
)
_swap = (
    update(Account)
    .where(Account.id == bindparam("of"), Account.generation == bindparam("seen"))
    .values(generation=bindparam("next"), epoch=bindparam("newest"), keyring=bindparam("blob"))
)


def open_keyring(db: Connection, account: bytes, account_key: Secret) -> Keyring:
    """Read and open one person's keyring: one statement.

    Raises NoSuchAccount when the row is gone, CannotOpen's kinds when key and row do not belong together,
    AccountKeyChanged when somebody wrote another public key into the row.
    """
    row = _row.row(db, account=account)
    if row is None:
        raise NoSuchAccount
    public_key, generation, blob = row
    keyring = unseal_keyring(account, generation, blob, account_key)
    if public_key != keyring.own_public:
        raise AccountKeyChanged
    return keyring


def write_keyring(db: Connection, keyring: Keyring, account_key: Secret, **changes: Any) -> Keyring:
    """Store the keyring with `changes` as the next generation, and give it back.

    Compare-and-swap: raises KeyringChanged, and writes nothing, unless the row is still at our generation.
    """
    after = msgspec.structs.replace(keyring, **changes, generation=keyring.generation + 1, format=FORMAT)
    values = {
        "of": keyring.account,
        "seen": keyring.generation,
        "next": after.generation,
        "newest": after.epoch,
        "blob": seal_keyring(after, account_key),
    }
    if db.execute(_swap, values).rowcount != 1:
        raise KeyringChanged
    return after
