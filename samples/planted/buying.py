"""Buy something extra: an invoice and its payment, as the honest ones are made."""

from __future__ import annotations

from datetime import date

from samples.chance import Chance
from samples.days import END, YEAR, later
from samples.model import Invoice, Payment, Year
from samples.payables import invoice, pay
from samples.vendors import Vendor

CHECK_DAYS = 5


def buy(
    year: Year, vendor: Vendor, on: date, amount: int, *, after: int = 6, number: str = "", **given: object
) -> tuple[Invoice, Payment]:
    """Add an invoice and, `after` business days, its payment; `given` is what differs in the payment."""
    billed = invoice(year, vendor, on, amount, number)
    return billed, settle(year, billed, later(on, after), **given)


def settle(year: Year, billed: Invoice, on: date, **given: object) -> Payment:
    """Pay an invoice in full."""
    made = pay(year, on, [(billed, billed.amount, "")], **given)
    cleared = later(on, CHECK_DAYS if made.method == "check" else 0)
    made.clears_on = cleared if cleared <= END else None
    return made


def day(month: int, number: int) -> date:
    """Give a business day of the year, on or after the day named."""
    return later(date(YEAR, month, number), 0)


def single(year: Year, chance: Chance, count: int, *, months: range, least: int = 60_000) -> list[Payment]:
    """Choose honest payments of one invoice each, every one of another vendor, none of a recurring one."""
    taken: set[str] = set()
    chosen: list[Payment] = []
    free = [made for made in year.payments if _is_plain(made) and made.paid_on.month in months]
    for made in chance.shuffled(free):
        if len(chosen) < count and made.vendor_id not in taken and made.amount >= least:
            taken.add(made.vendor_id)
            chosen.append(made)
    return chosen


def _is_plain(made: Payment) -> bool:
    vendor = made.seller
    if vendor is None or vendor.recurring or vendor.currency != "USD" or made.marked:
        return False
    return len(made.lines) == 1 and made.lines[0][2] == "" and made.clears_on is not None
