"""Sums that are kept by cell, of which one to three elements moved at once: a truth that nobody tuned for.

Cells as a data warehouse has them, one row each before and now; the elements of a case fix the same
dimensions, and move by one factor each or with noise upon it (the ripple of Sun et al., HotSpot, 2018).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from tools.incidents.numbers.elements import search
from tools.incidents.numbers.hypotheses import FLOOR
from tools.incidents.numbers.measure import Dimension, MeasuredNumber
from tools.investigation import calibration

CASES: Final = 15
OTHER_SEEDS: Final = 5000
SIZES: Final = (10, 12, 10, 8)
KINDS: Final = {
    "one cause": (1, 0.05),
    "one cause, noise": (1, 0.2),
    "two causes": (2, 0.05),
    "three": (3, 0.1),
}
Element = frozenset[tuple[str, str]]
Column = np.ndarray[Any, Any]


class MadeCauses(NamedTuple):
    """A sum before and now, and the elements that moved it."""

    measure: MeasuredNumber
    elements: list[Element]


def find(root: Path) -> list[DataSet]:
    """Give every kind, whatever the folder: they are made, not found."""
    return [DataSet(f"made_causes, {kind}", (root,)) for kind in (*KINDS, "confidence")]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Measure how often a cause is first, among the first three, and how many of all causes are."""
    del work
    kind = data_set.name.removeprefix("made_causes, ")
    if kind == "confidence":
        return list(_reliability())
    causes, noise = KINDS[kind]
    first = three = of_all = 0
    cases = [made(seed, causes, noise) for seed in range(CASES)]
    for case in cases:
        answers = [frozenset(each.parts) for each in search(case.measure).elements[:3]]
        first += bool(answers) and answers[0] in case.elements
        three += any(each in case.elements for each in answers)
        of_all += sum(each in answers for each in case.elements)
    total = sum(len(case.elements) for case in cases)
    return [
        Figure("a cause is first", share(first, CASES)),
        Figure("a cause is among the first three", share(three, CASES)),
        Figure("of all causes among the first three", share(of_all, total)),
    ]


def results(first_seed: int) -> Iterator[tuple[float, bool]]:
    """Give each element's raw score, and whether it is a cause: what the table of confidence is made of."""
    for causes, noise in KINDS.values():
        for seed in range(first_seed, first_seed + CASES):
            case = made(seed, causes, noise)
            elements = search(case.measure).elements
            total = sum(math.exp(each.score) for each in elements) + FLOOR
            for each in elements:
                yield math.exp(each.score) / total, frozenset(each.parts) in case.elements


def _reliability() -> Iterator[Figure]:
    """Hold what is said of sums against what is right; the table was made of the seeds from 2000."""
    rows: dict[float, list[tuple[float, bool]]] = {}
    for raw, is_right in results(OTHER_SEEDS):
        sure = calibration.confidence("number", raw, table=calibration.SUMS)[0]
        rows.setdefault(calibration.bin_of(raw), []).append((sure, is_right))
    for bound, pairs in sorted(rows.items()):
        mean = sum(sure for sure, _ in pairs) / len(pairs)
        right = sum(is_right for _, is_right in pairs)
        note = f"{right} of {len(pairs)} were right"
        yield Figure(f"said {mean:.2f} (raw from {bound:g}): right", share(right, len(pairs)), note=note)


def made(seed: int, causes: int, noise: float) -> MadeCauses:
    """Make one sum: the same whenever it is made."""
    chance = np.random.default_rng(seed)
    cells = np.array(list(itertools.product(*map(range, SIZES[: chance.integers(3, 5)]))))
    cells = cells[chance.random(len(cells)) < chance.choice([0.15, 0.4, 0.9])]
    before = chance.lognormal(3, chance.choice([0.5, 1.0, 1.5]), len(cells))
    now = before * np.exp(noise * chance.standard_normal(len(cells)) - noise**2 / 2)
    fixed = chance.choice(cells.shape[1], size=chance.integers(1, 4), replace=False)
    falls, elements = bool(chance.integers(2)), []
    for _ in range(causes):
        hit, element = _element(chance, cells, fixed, before)
        factor = chance.uniform(0.25, 0.95)
        ripple = np.exp(noise * chance.standard_normal(len(cells)) - noise**2 / 2)
        now = np.where(hit, before * ripple * (1 - factor if falls else 1 + 2 * factor), now)
        elements.append(element)
    return MadeCauses(_measured(cells, before, now), elements)


def _element(
    chance: np.random.Generator, cells: Column, fixed: Column, before: Column
) -> tuple[Column, Element]:
    """Choose the heaviest of ten elements: of three dimensions few are more than a hundredth of the sum."""
    drawn = [cells[place][fixed] for place in chance.integers(len(cells), size=10)]
    hits = [(cells[:, fixed] == values).all(axis=1) for values in drawn]
    best = max(range(len(hits)), key=lambda place: float(before[hits[place]].sum()))
    pairs = zip(fixed, drawn[best], strict=True)
    return hits[best], frozenset((f"d{place}", f"v{value}") for place, value in pairs)


def _measured(cells: Column, before: Column, now: Column) -> MeasuredNumber:
    """Lay the rows of before and of now under each other."""
    none, every = np.zeros(len(cells)), np.ones(len(cells))
    both = np.concatenate([cells, cells]).astype(np.int64)
    dimensions = tuple(
        Dimension(f"d{place}", both[:, place], tuple(f"v{value}" for value in range(size)))
        for place, size in enumerate(SIZES[: cells.shape[1]])
    )
    weights = np.concatenate([every, none]), np.concatenate([none, every])
    sums = np.concatenate([before, none]), np.concatenate([none, now])
    return MeasuredNumber(
        dimensions, sums[0], weights[0], sums[1], weights[1], is_rate=False, scale=1.0,
        value=sums[0] + sums[1], weight=weights[0] + weights[1],
        period=np.concatenate([every, none]).astype(np.int64),
    )  # fmt: skip
