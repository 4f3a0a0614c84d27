"""The calibration of confidence: of matches said to be 0.9, about nine in ten should be right."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from benchmarks.figures import Figure, share

_BINS: Final = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0001)


def curve(outcomes: Sequence[tuple[float, bool]]) -> list[Figure]:
    """Give for each band of confidence how many were said, what was said on average and how many were right.

    The expected calibration error is the mean distance of the two, weighted by matches (Guo et al., 2017).
    """
    figures, distance = [], 0.0
    for low, high in itertools.pairwise(_BINS):
        bucket = [(confidence, right) for confidence, right in outcomes if low <= confidence < high]
        if bucket:
            average = sum(confidence for confidence, _ in bucket) / len(bucket)
            right = sum(ok for _, ok in bucket)
            distance += abs(average - right / len(bucket)) * len(bucket)
            note = f"said {average:.3f} on average, {right} of {len(bucket)} right"
            figures.append(
                Figure(
                    f"confidence {low:.2f} to {min(high, 1):.2f}: right", share(right, len(bucket)), note=note
                )
            )
    if outcomes:
        figures.append(
            Figure("expected calibration error", round(distance / len(outcomes), 4), "at most", 0.05)
        )
    return figures
