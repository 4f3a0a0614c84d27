"""Money recognised in the bank feed: each invoice a claim, each payment a bank line, held against truth.

The payer's name, the bank's text and the remittance advice are read; whatever is not sure is left to people.
Baseline: names, numbers and exact amounts alone, as before payments were applied line by line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, pairs
from tools.core.money import to_minor
from tools.recovery import cash, money
from tools.recovery.candidates import Candidate, plain
from tools.recovery.claim_index import ClaimIndex
from tools.store.models import RecoveryClaim, RecoveryItem, RecoveryParty

_FILES: Final = ("invoices.csv", "payments.csv", "remittance_lines.csv", "truth_applications.csv")
_CURRENCY: Final = "USD"
Row = dict[str, Any]
Pairs = set[tuple[str, str]]


def find(root: Path) -> list[DataSet]:
    """Give one data set of every folder with invoices, payments, advice and true applications."""
    sets = [folder for folder in folders(root) if all(has(folder, name) for name in _FILES)]
    return [DataSet("claims' money (pooled)", tuple(sets))] if sets else []


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision, recall and F1 of payments and the claims that they are for."""
    del work
    ours, before, true = _pooled(data_set, _applied), _pooled(data_set, _by_name), _pooled(data_set, _truth)
    baseline = pairs(before, true, name="by name, number and amount alone")[-1]
    return [*pairs(ours, true, name="money", beat=0.985), baseline]


def _pooled(data_set: DataSet, read: Callable[[Path], Pairs]) -> dict[tuple[str, str], int]:
    return {(f"{f.name}:{a}", f"{f.name}:{b}"): 1 for f in data_set.folders for a, b in read(f)}


def _truth(folder: Path) -> Pairs:
    claims = {candidate.claim.claim_id for candidate in _candidates(folder)}
    rows = _read(folder, "truth_applications.csv")
    return {(row["payment_id"], row["invoice_id"]) for row in rows if row["invoice_id"] in claims}


def _applied(folder: Path) -> Pairs:
    listed, rows = _candidates(folder), _payments(folder)
    advice = [
        {
            "payment_id": row["payment_id"],
            "reference": row["invoice_ref"],
            "amount": _minor(row["amount"]) if row["amount"] else None,
            "note": row["memo"] or "",
        }
        for row in _read(folder, "remittance_lines.csv")
    ]
    shares, index = cash.shares(rows, advice, listed), ClaimIndex(listed)
    return _booked(rows, lambda row: shares.get(row["row_key"]) or money.share(row, index))


def _by_name(folder: Path) -> Pairs:
    index = ClaimIndex(_candidates(folder))
    return _booked(_payments(folder), lambda row: money.share(row, index))


def _booked(rows: Sequence[Row], shares: Callable[[Row], list[tuple[Candidate, int]]]) -> Pairs:
    booked = set()
    for row in rows:
        for candidate, amount in shares(row):
            candidate.claim.recovered_minor += amount
            booked.add((row["row_key"], candidate.claim.claim_id))
    return booked


def _candidates(folder: Path) -> list[Candidate]:
    """Make a claim of each invoice; a credit memo is none, nobody owes it to us."""
    return [_candidate(row) for row in _read(folder, "invoices.csv") if _minor(row["amount"]) > 0]


def _candidate(row: dict[str, str]) -> Candidate:
    name, amount, day = row["invoice_id"], _minor(row["amount"]), date.fromisoformat(row["invoice_date"])
    claim = RecoveryClaim(
        claim_id=name, amount_minor=amount, recovered_minor=0, currency=_CURRENCY, arisen_on=day
    )
    party = RecoveryParty(
        name=row["customer_name"], party_key=row["customer_name"].upper(), external_id=row["customer_id"]
    )
    item = RecoveryItem(item_id=name, role="owed", document=name, amount_minor=amount, dated_on=day)
    return Candidate(claim, party, frozenset([plain(name)]), frozenset(), [item])


def _payments(folder: Path) -> list[Row]:
    rows = [
        {
            "row_key": row["payment_id"],
            "txn_id": row["payment_id"],
            "kind": "bank",
            "amount_minor": _minor(row["amount"]),
            "currency": _CURRENCY,
            "posted_on": date.fromisoformat(row["payment_date"]),
            "vendor_name": row["payer_name"],
            "vendor_id": None,
            "invoice_no": None,
            "reference": "",
            "description": f"{row['payer_name']} {row['reference_info']}",
        }
        for row in _read(folder, "payments.csv")
    ]
    return sorted(rows, key=lambda row: row["posted_on"])


def _minor(text: str) -> int:
    return to_minor(Decimal(text), _CURRENCY)


def _read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
