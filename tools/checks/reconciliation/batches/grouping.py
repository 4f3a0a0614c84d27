"""Groups of rows: which of several choices is taken, how sure that is, and what covers what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation import match_evidence, size_limits
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides.two_sides import ALIKE, Book, Pairs

Index = NDArray[np.int64]
Choice = tuple[int, tuple[int, ...]]  # a row and the rows that it sums up
Covers = tuple[int, int, int]  # left row, right row, minor units
Sums = Callable[[Book, Weights, tuple[Pairs, Pairs]], Mapping[Choice, float]]


@dataclass(frozen=True)
class Group:
    """Rows of both sides (positions) that belong together, with log-odds and how likely that is."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    weight: float
    confidence: float


def settle(book: Book, weights: Weights, sums: Sums) -> list[Group]:
    """Choose among left rows that sum up right ones and right rows that sum up left ones.

    sums: gives what a side's rows may sum up, with its log-odds, out of the pairs of rows that share a number
    and of those of one name.
    """
    shared = book.sharing()
    kin, turned = book.kin_of_either(ALIKE, weights.reach, most=size_limits.KIN_OF_A_SUM)
    left = sums(book, weights, (shared, kin))
    right = sums(book.swapped(), weights.swapped(), (shared[::-1], turned))
    groups = [Group((at,), items, *odds) for (at, items), odds in _likeliest(left)]
    groups += [Group(items, (at,), *odds) for (at, items), odds in _likeliest(right)]
    return apart(groups)


def apart(groups: Sequence[Group]) -> list[Group]:
    """Keep the groups of greatest weight that share no row."""
    used: tuple[set[int], set[int]] = set(), set()
    disjoint = []
    for group in sorted(groups, key=lambda group: (-group.weight, group.left, group.right)):
        if used[0].isdisjoint(group.left) and used[1].isdisjoint(group.right):
            disjoint.append(group)
            used[0].update(group.left)
            used[1].update(group.right)
    return disjoint


def proposal(book: Book, groups: Sequence[Group], *, method: str, reason: str = "") -> MatchProposal:
    """Propose groups line by line; what the sums differ by stands on the line of the largest amount."""
    lines: list[Covers] = []
    gaps: list[int] = []
    owed, paid = book.left.amount.tolist(), book.right.amount.tolist()
    for group in groups:
        own, gap = _covered(group, [owed[at] for at in group.left], [paid[at] for at in group.right])
        largest = max(range(len(own)), key=lambda at: abs(own[at][2]))
        short = gap if len(group.left) == 1 else 0
        lines += [
            (left_row, right_row, amount + short * (at == largest))
            for at, (left_row, right_row, amount) in enumerate(own)
        ]
        gaps += [gap * (at == largest) for at in range(len(own))]
    sizes = np.array([len(group.left) + len(group.right) - 1 for group in groups], dtype=np.int64)
    left, right, covers = np.array(lines, np.int64).reshape(-1, 3).T
    kinds = [_kind(group) for group in groups]
    grouped = MatchProposal.pairs(
        left,
        right,
        np.repeat(np.array([group.confidence for group in groups], np.float64), sizes),
        covers=covers,
        difference=np.array(gaps, np.int64),
        method=method,
        reason=reason,
        kind=np.repeat(np.array(kinds, np.str_), sizes),
        group=np.repeat(np.arange(len(groups)), sizes),
    )
    days = book.right.work[right] - book.left.work[left]
    weight = np.repeat(np.array([group.weight for group in groups], np.float64), sizes)
    evidence = match_evidence.of_sums(weight, grouped.confidence, days)
    return replace(grouped, evidence=evidence)


def _kind(group: Group) -> str:
    if len(group.left) > 1 and len(group.right) > 1:
        return "N:M"
    return "1:N" if len(group.right) > 1 else "N:1"


def _covered(group: Group, owed: list[int], paid: list[int]) -> tuple[list[Covers], int]:
    """Let the rows of one side cover those of the other in their order; give what the left has more."""
    left, right = group.left, group.right
    gap = sum(owed) - sum(paid)
    if len(left) == 1:
        return [(left[0], at, amount) for at, amount in zip(right, paid, strict=True)], gap
    if len(right) == 1:
        return [(at, right[0], amount) for at, amount in zip(left, owed, strict=True)], gap
    lines, at, right_at = [], 0, 0
    while at < len(left) and right_at < len(right):
        amount = min(owed[at], paid[right_at], key=abs)
        lines.append((left[at], right[right_at], amount))
        owed[at], paid[right_at] = owed[at] - amount, paid[right_at] - amount
        last = at == len(left) - 1, right_at == len(right) - 1
        step = (owed[at] == 0 and not last[0]) or last[1]
        at, right_at = (at + 1, right_at) if step else (at, right_at + 1)
    return lines, gap


def _likeliest(choices: Mapping[Choice, float]) -> Iterator[tuple[Choice, tuple[float, float]]]:
    """Give each row's likeliest items with log-odds and confidence.

    Rivals are other sums of the row, and sums of other rows that take one of the items.
    """
    if not choices:
        return
    target = np.array([at for at, _ in choices], dtype=np.int64)
    items = np.array([item for _, own in choices for item in own], dtype=np.int64)
    of = np.repeat(np.arange(len(choices)), [len(own) for _, own in choices])
    weight = np.array(list(choices.values()))
    odds = np.exp(np.minimum(weight, 600.0))
    first = np.flatnonzero(np.diff(of, prepend=-1))
    rivals = np.maximum.reduceat(np.bincount(items, odds[of])[items], first)
    whole = 1 + np.maximum(np.bincount(target, odds)[target], rivals)
    best = np.lexsort((-weight, target))
    best = best[np.flatnonzero(np.diff(target[best], prepend=-1))]
    keys = list(choices)
    for at in best.tolist():
        yield keys[at], (float(weight[at]), float(odds[at] / whole[at]))
