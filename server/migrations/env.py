"""What Alembic runs. The connection, and so the transaction, comes from `server.migrations`."""

from alembic import context

import server.activities.models
import server.core.marks
import server.hosts.models
import server.vault.models  # noqa: F401
from server.core.database import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
