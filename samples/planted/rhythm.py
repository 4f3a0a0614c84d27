"""What comes every month, and once did not: late, or with another amount."""

from __future__ import annotations

from typing import Final

from samples.days import later
from samples.model import Payment, Year

LATE: Final = (
    ("Alderwick", 5, 9),
    ("Harrier", 10, 11),
    ("Ledgerfield", 8, 8),
)  # vendor, month, business days
OTHER: Final = (("Beaconfield", 9, 519_000), ("Tidemark", 7, 61_995), ("Whitesand", 11, 238_000))


def plant(year: Year) -> None:
    """Plant late and different recurring payments."""
    for name, month, days in LATE:
        payment = _payment(year, name, month)
        payment.paid_on = later(payment.paid_on, days)
        payment.clears_on = later(payment.paid_on, 0)
        year.wrong(payment, "recurring_late", f"{days} business days later than in any other month")
    for name, month, amount in OTHER:
        payment = _payment(year, name, month)
        billed = payment.lines[0][0]
        payment.amount = billed.amount = amount
        payment.lines = [(billed, amount, "")]
        year.wrong([payment, billed], "recurring_amount", "not what it is in the other months")


def _payment(year: Year, name: str, month: int) -> Payment:
    return next(p for p in year.payments if p.vendor_name.startswith(name) and p.paid_on.month == month)
