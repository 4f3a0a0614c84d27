"""What is to be reached: whole catalogue on two cores, in seconds, memory, growth and bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from benchmarks.figures import Figure
from benchmarks.speed.fresh import Timed

_SECONDS: Final = {1_000_000: 6.0, 10_000_000: 60.0, 100_000_000: 600.0}
_MEGABYTES: Final = {1_000_000: 1024.0, 10_000_000: 4096.0, 100_000_000: 14 * 1024.0}
_CYCLE_SECONDS: Final = {1_000: 2.0, 100_000: 4.0}
_GROWTH: Final = 1.2
_LEAST: Final = 100_000  # below it, starting costs hide the growth
_CHECKPOINT_BYTES: Final = 100_000
_HELP_SECONDS: Final = 0.5


def reached(three: Sequence[Timed], cycles: Sequence[Timed], start: Timed | None) -> list[Figure]:
    """Give each target that this run says something about, with its verdict."""
    figures = [*_of_checks([timed for timed in three if not timed.error])]
    for timing in [timed for timed in cycles if not timed.error]:
        figures += _of_cycle(timing)
    if start and not start.error:
        figures.append(Figure("help: seconds", start.facts["help_seconds"], "at most", _HELP_SECONDS))
    return figures


def _of_checks(three: Sequence[Timed]) -> Iterator[Figure]:
    for timing in [timed for timed in three if timed.rows in _SECONDS]:
        rows, wanted = f"three checks at {timing.rows:,} rows", _SECONDS[timing.rows]
        yield Figure(f"{rows}: seconds", round(timing.median, 2), "at most", wanted, timing.noise)
        yield Figure(f"{rows}: failed tests", len(timing.facts["failed"]), "at most", 0)
        yield Figure(f"{rows}: MB", round(timing.peak), "at most", _MEGABYTES[timing.rows])
    for small, large in pairwise([timed for timed in three if timed.rows >= _LEAST]):
        times = (large.median / small.median) / (large.rows / small.rows)
        name = f"time from {small.rows:,} to {large.rows:,} rows, by rows"
        yield Figure(name, round(times, 2), "at most", _GROWTH)


def _of_cycle(timing: Timed) -> Iterator[Figure]:
    rows = f"at {timing.rows:,} rows"
    if timing.rows in _CYCLE_SECONDS:
        wanted = _CYCLE_SECONDS[timing.rows]
        yield Figure(f"whole cycle {rows}: seconds", round(timing.median, 2), "at most", wanted, timing.noise)
    yield Figure(f"checkpoint bytes {rows}", timing.facts["checkpoint_bytes"], "at most", _CHECKPOINT_BYTES)
