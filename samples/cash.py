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
    year.payments.sort(key=lambda made: (made.paid_on, made.vendor_name, made.amount))
    check = _FIRST_CHECK
    for index, made in enumerate(year.payments, 1):
        made.payment_id = f"PAY-{index:05d}"
        if made.voids:
            made.reference = made.voids.reference
        elif made.method == "check":
            made.reference = str(check)
            check += 1
        else:
            made.reference = f"HP{made.paid_on:%y%m%d}" if made.method == "ach" else f"W{9_000 + index}"


def disburse(year: Year) -> None:
    """Book every payment, and let the bank take it: checks and wires one by one, ACH as one batch a day."""
    chance = Chance("cash")
    batches: dict[str, int] = defaultdict(int)
    days: dict[str, date] = {}
    for made in year.payments:
        usd = in_usd(made, made.paid_on.replace(day=1))
        what = f"{made.method} {made.reference} {made.vendor_name}"
        year.journals.append(
            Journal(
                made.paid_on,
                [("1000", -usd), ("2000", usd)],
                what,
                made.vendor_name,
                made.reference,
                made.prepared_by,
                made.approved_by,
                at=(chance.whole(9, 16), chance.whole(0, 59)),
                settles=made,
            )
        )
        if made.method == "ach":
            batches[made.reference] += made.amount if made.banked is None else made.banked
            days[made.reference] = made.paid_on
        elif made.clears_on:
            _clear(year, made)
    for reference, amount in batches.items():
        said = f"ACH BATCH {reference} HARBOUR PINE"
        year.bank.append(BankLine("", days[reference], "Vendor payments", said, reference, -amount))


def rate(on: date) -> float:
    """Give US dollars for one euro on a day: a slow made-up wave."""
    day = (on - START).days
    return round(1.085 + 0.0004 * (day % 29) - 0.0003 * (day % 17) + 0.00006 * day, 5)


def in_usd(made: Payment, on: date) -> int:
    """Give a payment in US cents at a day's rate."""
    return round(made.amount * rate(on)) if made.currency == "EUR" else made.amount


def run_costs(year: Year) -> None:
    """Add payroll, taxes, loan, card settlements, bank fees, sweeps to savings and interest."""
    chance = Chance("payroll")
    payday = date(YEAR, 1, 10)
    while payday <= END:
        on = on_or_before(payday)
        net = 6_842_000 + 11_300 * payday.month + chance.whole(-90_000, 90_000)
        _both(year, on, "Payroll", "PAYROLL LEDGERFIELD", f"PR{on:%m%d}", -net, "6000", "net pay")
        tax = round(net * 0.31)
        _both(year, later(on, 1), "Payroll", "IRS USATAXPYMT", f"TX{on:%m%d}", -tax, "6010", "payroll taxes")
        payday += timedelta(days=14)
    for month in range(1, 13):
        end = last_of(month)
        _both(
            year,
            on_or_before(end),
            "Loan",
            "LOAN PAYMENT 77120",
            f"LN{month:02d}",
            -1_284_650,
            "2400",
            "loan",
        )
        settled = sum(made.amount for made in year.charges if made.charged_on.month == month)
        _both(
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
        _both(
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


def _clear(year: Year, made: Payment) -> None:
    assert made.clears_on is not None  # noqa: S101 - asked before
    if made.method == "check":
        said, kind = f"CHECK {made.reference}", "Check"
    else:
        said, kind = f"WIRE OUT {made.vendor_name.upper()[:20]} {made.reference}", "Wire"
    taken = in_usd(made, made.clears_on) if made.banked is None else made.banked
    year.bank.append(BankLine("", made.clears_on, kind, said, made.reference, -taken))


def _both(
    year: Year, on: date, kind: str, said: str, reference: str, amount: int, account: str, why: str
) -> None:
    year.bank.append(BankLine("", on, kind, said, reference, amount))
    year.journals.append(
        Journal(on, [("1000", amount), (account, -amount)], f"{said} {why}", kind, reference)
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
