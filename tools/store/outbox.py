"""The outbox: notices queued once and delivered at least once, under an id that does not change.

queue(store, origin, kind, recipient, payload) -> message_id   idempotent
claim(store, lease_seconds=, window_seconds=) -> Batch | None   one message to send now, held by its taker
mark_sent(store, batch)                                              whoever holds it by now
failed(store, batch, error, wait_seconds=, most=) -> bool       True when it is given up
pending(store), given_up(store), delivered(store) -> list[OutboxMessage]   oldest first
requeue(store) -> int                                             what was given up is queued anew

Notices to one recipient go out together. Which ones is settled when a sender first takes them, and stays
so: a message that is sent again after a crash is the same one, under the same id.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store.database import Store, lock
from tools.store.models import OutboxMessage
from tools.store.writes import insert_new

MOST = 100  # notices in one message
LETTER = (
    "letter"  # origin of what goes to others than our own people: recovery sends it, under its own conditions
)
_NAMES = uuid.UUID("6f0d6c52-30a5-5f0e-9f53-2c1b7f1d2a11")  # the namespace of our message ids
_OLDEST = (OutboxMessage.queued_at, OutboxMessage.message_id)
_IS_NOTICE = OutboxMessage.origin_kind != LETTER


@dataclass(frozen=True)
class Batch:
    """One message: its stable id, its recipient, who holds it, and the notices in it."""

    batch_id: str
    recipient: str
    owner: str
    notices: list[OutboxMessage]


class Origin(NamedTuple):
    """What a notice is about: a run, the desk itself, or what another application names."""

    kind: str
    id: str


def message_id_of(origin: Origin, kind: str, recipient: str) -> str:
    """Give the id of a notice: a receiver tells repeats by it."""
    about = origin.id if origin.kind == "run" else f"{origin.kind}:{origin.id}"
    return str(uuid.uuid5(_NAMES, f"{about}\x1f{kind}\x1f{recipient}"))


def queue(store: Store, origin: Origin, kind: str, recipient: str, payload: Mapping[str, Any]) -> str:
    """Queue a notice and give its message id; queued again, it stays as it was."""
    now = clock().now()
    row = {
        "message_id": message_id_of(origin, kind, recipient),
        "origin_kind": origin.kind,
        "origin_id": origin.id,
        "kind": kind,
        "recipient": recipient,
        "payload": dict(payload),
        "status": "queued",
        "batch": "",
        "owner": "",
        "attempts": 0,
        "failures": 0,
        "error": "",
        "queued_at": now,
        "next_try_at": now,
        "sent_at": None,
    }
    with store.begin() as session:
        insert_new(session, OutboxMessage, [row])
    return str(row["message_id"])


def claim(store: Store, *, lease_seconds: float = 120, window_seconds: float = 0) -> Batch | None:
    """Take the oldest message that is due; nobody else gets it for `lease_seconds`.

    A recipient who was sent something less than `window_seconds` ago, or whose last message is still
    under way, gets what was queued meanwhile as one message later.
    """
    now = clock().now()
    with store.begin() as session:
        lock(session, "outbox")
        notices = _due_again(session, now) or _fresh(session, now - timedelta(seconds=window_seconds))
        if not notices:
            return None
        batch_id = notices[0].batch or _batch_id(notices)
        owner = uuid.uuid4().hex
        for notice in notices:
            notice.batch, notice.owner = batch_id, owner
            notice.attempts += 1
            notice.next_try_at = now + timedelta(seconds=lease_seconds)
        return Batch(batch_id, notices[0].recipient, owner, notices)


def mark_sent(store: Store, batch: Batch) -> None:
    """Record that a message was delivered, whoever holds it now."""
    values = {"status": "sent", "sent_at": clock().now(), "error": ""}
    with store.begin() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.batch == batch.batch_id).values(values))


def failed(store: Store, batch: Batch, error: str, *, wait_seconds: float, most: int = 8) -> bool:
    """Record why a try failed and when the next one is; after `most` failures, give it up and say so.

    Of a message that another sender took meanwhile, or delivered, it records nothing.
    """
    failures = batch.notices[0].failures + 1
    values = {
        "error": error,
        "failures": failures,
        "next_try_at": clock().now() + timedelta(seconds=wait_seconds),
        "status": "given_up" if failures >= most else "queued",
    }
    lease = (OutboxMessage.batch == batch.batch_id, OutboxMessage.owner == batch.owner)
    with store.begin() as session:
        session.execute(update(OutboxMessage).where(*lease, OutboxMessage.status == "queued").values(values))
    return failures >= most


def requeue(store: Store) -> int:
    """Queue anew what was given up, as the same messages; give how many notices that are."""
    values = {"status": "queued", "failures": 0, "next_try_at": clock().now()}
    with store.begin() as session:
        message_ids = [row.message_id for row in _listed(session, "given_up")]
        gone = update(OutboxMessage).where(OutboxMessage.status == "given_up", _IS_NOTICE)
        session.execute(gone.values(values))
        return len(message_ids)


def pending(store: Store) -> list[OutboxMessage]:
    """List notices that are to be delivered, the oldest first."""
    with store.read() as session:
        return _listed(session, "queued")


def given_up(store: Store) -> list[OutboxMessage]:
    """List notices that could not be delivered, the oldest first."""
    with store.read() as session:
        return _listed(session, "given_up")


def delivered(store: Store) -> list[OutboxMessage]:
    """List notices that were delivered, the oldest first."""
    with store.read() as session:
        return _listed(session, "sent")


def get(store: Store, message_id: str) -> OutboxMessage:
    """Give a notice. Raises RunError when there is none of that id."""
    with store.read() as session:
        message = session.get(OutboxMessage, message_id)
        if message is None:
            raise RunError(f"there is no message '{message_id}'.")
        return message


def _listed(session: Session, status: str) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.status == status, _IS_NOTICE).order_by(*_OLDEST)
    return list(session.scalars(query))


def _due_again(session: Session, now: datetime) -> list[OutboxMessage]:
    """Give a message that was taken before and is due again: its sender died, or failed."""
    due = _queued(OutboxMessage.batch != "", OutboxMessage.next_try_at <= now)
    first = session.scalar(due.limit(1))
    return list(session.scalars(_queued(OutboxMessage.batch == first.batch))) if first else []


def _fresh(session: Session, quiet_since: datetime) -> list[OutboxMessage]:
    """Give what waits for the recipient who waits longest and may be written to."""
    busy = select(OutboxMessage.recipient).where(
        (OutboxMessage.sent_at > quiet_since)
        | ((OutboxMessage.status == "queued") & (OutboxMessage.batch != ""))
    )
    free = _queued(OutboxMessage.batch == "", OutboxMessage.recipient.not_in(busy))
    first = session.scalar(free.limit(1))
    if first is None:
        return []
    return list(
        session.scalars(
            _queued(OutboxMessage.batch == "", OutboxMessage.recipient == first.recipient).limit(MOST)
        )
    )


def _queued(*where: ColumnElement[bool]) -> Any:  # noqa: ANN401 - SQLAlchemy's own generic
    return (
        select(OutboxMessage).where(OutboxMessage.status == "queued", _IS_NOTICE, *where).order_by(*_OLDEST)
    )


def _batch_id(notices: Sequence[OutboxMessage]) -> str:
    named = [notice.message_id for notice in notices]
    return named[0] if len(named) == 1 else str(uuid.uuid5(_NAMES, "\x1f".join(named)))


def status_counts(store: Store) -> dict[str, int]:
    """Count notices by status."""
    query = select(OutboxMessage.status, func.count()).where(_IS_NOTICE).group_by(OutboxMessage.status)
    with store.read() as session:
        return {str(row[0]): int(row[1]) for row in session.execute(query)}
