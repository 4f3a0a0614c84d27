"""Equal amounts: every pair of rows with one amount within reach is a candidate; the evidence decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import assignment, size_limits
from tools.checks.reconciliation.assignment import Choice
from tools.checks.reconciliation.match_evidence import MatchEvidence
from tools.checks.reconciliation.one_to_one import match_weights, surplus_copies, wrong_party
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides import two_sides
from tools.checks.reconciliation.sides.distinct_values import spread
from tools.checks.reconciliation.sides.rows import Rows
from tools.checks.reconciliation.sides.two_sides import Book, Compared
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_LEAST_REACH: Final = 10  # business days looked at on either side, however narrow the pair's window
_APART: Final = 1_000_000  # more days than any book spans, so that one search finds amount and day


def learn(rows: Book, pair: Pair) -> Weights:
    """Learn what agreement weighs from the rows whose amount occurs once on either side within reach."""
    reach = max(_LEAST_REACH, 3 * pair.window_days)
    left, right = alone(*candidates(rows.left, rows.right, reach))
    step = max(1, len(left) // size_limits.SEEDS)
    return match_weights.learn(rows, rows.compare(left[::step], right[::step]), reach)


def propose(rows: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose pairs of equal amounts within reach."""
    left, right = candidates(rows.left, rows.right, weights.reach, one_sided=pair.one_sided)
    needed = surplus_copies.needed((rows.left, rows.right), left, right)
    left, right = left[needed], right[needed]
    compared = rows.compare(left, right)
    amount = match_weights.surprise(rows, weights.reach, weights)[left]
    weight = weights.of(compared) + amount
    far = np.abs(compared.lag) > max(pair.window_days, weights.usual)
    foreign = (compared.name == two_sides.BOTH_ELSEWHERE) & (compared.number != two_sides.SHARED)
    choice = assignment.choose(left, right, np.where(foreign & far, -1.0, weight))
    chosen = compared.at(choice.edge)
    evidence = weights.evidence(chosen, amount[choice.edge] - weights.base)
    return _proposal(rows, chosen, choice, evidence, pair.window_days)


def propose_late(rows: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose equal amounts beyond reach whose names or numbers agree: cleared late, or last period's.

    How many of them are matches is what there is more of than as much later again, when nothing clears.
    """
    left, right = candidates(rows.left, rows.right, 2 * pair.search_days, one_sided=pair.one_sided)
    pairs = rows.compare(left, right)
    agree = (pairs.name >= two_sides.MUCH) | (pairs.number == two_sides.SHARED)
    late = agree & (np.abs(pairs.lag) > weights.reach) & (np.abs(pairs.lag) <= pair.search_days)
    never = agree & (np.abs(pairs.lag) > pair.search_days)
    share = (max(0, late.sum() - never.sum()) + 1) / (late.sum() + 2)
    prior = float(np.log(share / (1 - share)))
    within = agree & (np.abs(pairs.lag) <= weights.reach)
    amount = match_weights.surprise(rows, weights.reach, weights)[left]
    weight = np.where(within, weights.of(pairs) + amount, -1.0)
    weight = np.where(late, prior + weights.number[pairs.number], weight)
    choice = assignment.choose(left, right, weight)
    chosen = pairs.at(choice.edge)
    timely = weights.evidence(chosen, amount[choice.edge] - weights.base)
    evidence = timely.but(late[choice.edge], prior=prior, amount=0.0, name=0.0, form=0.0, lag=0.0)
    return _proposal(rows, chosen, choice, evidence, pair.window_days)


def candidates(left: Rows, right: Rows, reach: int, *, one_sided: bool = False) -> tuple[Index, Index]:
    """Give the positions of pairs with equal currency and amount, at most `reach` business days apart."""
    l_code, r_code = _codes(left, right)
    order = np.lexsort((right.work, r_code))
    days = right.work[order] + r_code[order] * _APART
    first = np.searchsorted(days, left.work + l_code * _APART - (0 if one_sided else reach))
    last = np.searchsorted(days, left.work + l_code * _APART + reach, "right")
    l_at, place = spread(first, last)
    return l_at, order[place]


def alone(left: Index, right: Index) -> tuple[Index, Index]:
    """Give the pairs that are the only one of both their rows."""
    lonely = only(left, right)
    return left[lonely], right[lonely]


def only(left: Index, right: Index) -> NDArray[np.bool_]:
    """Say which pairs are the only one of both their rows."""
    once = np.bincount(left, minlength=1)[left] == 1, np.bincount(right, minlength=1)[right] == 1
    return np.asarray(once[0] & once[1])


def _codes(left: Rows, right: Rows) -> tuple[Index, Index]:
    amounts, code = np.unique(np.concatenate([left.amount, right.amount]), return_inverse=True)
    code = code + len(amounts) * np.concatenate([left.currency, right.currency])
    return code[: len(left)], code[len(left) :]


def _proposal(
    rows: Book, chosen: Compared, choice: Choice, evidence: MatchEvidence, window: int
) -> MatchProposal:
    left, right = chosen.left, chosen.right
    same_day = rows.left.day[left] == rows.right.day[right]
    close = np.abs(chosen.lag) <= window
    proposal = MatchProposal.pairs(
        left,
        right,
        choice.confidence,
        covers=rows.left.amount[left],
        method=np.where(same_day, "exact", np.where(close, "window", "late")),
        reason=np.where(_foreign(rows, left, chosen.name), "wrong_party", ""),
    )
    return replace(proposal, evidence=evidence.against(choice))


def _foreign(rows: Book, left: Index, name: Index) -> NDArray[np.bool_]:
    """Say which choices name two parties, but for texts that stand beside all sorts of names."""
    foreign = name == two_sides.BOTH_ELSEWHERE
    return np.asarray(foreign & ~wrong_party.anybody(rows.left.name[left], foreign))
