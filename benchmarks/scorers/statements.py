"""Statement audits: 40 vendors over three years, what is owed planted among look-alikes, against the claims.

Made by a seed that the rules were not fitted on. Baseline: every credit and payment of a statement that our
books do not have under its number.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from benchmarks.synthetic import statements
from tools import ledger
from tools.books.engine import Books
from tools.core import settings
from tools.ledger.window import Window
from tools.recovery import books, from_statements
from tools.rules.recovery import RecoveryRules

_SEED: Final = 20261202
_POSTED: Final = {
    "txn_id": "id", "invoice_no": "invoice", "posted_on": "day", "vendor_id": "vendor_id",
    "vendor_name": "vendor", "amount": "amount",
}  # fmt: skip
_STATED: Final = {
    "party_id": "vendor_id", "party_name": "vendor", "document": "document", "entry": "entry",
    "applied_to": "applied", "dated_on": "day", "stated_on": "stated", "amount": "amount",
}  # fmt: skip
_SOURCES: Final = {
    "invoices": {"kind": "invoice", "path": "invoices.csv", "columns": _POSTED},
    "payments": {"kind": "payment", "path": "payments.csv", "columns": _POSTED},
    "statements": {"kind": "statement", "path": "statements.csv", "columns": _STATED},
}
_NAIVE: Final = """
SELECT count(*) AS rows,
       count(*) FILTER (WHERE concat(s.party_id, ' ', s.document) IN (SELECT unnest($planted))) AS hits
FROM statement s
WHERE s.entry IN ('credit', 'payment') AND NOT EXISTS (SELECT 1
    FROM txn t WHERE t.vendor_id = s.party_id AND t.invoice_no IN (s.document, s.applied_to)
)
"""


def find(root: Path) -> list[DataSet]:
    """Give the one data set, which is made."""
    return [DataSet("statement audit (made)", (root,))]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give precision and recall of claims by kind and document, and amounts that are right to the cent."""
    del data_set
    planted = statements.write(work, _SEED)
    claims, naive = _claims(work, [" ".join(key) for key in planted])
    right = [key for key, (kind, _) in claims.items() if key in planted and planted[key][0] == kind]
    exact = sum(claims[key][1] == planted[key][1] for key in right)
    missed = sorted({planted[key][0] for key in planted.keys() - set(right)})
    wrong = sorted({claims[key][0] for key in claims.keys() - set(right)})
    rows, hits = naive
    return [
        Figure("precision", share(len(right), len(claims)), "at least", 0.99, ", ".join(wrong)),
        Figure("recall", share(len(right), len(planted)), "at least", 0.97, ", ".join(missed)),
        Figure("amounts to the cent", share(exact, len(right)), "exactly", 1.0, f"{exact} of {len(right)}"),
        Figure("unknown numbers alone: precision", share(hits, rows), note=f"{hits} of {rows}"),
    ]


def _claims(folder: Path, planted: list[str]) -> tuple[statements.Planted, tuple[int, int]]:
    """Read the books as recovery does; give what is claimed, and what the baseline names and has right."""
    path = folder / "sources.yaml"
    entity = {"name": "Statements", "currency": "USD", "as_of": statements.STATED}
    path.write_text(yaml.safe_dump({"entity": entity, "sources": _SOURCES}), encoding="utf-8")
    sources, limits = books.read_file(path), settings.load()
    ledger.read(sources, Window({}, books.day_of(sources)), limits, folder / "read")
    with Books.open(folder / "read", limits) as opened:
        drafts = from_statements.claims(opened, RecoveryRules().cut_off_days)
        (naive,) = opened.rows(_NAIVE, {"planted": planted})
    claims = {
        (draft.party.external_id, draft.items[0].document): (draft.kind, draft.amount_minor)
        for draft in drafts
    }
    return claims, tuple(naive.values())
