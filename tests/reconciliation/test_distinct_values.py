"""Rows that agree in every column are one combination, in the order of the columns' values."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.checks.reconciliation.sides.distinct_values import combinations, first_rows

ROWS = st.lists(st.tuples(st.integers(-2, 2), st.integers(-(2**62), 2**62), st.integers(0, 1)), max_size=30)


@given(ROWS)
def test_combinations_are_those_of_numpy(rows: list[tuple[int, int, int]]) -> None:
    """Numbers and first rows are what sorting whole rows gives, without a row too."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    _, first, number = np.unique(table, axis=1, return_index=True, return_inverse=True)
    assert combinations(*table).tolist() == number.reshape(-1).tolist()
    assert first_rows(*table).tolist() == first.tolist()
