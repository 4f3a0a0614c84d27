"""The nearest row of an open one's name is the same however many there are to look through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reconciliation.conftest import reconciled
from tests.reconciliation.test_kinds import bank, booked, ordinary
from tools.checks.reconciliation import size_limits

AMOUNTS = st.integers(min_value=1_000, max_value=90_000)
DAYS = st.integers(min_value=1, max_value=28)


def breaks(rows: list[dict[str, Any]], few: int, next_to: int) -> list[dict[str, Any]]:
    """Give the breaks where rows of more than `few` kin are looked through by amount."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(size_limits, "CANDIDATES_OF_ALL", few)
        patch.setattr(size_limits, "CANDIDATES_BESIDE", next_to)
        return reconciled(rows, as_of="2025-06-01").breaks


@settings(max_examples=2, deadline=None)
@given(
    paid=st.lists(st.tuples(DAYS, AMOUNTS), max_size=25), due=st.lists(st.tuples(DAYS, AMOUNTS), max_size=25)
)
def test_looking_by_amount_finds_what_looking_at_all_finds(
    paid: list[tuple[int, int]], due: list[tuple[int, int]]
) -> None:
    """Each break names the same nearest row, gap and words, by whichever way it was looked for."""
    rows = [bank(f"cb{at}", day, -amount, "ACH CROWDED HOUSE") for at, (day, amount) in enumerate(paid)]
    rows += [booked(f"cl{at}", day, -amount, "Crowded House Ltd") for at, (day, amount) in enumerate(due)]
    rows += ordinary()
    assert breaks(rows, 1_000, 1) == breaks(rows, 0, 1)
