"""What holds whatever the books: nothing twice, nothing lost, and only what the rows say counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reconciliation.bookmaker import Bookmaker
from tests.reconciliation.conftest import Reconciled, reconciled
from tests.reconciliation.receivables import Receivables

few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)


def books(seed: int) -> list[dict[str, Any]]:
    """Make small books."""
    return Bookmaker(seed).bank_and_ledger(25).rows


def outcome(done: Reconciled) -> tuple[Any, ...]:
    """Give what was decided, without the numbers that a float's order of addition may touch."""
    matches = sorted(
        (m["left_key"], m["right_key"], m["kind"], m["pass"], m["amount_minor"]) for m in done.matches
    )
    return matches, sorted((b["row_key"], b["reason"], b["nearest_key"] or "") for b in done.breaks)


@few
@given(seeds)
def test_nothing_is_claimed_twice_and_nothing_is_lost(seed: int) -> None:
    """Every row is in one match group or is a break, never both, never in two."""
    rows = books(seed)
    done = reconciled(rows, as_of="2025-06-01")
    groups: dict[str, set[str]] = defaultdict(set)
    for row in done.matches:
        groups[row["left_key"]].add(row["group_id"])
        groups[row["right_key"]].add(row["group_id"])
    broken = Counter(row["row_key"] for row in done.breaks)
    assert {key: len(ids) for key, ids in groups.items() if len(ids) > 1} == {}
    assert set(groups) & set(broken) == set()
    assert set(groups) | set(broken) == {row["row_key"] for row in rows}
    assert set(broken.values()) <= {1}


@few
@given(seeds)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """Files split or sorted in another way are the same books."""
    rows = books(seed)
    shuffled = Random(seed).sample(rows, len(rows))
    assert outcome(reconciled(rows)) == outcome(reconciled(shuffled))


@few
@given(seeds)
def test_vendor_ids_are_only_names(seed: int) -> None:
    """Other ids for the same parties change no application of payments."""
    book = Receivables(seed).of(20)
    ids = sorted({row["vendor_id"] for row in book.invoices})
    other = dict(zip(ids, Random(seed).sample([f"X{n}" for n in range(len(ids))], len(ids)), strict=True))
    renamed = [{**row, "vendor_id": other.get(row.get("vendor_id"))} for row in book.rows]
    plain, new = (
        reconciled(rows, left="payment", right="invoice", remittance=book.remittance)
        for rows in (book.rows, renamed)
    )
    assert outcome(plain) == outcome(new)


@few
@given(seeds, st.sampled_from(["bank", "ledger"]))
def test_a_planted_break_is_found(seed: int, source: str) -> None:
    """A row that nothing answers is reported missing, wherever it stands."""
    planted = {
        "row_key": "planted",
        "txn_id": "planted",
        "source": source,
        "kind": source,
        "posted_on": "2025-03-20",
        "amount_minor": 123_456_789,
        "description": "Unheard of Holdings",
    }
    done = reconciled([*books(seed), planted], as_of="2025-06-01")
    assert done.reasons["planted"] == "missing"


@few
@given(seeds)
def test_the_statement_explains_the_difference(seed: int) -> None:
    """Bank, books, what is open and what differs add up to nothing."""
    done = reconciled(books(seed))
    (statement,) = done.result.statements["bank_reconciliation"]
    assert statement["difference"] == "0.00"


@few
@given(seeds)
def test_payments_are_never_applied_beyond_what_is_owed(seed: int) -> None:
    """No invoice takes more than it asks for, whatever payments say."""
    book = Receivables(seed).of(25)
    done = reconciled(book.rows, left="payment", right="invoice", remittance=book.remittance)
    taken: Counter[str] = Counter()
    for row in done.matches:
        taken[row["right_id"]] += row["amount_minor"]
    owed = {row["txn_id"]: row["amount_minor"] for row in book.invoices}
    assert {bill: amount for bill, amount in taken.items() if abs(amount) > abs(owed[bill])} == {}
