"""How long things took, counted by the store itself: seconds between two columns, as a histogram."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Double, FromClause, case, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

BEYOND: Final = "+Inf"
Label = TypeVar("Label")


@dataclass(frozen=True)
class Distribution:
    """A histogram: (upper bound, how many up to it) from the least to +Inf, and the sum of all seconds."""

    buckets: tuple[tuple[str, float], ...]
    seconds: float

    @property
    def count(self) -> float:
        """How many there are in all."""
        return self.buckets[-1][1]


class SecondsBetween(FunctionElement[float]):
    """Seconds from one time to another, in the database's own words."""

    name = "seconds_between"
    type = Double()
    inherit_cache = True


@compiles(SecondsBetween, "sqlite")
def _on_sqlite(element: SecondsBetween, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    begin, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"((julianday({end}) - julianday({begin})) * 86400.0)"


@compiles(SecondsBetween, "postgresql")
def _on_postgresql(element: SecondsBetween, compiler: Any, **options: Any) -> str:  # noqa: ANN401 - SQLAlchemy's own
    begin, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"extract(epoch from ({end} - {begin}))"


def distributions(
    session: Session,
    spans: FromClause | Any,  # noqa: ANN401 - a mapped class, too
    seconds: ColumnElement[float],
    bounds: Sequence[float],
    *,
    by: ColumnElement[Any] | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> dict[str, Distribution]:
    """Count rows of `spans` by how long they took, by a column (or all as "").

    A time that a clock turned back made negative counts as none.
    """
    label = by if by is not None else literal_column("''")
    # Materialized: else the database works the time out anew for each bound.
    each = (
        select(label.label("label"), seconds.label("took"))
        .select_from(spans)
        .where(*where)
        .cte("each")
        .prefix_with("MATERIALIZED")
    )
    took = case((each.c.took > 0, each.c.took), else_=0.0)
    bucket = case(*((took <= bound, str(bound)) for bound in bounds), else_=BEYOND).label("bucket")
    query = select(each.c.label, bucket, func.count(), func.sum(took)).group_by(each.c.label, "bucket")
    return cumulated((row[0], row[1], row[2], row[3]) for row in session.execute(query))


def cumulated(rows: Iterable[tuple[Label, str, int, float]]) -> dict[Label, Distribution]:
    """Make histograms of (label, upper bound, how many in that bucket, their seconds)."""
    counts: dict[Label, dict[str, float]] = defaultdict(lambda: {BEYOND: 0})
    sums: dict[Label, float] = defaultdict(float)
    for label, bound, count, seconds in rows:
        counts[label][bound] = counts[label].get(bound, 0) + count
        sums[label] += float(seconds)
    return {label: Distribution(tuple(_rising(numbers)), sums[label]) for label, numbers in counts.items()}


def padded(distribution: Distribution, bounds: Sequence[float]) -> Distribution:
    """Give a histogram with all these bounds, so that its series are there from the beginning."""
    counts = dict.fromkeys((*map(str, bounds), BEYOND), 0.0)
    below = 0.0
    for bound, upto in distribution.buckets:
        counts[bound] = counts.get(bound, 0.0) + upto - below
        below = upto
    return Distribution(tuple(_rising(counts)), distribution.seconds)


def _rising(counts: dict[str, float]) -> Iterable[tuple[str, float]]:
    total = 0.0
    for bound in sorted(counts, key=float):
        total += counts[bound]
        yield bound, total
