"""Recovery: claims, letters, replies, and what came back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0070"
down_revision = "0080"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:  # a statement for each table
    """Make the tables."""
    op.create_table(
        "recovery_party",
        *_columns(
            sa.Text(),
            "party_id",
            "entity",
            "role",
            "party_key",
            "name",
            "external_id",
            "city",
            "country",
            "state",
            "industry",
            "timezone",
            "language",
            "consumer",
        ),
        *_columns(TIME, "added_at"),
        sa.PrimaryKeyConstraint("party_id"),
        sa.UniqueConstraint("entity", "role", "party_key", name="recovery_party_once"),
    )
    op.create_table(
        "recovery_claim",
        *_columns(
            sa.Text(),
            "claim_id",
            "fingerprint",
            "run_id",
            "party_id",
            "entity",
            "kind",
            "title",
            "basis",
            "status",
            "currency",
            "risk",
            "hold",
            "thread_id",
            "approved_by",
            "outcome",
            "note",
        ),
        *_columns(TIME, "status_at", "opened_at"),
        *_columns(sa.BigInteger(), "amount_minor", "low_minor", "high_minor", "recovered_minor", "level"),
        *_columns(sa.Date(), "arisen_on"),
        *_columns(sa.Date(), "not_before", nullable=True),
        *_columns(TIME, "closed_at", nullable=True),
        sa.PrimaryKeyConstraint("claim_id"),
        sa.UniqueConstraint("fingerprint"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.ForeignKeyConstraint(["party_id"], ["recovery_party.party_id"]),
    )
    op.create_index("recovery_claim_by_party", "recovery_claim", ["party_id", "status"])
    op.create_index("recovery_claim_by_status", "recovery_claim", ["status", "amount_minor"])
    op.create_table(
        "recovery_item",
        *_columns(
            sa.Text(),
            "item_id",
            "claim_id",
            "role",
            "document",
            "reference",
            "currency",
            "row_key",
            "source",
            "file",
            "flag_id",
            "note",
        ),
        *_columns(sa.Date(), "dated_on", "due_on", nullable=True),
        *_columns(sa.BigInteger(), "amount_minor"),
        *_columns(sa.BigInteger(), "line", nullable=True),
        sa.PrimaryKeyConstraint("item_id"),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
    )
    op.create_index("recovery_item_by_claim", "recovery_item", ["claim_id"])
    op.create_table(
        "claim_score",
        *_columns(sa.Text(), "run_id", "claim_id", "tier"),
        *_columns(TIME, "scored_at"),
        *_columns(sa.Double(), "probability"),
        *_columns(sa.BigInteger(), "expected_minor"),
        sa.PrimaryKeyConstraint("run_id", "claim_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
    )
    op.create_index("claim_score_by_claim", "claim_score", ["claim_id", "scored_at"])
    op.create_table(
        "claim_feature",
        *_columns(sa.Text(), "run_id", "claim_id", "name", "value"),
        sa.PrimaryKeyConstraint("run_id", "claim_id", "name"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
    )
    op.create_table(
        "contact",
        *_columns(
            sa.Text(),
            "contact_id",
            "party_id",
            "kind",
            "value",
            "name",
            "position",
            "source",
            "legal_basis",
            "status",
        ),
        *_columns(sa.Double(), "confidence"),
        *_columns(sa.BigInteger(), "soft_bounces"),
        *_columns(TIME, "fetched_at"),
        *_columns(TIME, "expires_at", nullable=True),
        sa.PrimaryKeyConstraint("contact_id"),
        sa.UniqueConstraint("party_id", "kind", "value", name="contact_once"),
        sa.ForeignKeyConstraint(["party_id"], ["recovery_party.party_id"]),
    )
    op.create_table(
        "letter",
        *_columns(
            sa.Text(),
            "letter_id",
            "claim_id",
            "run_id",
            "language",
            "recipient",
            "subject",
            "body",
            "template_body",
            "currency",
            "status",
            "message_id",
            "in_reply_to",
            "approved_by",
            "edited_by",
            "note",
        ),
        *_columns(sa.BigInteger(), "level", "attempt", "amount_minor", "doubled"),
        *_columns(sa.JSON(), "headers"),
        *_columns(TIME, "drafted_at"),
        *_columns(TIME, "approved_at", "sent_at", nullable=True),
        sa.PrimaryKeyConstraint("letter_id"),
        sa.UniqueConstraint("claim_id", "level", "attempt", name="letter_once"),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("letter_by_status", "letter", ["status", "drafted_at"])
    op.create_table(
        "recovery_event",
        sa.Column("event_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "claim_id", "kind", "by"),
        *_columns(TIME, "at"),
        *_columns(sa.JSON(), "details"),
        *_columns(sa.Text(), "once", nullable=True),
        sa.PrimaryKeyConstraint("event_id"),
        sa.UniqueConstraint("claim_id", "once", name="recovery_event_once"),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
    )
    op.create_index("recovery_event_by_kind", "recovery_event", ["kind", "at"])
    op.create_index("recovery_event_by_time", "recovery_event", ["at"])
    op.create_table(
        "suppression",
        *_columns(sa.Text(), "digest", "address", "reason", "by", "note"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_table(
        "reply",
        *_columns(
            sa.Text(),
            "reply_id",
            "sender",
            "subject",
            "text",
            "kind",
            "reason",
            "code",
            "hard",
            "sentiment",
            "status",
            "decided_by",
            "raw",
        ),
        *_columns(sa.Text(), "claim_id", "letter_id", nullable=True),
        *_columns(TIME, "received_at"),
        *_columns(sa.Double(), "confidence"),
        sa.PrimaryKeyConstraint("reply_id"),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.letter_id"]),
    )
    op.create_index("reply_by_claim", "reply", ["claim_id", "received_at"])
    op.create_index("reply_by_status", "reply", ["status"])
    op.create_table(
        "fee_entry",
        sa.Column("entry_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "claim_id", "kind", "currency", "by", "note", "once"),
        *_columns(sa.BigInteger(), "base_minor", "rate_e4", "amount_minor"),
        *_columns(TIME, "at"),
        sa.PrimaryKeyConstraint("entry_id"),
        sa.UniqueConstraint("claim_id", "once", name="fee_entry_once"),
        sa.ForeignKeyConstraint(["claim_id"], ["recovery_claim.claim_id"]),
    )


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]
