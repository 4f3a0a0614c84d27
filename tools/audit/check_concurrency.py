"""Which checks work at once: over short books all of them; over long ones matching, beside one other.

Matching is half Python, on one core, and leaves the engine idle meanwhile; the other two are queries alone,
which side by side would only take each other's memory.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LONG: Final = 500_000  # rows of all tables of a snapshot
_QUERIES: Final = threading.Lock()
_LOCKS: Final = {"reconciliation": threading.Lock()}


@contextmanager
def turn_of(check: str, rows: int) -> Iterator[None]:
    """Hold a check of a long book until no other of this process takes its memory."""
    if rows < LONG:
        yield
        return
    with _LOCKS.get(check, _QUERIES):
        yield
