"""What the desk counts of its own work, and what counting looks things up by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and the indexes; what ran before is not counted."""
    op.create_table(
        "node_count",
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("graph", "node", "outcome", "most_seconds")
        ),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("executions", "milliseconds")),
        sa.PrimaryKeyConstraint("day", "graph", "node", "outcome", "most_seconds"),
    )
    op.create_table(
        "run_figure",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("run_id", "name", "subject")),
        sa.Column("value", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "name", "subject"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
