"""Why a file cannot be read in. Each situation has one sentence (a gettext msgid) that a person is shown.

Whenever one of these is raised, nothing has been written.
"""

from typing import Any


def _(msgid: str) -> str:
    """Marks a msgid for extraction; the page translates it."""
    return msgid


class CannotRead(Exception):
    """The file as a whole cannot be read in. `values` go into the sentence; they never quote what was written."""

    sentence = _("This file cannot be read. Nothing was changed.")

    def __init__(self, **values: Any) -> None:
        super().__init__(type(self).__name__)
        self.values = values


class NothingChosen(CannotRead):
    """The form was sent without a file."""

    sentence = _("No file was chosen. Choose one first.")


class EmptyFile(CannotRead):
    """A file of no bytes, often a download that never finished."""

    sentence = _("The file is empty. Fetch it again from where it came.")


class NotKnown(CannotRead):
    """Neither a zip nor a table with Daylio's columns."""

    sentence = _("This is neither a zip file from Dagsform nor a CSV file from Daylio. Nothing was changed.")


class NotOurs(CannotRead):
    """A zip, but not one that Dagsform made."""

    sentence = _(
        "This zip file does not come from Dagsform, or its table of contents is missing. Nothing was changed."
    )


class DayliosOwnBackup(CannotRead):
    """Daylio's backup (.daylio) is a zip of its own kind."""

    sentence = _(
        "This is Daylio’s own backup. In Daylio, choose to export as CSV, and read that file in here."
    )


class BrokenZip(CannotRead):
    """Cut off, or changed on the way."""

    sentence = _(
        "The zip file is damaged or cut off. Fetch it again, and try once more. Nothing was changed."
    )


class HasPassword(CannotRead):
    """Somebody has put a password on the zip."""

    sentence = _("The zip file has a password. Unpack it and pack it again without one. Nothing was changed.")


class TooLarge(CannotRead):
    """More bytes, packed or unpacked, than an account can hold; or a zip bomb."""

    sentence = _("The file holds more than can be read in at once. Nothing was changed.")


class TooManyFiles(CannotRead):
    """More files than an export ever has."""

    sentence = _("The zip file holds more files than one from Dagsform ever does. Nothing was changed.")


class PointsOutside(CannotRead):
    """A name in the zip that points out of its folder."""

    sentence = _(
        "The zip file has names that point outside it. One from Dagsform never does. Nothing was changed."
    )


class FileMissing(CannotRead):
    """The table of contents names a file that is not in the zip."""

    sentence = _("%(file)s is missing in the zip file. Nothing was changed.")


class BrokenFile(CannotRead):
    """Not JSON, or not of the shape that its kind has."""

    sentence = _("%(file)s has been damaged or changed so that it cannot be read. Nothing was changed.")


class NewerFile(CannotRead):
    """Written by a newer Dagsform than this one."""

    sentence = _(
        "%(file)s was written by a newer version of Dagsform than the one here. Nothing was changed."
    )


class DayOutOfReach(CannotRead):
    """A day before 1920, or one that has not been yet."""

    sentence = _(
        "%(file)s holds the date %(day)s. Days can be read in from 1920 until today. Nothing was changed."
    )


class TextTooLong(CannotRead):
    """A note longer than a note can be."""

    sentence = _(
        "%(file)s holds a text that is longer than fits in one note, on %(day)s. Nothing was changed."
    )
