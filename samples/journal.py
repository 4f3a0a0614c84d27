"""The rest of the journal: monthly summaries, accruals that reverse, numbers, times, the trial balance."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Final

from samples import cash
from samples.chance import Chance
from samples.days import END, YEAR, last_of, later
from samples.model import Invoice, Journal, Posting, Year

ACCOUNTS: Final = {
    "1000": "Operating cash", "1010": "Savings", "1200": "Receivables", "1500": "Equipment",
    "1590": "Accumulated depreciation", "2000": "Payables", "2100": "Card payable",
    "2300": "Accrued liabilities",
    "2400": "Loan", "3000": "Equity", "4000": "Revenue", "4900": "Interest income", "5000": "Materials",
    "6000": "Wages", "6010": "Payroll taxes", "6100": "Card expenses", "6500": "Depreciation",
    "6900": "Bank charges", "6990": "Other expense",
}  # fmt: skip
_PRIOR: Final = 359_460  # December's checks that clear in January
OPENING: Final = {"1000": cash.OPENING - _PRIOR, "1010": 40_000_000, "1200": 51_730_000, "1500": 88_400_000,
                  "1590": -31_250_000, "2000": -24_310_000, "2400": -60_000_000}  # fmt: skip


def close_months(year: Year, usd: float) -> None:
    """Add each month's summaries and its closing entries, keyed on the first days of the next month."""
    chance = Chance("journal")
    for month in range(1, 13):
        end = last_of(month)
        bought = sum(_usd(item, usd) for item in year.invoices if item.invoice_date.month == month)
        spent = sum(charge.amount for charge in year.charges if charge.charged_on.month == month)
        sold = 29_400_000 + 430_000 * month + chance.whole(-1_900_000, 1_900_000)
        _closing(year, end, "5000", "2000", bought, f"purchases of {end:%B}")
        _closing(year, end, "6100", "2100", spent, f"card charges of {end:%B}")
        _closing(year, end, "1200", "4000", sold, f"sales of {end:%B}")
        _closing(year, end, "6500", "1590", 742_300, f"depreciation {end:%B}")
        accrued = chance.amount(610_000, 0.3)
        accrual = _closing(year, end, "6990", "2300", accrued, f"accrual {end:%B}, utilities and freight")
        year.honest(accrual, "month_end_accrual", "keyed in the close, reversed after")
        if month < 12:
            back = date(YEAR, month + 1, 1)
            undone = Journal(back, [("2300", accrued), ("6990", -accrued)], f"reversal of accrual {end:%B}")
            undone.entered_on = later(back, 1)
            year.journals.append(undone)
            year.honest(undone, "reversal", "reverses the accrual before it")


def number(year: Year) -> list[Posting]:
    """Give journals and postings their numbers in order of date, and times of day to all."""
    chance = Chance("journal times")
    year.journals.sort(
        key=lambda journal: (journal.posted_on, journal.description, journal.reference, journal.lines)
    )
    postings: list[Posting] = []
    for index, journal in enumerate(year.journals, 1):
        hour, minute = journal.at or (chance.whole(8, 16), chance.whole(0, 59))
        on = journal.posted_on
        for account, amount in journal.lines:
            posting = Posting(
                "", f"JE-{index:05d}", on, datetime(on.year, on.month, on.day, hour, minute),  # noqa: DTZ001 - local time
                journal.entered_on or on, account, journal.party, journal.reference,
                journal.description, amount,
                journal.prepared_by, journal.approved_by,
            )  # fmt: skip
            postings.append(posting)
            journal.postings.append(posting)
    for index, posting in enumerate(postings, 1):
        posting.posting_id = f"GL-{index:06d}"
    return postings


def trial_balance(postings: list[Posting]) -> list[dict[str, str | int]]:
    """Roll every account forward through the year's journal: period, account, opening, movement, closing."""
    moved: dict[tuple[int, str], int] = defaultdict(int)
    for posting in postings:
        if posting.posted_on.year == YEAR:
            moved[posting.posted_on.month, posting.account] += posting.amount
    standing = {account: OPENING.get(account, 0) for account in ACCOUNTS}
    standing["3000"] = -sum(OPENING.values())
    lines: list[dict[str, str | int]] = []
    for month in range(1, 13):
        for account, opening in standing.items():
            closing = opening + moved[month, account]
            lines.append(
                {"period": f"{YEAR}-{month:02d}", "account": account, "opening": opening,
                 "movement": moved[month, account], "closing": closing}
            )  # fmt: skip
            standing[account] = closing
    return lines


def _closing(year: Year, end: date, debit: str, credit: str, amount: int, why: str) -> Journal:
    journal = Journal(end, [(debit, amount), (credit, -amount)], why)
    journal.entered_on = later(end + timedelta(days=1), 2) if end < END else later(END + timedelta(days=2), 2)
    year.journals.append(journal)
    return journal


def _usd(item: Invoice, usd: float) -> int:
    return round(item.amount * usd) if item.currency == "EUR" else item.amount
