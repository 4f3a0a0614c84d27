"""Which element moved a number: the part of its rows that explains most of the movement by least.

An element fixes one to three dimensions ({vendor: X, category: Y}). It scores by the share of the movement
that it explains, by how much it stands out from all rows, and by how little its own movement is chance.
Sources: Sun et al., HotSpot (2018), for elements and the ripple; Bhagwan et al., Adtributor (2014), for
explanatory power against surprise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np

from tools.incidents.numbers import cell_scores, deviation
from tools.incidents.numbers.cell_sums import CellSums
from tools.incidents.numbers.measure import OTHERS, MeasuredNumber

MOST_PARTS: Final = 3  # dimensions that an element fixes
BROAD: Final = float(np.log(1.5))  # an element that stands out by less: everything moved a little
LEAST: Final = 0.1  # of the movement, from which an element is named beside another
_MAD: Final = 1.4826  # of a normal distribution: its standard deviation by its median absolute deviation
_SAME: Final = ".10g"  # digits in which sums of the same rows agree, whatever order they are added in
_BEST: Final = 40  # elements of one choice of dimensions that are ranked with the others


@dataclass(frozen=True)
class Element:
    """A part of the rows. share: of the movement that it explains. lift: ln of how far it stands out.

    z: standard deviations from how all other rows moved.
    """

    parts: tuple[tuple[str, str], ...]
    before: float
    now: float
    expected: float
    share: float
    lift: float
    score: float
    z: float

    @property
    def name(self) -> str:
        """Name it: vendor=X and category=Y."""
        return " and ".join(f"{dimension}={value or '(empty)'}" for dimension, value in self.parts)


@dataclass(frozen=True)
class Movement:
    """What moved in all, and the elements that explain it, the best first.

    is_usual: all together moved by no more than chance. companions: of an element by its name, others of the
    same dimensions that moved by themselves the same way: two vendors, each with half of it.
    """

    now: float
    expected: float
    elements: tuple[Element, ...]
    is_broad: bool
    is_usual: bool = False
    companions: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)


def search(measure: MeasuredNumber, most: int = 5) -> Movement:
    """Find the elements that moved a number. Where nothing moved there are none."""
    is_usual = deviation.is_usual(measure)
    measure = measure.pooled
    now, expected = float(measure.now.sum()), float(measure.expected.sum())
    if now == expected:
        return Movement(now, expected, (), is_broad=False)
    ranked = sorted(
        _candidates(measure, _hidden_from(measure) if is_usual else np.inf),
        key=lambda element: (-round(element.score, 9), len(element.parts), element.parts),
    )
    is_broad = bool(ranked) and ranked[0].lift < BROAD
    elements = tuple(_told_apart(ranked, most, is_broad=is_broad))
    companions = {element.name: tuple(_companions(element, ranked)) for element in elements}
    return Movement(now, expected, elements, is_broad, is_usual, companions)


def _companions(element: Element, ranked: Sequence[Element]) -> Iterator[Element]:
    """Give elements of the same dimensions that stand out by themselves the same way; none has its rows."""
    dimensions = [dimension for dimension, _ in element.parts]
    for rival in ranked:
        same = rival.parts != element.parts and [dimension for dimension, _ in rival.parts] == dimensions
        if same and element.z * rival.z > 0 and abs(rival.z) >= cell_scores.BESIDE and rival.share > LEAST:
            yield rival


def _told_apart(ranked: Sequence[Element], most: int, *, is_broad: bool) -> Iterator[Element]:
    """Leave out what says the same again: parts of an element above; of a broad movement, overlaps."""
    above: list[frozenset[tuple[str, str]]] = []
    figures: set[tuple[str, str]] = set()
    for element in ranked:
        parts = frozenset(element.parts)
        sums = f"{element.now:{_SAME}}", f"{element.before:{_SAME}}"
        if sums in figures:  # the same rows by a longer name
            continue
        overlaps = any(parts & element for element in above)
        within = len(above) > 1 and any(element < parts for element in above)
        if overlaps if is_broad else within:
            continue
        above.append(parts)
        figures.add(sums)
        yield element
        if len(above) == most:
            return


def _candidates(measure: MeasuredNumber, hidden_from: float) -> Iterator[Element]:
    """Give the elements of every choice of one to three dimensions.

    Rows are summed for choices of the most dimensions alone: what fixes fewer is summed from their cells.
    """
    most, seen = min(MOST_PARTS, len(measure.dimensions)), set[tuple[str, ...]]()
    for widest in combinations(measure.dimensions, most):
        sums = CellSums.of(widest, measure)
        for size in range(most, 0, -1):
            for chosen in combinations(widest, size):
                names = tuple(dimension.name for dimension in chosen)
                if names not in seen:
                    seen.add(names)
                    yield from _of(sums.along(chosen), measure, hidden_from)


def _hidden_from(measure: MeasuredNumber) -> float:
    """Give the standard deviations from which an element moved by itself: more where all are restless."""
    scores = [CellSums.of((each,), measure).scores(measure, np.inf).z for each in measure.dimensions]
    typical = float(np.nanmedian(np.abs(np.concatenate(scores))))
    return cell_scores.STANDS_OUT * max(1.0, _MAD * typical)


def _of(sums: CellSums, measure: MeasuredNumber, hidden_from: float) -> Iterator[Element]:
    """Give the elements that fix these dimensions and moved the way that all did, or that others hide."""
    chosen, before, value = sums.dimensions, sums.of_column("before"), sums.of_column("now")
    cells = sums.scores(measure, hidden_from)
    shape = tuple(len(dimension.values) for dimension in chosen)
    usable = np.flatnonzero(np.isfinite(cells.score) & cells.may_cause)
    best = usable[np.argsort(-cells.score[usable], kind="stable")[:_BEST]]
    for number in best:
        values = [str(chosen[at].values[code]) for at, code in enumerate(np.unravel_index(number, shape))]
        if OTHERS in values:
            continue
        yield Element(
            tuple((dimension.name, text) for dimension, text in zip(chosen, values, strict=True)),
            float(before[number]),
            float(value[number]),
            float(cells.expect[number]),
            float(cells.share[number]),
            float(cells.lift[number]),
            float(cells.score[number]),
            float(cells.z[number]),
        )
