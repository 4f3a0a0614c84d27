"""What Alembic runs: our connection, inside our transaction (see tools/store/migrate.py)."""

from __future__ import annotations

from alembic import context

from tools.store import models  # noqa: F401 - its import fills the metadata
from tools.store.columns import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
