"""What a vendor's statement does with payments: twice on one invoice, or on none while its invoice is open.

Lines are those of one party's newest statement; payments are negative, a payment taken back is positive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Row = Mapping[str, Any]


class PaidTwice(NamedTuple):
    """The last payment of an invoice that was settled without it, and how much of it is too much."""

    line: Row
    over_minor: int
    payments: int


def paid_twice(lines: Sequence[Row]) -> Iterator[PaidTwice]:
    """Give each payment that the vendor's own account sets off against an invoice settled without it.

    Part payments together are none; what was refunded, taken back or set off against a credit is not either.
    """
    for number, billed in _billed(lines).items():
        applied = [line for line in lines if line["applied_number"] == number]
        payments = [line for line in applied if line["entry"] == "payment" and line["amount_minor"] < 0]
        if len(payments) < 2:  # noqa: PLR2004 - twice
            continue
        last = max(payments, key=lambda line: (line["dated_on"], line["document"]))
        size = -last["amount_minor"]
        over = -sum(line["amount_minor"] for line in applied) - billed - _given_back(lines, size)
        if over >= size:
            yield PaidTwice(last, size, len(payments))


def _billed(lines: Sequence[Row]) -> dict[str, int]:
    billed: dict[str, int] = defaultdict(int)
    for line in lines:
        if line["entry"] == "invoice" and line["number"]:
            billed[str(line["number"])] += line["amount_minor"]
    return billed


def _given_back(lines: Sequence[Row], size: int) -> int:
    """Give what refunds of that size, which name no invoice, came to."""
    refunds = [line for line in lines if line["entry"] == "refund" and not line["applied_number"]]
    return sum(size for line in refunds if abs(line["amount_minor"]) == size)


def is_open(lines: Sequence[Row], number: str) -> bool:
    """Say whether a statement still has an invoice open: a payment beside it only waits to be applied."""
    billed = _billed(lines).get(number, 0)
    settled = sum(line["amount_minor"] for line in lines if number and line["applied_number"] == number)
    return billed > 0 and billed + settled > 0
