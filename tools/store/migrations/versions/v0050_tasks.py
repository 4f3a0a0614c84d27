"""Tasks that workers take under a lease."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0040"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "task",
        *_columns(sa.Text(), "task_id", "idempotency_key", "kind", "status", "worker", "error"),
        *_columns(sa.JSON(), "parameters", "result"),
        *_columns(sa.BigInteger(), "priority", "attempt", "max_attempts"),
        *_columns(TIME, "not_before", "created_at"),
        *_columns(sa.Text(), "run_id", "lease_token", nullable=True),
        *_columns(TIME, "lease_expires_at", "heartbeat_at", "started_at", "ended_at", nullable=True),
        sa.PrimaryKeyConstraint("task_id"),
        sa.UniqueConstraint("idempotency_key"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("task_by_turn", "task", ["status", "priority", "created_at"])
    op.create_index("task_by_worker", "task", ["worker", "status"])


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]
