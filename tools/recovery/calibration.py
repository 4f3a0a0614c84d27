"""How right the chances of recovery were: what was given to claims that have ended, beside what came of them.

reliability(store) -> Reliability     by fifths of the chance that a first score gave; none that is empty
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import func, select

from tools.recovery.chance import GIVEN_UP, RECOVERED
from tools.store import Store
from tools.store.models import ClaimScore, RecoveryClaim

_BINS: Final = 5


class ChanceBin(NamedTuple):
    """Claims that were given a like chance: how many, the mean chance, and the share that was won."""

    n: int
    expected: float
    won: float


class Reliability(NamedTuple):
    """All bins, and the Brier score of all claims in them; None without any."""

    bins: list[ChanceBin]
    brier: float | None


def reliability(store: Store) -> Reliability:
    """Hold the first chance of each claim that has ended against its end.

    Sources: Brier (1950); Murphy and Winkler, Reliability of subjective probability forecasts (1977).
    """
    first = (
        select(ClaimScore.claim_id, func.min(ClaimScore.scored_at).label("at"))
        .group_by(ClaimScore.claim_id)
        .subquery()
    )
    query = (
        select(ClaimScore.probability, RecoveryClaim.status)
        .join(first, (first.c.claim_id == ClaimScore.claim_id) & (first.c.at == ClaimScore.scored_at))
        .join(RecoveryClaim, RecoveryClaim.claim_id == ClaimScore.claim_id)
        .where(RecoveryClaim.status.in_((*RECOVERED, *GIVEN_UP)))
    )
    with store.read() as session:
        pairs = [(float(row[0]), row[1] in RECOVERED) for row in session.execute(query)]
    return of_pairs(pairs)


def of_pairs(pairs: list[tuple[float, bool]]) -> Reliability:
    """Sort chances and ends into bins."""
    binned: dict[int, list[tuple[float, bool]]] = {}
    for chance, won in pairs:
        binned.setdefault(min(int(chance * _BINS), _BINS - 1), []).append((chance, won))
    bins = [
        ChanceBin(len(rows), sum(p for p, _ in rows) / len(rows), sum(won for _, won in rows) / len(rows))
        for _, rows in sorted(binned.items())
    ]
    brier = sum((chance - won) ** 2 for chance, won in pairs) / len(pairs) if pairs else None
    return Reliability(bins, brier)
