"""What Alembic runs: our connection, inside our transaction (see tools/store/migrate.py)."""

from __future__ import annotations

from alembic import context

from tools.store.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
)
context.run_migrations()
