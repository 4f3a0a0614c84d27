"""A bench over small books, as lookups see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books import make_books
from tools.investigation.lookups import Bench
from tools.store import close_stores, flags, open_store, runs

ROWS = [
    {
        "row_key": f"p{n}", "txn_id": f"PAY-{n}", "kind": "payment", "source": "payments", "scope": "window",
        "posted_on": f"2025-03-{n + 1:02}", "amount_minor": 100_000 * (n + 1), "currency": "USD",
        "vendor_name": "Acme Widgets" if n % 2 else "Borealis Freight", "person_name": "Dana Ortiz",
        "invoice_no": f"INV-{n}", "description": "paid into account 12345678",
    }
    for n in range(8)
] + [
    {
        "row_key": "i3", "txn_id": "INV-3", "kind": "invoice", "source": "invoices", "scope": "window",
        "posted_on": "2025-03-01", "amount_minor": 400_000, "currency": "USD", "vendor_name": "Acme Widgets",
    },
]  # fmt: skip
MAIL = [
    {
        "doc_id": "m1", "thread_id": "t", "sent_at": "2025-03-01 09:00:00",
        "sender": "Roberta Klein <roberta@acme.example>", "recipients": "pay@desk.example",
        "subject": "INV-3", "body": "Please wire INV-3 to DE89 3704 0044 0532 0130 00. Roberta Klein",
    },
]  # fmt: skip
MASTER = [
    {"vendor_id": "V1", "vendor_name": "Acme Widgets", "created_on": "2024-01-05", "recurring": "no"},
    {"vendor_id": "V2", "vendor_name": "Borealis Freight", "recurring": "yes"},
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Give a bench with one earlier decision."""
    (tmp_path / "snapshot").mkdir()
    books = make_books(
        tmp_path / "snapshot", currency="USD", as_of="2025-03-31", txn=ROWS, email=MAIL, vendor=MASTER
    )
    store = open_store(f"sqlite:///{tmp_path}/desk.db")
    run = runs.start_audit(
        store, thread_id="t", started_by="dana", entity="E", sources_path="s", sources_digest="d"
    )
    flags.propose(store, run.run_id, [{
        "row_key": "old", "source": "payments", "amount_minor": 500, "currency": "USD", "severity": "WARNING",
        "vendor": "Acme Widgets", "lead_test": "duplicate_payment", "tests": ["duplicate_payment"],
    }])  # fmt: skip
    (flag,) = flags.find(store)
    flags.review(store, flag.flag_id, "false_positive", by="omar", note="two deliveries")
    yield Bench(books, store, run.run_id, {"F1.R": "p3"})
    close_stores()
