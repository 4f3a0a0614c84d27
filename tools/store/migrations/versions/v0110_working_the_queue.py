"""How people work the queue: who has a case, what they say about it, saved filters, and the learned order."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0100"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; there is nothing to carry over."""
    op.create_table(
        "case_event",
        sa.Column("event_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "case_id", "kind", "by", "about", "note"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("event_id"),
        sa.ForeignKeyConstraint(["case_id"], ["audit_case.case_id"]),
    )
    op.create_index("case_event_by_case", "case_event", ["case_id", "kind", "event_id"])
    op.create_index("case_event_by_person", "case_event", ["about", "kind"])
    op.create_table(
        "saved_filter",
        *_columns(sa.Text(), "owner", "name", "query"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("owner", "name"),
    )
    op.create_table(
        "ranking",
        sa.Column("ranking_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(TIME, "at"),
        *_columns(sa.Text(), "by", "reason"),
        *_columns(sa.Boolean(), "in_use"),
        *_columns(sa.JSON(), "measures"),
        sa.PrimaryKeyConstraint("ranking_id"),
    )
    op.create_table(
        "case_chance",
        *_columns(sa.Text(), "case_id"),
        *_columns(sa.BigInteger(), "basis_points"),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("case_chance_by_chance", "case_chance", ["basis_points", "case_id"])


def _columns(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]
