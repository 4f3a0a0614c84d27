"""The numbers of the books that may be asked about, each over certain kinds of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tools.core.errors import UsageError

DIMENSIONS: Final = (
    "vendor", "category", "person", "account", "source", "kind", "created_by", "approved_by", "status",
)  # fmt: skip


@dataclass(frozen=True)
class Metric:
    """One number. value: the column that is summed: amount, or one (rows). sign: of the amounts taken; 0 all.

    per: what the sum is divided by, where it is an average.
    """

    name: str
    title: str
    kinds: tuple[str, ...]
    value: str = "amount"
    sign: int = 0
    per: str = ""


_EVERY: Final = ("card", "bank", "receipt", "invoice", "payment", "ledger")
METRICS: Final = (
    Metric("spend", "what was spent by card and payment", ("card", "payment")),
    Metric("card", "what was charged to cards", ("card",)),
    Metric("payments", "what was paid to vendors", ("payment",)),
    Metric("invoices", "what vendors invoiced", ("invoice",)),
    Metric("receipts", "what receipts were handed in for", ("receipt",)),
    Metric("money_in", "what came into the bank", ("bank",), sign=1),
    Metric("money_out", "what left the bank", ("bank",), sign=-1),
    Metric("ledger", "what was posted to the ledger", ("ledger",)),
    Metric("postings", "how many rows there are", _EVERY, "one"),
    Metric("average_payment", "the average payment", ("payment",), per="one"),
    Metric("average_charge", "the average card charge", ("card",), per="one"),
)  # fmt: skip


def by_name(name: str) -> Metric:
    """Give a metric by its name. Raises UsageError where there is none."""
    for metric in METRICS:
        if metric.name == name:
            return metric
    names = ", ".join(metric.name for metric in METRICS)
    raise UsageError(f"there is no metric '{name}'.", place="--metric", remedy=f"There are: {names}.")


def dimensions_of(by: Sequence[str]) -> list[str]:
    """Give the dimensions that a person names, each once. Raises UsageError for one that there is not."""
    chosen = list(dict.fromkeys(name.strip() for name in by if name.strip()))
    if stray := [name for name in chosen if name not in DIMENSIONS]:
        raise UsageError(
            f"there is no dimension '{stray[0]}'.",
            place="--by",
            remedy=f"There are: {', '.join(DIMENSIONS)}.",
        )
    return chosen
