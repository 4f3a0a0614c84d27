"""What the queue of cases and the health of the desk look things up by."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("flag_by_case", "flag", ["case_id", "status"])
    op.create_index("case_by_exposure", "audit_case", ["exposure_minor", "case_id"])
