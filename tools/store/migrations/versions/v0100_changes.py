"""How changes of the rules were tested: suites and what became of each test."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0095"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables; there is nothing to carry over."""
    op.create_table(
        "test_suite",
        *_columns(sa.Text(), "suite_id", "proposal_id", "run_id", "status"),
        *_columns(sa.BigInteger(), "round"),
        *_columns(sa.JSON(), "draft", "mutants", "replay", "gates"),
        *_columns(TIME, "made_at"),
        sa.Column("ended_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("suite_id"),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.proposal_id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("test_suite_by_proposal", "test_suite", ["proposal_id", "round"])
    op.create_table(
        "test_result",
        sa.Column("result_no", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "suite_id", "name", "type", "importance", "status", "detail"),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("result_no"),
        sa.ForeignKeyConstraint(["suite_id"], ["test_suite.suite_id"]),
    )
    op.create_index("test_result_by_suite", "test_result", ["suite_id"])


def _columns(kind: sa.types.TypeEngine[Any], *names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=False) for name in names]
