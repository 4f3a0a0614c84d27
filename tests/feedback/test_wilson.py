"""The Wilson bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.feedback import wilson


@pytest.mark.parametrize(
    ("hits", "n", "z", "low", "high"),
    [
        (10, 10, 1.96, 0.7225, 1.0),
        (0, 10, 1.96, 0.0, 0.2775),
        (15, 148, 1.96, 0.0624, 0.1605),  # Newcombe, Statistics in Medicine 17 (1998), table I
        (0, 0, 1.96, 0.0, 1.0),
    ],
)
def test_published_values(hits: int, n: int, z: float, low: float, high: float) -> None:
    """It gives what others have printed."""
    assert wilson.bounds(hits, n, z) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 500), st.integers(1, 500), st.floats(0.5, 3))
def test_the_share_lies_between(hits: int, n: int, z: float) -> None:
    """The bounds hold the share, and lie in 0 to 1."""
    hits = min(hits, n)
    low, high = wilson.bounds(hits, n, z)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1
