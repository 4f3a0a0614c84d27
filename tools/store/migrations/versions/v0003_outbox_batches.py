"""Notices go out in batches that do not change, each held by one sender."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what is there is neither sent in a batch nor held."""
    for name in ("batch", "owner"):
        op.add_column("outbox", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("failures", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("outbox_by_recipient", "outbox", ["recipient", "status"])
    op.create_index("outbox_by_batch", "outbox", ["batch"])
