"""Checks of long books hold each other back, so far as they would take each other's memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tools.audit.check_concurrency import LONG, turn_of


def _enters(check: str, rows: int, entered: Event) -> None:
    with turn_of(check, rows):
        entered.set()


@pytest.mark.parametrize(
    ("rows", "first", "second", "beside"),
    [
        (LONG, "quality", "reconciliation", True),
        (LONG, "reconciliation", "anomaly", True),
        (LONG, "quality", "anomaly", False),
        (LONG, "reconciliation", "reconciliation", False),
        (LONG - 1, "quality", "anomaly", True),
    ],
)
def test_checks_of_long_books_take_turns(rows: int, first: str, second: str, beside: bool) -> None:
    """Over long books matching works beside one other check; what finds another at work comes after."""
    entered = Event()
    with ThreadPoolExecutor(1) as pool:
        with turn_of(first, rows):
            coming = pool.submit(_enters, second, rows, entered)
            assert entered.wait(10.0 if beside else 0.2) == beside
        coming.result(10.0)
    assert entered.is_set()


def test_a_failed_check_lets_the_next_one_begin() -> None:
    """Whoever waits is not kept out by an error."""
    with pytest.raises(ValueError, match="broken"), turn_of("quality", LONG):
        raise ValueError("broken")
    with turn_of("anomaly", LONG):
        pass
