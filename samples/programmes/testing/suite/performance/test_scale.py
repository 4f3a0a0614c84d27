"""Many grants take little."""

from __future__ import annotations

from product import Grant, total


def test_ten_thousand_grants() -> None:
    """They add up."""
    assert total([Grant("ada", 48, 48)] * 10_000, 12) == 120_000
