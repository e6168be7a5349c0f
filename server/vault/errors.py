"""What can go wrong in the vault, named after the situation.

`sentence` is what a person may be shown: a gettext msgid that never tells what was inside or whose it was.
"""


def _(msgid: str) -> str:
    """Marks a msgid for extraction; the page translates it."""
    return msgid


class VaultError(Exception):
    """Anything the vault refuses. Messages carry no ids, keys or text."""

    sentence = _("This could not be opened. Nothing has been changed.")


class CannotOpen(VaultError):
    """A sealed blob does not open. The subclasses tell operators and tests why; people are told one thing."""


class Truncated(CannotOpen):
    """Too short to be a sealed blob at all."""


class UnknownVersion(CannotOpen):
    """The leading byte names a format this program does not know, or one that is only reserved."""


class WrongKey(CannotOpen):
    """The commitment does not match: another key, or a damaged salt or commitment."""


class Tampered(CannotOpen):
    """The tag does not match: changed bytes, or a blob that was moved to another place."""


class NoSuchPlace(CannotOpen, TypeError):
    """A context of something else than bytes, text and whole numbers: a slip in code, or a hand-made row."""


class BadPadding(CannotOpen):
    """What was sealed is not padded as we pad."""


class UnknownEpoch(CannotOpen):
    """The row names a vault key that this keyring does not hold."""


class BadPublicKey(VaultError):
    """Not a usable X25519 public key (wrong length, or a point that makes every secret the same)."""


class NotASecret(VaultError):
    """Text that should carry a secret (a cookie, a link) does not."""

    sentence = _("This link or key does not work. It may have been used, or it is too old.")


class UnknownKind(CannotOpen):
    """A payload of a kind that no slice has registered."""


class NewerVersion(CannotOpen):
    """A payload written by a newer program than this one."""

    sentence = _("This was written by a newer version of Dagsform. It is kept until the service is updated.")


class NoUpgrade(CannotOpen):
    """A payload of an old version, and the step that lifts it is missing."""


class DamagedPayload(CannotOpen):
    """The seal was whole, but what is inside is not what its kind says."""


class NoSuchTray(CannotOpen):
    """Left by somebody who holds none of this person's trays: anyone can seal to a public key."""


class RecordExists(VaultError):
    """The name is taken in this drawer: another window or phone was first."""

    sentence = _("This was already saved from another window or phone.")


class RowTaken(VaultError):
    """Two drawers' names fell on the same row id (a chance of one in 2^63 for a pair). Never overwritten."""


class RecordChanged(VaultError):
    """Someone was first, or the record is gone: nothing was written."""

    sentence = _("This was changed in another window or phone. Nothing has been overwritten.")


class KeyringChanged(VaultError):
    """Someone else wrote the keyring first: nothing was written."""

    sentence = _("Your keys were changed from another window or phone. Try again.")


class AccountKeyChanged(CannotOpen):
    """The public key in the account row is not the one in the sealed keyring."""


class NoSuchAccount(VaultError):
    """The account row is gone."""

    sentence = _("There is nothing left to open here.")


class NoSuchWayIn(VaultError):
    """No slot answers to this half, link, card or passkey: never made, used, too old, removed or swept away."""

    sentence = _("This link or key does not work. It may have been used, or it is too old.")


class LastWayIn(VaultError):
    """Without this one nothing would open the account any more: ask first."""

    sentence = _("This is the last way in. Without it everything is lost. Save a key first?")


class NothingToUndo(VaultError):
    """The way in is not among those removed within the last 72 hours."""

    sentence = _("It is too late to undo this.")


class MistypedCard(VaultError):
    """A slip in a key card. `groups` tells in which of its four groups, counted from 1."""

    sentence = _("There is a slip in the key card.")

    def __init__(self, groups: tuple[int, ...]) -> None:
        super().__init__("mistyped card")
        self.groups = groups


class WrongLengthCard(VaultError):
    """Too few or too many characters for a key card. `typed` is how many there were, of `wanted`."""

    sentence = _("The key card has 36 characters.")

    def __init__(self, typed: int, wanted: int) -> None:
        super().__init__("wrong length of card")
        self.typed, self.wanted = typed, wanted


class WrongCard(VaultError):
    """A whole key card, but not the new one of this account that should be typed back."""

    sentence = _("This is another key card. Type the new one.")


class NotACode(VaultError):
    """A code has four to six digits. Nothing was counted as a try."""

    sentence = _("The code has four to six digits.")


class CodeSpent(VaultError):
    """Five wrong codes in a row: the code opens nothing until it is made anew through another way in."""

    sentence = _("The code was wrong five times. Use your key card or passkey, and choose a new code.")


class PasskeyAlreadyThere(VaultError):
    """This passkey already opens an account."""

    sentence = _("This passkey is already there.")


class UnknownSender(CannotOpen):
    """A letter from somebody whose key is not pinned: anyone can seal to a public key."""


class LetterOver(CannotOpen):
    """Past its end, to the second. The row may still be there until the next sweep."""


class NoSuchLetter(VaultError):
    """Burnt, over, or never there for this reader."""


class ContactKeyChanged(VaultError):
    """The key in the contact's account row is not the one that was pinned. Nothing was sealed to it."""

    sentence = _("This person's key is not the one you met. Nothing has been handed over.")


class NoSuchContact(VaultError):
    """Nobody of that name in this keyring, or the other side has not been confirmed yet."""

    sentence = _("This person is not in your circle any more. Nothing has been handed over.")


class InvitationOver(VaultError):
    """Guessed, used, too old, foreign, cancelled, one's own, or opened with a wrong code: all look alike."""

    sentence = _("This invitation cannot be used. Ask the person who invited you for a new one.")


class TwoHats(VaultError):
    """This person already is in the circle: nobody wears two hats towards one participant (row D21)."""

    sentence = _("This person is in your circle already.")


class NotVouched(VaultError):
    """The listing is not as an association vouched for it: another key, another host, or made by hand."""

    sentence = _("This page is not as the association made it. Nothing has been sent.")


class AskedAlready(VaultError):
    """A question to this person waits for an answer: one at a time."""

    sentence = _("You have asked this person already.")


class AskGone(VaultError):
    """The question was taken back, or answered, or never there."""

    sentence = _("This question is not there any more. It was taken back, or answered.")
