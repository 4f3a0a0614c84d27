"""What holds whatever the books: nothing twice, nothing lost, and only what the rows say counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reconciliation.bookmaker import Bookmaker
from tests.reconciliation.conftest import Reconciled, reconciled
from tests.reconciliation.receivables import Receivables
from tools.ledger.model import Kind

few = settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 10_000)
SURE = 0.95


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
def test_a_week_later_is_the_same(seed: int) -> None:
    """Where no holiday falls, moving all dates by seven days moves nothing else."""
    rows = books(seed)
    later = [
        {**row, "posted_on": str(date.fromisoformat(row["posted_on"]) + timedelta(days=7))} for row in rows
    ]
    assert outcome(reconciled(rows, as_of="2025-06-02")) == outcome(reconciled(later, as_of="2025-06-09"))


@settings(parent=few, max_examples=3)
@given(seeds, st.sampled_from(("EUR", "CHF", "INR")))
def test_another_currency_and_a_second_run_change_nothing(seed: int, currency: str) -> None:
    """Books in another currency give the same matches and breaks, and so do the same books again."""
    rows = books(seed)
    plain = outcome(reconciled(rows))
    assert plain == outcome(reconciled([{**row, "currency": currency} for row in rows]))
    assert plain == outcome(reconciled(rows))


@few
@given(seeds)
def test_a_hundred_times_the_amounts(seed: int) -> None:
    """Another unit of money changes nothing that is sure, where the pair's limits are in that unit, too."""
    rows = books(seed)
    larger = [{**row, "amount_minor": 100 * row["amount_minor"]} for row in rows]
    plain = reconciled(rows)
    large = reconciled(larger, largest_fee_minor=500_000, own_charge_minor=2_500_000)
    same = {(m["left_key"], m["right_key"]) for m in plain.matches if m["confidence"] >= SURE}
    assert same - large.pairs - large.offsets == set()


@few
@given(seeds)
def test_names_of_rows_are_only_names(seed: int) -> None:
    """Other keys for the same rows give the same pairs."""
    rows = books(seed)
    keys = [row["row_key"] for row in rows]
    other = dict(
        zip(keys, Random(seed).sample([f"k{n:05}" for n in range(len(keys))], len(keys)), strict=True)
    )
    renamed = [{**row, "row_key": other[row["row_key"]]} for row in rows]
    plain, new = reconciled(rows), reconciled(renamed)
    assert {(other[left], other[right]) for left, right in plain.pairs} == new.pairs


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


@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(MODES, st.lists(st.tuples(st.booleans(), ODD_ROW), min_size=1, max_size=12))
def test_bad_books_never_raise(
    mode: tuple[Kind, Kind, str], given_rows: list[tuple[bool, dict[str, Any]]]
) -> None:
    """Whatever stands in the rows, every one that could be compared is matched or broken, none twice."""
    left, right, how = mode
    rows = [
        {**row, "row_key": f"r{at}", "source": source, "kind": source}
        for at, (is_left, row) in enumerate(given_rows)
        for source in [left if is_left else right]
    ]
    done = reconciled(rows, left=left, right=right, mode=how)
    matched = {key for m in done.matches for key in (m["left_key"], m["right_key"])}
    broken = [b["row_key"] for b in done.breaks if b["side"] != "statement"]
    assert matched & set(broken) == set()
    assert len(broken) == len(set(broken))
