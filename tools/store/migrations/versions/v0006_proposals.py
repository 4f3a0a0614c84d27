"""What reviews led to: proposed changes of the rules, and those that were made."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "proposal",
        *_columns(sa.Text(), "proposal_id", "round_id", "kind", "test", "vendor", "status"),
        *_columns(TIME, "made_at", "since", "until"),
        *_columns(sa.JSON(), "details"),
        *_columns(sa.Text(), "decided_by"),
        sa.Column("decided_at", TIME, nullable=True),
        *_columns(sa.Text(), "note"),
        sa.PrimaryKeyConstraint("proposal_id"),
    )
    op.create_index("proposal_by_status", "proposal", ["status", "made_at"])
    op.create_table(
        "rule_change",
        *_columns(sa.Text(), "change_id", "proposal_id", "what", "author", "reason"),
        *_columns(sa.Text(), "before_digest", "after_digest", "diff"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("change_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.proposal_id"]),
    )


def _columns(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]
