"""The trail only grows: the database itself refuses to change or delete an entry."""

from __future__ import annotations

from alembic import op

from tools.store import trail_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the triggers."""
    for statement in trail_triggers.of(op.get_bind().dialect.name):
        op.execute(statement)
