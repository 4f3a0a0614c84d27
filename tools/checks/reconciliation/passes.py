"""The passes over what equality of keys did not settle, from sure to unsure, each row claimed once.

Each pass proposes and weighs, a global assignment chooses. What is chosen with less confidence than the round
asks for waits for the next round, when there is less to confuse it with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation import nearest_candidates, offsets, posted_again, proposals, size_limits
from tools.checks.reconciliation.batches import many_to_many, net_of_fee, one_to_many
from tools.checks.reconciliation.one_to_one import (
    contested,
    equal_amounts,
    explained_difference,
    two_currencies,
)
from tools.checks.reconciliation.one_to_one.match_weights import Weights
from tools.checks.reconciliation.proposals import MatchProposal
from tools.checks.reconciliation.sides import items, rows
from tools.checks.reconciliation.sides.two_sides import Book
from tools.ledger.sources import Pair

Index = NDArray[np.int64]
Pass = Callable[[Book, Weights, Pair], MatchProposal]

ONE_TO_ONE: Final[Sequence[Pass]] = (
    explained_difference.propose,
    two_currencies.propose,
    contested.propose,
)
FULL: Final[Sequence[Pass]] = (
    one_to_many.propose,
    one_to_many.propose_but_one,
    explained_difference.propose,
    two_currencies.propose,
    many_to_many.propose,
    net_of_fee.propose,
    offsets.propose_left,
    offsets.propose_right,
    contested.propose,
)
VOIDED: Final[Sequence[Pass]] = (offsets.propose_voided_left, offsets.propose_voided_right)
_ONE_SIDED: Final = (*VOIDED, offsets.propose_left, offsets.propose_right)
_RIVALLED: Final = (
    one_to_many.propose,
    one_to_many.propose_but_one,
)  # runs a fortnight apart rival each other
_SURE: Final = 0.9
_LIKELY: Final = 0.505  # a tie is ambiguous, and is declared instead of guessed


def match(books: Books, pair: Pair, passes: Sequence[Pass], before: Sequence[Pass] = ()) -> None:
    """Claim what the evidence supports among the open rows: equal amounts first, then the given passes.

    before: passes that come even before equal amounts.
    """
    book = Book.of(rows.fetch(books))
    weights, since = equal_amounts.learn(book, pair), books.count("claim")
    _keep_weights(books, pair.name, weights)
    free = np.ones(len(book.left), bool), np.ones(len(book.right), bool)
    short = len(book.left) + len(book.right) <= size_limits.ROUNDS_OF_PASSES
    first = [
        *((_SURE, run) for run in before),
        (_SURE, contested.propose),
        *((_SURE, run) for run in (passes if short else ())),
    ]
    plan = [*first, *((_LIKELY, run) for run in passes)]
    plan += [(_LIKELY, run) for run in passes if run in _RIVALLED]  # their rivals are claimed by now
    latest: dict[Pass, tuple[int, MatchProposal]] = {}
    for least, propose in [*plan, (_LIKELY, equal_amounts.propose_late)]:
        at = np.flatnonzero(free[0]), np.flatnonzero(free[1])
        open_rows = len(at[0]) + len(at[1])
        if min(map(len, at)) or propose in _ONE_SIDED:
            if (
                propose not in latest or latest[propose][0] != open_rows
            ):  # else nothing has been claimed since
                latest[propose] = open_rows, propose(book.at(*at), weights, pair)
            proposal = latest[propose][1]
            _claim(books, book, _placed(proposal.at(proposal.confidence >= least), at), free)
    items.narrow(books, since=since)
    posted_again.relate(books, book, free, weights.reach)
    nearest_candidates.relate(
        books, book.at(np.flatnonzero(free[0]), np.flatnonzero(free[1])), 3 * weights.reach, pair
    )


def _keep_weights(books: Books, pair: str, weights: Weights) -> None:
    """Keep what each outcome of a comparison weighs in a pair, with how often it is met."""
    for name, (matches, non_matches) in weights.shares.items():
        first = -weights.reach if name == "days" else 0
        learned = {
            "pair": [pair] * len(matches),
            "field": [name] * len(matches),
            "level": np.arange(len(matches)) + first,
            "m": matches,
            "u": non_matches,
            "weight": np.log(matches / non_matches),
        }
        books.connection.register("learned", pa.table(learned))
        books.execute("INSERT INTO weight BY NAME SELECT * FROM learned")
        books.connection.unregister("learned")


def _placed(proposal: MatchProposal, at: tuple[NDArray[np.int64], NDArray[np.int64]]) -> MatchProposal:
    """Turn positions among the free rows into positions among all."""
    left, right = (at[proposal.side == "right"], at[proposal.side != "left"])
    return replace(proposal, left=left[proposal.left], right=right[proposal.right])


def _claim(
    books: Books, book: Book, proposal: MatchProposal, free: tuple[NDArray[np.bool_], NDArray[np.bool_]]
) -> None:
    sides = (
        ("left" if proposal.side != "right" else "right"),
        ("right" if proposal.side != "left" else "left"),
    )
    for side, positions in zip(sides, (proposal.left, proposal.right), strict=True):
        free[side == "right"][positions] = False
    ids = [(book.left if side == "left" else book.right).id for side in sides]
    proposals.write(books, replace(proposal, left=ids[0][proposal.left], right=ids[1][proposal.right]))
