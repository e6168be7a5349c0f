"""Deleting an account for real."""

from sqlalchemy import Connection, bindparam, delete

from server.vault.keyring import Keyring
from server.vault.models import Account

_delete = delete(Account).where(Account.id == bindparam("of"))


def delete_account(db: Connection, keyring: Keyring) -> None:
    """Everything that is this person's goes: ways in, keyring, records, letters, doors. Twice is once.

    The caller commits, ends the sessions (`Sessions.end_all`), and lets the database forget deleted bytes
    (`Database.forget_deleted`).
    """
    db.execute(_delete, {"of": keyring.account})  # the rest hangs on this row
