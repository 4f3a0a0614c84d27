"""What of a claim is expected to come back: what is open of it now, times the chance that it does."""

from __future__ import annotations


def expected_minor(open_minor: int, probability: float) -> int:
    """Give the expected value in minor units: an estimate to rank by, and no posting."""
    return round(open_minor * probability)
