import pytest
from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import DBAPIError

from server.core.database import Database, Prepared
from server.vault.models import Account
from tests.vault.conftest import Person

_selected = select(Account.id, Account.generation).where(
    Account.id == bindparam("account"), Account.generation < bindparam("before")
)
_gone = Prepared(select(func.not_a_function(Account.id)))


def break_off(db: Connection) -> None:
    """What a restarted PostgreSQL looks like from here; a file has nothing like it."""
    driver = db.connection.dbapi_connection
    assert driver is not None
    driver.close()


def test_it_reads_what_the_ordinary_way_reads(database: Database, ada: Person, cleo: Person) -> None:
    values = {"before": 100, "account": ada.keyring.account}  # in another order than the statement's
    for open_ in (database.read, database.write):
        with open_() as db:
            assert Prepared(_selected).rows(db, **values) == db.execute(_selected, values).all() != []
            assert Prepared(_selected).row(db, **values) == (ada.keyring.account, ada.keyring.generation)
            assert Prepared(_selected).row(db, **(values | {"before": 0})) is None


def test_it_fails_as_the_ordinary_way_fails(database: Database) -> None:
    with database.read() as db, pytest.raises(DBAPIError):
        _gone.rows(db)


def test_it_sees_what_its_own_transaction_has_written(database: Database, ada: Person) -> None:
    with database.write() as db:
        db.execute(Account.__table__.delete())  # type: ignore[attr-defined]
        assert Prepared(_selected).row(db, account=ada.keyring.account, before=100) is None
        db.rollback()


def test_a_lost_connection_is_noticed_and_not_used_again(database: Database) -> None:
    if database.is_sqlite:
        return
    statement = Prepared(select(Account.id))
    with pytest.raises(DBAPIError) as failed, database.read() as db:
        statement.rows(db)
        break_off(db)
        statement.rows(db)
    assert failed.value.connection_invalidated
    with database.read() as db:
        assert statement.rows(db) == []
