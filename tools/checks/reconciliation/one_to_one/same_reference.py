"""Rows that share a reference nobody else has, and whose amounts differ for a reason: a fee, a slip ...

Where nearly all rows carry references that agree to the cent, thousands of them, a book has shown that they
identify. What differs is then held against accidents: how often two amounts that have nothing to do with each
other differ in that way. In other books names have to speak too (near.py), and learn from the numbered ones.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from tools.books.engine import Books
from tools.checks.reconciliation import proposals, size_limits
from tools.checks.reconciliation.one_to_one import differences
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides import items
from tools.ledger.sources import Pair

_SHARE: Final = 0.8  # of the rows that have such a reference
_SURE: Final = 0.95
_MOST: Final = 0.99
_PRIOR: Final = 100.0  # pairs


def match(books: Books, pair: Pair, *, agreeing: int, rows: int, within: dict[str, int]) -> int:
    """Claim open rows of one reference and two amounts; give how many.

    agreeing: claims of `rows` rows (of both sides) whose references and amounts agree. within: the earliest
    and the latest business day from left to right. A reason is as sure as it is seen oftener than chance
    explains, which the pairs without any reason tell.
    """
    if agreeing < max(size_limits.REFERENCES_THAT_AGREE, _SHARE * rows / 2):
        return 0
    table = books.query(items.text("differing"), within)
    ids, partner_ids, left, right = (np.asarray(column.to_numpy(), np.int64) for column in table.columns)
    reason = differences.name(left, right, pair)
    unrelated = differences.name(left, np.roll(right, 1), pair)
    kinds = len(differences.REASONS)
    counts = np.bincount(reason[reason >= 0], minlength=kinds)
    by_chance = np.bincount(unrelated[unrelated >= 0], minlength=kinds) + _PRIOR * differences.BY_CHANCE
    accidents = 1 + (reason < 0).sum() * by_chance / (len(left) + _PRIOR)
    sure = np.minimum(1 - accidents / np.maximum(counts, 1), _MOST)
    good = np.flatnonzero((reason >= 0) & (sure[reason] >= _SURE))
    left, right, reason = left[good], right[good], reason[good]
    proposals.write(
        books,
        MatchProposal.pairs(
            ids[good],
            partner_ids[good],
            sure[reason],
            covers=left,
            difference=left - right,
            method="tolerance",
            reason=np.array(differences.REASONS, np.str_)[reason],
        ),
    )
    return len(good)
