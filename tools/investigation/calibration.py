"""Confidence out of results of known truth: how often a hypothesis of such a raw score was right.

The table was made by `make quality`: of numbers on one half of the labelled cases, of systems on call graphs
made for it (benchmarks/scorers/incidents.py, made_systems.py). It shows in the reliability table of the other
half, and of other graphs; what people said of hypotheses since is added to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.8)  # lower bounds of raw scores
PRIOR: Final = 4.0  # results that the raw score itself is worth
CEILING: Final = 0.95


class Count(NamedTuple):
    """Of so many hypotheses, so many were right."""

    right: int
    total: int


Table = Mapping[tuple[str, float], Count]
# (kind of incident, lower bound of the raw score): right, of how many.
MEASURED: Table = {
    ("number", 0.0): Count(3, 72),
    ("number", 0.2): Count(8, 34),
    ("number", 0.4): Count(13, 18),
    ("number", 0.6): Count(1, 1),
    ("system", 0.0): Count(0, 107),
    ("system", 0.2): Count(0, 5),
    ("system", 0.4): Count(12, 12),
    ("system", 0.6): Count(30, 30),
    ("system", 0.8): Count(26, 26),
}
# The same of elements of a sum that moved, on sums made for it (benchmarks/scorers/made_causes.py).
SUMS: Table = {
    ("number", 0.0): Count(20, 236),
    ("number", 0.2): Count(13, 19),
    ("number", 0.4): Count(17, 17),
    ("number", 0.6): Count(12, 12),
    ("number", 0.8): Count(16, 16),
}


def bin_of(raw: float) -> float:
    """Give the lower bound of the bin of a raw score."""
    return max(bound for bound in BINS if bound <= max(raw, 0.0))


def confidence(
    kind: str, raw: float, verdicts: Iterable[tuple[str, float, bool]] = (), table: Table = MEASURED
) -> tuple[float, int]:
    """Give the confidence of a raw score, and on how many results it stands.

    said: kind, raw score, right or not, of what people judged. Few results weigh little: the raw score counts
    as four of them.
    """
    bound = bin_of(raw)
    measured = table.get((kind, bound), Count(0, 0))
    judged = [right for of_kind, score, right in verdicts if of_kind == kind and bin_of(score) == bound]
    right, total = measured.right + sum(judged), measured.total + len(judged)
    share = (right + PRIOR * raw) / (total + PRIOR)
    return round(min(CEILING, share), 4), total
