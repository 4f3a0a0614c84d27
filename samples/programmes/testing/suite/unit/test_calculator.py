"""Vesting adds up to the cent."""

from __future__ import annotations

from product import Grant, vested


def test_all_of_it_vests_in_the_end() -> None:
    """What rounding left vests with the last month."""
    assert vested(Grant("ada", 10_000_01, 48), 48) == 10_000_01


def test_nothing_vests_before_the_first_month() -> None:
    """Nor after a negative number of them."""
    assert vested(Grant("ada", 10_000, 48), -1) == 0


def test_a_month_is_rounded_down() -> None:
    """Of 100,000.00 over 48 months a month is 2,083.33."""
    assert vested(Grant("ada", 100_000_00, 48), 1) == 2_083_33
