"""Notices: queued once, delivered at least once, under an id that does not change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.store.conftest import TurnedClock, start
from tools import clock
from tools.errors import RunError
from tools.store import Store, outbox


def test_a_notice_is_queued_once(store: Store) -> None:
    """A replay queues nothing, and gives the same id in every store."""
    start(store)
    first = outbox.queue(store, "r1", "ask", "mail", {"n": 1})
    again = outbox.queue(store, "r1", "ask", "mail", {"n": 2})
    other = outbox.queue(store, "r1", "ask", "slack", {"n": 1})
    assert first == again == outbox.message_id_of("r1", "ask", "mail") != other
    assert [message.payload for message in outbox.pending(store)] == [{"n": 1}, {"n": 1}]


def test_a_notice_is_tried_until_it_is_delivered(store: Store) -> None:
    """Whoever takes it has it for a while; a failure comes again at its time, a delivery never."""
    start(store)
    turned = TurnedClock(datetime(2025, 3, 1, tzinfo=UTC))
    with clock.using(turned):
        message = outbox.queue(store, "r1", "ask", "mail", {})
        taken = [[one.message_id for one in outbox.due(store, lease_seconds=60)] for _ in range(2)]
        turned.sleep(61)
        lost = outbox.due(store)
        outbox.failed(store, message, "no such host", wait_seconds=300)
        turned.sleep(299)
        early = outbox.due(store)
        turned.sleep(2)
        late = outbox.due(store)
        outbox.sent(store, message)
        turned.sleep(10_000)
        after = outbox.due(store)
    assert taken == [[message], []]
    assert [one.attempts for one in (*lost, *late)] == [2, 3]
    assert (late[0].error, early, after, outbox.pending(store)) == ("no such host", [], [], [])


def test_an_unknown_message_is_an_error(store: Store) -> None:
    """Nothing is recorded for what was never queued."""
    with pytest.raises(RunError, match="no message 'm'"):
        outbox.sent(store, "m")
