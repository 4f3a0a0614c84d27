"""The answers to a reading, of a figure, a comparison, a share, a mean: the same for whoever asks.

answers_to(reading, books) -> ReadingAnswers     raises RunError where there is no number
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tools.front_desk import answering, comparison, figures, means, shares
from tools.front_desk.answering import LEFT_OUT, FigureAnswer, Query
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding


@dataclass(frozen=True)
class ReadingAnswers:
    """The figure that was asked for, and what it is held against or is a part of.

    changes: of two periods, part by part. shares: of a part and its whole. total: what listed rows come to.
    """

    answer: FigureAnswer
    compared: FigureAnswer | None = None
    changes: Sequence[Mapping[str, str]] = ()
    whole: FigureAnswer | None = None
    shares: Sequence[Mapping[str, str]] = ()
    total: FigureAnswer | None = None

    @property
    def figures(self) -> list[FigureAnswer]:
        """Give every figure that was computed."""
        return [item for item in (self.answer, self.compared, self.whole, self.total) if item is not None]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives, without what was not asked for."""
        computed = {
            "answer": self.answer, "compared": self.compared, "whole": self.whole, "total": self.total,
        }  # fmt: skip
        parts: dict[str, Any] = {name: item.as_dict() for name, item in computed.items() if item is not None}
        parts |= {"changes": list(self.changes)} if self.compared else {}
        return parts | ({"shares": list(self.shares)} if self.shares else {})


def answers_to(reading: Understanding, books: Snapshot) -> ReadingAnswers:
    """Answer a reading. Raises RunError with the reason where there is no number."""
    if reading.compared:
        return _compared(reading, books)
    if reading.share:
        return _share(reading, books)
    if reading.mean_over:
        return ReadingAnswers(means.answer(reading.query(), reading.mean_over, books))
    return ReadingAnswers(answering.answer(reading.query(), books), total=_total(reading, books))


def _compared(reading: Understanding, books: Snapshot) -> ReadingAnswers:
    """Hold every part of both windows against each other, and cut off only then."""
    queries = [replace(reading.query(compared=then), every_part=True) for then in (False, True)]
    now, before = (answering.answer(query, books) for query in queries)
    changes = comparison.changes(now, before)
    if not changes or not reading.by:
        return ReadingAnswers(now, before, changes)
    if reading.rank:
        shown = comparison.ordered(
            changes,
            reading.rank,
            least=reading.order == "least",
            percent=reading.in_percent,
            most=reading.most or answering.MOST_PARTS,
        )
    else:
        shown = changes[: reading.most] if reading.most else comparison.largest(changes)
    return ReadingAnswers(
        comparison.narrowed(now, shown, "now"), comparison.narrowed(before, shown, "before"), shown
    )


def _share(reading: Understanding, books: Snapshot) -> ReadingAnswers:
    part = answering.answer(reading.query(), books)
    whole = answering.answer(whole_query(reading), books)
    share = shares.of_whole(part, whole, together=bool(reading.by and reading.most))
    return ReadingAnswers(share.answer, whole=share.whole, shares=share.of)


def whole_query(reading: Understanding) -> Query:
    """Give the query of the whole: the same without what makes the part of it."""
    query = reading.query()
    dropped = set(reading.share)
    changed: dict[str, Any] = {"most": answering.MOST_PARTS, "every_part": True}
    if dropped & {"split", "first", "state"}:
        changed |= {"by": "", "order": "most"}
    changed["filters"] = {name: keys for name, keys in query.filters.items() if name not in dropped}
    if "limit" in dropped:
        changed |= {"over": None, "under": None}
    if "days" in dropped:
        changed |= {"least_days": None, "most_days": None}
    if "left_out" in dropped:
        changed["left_out"] = dict.fromkeys(LEFT_OUT, ())
    return replace(query, figure=figures.by_name(reading.whole or reading.figure), **changed)


def _total(reading: Understanding, books: Snapshot) -> FigureAnswer | None:
    """Give beside the number of rows that are listed what they come to."""
    counted = figures.by_name(reading.figure)
    summed = figures.sibling(counted, "sum")
    if reading.intent != "list" or counted.aggregate != "count" or summed is None or reading.most:
        return None
    return answering.answer(replace(reading.query(), figure=summed), books)
