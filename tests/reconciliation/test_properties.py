"""What holds whatever the books: nothing twice, nothing lost, and only what the rows say counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reconciliation.bookmaker import Bookmaker
from tests.reconciliation.conftest import Reconciled, reconciled
from tests.reconciliation.receivables import Receivables
from tools.ledger.source import Kind

few_examples = settings(
    max_examples=2, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
# The same few books for every property, so that they are reconciled once as they are.
any_seed = settings.get_current_profile_name() == "exhaustive"
seeds = st.integers(0, 10_000) if any_seed else st.sampled_from((1, 4711))
SURE, AS_OF, LATER = 0.95, "2025-06-02", "2025-06-09"


def books(seed: int) -> list[dict[str, Any]]:
    """Make small books."""
    return Bookmaker(seed).bank_and_ledger(25).rows


@cache
def plain_outcome(seed: int) -> Reconciled:
    """Reconcile small books as they are."""
    return reconciled(books(seed), as_of=AS_OF)


@cache
def plain_application(seed: int) -> tuple[Receivables, Reconciled]:
    """Apply customers' payments as they are."""
    book = Receivables(seed).of(20)
    return book, _applied(book, book.rows)


def _applied(book: Receivables, rows: list[dict[str, Any]]) -> Reconciled:
    return reconciled(rows, left="payment", right="invoice", remittance=book.remittance)


def outcome(reconciliation: Reconciled) -> tuple[Any, ...]:
    """Give what was decided, without the numbers that a float's order of addition may touch."""
    matches = sorted(
        (m["left_key"], m["right_key"], m["kind"], m["pass"], m["amount_minor"])
        for m in reconciliation.matches
    )
    return matches, sorted((b["row_key"], b["reason"], b["nearest_key"] or "") for b in reconciliation.breaks)


@few_examples
@given(seeds)
def test_nothing_is_claimed_twice_and_nothing_is_lost(seed: int) -> None:
    """Every row is in one match group or is a break, never both, never in two."""
    rows, reconciliation = books(seed), plain_outcome(seed)
    groups: dict[str, set[str]] = defaultdict(set)
    for row in reconciliation.matches:
        groups[row["left_key"]].add(row["group_id"])
        groups[row["right_key"]].add(row["group_id"])
    broken = Counter(row["row_key"] for row in reconciliation.breaks)
    assert {key: len(ids) for key, ids in groups.items() if len(ids) > 1} == {}
    assert set(groups) & set(broken) == set()
    assert set(groups) | set(broken) == {row["row_key"] for row in rows}
    assert set(broken.values()) <= {1}


def renamed(seed: int) -> dict[str, str]:
    """Give another key for each row."""
    keys = [row["row_key"] for row in books(seed)]
    return dict(
        zip(keys, Random(seed).sample([f"k{n:05}" for n in range(len(keys))], len(keys)), strict=True)
    )


def a_week_later(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Move all days."""
    return [
        {**row, "posted_on": str(date.fromisoformat(row["posted_on"]) + timedelta(days=7))} for row in rows
    ]


@few_examples
@given(seeds, st.sampled_from(("EUR", "CHF", "INR")))
def test_order_names_days_and_currency_change_nothing(seed: int, currency: str) -> None:
    """Shuffled, under other keys, in another currency and a week later at once: the same pairs."""
    rows, new_keys = books(seed), renamed(seed)
    other = [{**row, "row_key": new_keys[row["row_key"]], "currency": currency} for row in rows]
    shuffled = Random(seed).sample(a_week_later(other), len(rows))
    changed, plain = reconciled(shuffled, as_of=LATER), plain_outcome(seed)
    assert {(new_keys[left], new_keys[right]) for left, right in plain.pairs} == changed.pairs
    assert {new_keys[key]: reason for key, reason in plain.reasons.items()} == changed.reasons


@pytest.mark.exhaustive
@few_examples
@given(seeds)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    """Files split or sorted in another way are the same books."""
    rows = books(seed)
    shuffled = Random(seed).sample(rows, len(rows))
    assert outcome(plain_outcome(seed)) == outcome(reconciled(shuffled, as_of=AS_OF))


@pytest.mark.exhaustive
@few_examples
@given(seeds)
def test_a_week_later_is_the_same(seed: int) -> None:
    """Where no holiday falls, moving all dates by seven days moves nothing else."""
    later = a_week_later(books(seed))
    assert outcome(plain_outcome(seed)) == outcome(reconciled(later, as_of=LATER))


@pytest.mark.exhaustive
@settings(parent=few_examples, max_examples=1)
@given(seeds, st.sampled_from(("EUR", "CHF", "INR")))
def test_another_currency_and_a_second_run_change_nothing(seed: int, currency: str) -> None:
    """Books in another currency give the same matches and breaks, and so do the same books again."""
    rows, plain = books(seed), outcome(plain_outcome(seed))
    assert plain == outcome(reconciled([{**row, "currency": currency} for row in rows], as_of=AS_OF))
    assert plain == outcome(reconciled(rows, as_of=AS_OF))


@few_examples
@given(seeds)
def test_a_hundred_times_the_amounts(seed: int) -> None:
    """Another unit of money changes nothing that is sure, where the pair's limits are in that unit, too."""
    rows = books(seed)
    larger = [{**row, "amount_minor": 100 * row["amount_minor"]} for row in rows]
    plain = plain_outcome(seed)
    large = reconciled(larger, as_of=AS_OF, largest_fee_minor=500_000, own_charge_minor=2_500_000)
    same = {(m["left_key"], m["right_key"]) for m in plain.matches if m["confidence"] >= SURE}
    assert same - large.pairs - large.offsets == set()


@pytest.mark.exhaustive
@few_examples
@given(seeds)
def test_names_of_rows_are_only_names(seed: int) -> None:
    """Other keys for the same rows give the same pairs."""
    new_keys = renamed(seed)
    rows = [{**row, "row_key": new_keys[row["row_key"]]} for row in books(seed)]
    plain, new = plain_outcome(seed), reconciled(rows, as_of=AS_OF)
    assert {(new_keys[left], new_keys[right]) for left, right in plain.pairs} == new.pairs


@few_examples
@given(seeds)
def test_vendor_ids_are_only_names(seed: int) -> None:
    """Other ids for the same parties change no application of payments."""
    book, plain = plain_application(seed)
    ids = sorted({row["vendor_id"] for row in book.invoices})
    new_ids = dict(zip(ids, Random(seed).sample([f"X{n}" for n in range(len(ids))], len(ids)), strict=True))
    rows = [{**row, "vendor_id": new_ids.get(row.get("vendor_id"))} for row in book.rows]
    assert outcome(plain) == outcome(_applied(book, rows))


@few_examples
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
    reconciliation = reconciled([*books(seed), planted], as_of="2025-06-01")
    assert reconciliation.reasons["planted"] == "missing"


@few_examples
@given(seeds)
def test_the_statement_explains_the_difference(seed: int) -> None:
    """Bank, books, what is open and what differs add up to nothing."""
    reconciliation = plain_outcome(seed)
    (statement,) = reconciliation.result.statements["bank_reconciliation"]
    assert statement["difference"] == "0.00"


@few_examples
@given(seeds)
def test_payments_are_never_applied_beyond_what_is_owed(seed: int) -> None:
    """No invoice takes more than it asks for, whatever payments say."""
    book, reconciliation = plain_application(seed)
    applied: Counter[str] = Counter()
    for row in reconciliation.matches:
        applied[row["right_id"]] += row["amount_minor"]
    owed = {row["txn_id"]: row["amount_minor"] for row in book.invoices}
    assert {bill: amount for bill, amount in applied.items() if abs(amount) > abs(owed[bill])} == {}


ODD = st.sampled_from(
    [
        "",
        " ",
        "\u6f22\u5b57",
        "-",
        "0000",
        "A",
        "ACH",
        "DEPOSIT",
        "O'Neil & S\u00f6hne",
        "NSF",
        "\x00",
        "\u00bd Corp",
    ]
)
ODD_TEXT = st.one_of(st.none(), ODD, st.text(max_size=12))
ODD_ROW = st.fixed_dictionaries(
    {
        "posted_on": st.sampled_from([None, "1900-01-01", "2025-03-03", "2025-03-04", "2100-12-31"]),
        "amount_minor": st.sampled_from([None, 0, 1, -1, 100, -100, 5_000, 10**15, -(9 * 10**17)]),
        "currency": st.sampled_from(["USD", "USD", "EUR", None]),
        "vendor_name": ODD_TEXT,
        "description": ODD_TEXT,
        "reference": ODD_TEXT,
        "invoice_no": ODD_TEXT,
        "txn_id": st.sampled_from([None, "one", "two"]),
        "linked_id": st.sampled_from([None, "one"]),
    }
)
MODES = st.sampled_from(
    [
        ("bank", "ledger", "full"),
        ("payment", "invoice", "full"),
        ("card", "receipt", "documents"),
        ("card", "bank", "statement"),
    ]
)


@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(MODES, st.lists(st.tuples(st.booleans(), ODD_ROW), min_size=1, max_size=12))
def test_bad_books_never_raise(
    mode: tuple[Kind, Kind, str], sided_rows: list[tuple[bool, dict[str, Any]]]
) -> None:
    """Whatever stands in the rows, every one that could be compared is matched or broken, none twice."""
    left, right, method = mode
    rows = [
        {**row, "row_key": f"r{at}", "source": source, "kind": source}
        for at, (is_left, row) in enumerate(sided_rows)
        for source in [left if is_left else right]
    ]
    reconciliation = reconciled(rows, left=left, right=right, mode=method)
    matched = {key for m in reconciliation.matches for key in (m["left_key"], m["right_key"])}
    broken = [b["row_key"] for b in reconciliation.breaks if b["side"] != "statement"]
    assert matched & set(broken) == set()
    assert len(broken) == len(set(broken))
