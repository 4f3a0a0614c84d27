"""The one place that knows the time; tests turn it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time in UTC and waits."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Tell the time, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        time.sleep(seconds)


_SYSTEM = SystemClock()
_current: ContextVar[Clock | None] = ContextVar("clock", default=None)


def clock() -> Clock:
    """Give the clock in force."""
    return _current.get() or _SYSTEM


@contextmanager
def using(replacement: Clock) -> Iterator[None]:
    """Put another clock in force for the enclosed code (and what copies its context)."""
    token = _current.set(replacement)
    try:
        yield
    finally:
        _current.reset(token)
