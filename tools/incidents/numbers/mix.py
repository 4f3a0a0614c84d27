"""Whether a rate moved because its mix did: more of it comes from where the rate always was higher, or lower.

Source: the decomposition of a difference of rates into rates and composition (Kitagawa, 1955), at the rates
of before.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from tools.incidents.numbers.measure import OTHERS, Dimension, MeasuredNumber

HALF: Final = 0.5  # of the movement, from which the mix is its cause


class MixShift(NamedTuple):
    """A dimension whose mix moved a rate. share: of the movement; z: in deviations that chance would have.

    heading: the value that did most of it, and its part of all weight before and now.
    """

    dimension: str
    heading: str
    part_before: float
    part_now: float
    moved: float
    share: float
    z: float


def shift(measure: MeasuredNumber) -> MixShift | None:
    """Give the dimension whose mix explains most of a rate's movement; None where none explains half."""
    rows = measure.compared
    if not measure.is_rate or not rows.now_weight.sum() or not rows.before_weight.sum():
        return None
    whole = float(rows.now.sum() / rows.now_weight.sum()) - rows.rate_before
    if not whole:
        return None
    shifts = [_of(dimension, rows, whole) for dimension in rows.dimensions]
    best = min(shifts, key=lambda each: abs(1 - each.share))
    return best if best.share >= HALF else None


def _of(dimension: Dimension, rows: MeasuredNumber, whole: float) -> MixShift:
    count = len(dimension.values)
    columns = (rows.before, rows.before_weight, rows.now_weight)
    value, before, now = (np.bincount(dimension.codes, weights=each, minlength=count) for each in columns)
    apart = np.where(before > 0, value / np.maximum(before, 1e-12) - rows.rate_before, 0.0)
    parts = before / before.sum(), now / now.sum()
    moves = (parts[1] - parts[0]) * apart
    sizes = [max(int(np.count_nonzero(each)), 1) for each in (rows.before_weight, rows.now_weight)]
    chance = float(np.sqrt((parts[0] * apart**2).sum() * sum(1 / size for size in sizes)))
    moved = float(moves.sum())
    known = np.array([text != OTHERS for text in dimension.values])
    first = int(np.argmax(np.where(known, moves * np.sign(whole), -np.inf)))
    return MixShift(
        dimension.name, dimension.values[first], float(parts[0][first]), float(parts[1][first]),
        moved, moved / whole, moved / max(chance, 1e-12),
    )  # fmt: skip
