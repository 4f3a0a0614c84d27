"""When customers pay: learnt from invoices settled by a day, scored on the invoices dated from it on.

Each is predicted on the day of its invoice, from what was settled before it. Shown twice: without the
dispute, as on the invoice's day, and with it, as a claim is scored. Baseline: the customer's own history
alone, its share of late invoices and its mean days late, on the same invoices.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import fmean
from typing import Final

from benchmarks.datasets import DataSet, folders
from benchmarks.figures import Figure, Rule
from tools.recovery.days_to_pay import PaymentTimes, SettledInvoice

_PAST: Final = 0.7  # share of the invoices, by day, that is learnt from
_COLUMNS: Final = {"customerID", "InvoiceDate", "DueDate", "SettledDate", "Disputed"}


@dataclass(frozen=True)
class _Invoice:
    party: str
    dated_on: date
    due_on: date
    settled_on: date
    disputed: bool

    @property
    def late(self) -> int:
        return max(0, (self.settled_on - self.due_on).days)

    @property
    def terms(self) -> int:
        return (self.due_on - self.dated_on).days


@dataclass(frozen=True)
class _Guess:
    late: float
    days_late: float


def find(root: Path) -> list[DataSet]:
    """Give every folder with invoices.csv that says when each was settled."""
    return [DataSet(f.name, (f,)) for f in folders(root) if _header(f / "invoices.csv") >= _COLUMNS]


def _header(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return set(next(csv.reader(file), []))


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Predict the later invoices from the earlier ones."""
    del work
    invoices = _read(data_set.folders[0] / "invoices.csv")
    cut = invoices[int(len(invoices) * _PAST)].dated_on
    later = [invoice for invoice in invoices if invoice.dated_on >= cut]
    figures = []
    own = _measured(later, [_own_history(invoices, invoice) for invoice in later])
    for name, disputes, judged in (("with the dispute", True, True), ("on the invoice's day", False, False)):
        ours = _measured(later, _learnt(invoices, later, disputes=disputes))
        rows = zip(("AUC", "mean error in days", "Brier"), ours, own, (0.88, 2.0, None), strict=True)
        for figure, value, baseline, target in rows:
            beat = target if judged else None
            rule: Rule = ("at least" if figure == "AUC" else "at most") if beat else "shown"
            figures.append(
                Figure(f"{name}: {figure}", value, rule, beat,
                       f"{len(later)} invoices; own history {baseline:.3f}")
            )  # fmt: skip
    return figures


def _read(path: Path) -> list[_Invoice]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            _Invoice(
                row["customerID"],
                _day(row["InvoiceDate"]),
                _day(row["DueDate"]),
                _day(row["SettledDate"]),
                row["Disputed"] == "Yes",
            )
            for row in csv.DictReader(file)
        ]
    return sorted(rows, key=lambda invoice: (invoice.dated_on, invoice.party))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone


def _learnt(invoices: Sequence[_Invoice], later: Sequence[_Invoice], *, disputes: bool) -> list[_Guess]:
    guesses, times, day = [], None, None
    for invoice in later:
        if invoice.dated_on != day:
            day = invoice.dated_on
            times = PaymentTimes.fitted(
                SettledInvoice(row.party, (row.settled_on - row.dated_on).days, row.disputed and disputes)
                for row in invoices
                if row.settled_on < day
            )
        if times is None:
            guesses.append(_Guess(0.5, 0.0))
            continue
        expected = times.expect(invoice.party, invoice.terms, disputed=invoice.disputed and disputes)
        guesses.append(_Guess(expected.late, expected.days_late))
    return guesses


def _own_history(invoices: Sequence[_Invoice], invoice: _Invoice) -> _Guess:
    settled = [row for row in invoices if row.settled_on < invoice.dated_on]
    own = [row.late for row in settled if row.party == invoice.party] or [row.late for row in settled]
    return _Guess(fmean(late > 0 for late in own), fmean(own)) if own else _Guess(0.5, 0.0)


def _measured(later: Sequence[_Invoice], guesses: Sequence[_Guess]) -> tuple[float, float, float]:
    late = [invoice.late > 0 for invoice in later]
    pairs = list(zip(later, guesses, strict=True))
    error = fmean(abs(guess.days_late - invoice.late) for invoice, guess in pairs)
    brier = fmean((guess.late - (invoice.late > 0)) ** 2 for invoice, guess in pairs)
    return _auc(late, [guess.late for guess in guesses]), error, brier


def _auc(truth: Sequence[bool], scores: Sequence[float]) -> float:
    """Give the chance that a late one scores above another; ties count half (Mann and Whitney, 1947)."""
    high = [value for value, late in zip(scores, truth, strict=True) if late]
    low = [value for value, late in zip(scores, truth, strict=True) if not late]
    if not high or not low:
        return 0.5
    return sum((a > b) + (a == b) / 2 for a in high for b in low) / (len(high) * len(low))
