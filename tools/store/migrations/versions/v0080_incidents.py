"""Incidents: the question, observations, hypotheses, and how each was tried."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0090"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _incident()
    _observation()
    _hypothesis()


def _incident() -> None:
    op.create_table(
        "incident",
        sa.Column("incident_no", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "incident_id", "origin", "fingerprint", "kind", "title", "severity", "status"),
        *_columns(sa.JSON(), "affected", "question", "result"),
        *_columns(TIME, "began_at", "opened_at"),
        *_columns(TIME, "closed_at", "verdict_at", nullable=True),
        *_columns(sa.Text(), "opened_by", "verdict_on", "verdict_by", "verdict_note"),
        *_columns(sa.Text(), "run_id", "verdict", nullable=True),
        sa.PrimaryKeyConstraint("incident_no"),
        sa.UniqueConstraint("incident_id", name="incident_id_once"),
        sa.UniqueConstraint("origin", "fingerprint", name="incident_once"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("incident_by_status", "incident", ["status", "opened_at"])


def _observation() -> None:
    texts = ("run_id", "observation_id", "incident_id", "observer", "what", "text", "node", "unit")
    op.create_table(
        "observation",
        *_columns(sa.Text(), *texts, "first_seen", "scope", "quality"),
        *_columns(sa.Double(), "value", "expected", nullable=True),
        *_columns(sa.Double(), "deviation"),
        *_columns(sa.JSON(), "query", "series", "details"),
        sa.PrimaryKeyConstraint("run_id", "observation_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("observation_by_incident", "observation", ["incident_id"])


def _hypothesis() -> None:
    texts = ("run_id", "hypothesis_id", "incident_id", "cause", "subject", "statement", "grounding")
    op.create_table(
        "hypothesis",
        *_columns(sa.Text(), *texts, "told_by"),
        *_columns(sa.BigInteger(), "rank", "calibrated_on"),
        *_columns(sa.Double(), "raw", "confidence"),
        *_columns(sa.Double(), "share", nullable=True),
        *_columns(sa.JSON(), "by", "evidence_for", "evidence_against", "path", "details"),
        sa.PrimaryKeyConstraint("run_id", "hypothesis_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("hypothesis_by_incident", "hypothesis", ["incident_id", "rank"])
    op.create_table(
        "disproof",
        *_columns(sa.Text(), "run_id", "hypothesis_id", "test", "incident_id", "outcome", "reason"),
        sa.PrimaryKeyConstraint("run_id", "hypothesis_id", "test"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]
