"""Which days the books hold: a window that they do not reach has no number, one that they half reach says so.

Days far from all others of a source (1900, 2205) are slips of the keys, and widen nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tools.core.sql_files import sql
from tools.front_desk.figures import Population
from tools.front_desk.period.calendar import DatePeriod
from tools.front_desk.snapshot import Snapshot

_SILENT_DAYS: Final = 45  # without a row, after which a source ends before the books do


@dataclass(frozen=True)
class CoveredSource:
    """The first and the last day on which a source has rows."""

    kind: str
    source: str
    first_day: date
    last_day: date


def covered(books: Snapshot) -> Sequence[CoveredSource]:
    """Give the days of every source, read once for a snapshot."""
    return books.once(
        "coverage",
        lambda: [CoveredSource(**row) for row in books.rows(sql("tools.front_desk", "coverage"), {})],
    )


def first_day(population: Population, books: Snapshot) -> date | None:
    """Give the first day of the sources of which a population is made; None where it has none."""
    return min((source.first_day for source in _of(population, books)), default=None)


def outside(population: Population, period: DatePeriod, books: Snapshot) -> str:
    """Say that a window lies outside the books, or mostly before them; "" where it does not."""
    sources = _of(population, books)
    if not sources:
        return ""
    first = min(source.first_day for source in sources)
    last = max(books.as_of, *(source.last_day for source in sources))
    start, end = period.start, period.end
    if start and start > last and not population.ahead:
        return f"the books end on {last}; {period.label} lies after that."
    if end and end < first:
        return f"the books begin on {first}; {period.label} lies before that."
    if start and end and (first - start) * 2 > min(end, books.as_of) - start:
        return f"the books begin on {first}; {period.label} lies mostly before that."
    return ""


def notes(population: Population, period: DatePeriod, books: Snapshot) -> list[str]:
    """Name the days of a window that the books, or one of their sources, do not hold."""
    sources = _of(population, books)
    if not sources:
        return []
    first = min(source.first_day for source in sources)
    end = min(period.end or books.as_of, books.as_of)
    early = period.start is not None and period.start < first and not population.at_end
    return [
        *([f"days before {first}, on which the books begin"] if early else []),
        *(
            f"{source.source} after {source.last_day}, its last day in the books"
            for source in sources
            if (end - source.last_day).days > _SILENT_DAYS
        ),
    ]


def _of(population: Population, books: Snapshot) -> list[CoveredSource]:
    """Give the sources of which a population is made; of flags and the like all of them."""
    return [source for source in covered(books) if not population.needs or source.kind in population.needs]
