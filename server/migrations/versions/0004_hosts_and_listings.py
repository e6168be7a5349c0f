"""Hosts and listings

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _hosts()
    _listings()


def _hosts() -> None:
    op.create_table(
        "host",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("account", sa.LargeBinary(length=16), nullable=False),
        sa.Column("vouch", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("silence", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("safe_name", sa.Text(), nullable=False),
        sa.Column("safe_phone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_host_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_host"),
    )
    op.create_index("ix_host_account", "host", ["account"], unique=True)
    op.create_table(
        "host_invitation",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_host_invitation"),
    )


def _listings() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("host", sa.LargeBinary(length=16), nullable=False),
        sa.Column("account", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("vouch", sa.LargeBinary(length=32), nullable=False),
        sa.Column("door", sa.LargeBinary(length=32), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "story", "helps", "languages")),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("hour_from", sa.String(length=5), nullable=False),
        sa.Column("hour_to", sa.String(length=5), nullable=False),
        sa.Column("hours_words", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("away", sa.Boolean(), nullable=False),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("full", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_listing_account", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["host"], ["host.id"], name="fk_listing_host", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
    )
    op.create_index("ix_listing_account", "listing", ["account"], unique=True)
    op.create_index("ix_listing_host", "listing", ["host"], unique=False)
