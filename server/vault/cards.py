"""The key card: 160 random bits on paper, which sign in and open on any phone.

Written as four groups, each of eight Crockford base32 characters and a check character: `4GJX 90KT C`.
"""

from datetime import datetime
from typing import Self

from sqlalchemy import Connection

from server.core import ids
from server.vault.errors import MistypedCard, WrongCard, WrongLengthCard
from server.vault.keyring import Keyring, open_keyring
from server.vault.removing import take_out
from server.vault.sealing import Secret
from server.vault.slots import Held, activate, add_slot, arrived, find_slot, held, open_slot

GROUPS, DATA = 4, 8  # 4 groups of 8 characters of 5 bits are 160 bits
LENGTH = GROUPS * (DATA + 1)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_BETWEEN = str.maketrans("", "", " \t\r\n\v\f\u00a0\u2007\u202f-\u2010\u2011\u2012\u2013\u2014\u2212.,:;_/|")
_POWERS = [1]  # of x in GF(32) with x^5 = x^2 + 1: 31 different weights
for _ in range(30):
    _POWERS.append((_POWERS[-1] << 1) ^ (0b100101 if _POWERS[-1] & 16 else 0))
_EXPONENT = {power: exponent for exponent, power in enumerate(_POWERS)}


class Card:
    """A key card. Shows only when asked for `rows` or `text`; `find` and `unlock` are derived apart."""

    __slots__ = ("_secret",)

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    @classmethod
    def new(cls) -> Self:
        return cls(Secret(ids.random_bytes(20)))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """The card as somebody typed it: any case, any spaces and dashes, O for 0, I and L for 1.

        Raises WrongLengthCard, or MistypedCard with the groups where the slip is.
        """
        characters = typed.upper().translate(_BETWEEN)
        if len(characters) != LENGTH:
            raise WrongLengthCard(len(characters), LENGTH)
        groups = [characters[start : start + DATA + 1] for start in range(0, LENGTH, DATA + 1)]
        values = [[_VALUE.get(character, -1) for character in group] for group in groups]
        wrong = tuple(
            n for n, group in enumerate(values, 1) if -1 in group or _check(n, group[:DATA]) != group[DATA]
        )
        if wrong:
            raise MistypedCard(wrong)
        number = 0
        for group in values:
            for value in group[:DATA]:
                number = number << 5 | value
        return cls(Secret(number.to_bytes(20, "big")))

    @property
    def rows(self) -> tuple[str, ...]:
        """The four groups as they are shown and printed, such as `4GJX 90KT C`."""
        number = int.from_bytes(self._secret.reveal(), "big")
        values = [number >> 5 * place & 31 for place in reversed(range(GROUPS * DATA))]
        groups = [values[start : start + DATA] for start in range(0, GROUPS * DATA, DATA)]
        return tuple(_shown([*group, _check(n, group)]) for n, group in enumerate(groups, 1))

    @property
    def text(self) -> str:
        """The card in one line, for copying and for the QR."""
        return "-".join(row.replace(" ", "-") for row in self.rows)

    @property
    def find(self) -> bytes:
        """Which slot it opens (16 bytes); says nothing about what unlocks it."""
        return self._held.id

    @property
    def unlock(self) -> Secret:
        """What unlocks that slot."""
        return self._held.key

    @property
    def _held(self) -> Held:
        return held(self._secret, "card")

    def __repr__(self) -> str:
        return "Card(hidden)"

    __str__ = __repr__


def _shown(group: list[int]) -> str:
    characters = "".join(_ALPHABET[value] for value in group)
    return f"{characters[:4]} {characters[4:DATA]} {characters[DATA:]}"


def _check(group: int, values: list[int]) -> int:
    """A weighted sum over GF(32): finds one wrong character, two that changed places, a group in another's place."""
    total = _times(group, _POWERS[DATA + 1])
    for place, value in enumerate(values, 1):
        total ^= _times(value, _POWERS[place])
    return total


def _times(one: int, other: int) -> int:
    return _POWERS[(_EXPONENT[one] + _EXPONENT[other]) % 31] if one and other else 0


def add_card(
    db: Connection, keyring: Keyring, account_key: Secret, *, now: datetime, label: str = ""
) -> tuple[Keyring, Card]:
    """A new card, shown this once. It opens from now on, but counts only when it has been typed back or used."""
    card = Card.new()
    way = Held(card.find, card.unlock)
    return add_slot(db, keyring, account_key, way, "card", now=now, label=label, state="pending"), card


def confirm_card(
    db: Connection, keyring: Keyring, account_key: Secret, typed: Card, *, now: datetime
) -> tuple[Keyring, Secret]:
    """The new card was typed back: it counts, and every other card dies. Keyring and account key from now on.

    The account key is another one when a card died. Twice is once. Raises WrongCard, and changes nothing, when
    the card is not this account's new one.
    """
    cards = [slot for slot, info in keyring.slots.items() if info.kind == "card"]
    if not cards or max(cards, key=lambda slot: _newness(keyring, slot)) != typed.find:
        raise WrongCard
    keyring = activate(db, keyring, account_key, typed.find)
    cards.remove(typed.find)
    return take_out(db, keyring, account_key, cards, now=now) if cards else (keyring, account_key)


def _newness(keyring: Keyring, slot: bytes) -> tuple[datetime, int]:
    """Cards that were made in the same second are told apart by their place in the keyring."""
    until = keyring.slots[slot].undo_until
    assert until is not None  # every card has one
    return until, list(keyring.slots).index(slot)


def open_card(db: Connection, card: Card, *, now: datetime) -> tuple[Keyring, Secret]:
    """Keyring and account key for a card that somebody has typed or scanned. Raises NoSuchWayIn.

    Wants a writing connection: a card that was never typed back has now been.
    """
    way = Held(card.find, card.unlock)
    row = find_slot(db, way.id, "card")
    account_key, _ = open_slot(way, "card", row)
    keyring = open_keyring(db, row.account, account_key)
    return arrived(db, keyring, account_key, way.id, row.state), account_key
