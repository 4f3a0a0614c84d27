"""Which rows share an identifying number."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.checks.reconciliation.sides.reference_numbers import Marks, RowNumbers

ROWS = st.lists(st.frozensets(st.integers(0, 5), max_size=3), min_size=1, max_size=8)


def row_numbers(rows: list[frozenset[int]]) -> RowNumbers:
    """Say the numbers of a side's rows."""
    pairs = sorted((place, number) for place, numbers in enumerate(rows) for number in numbers)
    place, number = (np.array([pair[at] for pair in pairs], np.int64) for at in (0, 1))
    return RowNumbers(place, number, len(rows))


@given(ROWS, ROWS)
def test_rows_share_the_numbers_that_stand_on_few(
    left: list[frozenset[int]], right: list[frozenset[int]]
) -> None:
    """Two rows share a number if it is on both, and on four rows or fewer of one side."""
    times = [Counter(number for numbers in side for number in numbers) for side in (left, right)]
    identifying = {number for number in range(6) if 0 < min(side[number] for side in times) <= 4}
    marks = Marks(row_numbers(left), row_numbers(right), 6).identifying()
    candidates = [(at_left, at_right) for at_left in range(len(left)) for at_right in range(len(right))]
    expected = [bool(left[at_left] & right[at_right] & identifying) for at_left, at_right in candidates]
    places = [np.array([pair[at] for pair in candidates], np.int64) for at in (0, 1)]
    assert expected == marks.share(*places).tolist()
    assert expected == marks.swapped().share(*places[::-1]).tolist()
    assert [bool(numbers & identifying) for numbers in left] == marks.left.speaks.tolist()
