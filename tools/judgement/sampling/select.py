"""Select a monetary-unit sample: systematic, from a random start that a seed on record gives.

select(books, population, aims, seed) -> Selection
The rows lie in the order of their days; every interval-th unit of money selects the row that it lies in, so a
row of an interval or more is always selected. Amounts count by their size, whatever their sign; rows of 0
can't be selected and are counted. Source: AICPA, Audit Sampling, 6.42 to 6.47; ISA 530, A13 and appendix 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tools.books.engine import Books
from tools.core.errors import RunError
from tools.core.sql_files import sql
from tools.judgement.sampling.plan import SampleAims, SamplePlan, plan

_PACKAGE: Final = "tools.judgement.sampling"


@dataclass(frozen=True)
class SampledPopulation:
    """Rows that are sampled from: the window's of these sources, without those that were flagged."""

    sources: Sequence[str]
    flagged: Sequence[str]


@dataclass(frozen=True)
class Selection:
    """What was selected: rows as the books have them, the population that they stand for, and how.

    totals: rows, book_minor (of sizes), zero_rows, negative_rows, flagged_rows.
    """

    rows: Sequence[Mapping[str, Any]]
    totals: Mapping[str, int]
    plan: SamplePlan
    seed: int

    @property
    def start(self) -> int:
        """Give the first unit that was selected."""
        return start_of(self.seed, self.plan.interval_minor)


def start_of(seed: int, interval_minor: int) -> int:
    """Give the first unit selected, 1 to the interval: SHA-256 of the seed's digits, modulo the interval."""
    return int(hashlib.sha256(str(seed).encode("ascii")).hexdigest(), 16) % interval_minor + 1


def select(books: Books, population: SampledPopulation, aims: SampleAims, seed: int) -> Selection:
    """Select rows; the same books, population, aims and seed give the same. Raises RunError for no rows."""
    shared = {
        "sources": list(population.sources),
        "flagged": list(population.flagged),
        "currency": aims.currency,
    }
    (totals,) = books.rows(sql(_PACKAGE, "population"), shared)
    counted = {name: int(value or 0) for name, value in totals.items()}
    if not counted["rows"]:
        raise RunError(
            f"no row of {', '.join(population.sources)} in {aims.currency} is left to sample.",
            remedy="'tieout show' lists the sources of a run and their currencies.",
        )
    planned = plan(counted["book_minor"], aims)
    hits = {
        **shared,
        "interval": planned.interval_minor,
        "start": start_of(seed, planned.interval_minor),
    }
    return Selection(books.rows(sql(_PACKAGE, "selected"), hits), counted, planned, seed)
