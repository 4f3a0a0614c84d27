"""How well each cell of some dimensions explains a movement: by its share, how it stands out, and chance.

Where the whole moved by no more than chance, a share of that says nothing: there a cell scores by how far it
is from what all other rows did, whichever way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from tools.incidents.numbers.measure import Flags, Floats, MeasuredNumber

EXPLAINS: Final = 3.5  # weight of the share explained against how far the element stands out
SUMS_EXPLAIN: Final = 2.0  # the same of a sum, where several causes at once are told apart by chance
PLAIN: Final = 10.0  # standard deviations from which a movement is plainly no chance
STANDS_OUT: Final = 5.0  # of a cell, from which it moved by itself; of thousands none does by chance
BESIDE: Final = 3.0  # the same of a cell beside another one of its dimensions: there are few
PRIOR: Final = 2.0  # of a rate: so many rows of the common rate are added to each
_STEADIEST: Final = 0.02  # of what is expected: no element is steadier than this
_SMOOTH: Final = 0.001  # of a sum: this share of all is added to both sides
Summed = Callable[[str], Floats]  # a column of rows by its name, added up by cell


class CellScores(NamedTuple):
    """Of each cell: what was to be expected, its share, how far it stands out (a logarithm), its score.

    z: standard deviations from how all other rows moved, by the chance of before and of now. may_cause: a
    cell that moved the way that all did, or stands out by itself where all are as usual.
    """

    expect: Floats
    share: Floats
    lift: Floats
    score: Floats
    z: Floats
    may_cause: Flags


def of_rates(
    before: Floats, value: Floats, measure: MeasuredNumber, summed: Summed, *, hidden_from: float
) -> CellScores:
    """Score cells of a rate: each against its own rate before, smoothed by the common one."""
    now, expected = float(measure.now.sum()), float(measure.expected.sum())
    common, weight = measure.rate_before, summed("now_weight")
    earlier = summed("before_weight") + PRIOR
    expect = (before + PRIOR * common) / earlier * weight
    moved, whole = value - expect, now / max(float(measure.now_weight.sum()), 1e-12)
    chance = np.sqrt(np.maximum(expect, 1.0) * (1 + weight / earlier))  # Poisson, of now and of before
    share = moved / (now - expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.sign(now - expected) * np.log(value / weight / whole)
        score = EXPLAINS * np.log(np.minimum(share, 1.0)) + np.log(lift)
        score += np.log(np.minimum(np.abs(moved) / chance, PLAIN) / PLAIN)
    growth = (now - value + PRIOR) / np.maximum(expected - expect + PRIOR, PRIOR)
    apart = value - growth * expect
    z = apart / np.sqrt(np.maximum(value, expect) + np.square(growth) * expect * weight / earlier + 1.0)
    return _scored(CellScores(expect, share, lift, score, z, share > 0), hidden_from=hidden_from)


def of_sums(
    before: Floats, value: Floats, measure: MeasuredNumber, summed: Summed, *, hidden_from: float
) -> CellScores:
    """Score cells of a sum: each against how all other rows moved, in standard deviations."""
    now, expected = float(measure.now.sum()), float(measure.expected.sum())
    expect, chance = before * measure.scale, summed("chance") * measure.steadiness**2
    smooth = _SMOOTH * max(abs(expected), abs(now))
    others, others_now, all_chance = expected - expect, now - value, float(chance.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = others_now / others
        apart = value - growth * expect
        spread = np.sqrt(chance + np.square(expect / others) * (all_chance - chance))
        z = apart / (spread + _STEADIEST * np.abs(growth * expect) + 1e-9)
        share = (value - expect) / (now - expected)
        lift = np.log((value + smooth) / (expect + smooth) / (now / (expected or 1e-12)))
        lift *= np.sign(now - expected)
        score = (
            np.log(np.abs(z) / PLAIN)
            + SUMS_EXPLAIN * np.log(np.minimum(share, 1.0))
            + np.log(np.minimum(lift, 1.0))
        )
    return _scored(CellScores(expect, share, lift, score, z, share > 0), hidden_from=hidden_from)


def _scored(cells: CellScores, *, hidden_from: float) -> CellScores:
    """Score cells that stand out the other way than the whole as if they were all of it.

    hidden_from: standard deviations from which they do; infinite where the whole is not as usual.
    """
    may_cause = cells.may_cause & (cells.lift > 0)
    hidden = (np.abs(cells.z) >= hidden_from) & ~may_cause
    if not hidden.any():
        return cells._replace(may_cause=may_cause)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.log(np.abs(cells.z) * STANDS_OUT / hidden_from / PLAIN)
        score += np.log(np.minimum(np.abs(cells.lift), 1.0))
    return cells._replace(score=np.where(hidden, score, cells.score), may_cause=hidden | may_cause)
