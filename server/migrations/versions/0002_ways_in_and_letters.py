"""Ways in and letters

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Columns are only added, so that no table is copied and nothing that hangs on it can go.
    op.add_column("account", sa.Column("epoch", sa.Integer(), server_default="1", nullable=False))
    op.add_column("slot", sa.Column("state", sa.String(length=8), server_default="active", nullable=False))
    op.add_column("slot", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.add_column("slot", sa.Column("credential_id", sa.LargeBinary(), nullable=True))
    op.add_column("slot", sa.Column("credential_public_key", sa.LargeBinary(), nullable=True))
    op.add_column("slot", sa.Column("sign_count", sa.BigInteger(), nullable=True))
    op.add_column("slot", sa.Column("backed_up", sa.Boolean(), nullable=True))
    op.create_index("ix_slot_credential_id", "slot", ["credential_id"], unique=True)
    op.drop_index("ix_record_account_shelf", "record")
    op.create_index("ix_record_account_shelf_epoch", "record", ["account", "shelf", "epoch"], unique=False)
    _doors()
    _letters()


def _doors() -> None:
    op.create_table(
        "door",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("mailbox", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["mailbox"], ["account.id"], name="fk_door_mailbox", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name="pk_door"),
    )
    op.create_index("ix_door_mailbox", "door", ["mailbox"], unique=False)


def _letters() -> None:
    op.create_table(
        "letter",
        sa.Column("id", RowId, autoincrement=False, nullable=False),
        sa.Column("mailbox", sa.LargeBinary(length=16), nullable=False),
        sa.Column("shelf", sa.LargeBinary(length=16), nullable=False),
        sa.Column("end_day", sa.Date(), nullable=True),
        sa.Column("burn_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["mailbox"], ["account.id"], name="fk_letter_mailbox", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
    )
    op.create_index("ix_letter_mailbox_shelf", "letter", ["mailbox", "shelf"], unique=False)
