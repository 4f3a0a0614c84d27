"""The queue of approved letters: which are due, who has one under lease, and until when others wait.

take(store) -> LeasedLetter | None     the one that is due first; nobody else gets it until the lease ends
wake_hopeless(store)                   what can never go out any more is looked at now, not at its hour
count(store), next_time(store)         how many wait, and until when
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.recovery import states, suppressions
from tools.store import Store, outbox
from tools.store.database import lock
from tools.store.models import Letter, OutboxMessage, RecoveryClaim
from tools.store.writes import in_batches

LEASE_SECONDS: Final = 60.0
LOCK: Final = "sending letters"
_QUEUED: Final = (OutboxMessage.origin_kind == outbox.LETTER, OutboxMessage.status == "queued")


class LeasedLetter(NamedTuple):
    """A letter that this process has under lease; died: whether another had it and did not finish."""

    message_id: str
    letter_id: str
    token: str
    died: bool


def take(store: Store) -> LeasedLetter | None:
    """Take the oldest letter that is due; nobody else gets it until the lease ends."""
    now = clock().now()
    query = (
        select(OutboxMessage)
        .where(*_QUEUED)
        .where(OutboxMessage.next_try_at <= now)
        .order_by(OutboxMessage.next_try_at, OutboxMessage.message_id)
        .limit(1)
    )
    with store.begin() as session:
        lock(session, LOCK)
        message = session.scalar(query)
        if message is None:
            return None
        died, token = message.owner != "", uuid.uuid4().hex
        message.owner = token
        message.attempts += 1
        message.next_try_at = now + timedelta(seconds=LEASE_SECONDS)
        return LeasedLetter(message.message_id, message.origin_id, token, died)


def wake_hopeless(store: Store) -> None:
    """Bring forward what can never go out any more: it is cancelled now, and not said to wait."""
    now = clock().now()
    with store.begin() as session:
        lock(session, LOCK)
        hopeless = _hopeless(session, now)
        for batch in in_batches(hopeless):
            waiting = update(OutboxMessage).where(*_QUEUED, OutboxMessage.origin_id.in_(batch))
            session.execute(waiting.values(next_try_at=now))


def _hopeless(session: Session, now: datetime) -> list[str]:
    """Name the letters that wait and whose claim or address takes none, but for those under lease."""
    query = (
        select(Letter, RecoveryClaim)
        .join(OutboxMessage, OutboxMessage.origin_id == Letter.letter_id)
        .join(RecoveryClaim, RecoveryClaim.claim_id == Letter.claim_id)
        .where(*_QUEUED, OutboxMessage.next_try_at > now, OutboxMessage.owner == "")
    )
    ended = query.where(
        or_(
            RecoveryClaim.status.not_in(states.WRITTEN),
            RecoveryClaim.hold != "",
            RecoveryClaim.amount_minor - RecoveryClaim.recovered_minor != Letter.amount_minor,
        )
    )
    letters = list(session.execute(query.with_only_columns(Letter.letter_id, Letter.recipient)))
    refused = suppressions.refused(session, sorted({recipient for _, recipient in letters}))
    named = {letter_id for letter_id, recipient in letters if recipient in refused}
    return sorted(named.union(session.scalars(ended.with_only_columns(Letter.letter_id))))


def count(store: Store) -> int:
    """Count the letters that wait."""
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxMessage).where(*_QUEUED)) or 0


def next_time(store: Store) -> datetime | None:
    """Give when the next letter that waits may go out; None where none waits."""
    with store.read() as session:
        return session.scalar(select(func.min(OutboxMessage.next_try_at)).where(*_QUEUED))
