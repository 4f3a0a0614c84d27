"""A generator of grants takes next to no memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

from product import Grant, total

WHOLE = 20_000


def test_a_generator_is_lean(reach: Callable[..., None]) -> None:
    """What it saves against a list, as a share."""
    peaks = []
    for grants in ([Grant("ada", 48, 48) for _ in range(WHOLE)], None):
        tracemalloc.start()
        assert total(grants or (Grant("ada", 48, 48) for _ in range(WHOLE)), 48) == 48 * WHOLE
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    tracemalloc.start()
    listed = [Grant("ada", 48, 48) for _ in range(WHOLE)]
    whole = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert listed
    reach(memory_efficiency=round(1 - peaks[1] / whole, 3))
