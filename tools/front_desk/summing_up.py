"""How a sentence sums up: sum, count, mean, the greatest or least row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tools.front_desk import figures
from tools.front_desk.figures import Aggregate, Figure
from tools.front_desk.marks import SentenceMarks

_PRIORITY: Final[Sequence[Aggregate]] = ("average", "largest", "smallest", "count", "first", "last", "sum")
EXTREMES: Final[Sequence[Aggregate]] = ("largest", "smallest")
_ROWS: Final = (
    "invoice", "payment", "charge", "receipt", "posting", "flag", "break", "inflow", "outflow"
)  # fmt: skip
_MANY: Final = ("most", "fewest", "meisten", "wenigsten")
_BOUGHT: Final = ("purchases", "transactions", "einkaeufe", "transaktionen")
_BY_MEANS: Final = ("mit", "per", "by", "with", "on")  # "spent most by card" counts no charges


def aggregate_of(marks: SentenceMarks) -> Aggregate | None:
    """Give how a sentence sums up; None where it does not say."""
    words = marks.values("aggregates")
    if marks.mean_over:
        words = [word for word in words if word != "average"]
    if marks.by and not _is_extreme_row(marks):
        words = [word for word in words if word not in EXTREMES] or (["sum"] if words else [])
    return next((word for word in _PRIORITY if word in words), "count" if _most_of(marks) else None)


def _most_of(marks: SentenceMarks) -> bool:
    """Say whether rows are counted: "the most invoices" are many, not dear."""
    return any(
        place
        and marks.sentence.words[place - 1] in _MANY
        and (noun in _ROWS or marks.phrase(place) in _BOUGHT)
        and marks.phrase(place).split()[0] not in _BY_MEANS
        for place, noun in marks.senses["nouns"]
    )


def _is_extreme_row(marks: SentenceMarks) -> bool:
    """Say whether the greatest or least row of a part is asked for, not the part with most of all.

    "Highest invoice per vendor", "who entered the largest invoice"; not "who approved the largest payments".
    """
    rows = {place for place, noun in marks.senses["nouns"] if noun in _ROWS}
    behind = {
        place + marks.lengths.get(place, 1) for place, word in marks.senses["aggregates"] if word in EXTREMES
    }
    whose = marks.has("who") or marks.has("whom") or marks.has("which")
    return any(marks.has("by") or (whose and not marks.is_plural(place)) for place in behind & rows)


def aggregates(marks: SentenceMarks) -> list[str]:
    """Give the ways to sum up that a sentence names, beside a sum and the order of a split."""
    passed = ("sum", "average") if marks.mean_over else ("sum",)
    words = [word for word in marks.values("aggregates") if word not in passed]
    return [word for word in words if word not in EXTREMES or not marks.by]


def as_aggregated(marks: SentenceMarks, figure: Figure) -> Figure:
    """Take "how much", "on average", "how often" of a figure that a phrase names."""
    aggregate = aggregate_of(marks)
    if aggregate in (None, "sum") or figure.aggregate in ("first", "last", "count"):
        return figure
    return figures.sibling(figure, aggregate) or figure
