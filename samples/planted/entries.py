"""Journals that should make somebody ask: at odd times, dated back, after the close, out of balance."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.days import YEAR
from samples.model import Journal, Year

# kind, posted on, debit, credit, amount, hour, keyed on, why
_ODD: Final = (
    ("weekend_journal", (3, 30), "1200", "4000", 4_500_000, 11, None, "quarter end adjustment"),
    ("weekend_journal", (6, 29), "1200", "4000", 5_000_000, 23, None, "revenue true-up"),
    ("weekend_journal", (9, 28), "1200", "4000", 5_500_000, 22, None, "revenue true-up"),
    ("holiday_journal", (7, 4), "6990", "2300", 386_450, 10, None, "misc adjustment"),
    ("holiday_journal", (11, 27), "6990", "2300", 412_975, 9, None, "misc adjustment"),
    ("holiday_journal", (12, 25), "1200", "4000", 3_250_000, 20, None, "year end adjustment"),
    ("night_journal", (2, 11), "6990", "2300", 197_340, 2, None, "reclass"),
    ("night_journal", (5, 20), "6990", "2300", 264_815, 3, None, "reclass"),
    ("night_journal", (10, 15), "6990", "2300", 231_190, 1, None, "reclass"),
    ("backdated", (1, 31), "6990", "2300", 318_225, 10, (4, 9), "late adjustment"),
    ("backdated", (4, 30), "1200", "4000", 2_840_600, 14, (7, 3), "sales of April, late"),
    ("backdated", (8, 29), "6990", "2300", 276_430, 15, (11, 13), "late adjustment"),
    ("after_close", (6, 30), "1200", "4000", 3_117_450, 16, (7, 28), "sales of June, found later"),
    ("after_close", (9, 30), "1200", "4000", 2_706_835, 11, (10, 29), "sales of September, found later"),
    ("after_close", (11, 28), "6990", "2300", 198_760, 12, (12, 19), "expenses of November"),
)


def plant(year: Year) -> None:
    """Plant them all."""
    for kind, (month, on), debit, credit, amount, hour, keyed, why in _ODD:
        journal = Journal(date(YEAR, month, on), [(debit, amount), (credit, -amount)], why, at=(hour, 41))
        journal.entered_on = date(YEAR, *keyed) if keyed else None
        year.journals.append(journal)
        year.wrong(journal, kind, why)
    for month, amount in ((3, 421_660), (8, 367_915), (10, 244_380)):
        journal = Journal(
            date(YEAR, month, 19), [("6990", amount), ("2300", -amount)], "provision", at=(11, 5)
        )
        journal.prepared_by = journal.approved_by = "E06"
        year.journals.append(journal)
        year.wrong(journal, "preparer_approves", "one person prepared and approved it")
    for month, more, less in ((4, 184_200, 148_200), (7, 96_350, 96_530), (11, 250_000, 205_000)):
        journal = Journal(date(YEAR, month, 15), [("6990", more), ("2300", -less)], "accrual correction")
        year.journals.append(journal)
        year.wrong(journal, "journal_unbalanced", "debit and credit differ")
