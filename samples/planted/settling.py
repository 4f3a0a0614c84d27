"""Payments that don't settle their invoices as they should, and honest ones that only look so."""

from __future__ import annotations

from samples.chance import Chance
from samples.days import later
from samples.model import Payment, Year
from samples.payables import invoice, pay
from samples.planted.buying import day, settle, single


def plant(year: Year) -> None:
    """Plant over- and underpayments, payments without an invoice, invoices never paid."""
    chance = Chance("settling")
    for payment in single(year, chance, 3, months=range(2, 12), least=90_000):
        _apply(payment, payment.amount + 27_000)
        year.wrong(payment, "overpaid", "270.00 more than the invoice", also=[payment.lines[0][0]])
    for payment in single(year, chance, 3, months=range(2, 12), least=90_000):
        _apply(payment, payment.amount - 18_350)
        year.wrong(
            payment, "short_paid", "183.50 less than the invoice, unexplained", also=[payment.lines[0][0]]
        )
    for payment in single(year, chance, 3, months=range(3, 12)):
        payment.marked, payment.written = True, False
        year.invoices.remove(payment.lines[0][0])
        year.wrong(payment, "payment_without_invoice", "nobody has the invoice")
    for name, month, amount in (("Penrose", 2, 93_725), ("Larkspur", 4, 128_660), ("Portside", 5, 61_190)):
        forgotten = invoice(year, year.vendor(name), day(month, 12), amount)
        year.wrong(forgotten, "invoice_never_paid", "due for months")
    for payment in single(year, chance, 2, months=range(2, 11), least=150_000):
        _halve(year, payment)
    _void(year, chance)
    for payment in [p for p in year.payments if any(memo.startswith("2/10") for _, _, memo in p.lines)][:3]:
        year.honest(payment, "discount_taken", "2% within ten days, as the terms say")
    for item in [i for i in year.invoices if not i.is_paid and i.invoice_date.month == 12][:4]:
        year.honest(item, "unpaid_not_due", "not due yet at the year's end")


def _apply(payment: Payment, amount: int) -> None:
    payment.marked = True
    payment.amount = amount
    payment.lines = [(payment.lines[0][0], amount, "")]


def _halve(year: Year, payment: Payment) -> None:
    billed, amount, _ = payment.lines[0]
    half = amount // 2
    payment.marked, payment.amount = True, half
    payment.lines = [(billed, half, "partial payment per agreement")]
    rest = pay(year, later(payment.paid_on, 15), [(billed, amount - half, "balance")])
    rest.marked, rest.clears_on = True, later(rest.paid_on, 4 if rest.method == "check" else 0)
    year.honest([payment, rest], "partial_payment", "two halves by agreement, the remittance says so")


def _void(year: Year, chance: Chance) -> None:
    checks = [p for p in single(year, chance, 40, months=range(2, 11)) if p.method == "check"]
    for lost in checks[:3]:
        billed, amount, _ = lost.lines[0]
        void = pay(year, later(lost.paid_on, 8), [(billed, -amount, "void")])
        void.voids, lost.clears_on = lost, None
        again = settle(year, billed, later(void.paid_on, 1))
        lost.marked = void.marked = again.marked = True
        year.honest([lost, void, again], "void_and_reissue", "a check lost, voided and written again")
