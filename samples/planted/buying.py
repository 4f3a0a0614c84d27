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
    year: Year, vendor: Vendor, on: date, amount: int, *, after: int = 6, number: str = "", **fields: object
) -> tuple[Invoice, Payment]:
    """Add an invoice and, `after` business days, its payment; `given` is what differs in the payment."""
    billed = invoice(year, vendor, on, amount, number)
    return billed, settle(year, billed, later(on, after), **fields)


def settle(year: Year, billed: Invoice, on: date, **fields: object) -> Payment:
    """Pay an invoice in full."""
    payment = pay(year, on, [(billed, billed.amount, "")], **fields)
    cleared = later(on, CHECK_DAYS if payment.method == "check" else 0)
    payment.clears_on = cleared if cleared <= END else None
    return payment


def day(month: int, number: int) -> date:
    """Give a business day of the year, on or after the day named."""
    return later(date(YEAR, month, number), 0)


def single(year: Year, chance: Chance, count: int, *, months: range, least: int = 60_000) -> list[Payment]:
    """Choose honest payments of one invoice each, every one of another vendor, none of a recurring one."""
    vendor_ids: set[str] = set()
    chosen: list[Payment] = []
    free = [payment for payment in year.payments if _is_plain(payment) and payment.paid_on.month in months]
    for payment in chance.shuffled(free):
        if len(chosen) < count and payment.vendor_id not in vendor_ids and payment.amount >= least:
            vendor_ids.add(payment.vendor_id)
            chosen.append(payment)
    return chosen


def _is_plain(payment: Payment) -> bool:
    vendor = payment.seller
    if vendor is None or vendor.recurring or vendor.currency != "USD" or payment.marked:
        return False
    return len(payment.lines) == 1 and payment.lines[0][2] == "" and payment.clears_on is not None
