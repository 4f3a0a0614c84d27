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
    op.create_index("run_figure_by_name", "run_figure", ["name", "subject", "value"])
    op.execute(
        "INSERT INTO run_figure (run_id, name, subject, value)"
        " SELECT run_id, 'flags', severity, count(*) FROM flag GROUP BY run_id, severity"
    )
    op.create_index("flag_by_severity", "flag", ["severity", "status", "review", "created_at"])
    op.create_index("flag_by_review", "flag", ["reviewed_at", "review"])
    op.create_index("flag_event_by_kind", "flag_event", ["kind", "flag_id", "at"])
    op.create_index(
        "trail_by_model",
        "trail",
        ["model", "at", "tokens_in", "tokens_out", "cost"],
        sqlite_where=sa.text("model <> ''"),
        postgresql_where=sa.text("model <> ''"),
    )
    op.create_table(
        "alert",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "subject")),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "subject", "raised_at"),
    )
    op.create_index("alert_by_end", "alert", ["cleared_at", "name"])
