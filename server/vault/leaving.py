"""Deleting an account for real, and first what was handed over: letters in others' mailboxes, too."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, bindparam, delete

from server.vault import invitations
from server.vault.keyring import Keyring
from server.vault.models import Account

Act = TypeVar("Act", bound=Callable[[Connection, Keyring], None])

_delete = delete(Account).where(Account.id == bindparam("of"))
_acts: list[Callable[[Connection, Keyring], None]] = []


def before_leaving(act: Act) -> Act:
    """A slice says what goes with an account and does not hang on its row.

    The act is done in the transaction that deletes, before anything is gone. It may be done twice, and it does not
    raise for a row that somebody has edited: leaving is never stopped by that.
    """
    _acts.append(act)
    return act


def delete_account(db: Connection, keyring: Keyring) -> None:
    """Everything that is this person's goes: what others were handed, invitations, ways in, keyring, records,
    letters, doors. Twice is once.

    The caller commits, ends the sessions (`Sessions.end_all`), and lets the database forget deleted bytes
    (`Database.forget_deleted`).
    """
    for act in _acts:
        act(db, keyring)
    invitations.cancel_all(db, keyring)
    db.execute(_delete, {"of": keyring.account})  # the rest hangs on this row
