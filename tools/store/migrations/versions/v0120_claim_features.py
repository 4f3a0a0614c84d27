"""What a claim's score rests on is one row a score: ten thousand claims are scored in seconds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Carry the values of each score over into one row."""
    before = sa.table("claim_feature", *(sa.column(name) for name in ("run_id", "claim_id", "name", "value")))
    features: dict[tuple[str, str], dict[str, str]] = {}
    for row in op.get_bind().execute(sa.select(before)):
        features.setdefault((row.run_id, row.claim_id), {})[row.name] = row.value
    op.drop_table("claim_feature")
    table = op.create_table(
        "claim_feature",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("features", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "claim_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
    )
    rows: list[dict[str, Any]] = [
        {"run_id": run_id, "claim_id": claim_id, "features": values}
        for (run_id, claim_id), values in features.items()
    ]
    op.bulk_insert(table, rows)
