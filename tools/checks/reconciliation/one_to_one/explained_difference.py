"""Amounts that differ for a reason: a fee, digits that changed places, a slip of the hand, a tolerance.

The names (or an identifying number) have to agree first; then the difference is named, and weighed by how
seldom the amounts of two unrelated rows differ in that way. In a long book only near amounts are looked at,
and only of rows with so few others of their name that a match could be told from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import log, log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import assignment, size_limits
from tools.checks.reconciliation.assignment import Choice
from tools.checks.reconciliation.match_evidence import MatchEvidence
from tools.checks.reconciliation.one_to_one import differences, digit_slips
from tools.checks.reconciliation.one_to_one.chance_of_difference import UnrelatedPairs
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides.two_sides import ALIKE, Book, Pairs
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_SIZES: Final = 1_000_003
_LEAST_STEP: Final = 0.02


@dataclass(frozen=True)
class Weighed:
    """Candidate pairs (positions), why their amounts differ, and what they weigh (log-odds).

    amount: of the weight, what the difference explains; prior: what is known before.
    """

    left: Index
    right: Index
    reason: Index
    weight: Numbers
    amount: Numbers
    prior: float


def propose(book: Book, weights: Weights, pair: Pair) -> MatchProposal:
    """Propose pairs of like names, or one identifying number, whose amounts differ for a reason."""
    candidates = weighed(book, weights, pair)
    choice = assignment.choose(candidates.left, candidates.right, candidates.weight)
    left, right = candidates.left[choice.edge], candidates.right[choice.edge]
    proposal = MatchProposal.pairs(
        left,
        right,
        choice.confidence,
        covers=book.left.amount[left],
        difference=book.left.amount[left] - book.right.amount[right],
        method="tolerance",
        reason=np.array(differences.REASONS, np.str_)[candidates.reason[choice.edge]],
    )
    return replace(proposal, evidence=_evidence(book, weights, candidates, choice))


def weighed(book: Book, weights: Weights, pair: Pair) -> Weighed:
    """Weigh every pair of like names, or of one identifying number, whose amounts differ for a reason."""
    unrelated = UnrelatedPairs.of(book, weights, pair)
    short = book.count_kin(ALIKE) <= size_limits.KIN_OF_ANY_AMOUNT
    rows = np.arange(len(book.left))
    among = rows if short else unrelated.tellable(book, weights, pair)
    named = [book.kin(ALIKE, weights.reach)] if short else _sized(book, among, weights.reach, pair)
    left, right = _candidates(book, named, weights.reach, pair)
    reason = differences.name(book.left.amount[left], book.right.amount[right], pair)
    has_reason = (reason >= 0) & ~_turned_beside_equal(book, left, right)
    left, right, reason = left[has_reason], right[has_reason], reason[has_reason]
    compared = book.compare(left, right)
    share = unrelated.share(len(np.unique(left)), among, rows)
    odds = unrelated.odds(share, left, reason)
    weight = odds + unrelated.alike[compared.name] + weights.of_same_name(compared)
    prior = log(share / (1 - share))
    return Weighed(left, right, reason, weight, odds - prior, prior)


def _turned_beside_equal(book: Book, left: Index, right: Index) -> NDArray[np.bool_]:
    """Say which pairs are of opposite amounts though one of their rows has its amount beside it unturned.

    A payment that came back is no payment entered with the wrong sign where the payment stands there too.
    """
    owed, paid = book.left.amount[left], book.right.amount[right]
    same = owed == paid
    at_left = np.bincount(left[same], minlength=len(book.left)) > 0
    at_right = np.bincount(right[same], minlength=len(book.right)) > 0
    return np.asarray((owed == -paid) & (at_left[left] | at_right[right]), dtype=bool)


def _evidence(book: Book, weights: Weights, candidates: Weighed, choice: Choice) -> MatchEvidence:
    """Take the weight of the chosen pairs apart; what is left of it is the likeness of their names."""
    at = choice.edge
    compared = book.compare(candidates.left[at], candidates.right[at])
    whole = weights.evidence(compared, candidates.amount[at])
    rest = candidates.weight[at] - candidates.amount[at] - candidates.prior
    name = rest - weights.of_same_name(compared)
    evidence = replace(whole, prior=np.full(len(at), candidates.prior), name=name)
    return evidence.against(choice)


def _candidates(book: Book, named: list[Pairs], reach: int, pair: Pair) -> Pairs:
    """Give the pairs of like names, and those that share a number, within reach and of one currency."""
    left, right = book.related(named, reach, one_sided=pair.one_sided)
    same = book.left.currency[left] == book.right.currency[right]
    return left[same], right[same]


def _sized(book: Book, among: Index, reach: int, pair: Pair) -> list[Pairs]:
    """Give the kin of some rows that have near amounts, or the same digits."""
    part = book.at(among, np.arange(len(book.right)))
    return [(among[left], right) for left, right in _near(part, reach, pair)]


def _near(book: Book, reach: int, pair: Pair) -> Iterator[Pairs]:
    """Give the kin of near amounts or the same digits."""
    left, right = book.left.amount, book.right.amount
    step = log1p(max(pair.tolerance, _LEAST_STEP))
    for sizes in (
        (np.log(np.abs(left)) / step, np.log(np.abs(right)) / step),
        (np.abs(left) / pair.largest_fee_minor, np.abs(right) / pair.largest_fee_minor),
    ):
        left_step, right_step = (np.floor(size).astype(np.int64) % _SIZES for size in sizes)
        for shift in (0, 1, 2):
            yield book.kin_of_size(
                ALIKE, reach, left_step + shift, right_step + 1, most=size_limits.KIN_OF_ONE_SIZE
            )
    yield book.kin_of_size(
        ALIKE,
        reach,
        digit_slips.figures(left) % _SIZES,
        digit_slips.figures(right) % _SIZES,
        most=size_limits.KIN_OF_ONE_SIZE,
    )
