"""Control totals as the state carries them: per source and currency, sums as decimal text."""

from __future__ import annotations

from pathlib import Path

from tools.books.engine import Books
from tools.core import money, settings
from tools.core.refs import ControlTotals

_QUERY = """
SELECT source, coalesce(currency, '') AS currency, CAST(sum("rows") AS BIGINT) AS "rows",
       CAST(sum(rejected) AS BIGINT) AS rejected, CAST(coalesce(sum(sum_minor), 0) AS BIGINT) AS sum_minor
FROM control_total GROUP BY source, currency ORDER BY source, currency
"""


def totals(snapshot: Path) -> list[ControlTotals]:
    """Give a snapshot's control totals."""
    with Books.open(snapshot, settings.load()) as books:
        return [
            ControlTotals(
                source=row["source"],
                rows=row["rows"],
                rejected=row["rejected"],
                currency=row["currency"],
                sum=money.to_text(row["sum_minor"], row["currency"]),
            )
            for row in books.rows(_QUERY)
        ]
