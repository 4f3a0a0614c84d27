"""Open rows that stand twice on their side where the other side has the event once.

Their party is told by the text: what equal references and vendors tell is known already.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation import proposals
from tools.checks.reconciliation.one_to_one import equal_amounts
from tools.checks.reconciliation.sides.distinct_values import combinations
from tools.checks.reconciliation.sides.two_sides import MUCH, UNKNOWN, Book, Pairs

Index = NDArray[np.int64]
Free = tuple[NDArray[np.bool_], NDArray[np.bool_]]


def relate(books: Books, book: Book, free: Free, reach: int) -> None:
    """Keep, for open rows, the taken row of the other side that has their amount and party within reach.

    What a party has three times and more recurs: a month that the other side lacks is no copy.
    """
    left, right = _of_one_event(book, free, reach)
    back, forth = _of_one_event(book.swapped(), free[::-1], reach)
    proposals.write_kin(
        books, book.left.id[np.concatenate([left, forth])], book.right.id[np.concatenate([right, back])]
    )


def _of_one_event(book: Book, free: Free, reach: int) -> Pairs:
    """Give open left rows with taken right ones of their amount and party."""
    own, taken = np.flatnonzero(free[0]), np.flatnonzero(~free[1])
    left, right = equal_amounts.candidates(book.left.at(own), book.right.at(taken), reach)
    left, right = own[left], taken[right]
    likeness = book.likeness(left, right)
    alike = (likeness >= MUCH) & (likeness != UNKNOWN) & ~_recurs(book)[left]
    return left[alike], right[alike]


def _recurs(book: Book) -> NDArray[np.bool_]:
    """Say which left rows have an amount that their party has more than twice."""
    at = combinations(book.left.name, book.left.amount, book.left.currency)
    return np.asarray(np.bincount(at)[at] > 2, dtype=bool)  # noqa: PLR2004 - the row and its copy
