"""The learned order of the queue as people read it: whether it is in use, what it rests on, what it gains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.store.models import Ranking

Row = dict[str, Any]


def ranking_row(ranking: Ranking | None) -> Row | None:
    """Give the order that was learned last as JSON primitives; None before the first."""
    if ranking is None:
        return None
    row = {"in_use": ranking.in_use, "reason": ranking.reason, "by": ranking.by}
    return {**row, "at": ranking.at.isoformat(timespec="seconds"), **ranking.measures}


def lines_of(row: Mapping[str, Any] | None) -> list[str]:
    """Word it, a sentence a line."""
    if row is None:
        return ["The queue is ordered by exposure. No other order was learned yet."]
    order = "the chance that a case is upheld" if row["in_use"] else "exposure"
    source = f"{row['flags']} reviewed flags in {row['cases']} cases"
    lines = [
        f"The queue is ordered by {order}: {row['reason']}.",
        f"Learned {row['at'][:16].replace('T', ' ')} by {row['by']} from {source}.",
    ]
    return [*lines, *_gain(row)] if "first" in row else lines


def _gain(row: Mapping[str, Any]) -> list[str]:
    first, both = row["first"], f"{row['first_learned']} upheld in this order, {row['first_by_exposure']} by"
    bands = ", ".join(f"{chance:.0%} and {share:.0%} (n = {n})" for chance, share, n in row["bands"])
    return [
        f"Of the first {first} held-back cases {both} exposure; {row['upheld']} of all {len_of(row)}.",
        f"Chance and what came true: {bands}; Brier score {row['brier']:.3f}.",
    ]


def len_of(row: Mapping[str, Any]) -> int:
    """Count the held-back cases."""
    return sum(int(band[2]) for band in row["bands"])
