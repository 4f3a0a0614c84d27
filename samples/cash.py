"""The bank and the cash side of the journal: payments, payroll, card settlements, fees, savings."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from samples.chance import Chance
from samples.days import END, START, YEAR, last_of, later, on_or_before
from samples.model import BankLine, Journal, Payment, Year

OPENING: Final = 96_218_344
OPENING_SAVINGS: Final = 40_000_000
_FIRST_CHECK: Final = 10_421


def number_payments(year: Year) -> None:
    """Give payments their numbers and references, in order of date: checks by number, ACH by batch."""
    year.payments.sort(key=lambda payment: (payment.paid_on, payment.vendor_name, payment.amount))
    check = _FIRST_CHECK
    for index, payment in enumerate(year.payments, 1):
        payment.payment_id = f"PAY-{index:05d}"
        if payment.voids:
            payment.reference = payment.voids.reference
        elif payment.method == "check":
            payment.reference = str(check)
            check += 1
        else:
            payment.reference = (
                f"HP{payment.paid_on:%y%m%d}" if payment.method == "ach" else f"W{9_000 + index}"
            )


def disburse(year: Year) -> None:
    """Book every payment, and let the bank take it: checks and wires one by one, ACH as one batch a day."""
    chance = Chance("cash")
    batches: dict[str, int] = defaultdict(int)
    days: dict[str, date] = {}
    for payment in year.payments:
        usd = in_usd(payment, payment.paid_on.replace(day=1))
        what = f"{payment.method} {payment.reference} {payment.vendor_name}"
        year.journals.append(
            Journal(
                payment.paid_on,
                [("1000", -usd), ("2000", usd)],
                what,
                payment.vendor_name,
                payment.reference,
                payment.prepared_by,
                payment.approved_by,
                at=(chance.whole(9, 16), chance.whole(0, 59)),
                settles=payment,
            )
        )
        if payment.method == "ach":
            batches[payment.reference] += payment.amount if payment.banked is None else payment.banked
            days[payment.reference] = payment.paid_on
        elif payment.clears_on:
            _clear(year, payment)
    for reference, amount in batches.items():
        text = f"ACH BATCH {reference} HARBOUR PINE"
        year.bank.append(BankLine("", days[reference], "Vendor payments", text, reference, -amount))


def rate(on: date) -> float:
    """Give US dollars for one euro on a day: a slow made-up wave."""
    day = (on - START).days
    return round(1.085 + 0.0004 * (day % 29) - 0.0003 * (day % 17) + 0.00006 * day, 5)


def in_usd(payment: Payment, on: date) -> int:
    """Give a payment in US cents at a day's rate."""
    return round(payment.amount * rate(on)) if payment.currency == "EUR" else payment.amount


def run_costs(year: Year) -> None:
    """Add payroll, taxes, loan, card settlements, bank fees, sweeps to savings and interest."""
    chance = Chance("payroll")
    payday = date(YEAR, 1, 10)
    while payday <= END:
        on = on_or_before(payday)
        net = 6_842_000 + 11_300 * payday.month + chance.whole(-90_000, 90_000)
        _post_and_bank(year, on, "Payroll", "PAYROLL LEDGERFIELD", f"PR{on:%m%d}", -net, "6000", "net pay")
        tax = round(net * 0.31)
        _post_and_bank(
            year, later(on, 1), "Payroll", "IRS USATAXPYMT", f"TX{on:%m%d}", -tax, "6010", "payroll taxes"
        )
        payday += timedelta(days=14)
    for month in range(1, 13):
        end = last_of(month)
        _post_and_bank(
            year,
            on_or_before(end),
            "Loan",
            "LOAN PAYMENT 77120",
            f"LN{month:02d}",
            -1_284_650,
            "2400",
            "loan",
        )
        settled = sum(charge.amount for charge in year.charges if charge.charged_on.month == month)
        _post_and_bank(
            year,
            end,
            "Card payment",
            "CARD SERVICES AUTOPAY",
            f"CP{month:02d}",
            -settled,
            "2100",
            "card payment",
        )
        fee = 6_500 + 25 * month
        _post_and_bank(
            year,
            on_or_before(end),
            "Bank fee",
            "ANALYSIS SERVICE CHARGE",
            f"SC{month:02d}",
            -fee,
            "6900",
            "bank fee",
        )
    _save(year)


def balance(lines: list[BankLine], opening: int) -> None:
    """Sort bank lines by date and let the balance run."""
    lines.sort(key=lambda line: (line.value_date, -line.amount, line.description, line.reference))
    for line in lines:
        opening += line.amount
        line.balance = opening


def _clear(year: Year, payment: Payment) -> None:
    assert payment.clears_on is not None
    if payment.method == "check":
        text, kind = f"CHECK {payment.reference}", "Check"
    else:
        text, kind = f"WIRE OUT {payment.vendor_name.upper()[:20]} {payment.reference}", "Wire"
    amount = in_usd(payment, payment.clears_on) if payment.banked is None else payment.banked
    year.bank.append(BankLine("", payment.clears_on, kind, text, payment.reference, -amount))


def _post_and_bank(
    year: Year, on: date, kind: str, text: str, reference: str, amount: int, account: str, why: str
) -> None:
    year.bank.append(BankLine("", on, kind, text, reference, amount))
    year.journals.append(
        Journal(on, [("1000", amount), (account, -amount)], f"{text} {why}", kind, reference)
    )


def _save(year: Year) -> None:
    for month in range(1, 13):
        for day in (3, 17):
            on = later(date(YEAR, month, day), 0)
            amount = 900_000 + 15_000 * month
            year.savings.append(BankLine("", on, "Sweep", "TRANSFER FROM OPERATING", f"SW{on:%m%d}", amount))
            year.bank.append(BankLine("", on, "Sweep", "TRANSFER TO SAVINGS", f"SW{on:%m%d}", -amount))
            year.journals.append(
                Journal(on, [("1000", -amount), ("1010", amount)], "transfer to savings", "", f"SW{on:%m%d}")
            )
        interest = 61_240 + 1_930 * month
        end = on_or_before(last_of(month))
        year.savings.append(BankLine("", end, "Interest", "INTEREST CREDIT", f"IN{month:02d}", interest))
        year.journals.append(Journal(end, [("1010", interest), ("4900", -interest)], "savings interest"))
