"""Programmes: plans, tasks, events, messages, signatures, artifacts; workers; who asked for a task."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0020"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_EVENT_KEYS = {"step_event": "event_no", "programme_message": "message_no", "signoff": "signoff_id"}


def upgrade() -> None:
    """Make the tables; tasks from before name nobody who asked for them."""
    op.add_column("task", sa.Column("requested_by", sa.Text(), nullable=False, server_default=""))
    _programme()
    _steps()
    _records()
    op.create_table(
        "worker",
        *_columns(sa.Text(), "name", "host"),
        *_columns(sa.BigInteger(), "pid", "done", "failed", "memory_mb", "cpu_percent", "latency_ms"),
        *_columns(TIME, "started_at", "heartbeat_at"),
        *_columns(TIME, "ended_at", nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )


def _programme() -> None:
    op.create_table(
        "programme",
        *_columns(sa.Text(), "run_id", "name", "version", "source", "digest", "paused", "phase"),
        *_columns(sa.JSON(), "definition"),
        *_columns(sa.BigInteger(), "taken", "parallel"),
        sa.PrimaryKeyConstraint("run_id"),
        _of_run(),
    )
    op.create_table(
        "plan",
        *_columns(sa.Text(), "run_id", "reason", "approved_by"),
        *_columns(sa.BigInteger(), "version"),
        *_columns(sa.JSON(), "changes", "schedule"),
        *_columns(TIME, "made_at"),
        sa.PrimaryKeyConstraint("run_id", "version"),
        _of_run(),
    )


def _steps() -> None:
    op.create_table(
        "step",
        *_columns(sa.Text(), "run_id", "step_id", "status", "worker", "person", "error_kind", "error"),
        *_columns(sa.BigInteger(), "tries"),
        *_columns(sa.JSON(), "resources", "figures", "remedies", "progress"),
        *_columns(TIME, "started_at", "ended_at", "not_before", nullable=True),
        sa.PrimaryKeyConstraint("run_id", "step_id"),
        _of_run(),
    )
    op.create_index("step_by_status", "step", ["run_id", "status"])


def _records() -> None:
    own = {
        "step_event": [*_columns(sa.Text(), "kind", "by"), *_columns(sa.JSON(), "details")],
        "programme_message": [*_columns(sa.Text(), "kind"), *_columns(sa.JSON(), "body")],
        "signoff": _columns(sa.Text(), "role", "by", "paper", "note", "void"),
    }
    for table, key in _EVENT_KEYS.items():
        op.create_table(
            table,
            sa.Column(key, BIG_KEY, autoincrement=True, nullable=False),
            *_columns(sa.Text(), "run_id", "step_id"),
            *_columns(TIME, "at"),
            *own[table],
            sa.PrimaryKeyConstraint(key),
            _of_run(),
        )
    op.create_index("step_event_by_run", "step_event", ["run_id", "event_no"])
    op.create_index("programme_message_by_run", "programme_message", ["run_id", "message_no"])
    op.create_index("signoff_by_step", "signoff", ["run_id", "step_id"])
    op.create_table(
        "artifact",
        *_columns(sa.Text(), "run_id", "step_id", "name", "sha256"),
        *_columns(sa.BigInteger(), "size"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("run_id", "step_id", "name"),
        _of_run(),
    )


def _of_run() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["run_id"], ["run.run_id"])


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]
