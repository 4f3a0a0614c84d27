"""The calibration of confidence: of matches said to be 0.9, about nine in ten should be right."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from benchmarks.figures import Figure, share

_BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001)


def curve(told: Sequence[tuple[float, bool]]) -> list[Figure]:
    """Give for each band of confidence how many were said, what was said on average and how many were right.

    The expected calibration error is the mean distance of the two, weighted by matches (Guo et al., 2017).
    """
    figures, distance = [], 0.0
    for low, high in itertools.pairwise(_BINS):
        held = [(said, right) for said, right in told if low <= said < high]
        if held:
            said = sum(one for one, _ in held) / len(held)
            right = sum(ok for _, ok in held)
            distance += abs(said - right / len(held)) * len(held)
            note = f"said {said:.3f} on average, {right} of {len(held)} right"
            figures.append(
                Figure(
                    f"confidence {low:.2f} to {min(high, 1):.2f}: right", share(right, len(held)), note=note
                )
            )
    if told:
        figures.append(Figure("expected calibration error", round(distance / len(told), 4), "at most", 0.05))
    return figures
