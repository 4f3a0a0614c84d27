"""Books can be as bad as they like: every anomaly test runs, or says why it does not apply."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tools.checks.anomaly.check import check
from tools.rules.model import Rules

ALL_ON = Rules(tests={"ecod_ranking": {"enabled": True}, "amount_outside_sigma": {"enabled": True}})
WORDS = st.sampled_from((None, "", "A", "INV-0001", "1a", "ÆØ 🧾", "0" * 40, "9" * 30))
DAYS = st.sampled_from((None, date(1900, 1, 1), date(2025, 3, 1), date(2025, 3, 2), date(2199, 12, 31)))
AMOUNTS = st.sampled_from((None, 0, 1, -1, 99, 499_999, 10**12, 9 * 10**18, -9 * 10**18))
ROW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(("card", "payment", "invoice", "ledger", "bank")),
        "currency": st.sampled_from(("USD", "JPY", "USD")),
        "amount_minor": AMOUNTS, "posted_on": DAYS, "entered_on": DAYS,
        "posted_hour": st.sampled_from((None, 0, 23)), "status": st.sampled_from((None, "Void", "cleared")),
        **dict.fromkeys(("vendor_id", "vendor_name", "invoice_no", "category"), WORDS),
        **dict.fromkeys(("person_id", "created_by", "approved_by"), WORDS),
    }
)  # fmt: skip
MASTER = st.fixed_dictionaries(
    {"vendor_id": WORDS, "vendor_key": WORDS, "bank_account": WORDS, "tax_id": WORDS, "address": WORDS,
     "created_on": DAYS, "bank_changed_on": DAYS, "recurring": WORDS}
)  # fmt: skip
PEOPLE = st.fixed_dictionaries(
    {"person_id": WORDS, "person_name": WORDS, "bank_account": WORDS, "tax_id": WORDS, "address": WORDS}
)
LIMITS = st.fixed_dictionaries(
    {"person_id": WORDS, "limit_minor": AMOUNTS, "currency": st.sampled_from((None, "USD"))}
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    rows=st.lists(ROW, min_size=1, max_size=60), vendors=st.lists(MASTER, max_size=6),
    people=st.lists(PEOPLE, max_size=4), limits=st.lists(LIMITS, max_size=4),
)  # fmt: skip
def test_no_test_fails_on_bad_books(
    rows: list[dict[str, Any]],
    vendors: list[dict[str, Any]],
    people: list[dict[str, Any]],
    limits: list[dict[str, Any]],
) -> None:
    """Missing values, absurd dates, amounts at the edge of 64 bits: no test raises."""
    full = [{**row, "source": row["kind"]} for row in rows]
    with TemporaryDirectory() as folder:
        books = make_books(Path(folder), txn=full, vendor=vendors, employee=people, authority=limits)
        with books:
            failed = {
                result.test: result.reason for result in check(books, ALL_ON) if result.status == "failed"
            }
    assert failed == {}
