"""What is to be reached: whole catalogue on two cores, in seconds, memory, growth and bytes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from benchmarks.figures import Figure
from benchmarks.speed.fresh import Timed

_SECONDS: Final = {1_000_000: 6.0, 10_000_000: 60.0}
_MEGABYTES: Final = {1_000_000: 1024.0, 10_000_000: 4096.0}
_GROWTH: Final = 1.2
_LEAST: Final = 100_000  # below it, starting costs hide the growth
_CHECKPOINT_BYTES: Final = 100_000
_HELP_SECONDS: Final = 0.5


def reached(three: Sequence[Timed], cycles: Sequence[Timed], start: Timed | None) -> list[Figure]:
    """Give each target that this run says something about, with its verdict."""
    figures = []
    for timing in [timed for timed in three if not timed.error]:
        if timing.rows in _SECONDS:
            rows = f"three checks at {timing.rows:,} rows"
            figures.append(
                Figure(
                    f"{rows}: seconds",
                    round(timing.median, 2),
                    "at most",
                    _SECONDS[timing.rows],
                    timing.noise,
                )
            )
            figures.append(Figure(f"{rows}: MB", round(timing.peak), "at most", _MEGABYTES[timing.rows]))
    grown = [timed for timed in three if not timed.error and timed.rows >= _LEAST]
    for small, large in pairwise(grown):
        times = (large.median / small.median) / (large.rows / small.rows)
        name = f"time from {small.rows:,} to {large.rows:,} rows, by rows"
        figures.append(Figure(name, round(times, 2), "at most", _GROWTH))
    for timing in [timed for timed in cycles if not timed.error]:
        name = f"checkpoint bytes at {timing.rows:,} rows"
        figures.append(Figure(name, timing.facts["checkpoint_bytes"], "at most", _CHECKPOINT_BYTES))
    if start and not start.error:
        figures.append(Figure("help: seconds", start.facts["help_seconds"], "at most", _HELP_SECONDS))
    return figures
