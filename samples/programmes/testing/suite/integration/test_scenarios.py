"""Scenarios: a grant more, a grant less."""

from __future__ import annotations

from product import Grant, total


def test_a_grant_more_is_worth_more() -> None:
    """The total grows by what it vests."""
    before = [Grant("ada", 4_800, 48)]
    assert total([*before, Grant("ben", 480, 48)], 48) - total(before, 48) == 480
