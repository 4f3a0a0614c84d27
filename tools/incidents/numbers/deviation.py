"""How far a number is from what it does anyway: robust z against its own windows before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tools.incidents.numbers.measure import MeasuredNumber
from tools.investigation.observation import FARTHEST

USUAL: Final = 3.0  # standard deviations up to which a number is as usual
ENOUGH: Final = 3  # windows before, to say how much a number moves anyway
BEGUN: Final = 5.0  # robust deviations from which a window before shows the change already
_MAD: Final = 1.4826  # of a normal distribution: its standard deviation by its median absolute deviation
_LEAST: Final = 0.02  # of the expected value: no number is steadier than this


def by_period(measure: MeasuredNumber, parts: Sequence[tuple[str, str]], count: int) -> list[float]:
    """Sum an element by period (0 is now); of a rate, its rate in each."""
    mask = measure.where(parts)
    period = measure.period[mask]
    value = np.bincount(period, weights=measure.value[mask], minlength=count)
    if not measure.is_rate:
        return [float(number) for number in value]
    weight = np.bincount(period, weights=measure.weight[mask], minlength=count)
    return [float(number) for number in value / np.maximum(weight, 1e-12)]


def noise(measure: MeasuredNumber, parts: Sequence[tuple[str, str]], expected: float) -> float:
    """Give the standard deviation that an element's sum has by chance: rows come and go.

    A sum of n rows that come independently has the variance of the sum of their squares (compound Poisson);
    cells that are steadier than that have less. One row of usual size comes anywhere: an element without rows
    before is held against that.
    """
    mask = measure.where(parts)
    if measure.is_rate:
        return float(np.sqrt(max(expected, 1.0)))
    squares = np.square(measure.before)
    usual_row = squares.sum() / max(np.count_nonzero(squares), 1)
    chance = np.sqrt(measure.scale * squares[mask].sum() + usual_row) * measure.steadiness
    return float(chance + _LEAST * abs(expected))


def z(value: float, before: Sequence[float], chance: float) -> float:
    """Give the robust z of a value: against earlier ones where there are enough, and never below chance."""
    if len(before) >= ENOUGH:
        moved = (value - float(np.median(before))) / _scale(before, chance)
    else:
        moved = (value - (float(np.mean(before)) if before else 0.0)) / max(chance, 1e-9)
    return float(np.clip(moved, -FARTHEST, FARTHEST))


def _scale(before: Sequence[float], chance: float) -> float:
    middle = float(np.median(before))
    spread = _MAD * float(np.median(np.abs(np.asarray(before) - middle)))
    return max(spread, chance, _LEAST * abs(middle), 1e-9)


def undisturbed(value: float, before: Sequence[float], chance: float) -> Sequence[float]:
    """Leave out the newest earlier windows where they show the same change: it had begun by then.

    before: the newest first. At most half are left out, and enough stay.
    """
    for count in range(1, min(len(before) // 2, len(before) - ENOUGH) + 1):
        rest = before[count:]
        way = np.sign(z(value, rest, chance))
        begun = [way * z(earlier, rest, chance) for earlier in before[:count]]
        if way * z(value, rest, chance) >= BEGUN and min(begun) >= BEGUN:
            return rest
    return before


def in_control(before: Sequence[float], chance: float) -> float | None:
    """Give the largest z of earlier windows, each against the middle of the others; None where too few.

    All by the scale that z has for now: of three others alone, two that are close by chance make any third
    a giant.
    """
    if len(before) <= ENOUGH:
        return None
    middles = [float(np.median([*before[:at], *before[at + 1 :]])) for at in range(len(before))]
    farthest = max(abs(value - middle) for value, middle in zip(before, middles, strict=True))
    return farthest / _scale(before, chance)


def is_usual(measure: MeasuredNumber) -> bool:
    """Say whether all rows together are where chance, or their own windows before, may have brought them.

    Of very many rows chance alone allows next to nothing, though one month is never quite as the other.
    """
    rows = measure.compared
    now, expected = float(rows.now.sum()), float(rows.expected.sum())
    variance = max(now, expected) + 1.0 if rows.is_rate else float(rows.chance.sum())
    if abs(now - expected) < USUAL * np.sqrt(variance):
        return True
    series = by_period(measure, (), int(measure.period.max()) + 1)
    chance = noise(measure, (), expected)
    if rows.is_rate:
        chance /= max(float(rows.now_weight.sum()), 1.0)
    before = undisturbed(series[0], series[1:], chance)
    if len(before) < ENOUGH or (in_control(before, chance) or 0.0) > USUAL:  # what leaps anyway hides nothing
        return False
    return abs(z(series[0], before, chance)) < USUAL
