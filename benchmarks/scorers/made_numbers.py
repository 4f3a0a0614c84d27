"""Numbers that moved, and numbers that did not, on rows made for it: a truth that nobody tuned for.

Three to five dimensions of uneven values; amounts with light or heavy tails, weeks and growth in half of
them; one element of one to three dimensions is 0.2 to 5 times as large in the last two weeks, or nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from benchmarks.scorers import whole_order
from tools.investigation.hypothesis import INNOCENT

CASES: Final = 20
DAYS: Final = 70
WINDOW: Final = 14
FIRST: Final = datetime(2025, 1, 6, tzinfo=UTC)
WEEK: Final = (1.0, 1.05, 0.95, 1.0, 1.2, 0.5, 0.4)
Element = frozenset[tuple[str, str]]
Column = np.ndarray[Any, Any]


@dataclass(frozen=True)
class MadeNumber:
    """Rows, what is asked of them, and the element that moved; None where none did."""

    rows: pa.Table
    question: dict[str, Any]
    element: Element | None


def find(root: Path) -> list[DataSet]:
    """Give both kinds, whatever the folder: they are made, not found."""
    return [DataSet(f"made_numbers, {kind}", (root,)) for kind in ("sums", "rates")]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Measure how often the element is named, and how often nothing is named where nothing moved."""
    is_rate = data_set.name.endswith("rates")
    first = three = quiet = 0
    for number in range(CASES):
        case = generate(number, is_rate=is_rate, moved=True)
        answers, _ = _answered(case, work)
        first += answers[:1] == [case.element]
        three += case.element in answers[:3]
        quiet += _answered(generate(CASES + number, is_rate=is_rate, moved=False), work)[1]
    note = f"{CASES} numbers each; always naming one: 0.00"
    return [
        Figure("element that moved it: first", share(first, CASES)),
        Figure("element that moved it: first three", share(three, CASES)),
        Figure("nothing unusual said where nothing moved", share(quiet, CASES), "at least", 0.9, note),
    ]


def generate(seed: int, *, is_rate: bool, moved: bool) -> MadeNumber:
    """Make one number."""
    chance = np.random.default_rng(seed)
    weights = [chance.dirichlet(np.ones(chance.integers(3, 13))) for _ in range(chance.integers(3, 6))]
    day = _days(chance)
    codes = [chance.choice(len(each), size=len(day), p=each) for each in weights]
    chosen, rows_hit = _element(chance, codes, weights)
    hit = rows_hit & (day >= DAYS - WINDOW) & moved
    by = [f"d{number}" for number in range(len(codes))]
    columns: dict[str, Any] = {
        name: [f"v{value}" for value in column] for name, column in zip(by, codes, strict=True)
    }
    columns["day"] = [FIRST + timedelta(days=int(number)) for number in day]
    columns |= _rates(chance, hit) if is_rate else _sums(chance, hit)
    begin = FIRST + timedelta(days=DAYS - WINDOW)
    question = {
        "metric": "errors/calls" if is_rate else "value", "by": by, "time": "day",
        "window": f"{begin:%Y-%m-%d}..{FIRST + timedelta(days=DAYS - 1):%Y-%m-%d}",
        "against": f"{begin - timedelta(days=WINDOW):%Y-%m-%d}..{begin - timedelta(days=1):%Y-%m-%d}",
    }  # fmt: skip
    return MadeNumber(pa.table(columns), question, chosen if moved else None)


def _days(chance: np.random.Generator) -> Column:
    usual = np.full(DAYS, float(chance.choice([60, 150, 400])))
    usual *= np.linspace(1.0, 1.15 if chance.random() < 0.5 else 1.0, DAYS)  # noqa: PLR2004 - half of them grow
    if chance.random() < 0.5:  # noqa: PLR2004 - half of them have weeks
        usual *= np.resize(WEEK, DAYS)
    return np.repeat(np.arange(DAYS), chance.poisson(usual))


def _element(
    chance: np.random.Generator, codes: list[Column], weights: list[Column]
) -> tuple[Element, Column]:
    """Choose an element that 2 to 50 per cent of the rows are of."""
    while True:
        places = chance.choice(len(codes), size=int(chance.integers(1, 4)), replace=False)
        values = [int(chance.choice(len(weights[place]), p=weights[place])) for place in places]
        pairs = list(zip(places, values, strict=True))
        hit = np.all([codes[place] == value for place, value in pairs], axis=0)
        if 0.02 < hit.mean() < 0.5:  # noqa: PLR2004 - neither a single row nor nearly all
            return frozenset((f"d{place}", f"v{value}") for place, value in pairs), hit


def _sums(chance: np.random.Generator, hit: Column) -> dict[str, Column]:
    amount = chance.lognormal(4, chance.choice([0.5, 1.0, 1.8]), len(hit))
    return {"value": np.where(hit, amount * chance.choice([0.2, 0.5, 2.0, 3.0, 5.0]), amount)}


def _rates(chance: np.random.Generator, hit: Column) -> dict[str, Column]:
    calls = chance.poisson(20, len(hit)) + 1
    usual = 0.03 * np.exp(0.3 * chance.standard_normal(len(hit)))
    failing = np.where(hit, np.minimum(usual * chance.choice([2.0, 4.0, 8.0]), 0.9), usual)
    return {"errors": chance.binomial(calls, failing), "calls": calls}


def _answered(case: MadeNumber, work: Path) -> tuple[list[Element], bool]:
    """Give elements as they stand among all hypotheses, and whether nothing unusual is said first."""
    path = work / "made.parquet"
    pq.write_table(case.rows, path)
    order = whole_order.order({**case.question, "file": str(path)}, work)
    return [whole_order.parts(hypothesis) for hypothesis in order], order[0].cause == INNOCENT
