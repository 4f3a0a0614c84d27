"""Wait for what is away: short waits are sat out, a longer one pauses the run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from tools.core.clock import clock
from tools.core.errors import TieoutError, UnreachableError
from tools.core.settings import Settings

T = TypeVar("T")


class PausedError(TieoutError):
    """The run waits for something that is away, and can be resumed."""

    def __init__(self, cause: UnreachableError, *, tries: int, next_try_at: datetime | None) -> None:
        self.tries, self.next_try_at = tries, next_try_at
        when = (
            f"next try at {next_try_at:%Y-%m-%d %H:%M:%S} UTC" if next_try_at else "no further try by itself"
        )
        super().__init__(
            f"{cause.message} Tried {tries} times; {when}.",
            place=cause.place,
            remedy="When it is back: tieout resume RUN.",
        )


def delays(settings: Settings) -> list[float]:
    """Give the waits in seconds: the base doubling up to the cap."""
    base, cap = settings.retry_base_seconds, settings.retry_cap_seconds
    return [min(base * 2**number, cap) for number in range(settings.retry_attempts)]


def patiently(
    work: Callable[[], T],
    settings: Settings,
    *,
    tries: int = 0,
    waiting: Callable[[float, UnreachableError], None] | None = None,
) -> T:
    """Do `work`, waiting between tries while it raises UnreachableError.

    tries: how many failed before, in this run (a resumed run goes on counting). Raises PausedError
    at a wait longer than the process sits out, with the next try's time, or with none after the last.
    """
    waits = delays(settings)
    while True:
        try:
            return work()
        except UnreachableError as error:
            tries += 1
            wait = waits[tries - 1] if tries <= len(waits) else None
            if wait is None or wait > settings.retry_in_process_seconds:
                at = clock().now() + timedelta(seconds=wait) if wait is not None else None
                raise PausedError(error, tries=tries, next_try_at=at) from error
            if waiting:
                waiting(wait, error)
            clock().sleep(wait)
