"""Copies of one row that the other book has fewer of."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from tools.checks.reconciliation.one_to_one.surplus_copies import needed
from tools.checks.reconciliation.sides.rows import Rows


def rows(*contents: int) -> Rows:
    """Give rows of one day and amount, that say these things."""
    zero = np.zeros(len(contents), np.int64)
    columns = {field.name: zero for field in fields(Rows)}
    return Rows(**{**columns, "content": np.array(contents)})


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((1, 1), (7,), [True, False]),
        ((1,), (7, 7), [True, False]),
        ((1, 1), (7, 7), [True, True, True, True]),
        ((1, 1, 1), (7, 7), [True, True, True, True, False, False]),
        ((1, 2), (7,), [True, True]),
        ((1, 1), (7, 8), [True, True, True, True]),
        ((), (7,), []),
    ],
)
def test_the_last_of_too_many_copies_are_set_aside(
    left: tuple[int, ...], right: tuple[int, ...], expected: list[bool]
) -> None:
    """As many copies as the other side has stay, the first ones; rows that say anything else all stay."""
    pairs = np.array([(a, b) for a in range(len(left)) for b in range(len(right))], np.int64).reshape(-1, 2)
    assert needed((rows(*left), rows(*right)), pairs[:, 0], pairs[:, 1]).tolist() == expected
