"""A request has a time after which it goes to a senior role, too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; requests that are there do not expire."""
    for name in ("expires_at", "escalated_at"):
        op.add_column("approval", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
