"""How sure a share is, seen in few: Wilson, JASA 22 (1927), 209-212."""

from __future__ import annotations

import math


def bounds(hits: int, n: int, z: float) -> tuple[float, float]:
    """Give the lower and upper bound of a share of which `hits` in `n` were seen; (0, 1) for none."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
