"""Runs, requests and notices belong to any graph: what only an audit has moves to a table of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0050"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")
AUDIT_TEXTS = ("entity", "sources_path", "sources_digest", "rules_digest", "snapshot_uri", "snapshot_sha256")
AUDIT_COLUMNS = (*AUDIT_TEXTS, "window_from", "window_to")
WORDS = {"gate": ["approve", "retry", "reject"], "flags": ["approve", "reject", "edit", "skip"]}
TITLES = {"gate": "A run stopped at its gate", "flags": "Flags to decide"}


def upgrade() -> None:
    """Carry runs, requests, decisions, notices and rounds of feedback over."""
    _runs()
    _requests()
    _outbox()
    _rounds()


def _runs() -> None:
    op.create_table(
        "audit_run",
        *_columns(sa.Text(), "run_id", *AUDIT_TEXTS),
        *_columns(sa.Date(), "window_from", "window_to", nullable=True),
        sa.PrimaryKeyConstraint("run_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    names = ", ".join(("run_id", *AUDIT_COLUMNS))
    op.execute(f"INSERT INTO audit_run ({names}) SELECT {names} FROM run")  # noqa: S608 - our own columns
    for name in AUDIT_COLUMNS:
        op.drop_column("run", name)
    for name in ("kind", "graph"):
        op.add_column("run", sa.Column(name, sa.Text(), nullable=False, server_default="audit"))
    op.create_index("run_by_kind", "run", ["kind", "started_at"])


def _requests() -> None:
    op.create_table(
        "request",
        sa.Column("request_no", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "request_id", "run_id", "kind"),
        *_columns(sa.BigInteger(), "attempt"),
        *_columns(sa.Text(), "risk", "title"),
        *_columns(sa.JSON(), "payload", "words", "needs", "barred"),
        *_columns(sa.Text(), "escalates_to", "status", "outcome"),
        *_columns(TIME, "requested_at"),
        *_columns(TIME, "closed_at", "expires_at", "escalated_at", nullable=True),
        sa.PrimaryKeyConstraint("request_no"),
        sa.UniqueConstraint("request_id", name="request_id_once"),
        sa.UniqueConstraint("run_id", "kind", "attempt", name="request_once"),
        sa.ForeignKeyConstraint(["run_id"], ["run.run_id"]),
    )
    op.create_index("request_by_age", "request", ["status", "requested_at"])
    approvals = _rows("approval", "request_id", "requested_at")
    _insert("request", (_request(row) for row in approvals))
    decisions = _rows("decision", "decision_id", "at")
    op.drop_table("decision")
    op.create_table(
        "decision",
        sa.Column("decision_id", BIG_KEY, autoincrement=True, nullable=False),
        *_columns(sa.Text(), "request_id", "subject", "verdict", "by", "role"),
        *_columns(TIME, "at"),
        *_columns(sa.Text(), "note"),
        *_columns(sa.JSON(), "changes"),
        sa.PrimaryKeyConstraint("decision_id"),
        sa.ForeignKeyConstraint(["request_id"], ["request.request_id"]),
        sa.UniqueConstraint("request_id", "subject", "by", name="decision_by_person"),
    )
    _insert("decision", decisions)
    op.drop_table("approval")
    if op.get_bind().dialect.name == "postgresql":  # numbers given by hand do not move the sequence
        op.execute(
            "SELECT setval(pg_get_serial_sequence('decision', 'decision_id'),"
            " (SELECT coalesce(max(decision_id), 0) + 1 FROM decision), false)"
        )


def _request(row: dict[str, Any]) -> dict[str, Any]:
    payload = dict(row["payload"])
    payload["units"] = payload.pop("flags", None) or {}
    barred = {unit: dict.fromkeys(users, "started") for unit, users in (row["barred"] or {}).items()}
    carried = {name: value for name, value in row.items() if name not in {"payload", "barred"}}
    kind = str(row["kind"])
    own = {"title": TITLES.get(kind, kind), "words": WORDS.get(kind, ["approve", "reject"])}
    return {**carried, **own, "payload": payload, "barred": barred, "escalates_to": "controller"}


def _outbox() -> None:
    notices = _rows("outbox", "message_id", "queued_at")
    op.drop_table("outbox")
    op.create_table(
        "outbox",
        *_columns(sa.Text(), "message_id", "origin_kind", "origin_id", "kind", "recipient"),
        *_columns(sa.JSON(), "payload"),
        *_columns(sa.Text(), "status", "batch", "owner"),
        *_columns(sa.BigInteger(), "attempts", "failures"),
        *_columns(sa.Text(), "error"),
        *_columns(TIME, "queued_at", "next_try_at"),
        *_columns(TIME, "sent_at", nullable=True),
        sa.PrimaryKeyConstraint("message_id"),
        sa.UniqueConstraint("origin_kind", "origin_id", "kind", "recipient", name="outbox_once"),
    )
    op.create_index("outbox_by_age", "outbox", ["status", "next_try_at"])
    op.create_index("outbox_by_recipient", "outbox", ["recipient", "status"])
    op.create_index("outbox_by_batch", "outbox", ["batch"])
    _insert("outbox", (_notice(row) for row in notices))


def _notice(row: dict[str, Any]) -> dict[str, Any]:
    """Name what a notice is about: a round of feedback had borrowed the last audit's id."""
    carried = {name: value for name, value in row.items() if name != "run_id"}
    about = str(row["kind"]).removeprefix("ask-feedback-") if row["kind"].startswith("ask-feedback-") else ""
    return {**carried, "origin_kind": "run", "origin_id": about or row["run_id"]}


def _rounds() -> None:
    rounds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows("proposal", "proposal_id", "made_at"):
        rounds[str(row["round_id"])].append(row)
    for round_id, proposals in rounds.items():
        open_ones = [row for row in proposals if row["status"] == "open"]
        _insert("run", [_round_run(round_id, proposals, waits=bool(open_ones))])
        if open_ones:
            _insert("request", [_round_request(round_id, open_ones)])


def _round_run(round_id: str, proposals: list[dict[str, Any]], *, waits: bool) -> dict[str, Any]:
    first = proposals[0]
    ended = None if waits else max(row["decided_at"] or row["made_at"] for row in proposals)
    return {
        "run_id": round_id,
        "kind": "feedback",
        "graph": "feedback",
        "thread_id": str(first["details"].get("thread_id", "")),
        "status": "waiting" if waits else "closed",
        "started_by": "tieout",
        "started_at": first["made_at"],
        "ended_at": ended,
        "counts": {},
        "outcome": "" if waits else "decided",
        "error": "",
        "attempts": 0,
    }


def _round_request(round_id: str, proposals: list[dict[str, Any]]) -> dict[str, Any]:
    titles = {
        row["proposal_id"]: " ".join(filter(None, (row["kind"], row["test"], row["vendor"])))
        for row in proposals
    }
    subjects = [
        {"subject": name, "title": title, "risk": "MEDIUM", "quorum": 1, "description": title}
        for name, title in titles.items()
    ]
    return {
        "request_id": f"{round_id}-changes-1",
        "run_id": round_id,
        "kind": "changes",
        "attempt": 1,
        "risk": "MEDIUM",
        "title": "Changes of the rules to decide",
        "payload": {"reasons": [], "subjects": subjects, "units": {}},
        "words": ["approve", "reject"],
        "needs": dict.fromkeys(titles, 1),
        "barred": {
            row["proposal_id"]: dict.fromkeys(row["details"].get("barred", []), "reviewed")
            for row in proposals
        },
        "escalates_to": "controller",
        "status": "open",
        "outcome": "",
        "requested_at": max(row["made_at"] for row in proposals),
    }


def _rows(table: str, key: str, order: str) -> list[dict[str, Any]]:
    reflected = _reflected(table)
    query = sa.select(reflected).order_by(reflected.c[order], reflected.c[key])
    return [dict(row) for row in op.get_bind().execute(query).mappings()]


def _insert(table: str, rows: Iterable[dict[str, Any]]) -> None:
    prepared = list(rows)
    if prepared:
        op.get_bind().execute(_reflected(table).insert(), prepared)


def _reflected(table: str) -> sa.Table:
    return sa.Table(table, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)


def _columns(kind: sa.types.TypeEngine[Any], *names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, kind, nullable=nullable) for name in names]
