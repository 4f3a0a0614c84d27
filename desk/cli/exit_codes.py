"""What the process says when it ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Scripts may rely on these."""

    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    WAITS = 3
    OVER_BUDGET = 4
    INTERRUPTED = 130
