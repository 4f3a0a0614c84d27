"""The first tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make them."""
    _runs()
    _flags()
    _approvals()
    _trail()
    _learned()


def _runs() -> None:
    op.create_table(
        "run",
        *_columns(sa.Text(), "run_id", "thread_id", "entity", "status", "started_by"),
        *_columns(TIME, "started_at"),
        *_columns(TIME, "ended_at", nullable=True),
        *_columns(sa.Text(), "sources_path", "sources_digest", "rules_digest"),
        *_columns(sa.Date(), "window_from", "window_to", nullable=True),
        *_columns(sa.Text(), "snapshot_uri", "snapshot_sha256"),
        *_columns(sa.JSON(), "counts"),
        *_columns(sa.Text(), "outcome", "error"),
        *_columns(sa.BigInteger(), "attempts"),
        *_columns(TIME, "next_try_at", nullable=True),
        *_columns(sa.Text(), "parent_run_id", nullable=True),
        sa.PrimaryKeyConstraint("run_id"),
        sa.ForeignKeyConstraint(["parent_run_id"], ["run.run_id"]),
    )
    op.create_index("run_by_status", "run", ["status", "started_at"])
    op.create_index("run_by_thread", "run", ["thread_id"])
    op.create_table(
        "watermark",
        *_columns(sa.Text(), "entity", "source"),
        *_columns(sa.Date(), "posted_to"),
        *_columns(sa.Text(), "run_id"),
        sa.PrimaryKeyConstraint("entity", "source"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_table(
        "claim",
        *_columns(sa.Text(), "run_id", "source", "entity"),
        *_columns(sa.Date(), "from_day", nullable=True),
        *_columns(sa.Date(), "to_day"),
        *_columns(sa.Text(), "state"),
        sa.PrimaryKeyConstraint("run_id", "source"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("claim_by_source", "claim", ["entity", "source", "state"])
    op.create_table(
        "open_item",
        *_columns(sa.Text(), "entity", "pair", "row_key", "source", "since_run_id"),
        sa.PrimaryKeyConstraint("entity", "pair", "row_key"),
        sa.ForeignKeyConstraint(["since_run_id"], ["run.run_id"]),
    )


def _flags() -> None:
    op.create_table(
        "audit_case",
        *_columns(sa.Text(), "case_id", "run_id", "title"),
        *_columns(sa.BigInteger(), "exposure_minor"),
        *_columns(sa.Text(), "currency", "severity", "status"),
        *_columns(sa.BigInteger(), "flags"),
        *_columns(sa.JSON(), "details"),
        sa.PrimaryKeyConstraint("case_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("case_by_run", "audit_case", ["run_id"])
    op.create_table(
        "flag",
        *_columns(sa.Text(), "flag_id", "fingerprint", "run_id"),
        *_columns(sa.Text(), "case_id", nullable=True),
        *_columns(sa.Text(), "row_key"),
        *_columns(sa.Text(), "txn_id", nullable=True),
        *_columns(sa.Text(), "source"),
        *_columns(sa.Text(), "kind", "file", nullable=True),
        *_columns(sa.BigInteger(), "line", nullable=True),
        *_columns(sa.Text(), "vendor", "person", nullable=True),
        *_columns(sa.Date(), "posted_on", nullable=True),
        *_columns(sa.BigInteger(), "amount_minor", "exposure_minor"),
        *_columns(sa.Text(), "currency"),
        *_columns(sa.BigInteger(), "exposure_base"),
        *_columns(sa.Text(), "severity", "risk"),
        *_columns(sa.BigInteger(), "score"),
        *_columns(sa.Double(), "confidence"),
        *_columns(sa.Text(), "role", nullable=True),
        *_columns(sa.Text(), "status"),
        *_columns(sa.Text(), "lead_test", "partner_key", nullable=True),
        *_columns(sa.Text(), "explanation", "explained_by"),
        *_columns(sa.JSON(), "tests", "documents", "components"),
        *_columns(TIME, "created_at"),
        *_columns(sa.Text(), "review", "reviewed_by", nullable=True),
        *_columns(TIME, "reviewed_at", nullable=True),
        *_columns(sa.Text(), "review_note"),
        sa.PrimaryKeyConstraint("flag_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.UniqueConstraint("fingerprint"),
    )
    op.create_index("flag_by_exposure", "flag", ["exposure_base"])
    op.create_index("flag_by_row", "flag", ["row_key"])
    op.create_index("flag_by_run", "flag", ["run_id", "status", "severity"])
    op.create_index("flag_by_vendor", "flag", ["vendor"])
    op.create_table(
        "flag_event",
        sa.Column("event_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "flag_id", "run_id", "kind", "by"),
        *_columns(TIME, "at"),
        *_columns(sa.Text(), "note"),
        *_columns(sa.JSON(), "details"),
        *_columns(sa.Text(), "once", nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
        sa.ForeignKeyConstraint(["flag_id"], ["flag.flag_id"]),
        sa.UniqueConstraint("flag_id", "once", name="flag_event_once"),
    )


def _approvals() -> None:
    op.create_table(
        "approval",
        *_columns(sa.Text(), "request_id", "run_id", "kind"),
        *_columns(sa.BigInteger(), "attempt"),
        *_columns(sa.Text(), "risk"),
        *_columns(sa.JSON(), "payload", "needs", "barred"),
        *_columns(sa.Text(), "status", "outcome"),
        *_columns(TIME, "requested_at"),
        *_columns(TIME, "closed_at", nullable=True),
        sa.PrimaryKeyConstraint("request_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.UniqueConstraint("run_id", "kind", "attempt", name="approval_once"),
    )
    op.create_index("approval_by_age", "approval", ["status", "requested_at"])
    op.create_table(
        "decision",
        sa.Column("decision_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "request_id", "subject", "verdict", "by", "role"),
        *_columns(TIME, "at"),
        *_columns(sa.Text(), "note"),
        *_columns(sa.JSON(), "changes"),
        sa.PrimaryKeyConstraint("decision_id"),
        sa.ForeignKeyConstraint(["request_id"], ["approval.request_id"]),
        sa.UniqueConstraint("request_id", "subject", "by", name="decision_once"),
    )
    op.create_table(
        "outbox",
        *_columns(sa.Text(), "message_id", "run_id", "kind", "recipient"),
        *_columns(sa.JSON(), "payload"),
        *_columns(sa.Text(), "status"),
        *_columns(sa.BigInteger(), "attempts"),
        *_columns(sa.Text(), "error"),
        *_columns(TIME, "queued_at", "next_try_at"),
        *_columns(TIME, "sent_at", nullable=True),
        sa.PrimaryKeyConstraint("message_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.UniqueConstraint("run_id", "kind", "recipient", name="outbox_once"),
    )
    op.create_index("outbox_by_age", "outbox", ["status", "next_try_at"])


def _trail() -> None:
    op.create_table(
        "trail",
        *_columns(sa.Text(), "run_id"),
        *_columns(sa.BigInteger(), "seq"),
        *_columns(TIME, "at"),
        *_columns(sa.Text(), "actor", "action", "inputs", "outputs", "sizes", "model"),
        *_columns(sa.BigInteger(), "tokens_in", "tokens_out"),
        *_columns(sa.Text(), "cost"),
        *_columns(sa.BigInteger(), "duration_ms"),
        *_columns(sa.Text(), "error", "details"),
        *_columns(sa.Text(), "once", nullable=True),
        *_columns(sa.Text(), "prev_hash", "hash"),
        sa.PrimaryKeyConstraint("run_id", "seq"),
        sa.UniqueConstraint("run_id", "once", name="trail_once"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trail_head",
        *_columns(sa.Text(), "run_id"),
        *_columns(sa.BigInteger(), "seq"),
        *_columns(sa.Text(), "hash", "key_id", "signature"),
        sa.PrimaryKeyConstraint("run_id"),
    )


def _learned() -> None:
    op.create_table(
        "rule_version",
        *_columns(sa.Text(), "digest", "text", "author", "reason", "diff"),
        *_columns(TIME, "saved_at"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "alias",
        *_columns(sa.Text(), "entity", "alias_key", "vendor_key"),
        *_columns(sa.BigInteger(), "seen"),
        *_columns(sa.Double(), "confidence"),
        *_columns(sa.Text(), "run_id"),
        sa.PrimaryKeyConstraint("entity", "alias_key", "vendor_key"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, autoincrement=False, nullable=nullable) for name in names]
