"""Utility bills charged too much: planted errors of thirteen kinds among look-alikes, found with the amount.

Made by a seed that the tests were not fitted on. Baseline: what the trade flags, 6.25% of bills (EnergyCAP).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from benchmarks.synthetic import utility_bills
from tools import ledger
from tools.books.engine import Books
from tools.core import settings
from tools.ledger.window import Window
from tools.recovery import books, from_utility

_SEED: Final = 20261201
_COLUMNS: Final = {
    "party_name": "utility", "party_id": "utility_id", "statement_type": "type",
    **{
        name: name
        for name in (
            "bill_id account meter service supersedes billed_on from_on to_on due_on paid_on closed_on"
            " previous_reading reading reading_kind multiplier usage rate_class tax_exempt usage_charge fixed"
            " tax late_fee amount"
        ).split()
    },
}  # fmt: skip


def find(root: Path) -> list[DataSet]:
    """Give the one data set, which is made."""
    return [DataSet("utility bills (made)", (root,))]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give recall, the share of bills flagged, precision, and amounts that are right to the cent."""
    del data_set
    planted = utility_bills.write(work, _SEED)
    amounts = claims_by_bill(work)
    right = [bill for bill in amounts if bill in planted]
    bills = len((work / "bills.csv").read_text(encoding="utf-8").splitlines()) - 1
    exact = sum(abs(amounts[bill] - planted[bill][1]) <= 1 for bill in right)
    missed = sorted({kind for bill, (kind, _) in planted.items() if bill not in amounts})
    flagged = share(len(amounts) - len(right), bills)
    note = f"{len(right)} of {len(planted)}" + (f"; missed: {', '.join(missed)}" if missed else "")
    return [
        Figure("recall", share(len(right), len(planted)), "at least", 0.95, note),
        Figure("right bills flagged", flagged, "at most", 0.02, f"of {bills}; trade flags .0625 of all"),
        Figure("precision", share(len(right), len(amounts)), "shown"),
        Figure("amounts to the cent", share(exact, len(right)), "shown", None, f"{exact} of {len(right)}"),
    ]


def claims_by_bill(folder: Path) -> dict[str, int]:
    """Read the bills of a folder as recovery does; give what is claimed of each, in minor units."""
    path = folder / "sources.yaml"
    source = {"kind": "utility_bill", "path": "bills.csv", "columns": _COLUMNS}
    declared = {"entity": {"name": "Bills", "currency": "USD"}, "sources": {"bills": source}}
    path.write_text(yaml.safe_dump(declared), encoding="utf-8")
    sources = books.read_file(path)
    limits = settings.load()
    ledger.read(sources, Window({}, books.day_of(sources)), limits, folder / "read")
    with Books.open(folder / "read", limits) as opened:
        return {claim.items[0].document: claim.amount_minor for claim in from_utility.claims(opened)}
