"""Invoices and their payments: terms, two payment runs a month, batches, discounts and credit memos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from samples.chance import Chance
from samples.days import END, YEAR, last_of, later, on_or_after, payment_runs, works
from samples.model import Invoice, Payment, Year
from samples.people import approver
from samples.vendors import Vendor

DISCOUNTED: Final = ("Marlin Coatings", "Tessellate Hardware")  # 2/10 net 30
_RENAMED: Final = date(YEAR, 7, 1)
_USD_PER_EUR: Final = 1.09


def bill(year: Year) -> None:
    """Add the year's honest invoices and payments."""
    chance = Chance("payables")
    for vendor in year.vendors:
        for month in range(1, 13):
            _bill_month(year, chance, vendor, month)
    _credit(year, chance)
    settle(year, chance, [invoice for invoice in year.invoices if not invoice.is_paid])


def invoice(
    year: Year,
    vendor: Vendor,
    on: date,
    amount: int,
    number: str = "",
    *,
    days: int | None = None,
    text: str = "",
) -> Invoice:
    """Add an invoice; without a number the vendor's next one."""
    if not number:
        vendor.billed += 3 + (amount + on.day * 7) % 41
        number = f"{vendor.prefix}-{vendor.billed:05d}"
    due = on + timedelta(days=vendor.terms if days is None else days)
    bill = Invoice(
        "", number, on, due, vendor.vendor_id, _name(vendor, on), vendor.category, amount, vendor.currency,
        "E04" if (on.day + len(number)) % 2 else "E05", text or vendor.category.lower(), seller=vendor,
    )  # fmt: skip
    year.invoices.append(bill)
    return bill


def pay(year: Year, on: date, lines: list[tuple[Invoice, int, str]], **fields: object) -> Payment:
    """Add a payment of invoices, each with the amount applied and a memo; `given` are what differs."""
    vendor = lines[0][0].seller
    assert vendor is not None
    amount = sum(applied for _, applied, _ in lines)
    method = "wire" if vendor.currency != "USD" else vendor.method
    payment = Payment(
        "", on, vendor.vendor_id, _name(vendor, on), lines[0][0].invoice_no if len(lines) == 1 else "",
        amount, vendor.currency, method, "", vendor.bank_account, lines[0][0].entered_by,
        approver(_usd(vendor, amount)), lines=lines,
    )  # fmt: skip
    for key, value in fields.items():
        setattr(payment, key, value)
    for paid, _, _ in lines:
        paid.is_paid = True
    year.payments.append(payment)
    return payment


def settle(year: Year, chance: Chance, open_items: Iterable[Invoice]) -> None:
    """Pay open invoices in the last run before they are due, a vendor's together; later ones stay open."""
    due: dict[tuple[date, str], list[Invoice]] = defaultdict(list)
    for item in open_items:
        run = _run(item)
        if run is not None:
            due[run, item.vendor_id].append(item)
    for (run, _), items in sorted(due.items(), key=lambda entry: entry[0]):
        if sum(item.amount for item in items) <= 0:
            continue
        lines = [_line(item, run) for item in items]
        payment = pay(year, run, lines)
        payment.clears_on = _clears(chance, payment)


def _bill_month(year: Year, chance: Chance, vendor: Vendor, month: int) -> None:
    if vendor.recurring:
        on = on_or_after(date(YEAR, month, vendor.terms))
        amount = chance.amount(vendor.median, vendor.sigma) if vendor.sigma else vendor.median
        bill = invoice(year, vendor, on, amount, days=10, text=f"{vendor.category.lower()} {on:%B}")
        paid = pay(year, later(on, 3), [(bill, amount, "")])
        paid.clears_on = _clears(chance, paid)
        if month in (3, 4):
            kind = "round_retainer" if vendor.median % 100_000 == 0 else "recurring_payment"
            year.honest(paid, kind, "paid every month")
        return
    for _ in range(chance.count(vendor.a_month * (1 + 0.012 * month))):
        on = date(YEAR, month, chance.whole(1, last_of(month).day))
        if works(on):
            invoice(year, vendor, on, chance.amount(vendor.median, vendor.sigma))


def _credit(year: Year, chance: Chance) -> None:
    candidates = [
        i for i in year.invoices if i.category in ("Materials", "Hardware") and i.invoice_date.month < 10
    ]
    for billed in chance.sample([i for i in candidates if i.amount > 80_000], 5):
        on = on_or_after(billed.invoice_date + timedelta(days=4))
        vendor = billed.seller
        assert vendor is not None
        credit = -round(billed.amount * 0.18)
        note = invoice(year, vendor, on, credit, f"CM-{billed.invoice_no}", text="credit memo, damaged goods")
        note.due_date = billed.due_date
        year.honest(note, "credit_memo", "netted in the payment of its invoice")


def _run(item: Invoice) -> date | None:
    runs = [run for run in payment_runs() if item.invoice_date < run]
    if any(item.vendor_name.startswith(name) for name in DISCOUNTED):
        early = [run for run in runs if run <= item.invoice_date + timedelta(days=10)]
        if early:
            return early[0]
    in_time = [run for run in runs if run <= item.due_date]
    if item.due_date > END:
        return None
    return in_time[-1] if in_time else (runs[0] if runs else None)


def _line(item: Invoice, run: date) -> tuple[Invoice, int, str]:
    discounted = any(item.vendor_name.startswith(name) for name in DISCOUNTED)
    if discounted and item.amount > 0 and run <= item.invoice_date + timedelta(days=10):
        return item, item.amount - round(item.amount * 0.02), "2/10 discount taken"
    return item, item.amount, "credit applied" if item.amount < 0 else ""


def _clears(chance: Chance, payment: Payment) -> date | None:
    days = {"ach": 0, "wire": chance.whole(0, 1), "check": chance.whole(3, 9)}[payment.method]
    cleared = later(payment.paid_on, days)
    return cleared if cleared <= END else None


def _name(vendor: Vendor, on: date) -> str:
    former = vendor.aliases.split(";")[0]
    return former if former and on < _RENAMED else vendor.vendor_name


def _usd(vendor: Vendor, amount: int) -> int:
    return round(amount * _USD_PER_EUR) if vendor.currency == "EUR" else amount
