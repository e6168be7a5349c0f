"""What a phone shows without being unlocked

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_page",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("account", sa.LargeBinary(length=16), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name="fk_open_page_account", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_open_page"),
    )
    op.create_index("ix_open_page_account", "open_page", ["account"], unique=False)
