"""The passes over what equality of keys did not settle, from sure to unsure, each row claimed once.

Each pass proposes and weighs, a global assignment chooses. What is chosen with less confidence than the round
asks for waits for the next round, when there is less to confuse it with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.engine import Books
from tools.ledger.sources import Pair
from tools.reconciliation import claims, exact, exchange, groups, items, near, net, offsets, rows, several
from tools.reconciliation.book import ALIKE, Book
from tools.reconciliation.claims import Proposal
from tools.reconciliation.evidence import Weights

Index = NDArray[np.int64]
Pass = Callable[[Book, Weights, Pair], Proposal]

ONE_TO_ONE: Final[Sequence[Pass]] = (near.propose, exchange.propose, exact.propose)
FULL: Final[Sequence[Pass]] = (
    groups.propose,
    near.propose,
    exchange.propose,
    several.propose,
    net.propose,
    offsets.propose_left,
    offsets.propose_right,
    exact.propose,
)
VOIDED: Final[Sequence[Pass]] = (offsets.propose_voided_left, offsets.propose_voided_right)
_ONE_SIDED: Final = (*VOIDED, offsets.propose_left, offsets.propose_right)
_SURE: Final = 0.9
_LIKELY: Final = 0.505  # a tie is ambiguous, and is declared instead of guessed
_LONG: Final = 40_000  # open rows; in a longer book the passes go round once
_BLOCK: Final = 2_000_000  # kin that are compared at once


def match(books: Books, pair: Pair, passes: Sequence[Pass], before: Sequence[Pass] = ()) -> None:
    """Claim what the evidence supports among the open rows: equal amounts first, then the given passes.

    before: passes that come even before equal amounts.
    """
    book = Book.of(rows.fetch(books))
    weights, since = exact.learn(book, pair), books.count("claim")
    free = np.ones(len(book.left), bool), np.ones(len(book.right), bool)
    short = len(book.left) + len(book.right) <= _LONG
    first = [
        *((_SURE, run) for run in before),
        (_SURE, exact.propose),
        *((_SURE, run) for run in (passes if short else ())),
    ]
    plan = [*first, *((_LIKELY, run) for run in passes)]
    for least, propose in [*plan, (_LIKELY, exact.propose_late)]:
        at = np.flatnonzero(free[0]), np.flatnonzero(free[1])
        if min(map(len, at)) or propose in _ONE_SIDED:
            found = propose(book.at(*at), weights, pair)
            _claim(books, book, _placed(found.at(found.confidence >= least), at), free)
    _relate(books, book.at(np.flatnonzero(free[0]), np.flatnonzero(free[1])), weights.reach)
    items.narrow(books, since=since)


def _placed(found: Proposal, at: tuple[NDArray[np.int64], NDArray[np.int64]]) -> Proposal:
    """Turn positions among the free rows into positions among all."""
    left, right = (at[found.side == "right"], at[found.side != "left"])
    return replace(found, left=left[found.left], right=right[found.right])


def _claim(
    books: Books, book: Book, found: Proposal, free: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> None:
    sides = ("left" if found.side != "right" else "right"), ("right" if found.side != "left" else "left")
    for side, taken in zip(sides, (found.left, found.right), strict=True):
        free[side == "right"][taken] = False
    ids = [(book.left if side == "left" else book.right).id for side in sides]
    claims.write(books, replace(found, left=ids[0][found.left], right=ids[1][found.right]))


def _relate(books: Books, book: Book, reach: int) -> None:
    """Keep, for what stays open, the rows of its number, and the nearest ones of its name."""
    turned = book.swapped()
    found = [book.sharing()]
    found += [_nearest(book, *pairs) for pairs in book.kin_in_parts(ALIKE, 3 * reach, _BLOCK)]
    found += [_nearest(turned, *pairs)[::-1] for pairs in turned.kin_in_parts(ALIKE, 3 * reach, _BLOCK)]
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    claims.write_kin(books, book.left.id[left], book.right.id[right])


def _nearest(book: Book, left: Index, right: Index) -> tuple[Index, Index]:
    """Keep of each left row's pairs those that come nearest in amount and date."""
    days = np.abs(book.left.day[left] - book.right.day[right])
    same = (days <= items.NEAR_DAYS) & (book.left.currency[left] == book.right.currency[right])
    left, right, days = left[same], right[same], days[same]
    amount = book.left.amount[left]
    far = 100 * np.abs((amount - book.right.amount[right]) / amount) + days
    first = np.flatnonzero(np.diff(left, prepend=-1))
    least = np.minimum.reduceat(far, first) if len(far) else far
    best = far <= np.repeat(least, np.diff(first, append=len(far)))
    return left[best], right[best]
