"""The outbox: notices queued once and delivered at least once, under an id that does not change.

queue(store, run_id, kind, recipient, payload) -> message_id   idempotent
due(store, limit=, lease_seconds=) -> list[OutboxMessage]       leased, so that two senders do not both send
sent(store, message_id)
failed(store, message_id, error, wait_seconds)
pending(store) -> list[OutboxMessage]                           oldest first
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tools.clock import clock
from tools.errors import RunError
from tools.store.database import Store
from tools.store.models import OutboxMessage
from tools.store.writes import insert_new

_NAMES = uuid.UUID("6f0d6c52-30a5-5f0e-9f53-2c1b7f1d2a11")  # the namespace of our message ids


def message_id_of(run_id: str, kind: str, recipient: str) -> str:
    """Give the id of a notice: a receiver tells repeats by it."""
    return str(uuid.uuid5(_NAMES, f"{run_id}\x1f{kind}\x1f{recipient}"))


def queue(store: Store, run_id: str, kind: str, recipient: str, payload: Mapping[str, Any]) -> str:
    """Queue a notice and give its message id; queued again, it stays as it was."""
    now = clock().now()
    row = {
        "message_id": message_id_of(run_id, kind, recipient),
        "run_id": run_id,
        "kind": kind,
        "recipient": recipient,
        "payload": dict(payload),
        "status": "queued",
        "attempts": 0,
        "error": "",
        "queued_at": now,
        "next_try_at": now,
        "sent_at": None,
    }
    with store.begin() as session:
        insert_new(session, OutboxMessage, [row])
    return str(row["message_id"])


def due(store: Store, *, limit: int = 50, lease_seconds: float = 60) -> list[OutboxMessage]:
    """Take notices to send now; whoever takes them has `lease_seconds` before another may."""
    now = clock().now()
    query = (
        select(OutboxMessage)
        .where(OutboxMessage.status == "queued", OutboxMessage.next_try_at <= now)
        .order_by(OutboxMessage.queued_at, OutboxMessage.message_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    with store.begin() as session:
        found = list(session.scalars(query))
        for message in found:
            message.attempts += 1
            message.next_try_at = now + timedelta(seconds=lease_seconds)
        return found


def sent(store: Store, message_id: str) -> None:
    """Record that a notice was delivered."""
    with store.begin():
        message = _found(store, message_id)
        message.status, message.sent_at, message.error = "sent", clock().now(), ""


def failed(store: Store, message_id: str, error: str, *, wait_seconds: float) -> None:
    """Record why a delivery failed, and when to try again. One that was delivered stays delivered."""
    with store.begin():
        message = _found(store, message_id)
        message.error, message.next_try_at = error, clock().now() + timedelta(seconds=wait_seconds)


def pending(store: Store) -> list[OutboxMessage]:
    """List notices that are not delivered, the oldest first."""
    query = select(OutboxMessage).where(OutboxMessage.status == "queued").order_by(OutboxMessage.queued_at)
    with store.read() as session:
        return list(session.scalars(query))


def _found(store: Store, message_id: str) -> OutboxMessage:
    with store.read() as session:
        found = session.get(OutboxMessage, message_id)
        if found is None:
            raise RunError(f"there is no message '{message_id}'.")
        return found
