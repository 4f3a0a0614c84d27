"""Money on the bank account applied to the documents of claims, as payments are applied to invoices.

shares(rows, advice, candidates) -> {row_key: [(candidate, minor units)]}     only what is sure
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.checks.reconciliation.cash_application import payments
from tools.recovery.candidates import Candidate
from tools.recovery.items import open_amounts

SURE: Final = 0.9
Row = Mapping[str, Any]
Shares = dict[str, list[tuple[Candidate, int]]]


def shares(rows: Sequence[Row], advice: Sequence[Row], candidates: Sequence[Candidate]) -> Shares:
    """Say which claims the bank's money is for, and how much of it: never more than is open."""
    paid = [_payment(at, row) for at, row in enumerate(rows) if row["kind"] == "bank" and row["posted_on"]]
    owed = [entry for candidate in candidates for entry in _documents(candidate)]
    if not paid or not owed:
        return {}
    at_of = {row["txn_id"]: row["id"] for row in paid if row["txn_id"]}
    lines = [{**line, "id": at_of[line["payment_id"]]} for line in advice if line["payment_id"] in at_of]
    application, applied = payments.apply(paid, owed, lines)
    still_open = {candidate.claim.claim_id: candidate.open_minor for candidate in candidates}
    shared: Shares = {}
    for allocation in sorted(applied, key=lambda entry: entry.line):
        if allocation.confidence >= SURE:
            row = rows[paid[application.lines[allocation.line].payment]["id"]]
            candidate = owed[allocation.invoice]["candidate"]
            claim_id, parts = candidate.claim.claim_id, shared.setdefault(str(row["row_key"]), [])
            still_open[claim_id] -= _take(parts, row, candidate, min(allocation.amount, still_open[claim_id]))
    return shared


def _take(parts: list[tuple[Candidate, int]], row: Row, candidate: Candidate, amount: int) -> int:
    """Add money to what a claim has of a posting, never more than came; give how much."""
    share = min(amount, int(row["amount_minor"]) - sum(part for _, part in parts))
    if share <= 0 or row["row_key"] in candidate.own_rows:
        return 0
    for at, (claimed, before) in enumerate(parts):
        if claimed is candidate:
            parts[at] = (candidate, before + share)
            return share
    parts.append((candidate, share))
    return share


def _payment(at: int, row: Row) -> dict[str, Any]:
    return {
        "id": at,
        "txn_id": row["txn_id"],
        "amount": row["amount_minor"],
        "day": row["posted_on"].toordinal(),
        "invoice_no": row["invoice_no"],
        "reference": row["reference"],
        "description": row["description"],
        "vendor_name": row["vendor_name"],
        "vendor_id": row["vendor_id"],
        "currency": row["currency"],
    }


def _documents(candidate: Candidate) -> list[dict[str, Any]]:
    claim, party = candidate.claim, candidate.party
    return [
        {
            "candidate": candidate,
            "amount": left,
            "day": (item.dated_on or claim.arisen_on).toordinal(),
            "invoice_no": item.document,
            "txn_id": item.document,
            "vendor_name": party.name,
            "vendor_id": party.external_id or None,
            "currency": claim.currency,
        }
        for item, left in open_amounts(candidate.items, claim.recovered_minor)
    ]
