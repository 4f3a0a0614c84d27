"""Checks of long books hold each other back, so far as they would take each other's memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from tools.audit.check_concurrency import LONG, lane


def _enters(check: str, rows: int, entered: Event) -> None:
    with lane(check, rows):
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
def test_two_lanes(rows: int, first: str, second: str, beside: bool) -> None:
    """Over long books matching works beside one other check; what finds its lane taken comes after."""
    entered = Event()
    with ThreadPoolExecutor(1) as pool:
        with lane(first, rows):
            coming = pool.submit(_enters, second, rows, entered)
            assert entered.wait(10.0 if beside else 0.2) == beside
        coming.result(10.0)
    assert entered.is_set()


def test_a_failed_check_frees_its_lane() -> None:
    """Whoever waits is not kept out by an error."""
    with pytest.raises(ValueError, match="broken"), lane("quality", LONG):
        raise ValueError("broken")
    with lane("anomaly", LONG):
        pass
