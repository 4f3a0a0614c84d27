"""The assignment of candidates: groups by themselves, and those too large to be solved whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.checks.reconciliation import assignment, size_limits
from tools.checks.reconciliation.assignment import AssignedGroups, Choice, EdgeGroups

EDGES = st.dictionaries(
    st.tuples(st.integers(0, 5), st.integers(0, 5)), st.integers(1, 10_000), min_size=1, max_size=20
)


def chosen(edges: dict[tuple[int, int], int]) -> Choice:
    """Choose among edges with these weights, in thousandths."""
    left, right = np.array(list(edges)).T
    return assignment.choose(left, right, np.array(list(edges.values())) / 1000)


@settings(max_examples=60, deadline=None)
@given(edges=EDGES, most=st.integers(1, 8))
def test_groups_apart_are_solved_as_together(edges: dict[tuple[int, int], int], most: int) -> None:
    """Whoever solves some groups at once chooses the same edges by the same margins."""
    calls = []

    def solve(groups: EdgeGroups) -> AssignedGroups:
        parts = [(begin, assignment.solve(part)) for begin, part in groups.parts(most)]
        calls.append(len(parts))
        edge = [begin + part.edge for begin, part in parts]
        margin = [part.margin for _, part in parts]
        return AssignedGroups(np.concatenate([[], *edge]).astype(int), np.concatenate([[], *margin]))

    expected = chosen(edges)
    with assignment.solving(solve):
        choice = chosen(edges)
    assert calls
    assert (choice.edge.tolist(), choice.margin.tolist()) == (
        expected.edge.tolist(),
        expected.margin.tolist(),
    )


@settings(max_examples=60, deadline=None)
@given(edges=EDGES)
def test_of_a_group_too_large_only_what_is_in_every_best_whole_is_chosen(
    edges: dict[tuple[int, int], int],
) -> None:
    """Nothing is chosen that the whole would not, nor more surely; and the group's size is said."""
    whole = chosen(edges)
    exact = dict(zip(whole.edge.tolist(), whole.margin.tolist(), strict=True))
    with pytest.MonkeyPatch.context() as patch, assignment.solving() as too_large:
        patch.setattr(size_limits, "CELLS_SOLVED_EXACTLY", 0)
        choice = chosen(edges)
    for edge, margin in zip(choice.edge.tolist(), choice.margin.tolist(), strict=True):
        assert margin <= exact[edge] + 1e-9
    assert all(rows > 1 and columns > 1 for rows, columns in too_large)


def test_the_size_of_a_group_too_large_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three rows that might each be any of three are named; none of them is chosen."""
    monkeypatch.setattr(size_limits, "CELLS_SOLVED_EXACTLY", 8)
    with assignment.solving() as too_large:
        choice = chosen({(row, column): 2_000 for row in range(3) for column in range(3)})
    assert (too_large, choice.edge.tolist()) == ({(3, 3)}, [])


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("solved_whole", [True, False])
def test_as_many_rows_that_nothing_tells_apart_are_no_rivals(
    number: int, *, solved_whole: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two payments of one day and the bank's two lines for them are two matches, as sure as one would be."""
    monkeypatch.setattr(size_limits, "ROWS_TRIED_WITHOUT", 60 if solved_whole else 0)
    choice = chosen({(row, column): 4_000 for row in range(number) for column in range(number)})
    assert (sorted(choice.edge.tolist()), choice.margin.tolist()) == (
        [place * (number + 1) for place in range(number)],
        pytest.approx([4.0] * number),
    )


def test_one_too_many_of_them_stays_ambiguous() -> None:
    """Where a row is left over, which it is would be a guess: no pair is surer than a coin."""
    choice = chosen({(row, column): 4_000 for row in range(3) for column in range(2)})
    assert choice.margin.tolist() == pytest.approx([0.0, 0.0])


def test_a_rival_of_another_weight_counts_against_twins() -> None:
    """A third row that fits nearly as well takes from the twins' margin what it would bring."""
    edges = {(row, column): 4_000 for row in range(2) for column in range(2)}
    choice = chosen({**edges, (2, 0): 3_000, (2, 1): 3_000})
    assert choice.margin.tolist() == pytest.approx([1.0, 1.0])
