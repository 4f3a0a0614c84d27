"""The front desk: contexts of requests, uses of figures, recovery attempts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0095"
down_revision = "0070"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; there is nothing to carry over."""
    _requests()


def _requests() -> None:
    op.create_table(
        "task_context",
        *_columns(sa.Text(), "run_id", "thread_id", "by", "text"),
        *_columns(sa.JSON(), "understanding", "plan", "results", "hand_offs"),
        *_columns(TIME, "made_at", "expires_at"),
        sa.PrimaryKeyConstraint("run_id"),
        _of_run(),
    )
    op.create_index("task_context_by_person", "task_context", ["by", "made_at"])
    op.create_index("task_context_by_expiry", "task_context", ["expires_at"])
    op.create_table(
        "figure_use",
        sa.Column("use_no", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "run_id", "figure", "query_id", "books_run_id", "snapshot_sha256", "by"),
        *_columns(sa.JSON(), "parameters"),
        *_columns(sa.BigInteger(), "rows"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("use_no"),
        _of_run(),
    )
    op.create_index("figure_use_by_figure", "figure_use", ["figure", "at"])
    op.create_table(
        "recovery_attempt",
        sa.Column("attempt_no", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "run_id", "step", "error_type", "strategy", "error"),
        *_columns(sa.BigInteger(), "number"),
        *_columns(sa.Boolean(), "success"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("attempt_no"),
        _of_run(),
    )
    op.create_index("recovery_attempt_by_error", "recovery_attempt", ["error_type", "strategy"])


def _of_run() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["run_id"], ["run.run_id"])


def _columns(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]
