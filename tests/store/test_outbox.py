"""Notices: queued once, delivered at least once, in messages whose id does not change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.clocks import TurnedClock
from tests.store.conftest import start
from tools.core import clock
from tools.core.errors import RunError
from tools.store import Store, outbox


def _ids(batch: outbox.Batch | None) -> list[str]:
    return [notice.message_id for notice in batch.notices] if batch else []


def _batch(batch: outbox.Batch | None) -> outbox.Batch:
    assert batch is not None
    return batch


@pytest.fixture
def turned_clock() -> TurnedClock:
    """Give a clock that stands."""
    return TurnedClock(datetime(2025, 3, 1, tzinfo=UTC))


def test_a_notice_is_queued_once(store: Store) -> None:
    """A replay queues nothing, and gives the same id in every store."""
    start(store)
    first = outbox.queue(store, outbox.Origin("run", "r1"), "ask", "mail", {"n": 1})
    again = outbox.queue(store, outbox.Origin("run", "r1"), "ask", "mail", {"n": 2})
    slack = outbox.queue(store, outbox.Origin("run", "r1"), "ask", "slack", {"n": 1})
    assert first == again == outbox.message_id_of(outbox.Origin("run", "r1"), "ask", "mail") != slack
    assert [message.payload for message in outbox.pending(store)] == [{"n": 1}, {"n": 1}]


def test_a_message_is_tried_until_it_is_delivered(store: Store, turned_clock: TurnedClock) -> None:
    """Whoever takes it has it for a while; a failure comes again at its time, a delivery never."""
    start(store)
    with clock.using(turned_clock):
        message = outbox.queue(store, outbox.Origin("run", "r1"), "ask", "mail", {})
        message_ids = [_ids(outbox.claim(store, lease_seconds=60)) for _ in range(2)]
        turned_clock.sleep(61)
        lost = _batch(outbox.claim(store))
        outbox.failed(store, lost, "no such host", wait_seconds=300)
        turned_clock.sleep(299)
        early = outbox.claim(store)
        turned_clock.sleep(2)
        late = _batch(outbox.claim(store))
        outbox.mark_sent(store, late)
        turned_clock.sleep(10_000)
        after = outbox.claim(store)
    assert message_ids == [[message], []]
    assert [notice.attempts for notice in (*lost.notices, *late.notices)] == [2, 3]
    assert (late.notices[0].error, early, after) == ("no such host", None, None)
    assert (outbox.pending(store), outbox.status_counts(store)) == ([], {"sent": 1})


def test_notices_to_one_recipient_go_out_together(store: Store, turned_clock: TurnedClock) -> None:
    """The first goes at once; what follows within the window is one message when it ends."""
    start(store)
    with clock.using(turned_clock):
        first = outbox.queue(store, outbox.Origin("run", "r1"), "k0", "mail", {})
        outbox.mark_sent(store, _batch(outbox.claim(store, window_seconds=300)))
        flood = [
            outbox.queue(store, outbox.Origin("run", "r1"), f"k{number}", "mail", {})
            for number in range(1, 6)
        ]
        early = outbox.claim(store, window_seconds=300)
        slack_id = outbox.queue(store, outbox.Origin("run", "r1"), "k1", "slack", {})
        slack = _batch(outbox.claim(store, window_seconds=300))
        outbox.mark_sent(store, slack)
        turned_clock.sleep(301)
        digest = _batch(outbox.claim(store, window_seconds=300))
    assert (early, _ids(slack)) == (None, [slack_id])
    assert sorted(_ids(digest)) == sorted(flood)
    assert digest.batch_id not in {first, *flood}


def test_a_message_keeps_its_notices_when_it_is_sent_again(store: Store, turned_clock: TurnedClock) -> None:
    """What was queued after its sender died is not put into it: under one id there is one text."""
    start(store)
    with clock.using(turned_clock):
        message_ids = [
            outbox.queue(store, outbox.Origin("run", "r1"), f"k{number}", "mail", {}) for number in range(2)
        ]
        lost = _batch(outbox.claim(store, lease_seconds=60))
        later = outbox.queue(store, outbox.Origin("run", "r1"), "k2", "mail", {})
        early = outbox.claim(store)
        turned_clock.sleep(61)
        again = _batch(outbox.claim(store, lease_seconds=60))
        outbox.mark_sent(store, again)
        last = outbox.claim(store)
    assert (again.batch_id, sorted(_ids(again))) == (lost.batch_id, sorted(message_ids))
    assert (early, _ids(last)) == (None, [later])


def test_only_the_holder_records_a_failure(store: Store, turned_clock: TurnedClock) -> None:
    """A sender that took too long does not undo what another did; a delivery counts, whoever made it."""
    start(store)
    with clock.using(turned_clock):
        outbox.queue(store, outbox.Origin("run", "r1"), "ask", "mail", {})
        slow = _batch(outbox.claim(store, lease_seconds=60))
        turned_clock.sleep(61)
        quick = _batch(outbox.claim(store, lease_seconds=60))
        outbox.failed(store, slow, "timed out", wait_seconds=1)
        errors = [notice.error for notice in outbox.pending(store)]
        outbox.mark_sent(store, slow)
        outbox.failed(store, quick, "timed out", wait_seconds=1)
    assert (errors, outbox.status_counts(store)) == ([""], {"sent": 1})


def test_a_message_is_given_up_and_taken_up_again(store: Store, turned_clock: TurnedClock) -> None:
    """After the last failure it stays, with its error, until somebody has it tried again."""
    start(store)
    with clock.using(turned_clock):
        outbox.queue(store, outbox.Origin("run", "r1"), "ask", "mail", {})
        outcomes = []
        for _ in range(3):
            batch = _batch(outbox.claim(store))
            outcomes.append(outbox.failed(store, batch, "refused", wait_seconds=10, most=3))
            turned_clock.sleep(11)
        next_batch = outbox.claim(store)
        errors = [notice.error for notice in outbox.given_up(store)]
        requeued = outbox.requeue(store)
        back = _batch(outbox.claim(store))
    assert (outcomes, next_batch, errors, requeued) == ([False, False, True], None, ["refused"], 1)
    assert back.batch_id == batch.batch_id


def test_an_unknown_message_is_an_error(store: Store) -> None:
    """Nothing is given for what was never queued."""
    with pytest.raises(RunError, match="no message 'm'"):
        outbox.get(store, "m")
