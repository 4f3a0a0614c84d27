"""Deliver what the outbox holds: each message until it is accepted, with longer and longer waits."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import structlog

from desk.notices.text import write
from tools.core.errors import UnreachableError
from tools.core.settings import Settings
from tools.store import Store, outbox

POLL_SECONDS = 5.0
_log = structlog.stdlib.get_logger(__name__)


@dataclass
class Delivered:
    """What one round came to, in messages."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0


def deliver(store: Store, settings: Settings, *, window_seconds: float = 0) -> Delivered:
    """Send what is due until nothing is; a message that fails is due again later.

    window_seconds: what a recipient gets within it after a message is kept back, as one; 0 keeps nothing.
    """
    done = Delivered()
    while batch := outbox.claim(
        store, lease_seconds=settings.notify_lease_seconds, window_seconds=window_seconds
    ):
        error = _send(settings, batch)
        if not error:
            outbox.mark_sent(store, batch)
            done.sent += 1
        elif outbox.failed(
            store, batch, error, wait_seconds=_wait(settings, batch), most=settings.notify_attempts
        ):
            done.given_up += 1
        else:
            done.failed += 1
        if error:
            _log.warning("a notice was not delivered", recipient=batch.recipient, error=error)
    return done


def watch(store: Store, settings: Settings, stop: threading.Event) -> None:
    """Deliver until `stop` is set; a store that is away is tried again."""
    while not stop.is_set():
        try:
            deliver(store, settings, window_seconds=settings.notify_window_seconds)
        except UnreachableError as error:
            _log.warning("notices wait", error=str(error))
        stop.wait(POLL_SECONDS)


def _send(settings: Settings, batch: outbox.Batch) -> str:
    from desk.notices.sending import send  # noqa: PLC0415 - Apprise takes a while to import

    recipient = settings.notify.get(batch.recipient)
    if recipient is None:
        return f"no recipient '{batch.recipient}' is set in TIEOUT_NOTIFY"
    message = write(batch.batch_id, batch.notices, pages_url=settings.pages_url, masked=recipient.masked)
    return send(recipient.url.get_secret_value(), message)


def _wait(settings: Settings, batch: outbox.Batch) -> float:
    doubled = settings.notify_wait_seconds * 2.0 ** min(batch.notices[0].failures, 30)
    return min(doubled, settings.notify_wait_cap_seconds)
