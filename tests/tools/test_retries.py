"""A source that is away is waited for, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.clocks import TurnedClock
from tools.core.clock import using
from tools.core.errors import UnreachableError
from tools.core.retries import PausedError, delays, patiently
from tools.core.settings import Settings


def _fail_first(times: int) -> Callable[[], str]:
    calls: list[int] = []

    def work() -> str:
        calls.append(1)
        if len(calls) <= times:
            raise UnreachableError("the warehouse does not answer.", place="source card")
        return "read"

    return work


def test_the_waits_double_up_to_the_cap() -> None:
    """30 s doubling to 480 s, five times."""
    assert delays(Settings()) == [30, 60, 120, 240, 480]


def test_short_waits_are_sat_out() -> None:
    """Two failures are waited for in the process, and the work succeeds."""
    clock = TurnedClock()
    work = _fail_first(2)
    with using(clock):
        assert patiently(work, Settings()) == "read"
    assert clock.slept == [30, 60]


def test_a_long_wait_pauses_with_the_next_tries_time() -> None:
    """The third failure pauses the run until two minutes later."""
    clock = TurnedClock()
    work = _fail_first(9)
    with using(clock), pytest.raises(PausedError) as paused:
        patiently(work, Settings())
    assert paused.value.tries == 3
    assert paused.value.next_try_at == datetime(2025, 1, 1, 0, 3, 30, tzinfo=UTC)


def test_after_the_last_wait_a_person_is_needed() -> None:
    """A run that has failed five waits says that it will not try again by itself."""
    work = _fail_first(9)
    with using(TurnedClock()), pytest.raises(PausedError) as paused:
        patiently(work, Settings(), tries=5)
    assert paused.value.next_try_at is None
