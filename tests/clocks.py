"""A clock that a test turns, so that nothing sleeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class TurnedClock:
    """A clock that stands where it is put; waiting moves it at once, and is noted in `slept`."""

    def __init__(self, at: datetime = datetime(2025, 1, 1, tzinfo=UTC)) -> None:
        self.at, self.slept = at, list[float]()

    def now(self) -> datetime:
        """Tell the time."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Move on."""
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
