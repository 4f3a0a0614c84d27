"""Card statements: what the bank paid, and for which charges; learned from the books, told once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.reconciliation.cardbook import CardBook, Row
from tests.reconciliation.conftest import Reconciled, reconciled
from tests.variations import first_of

SEEDS = range(4)


def statements(rows: list[Row], **more: Any) -> Reconciled:  # noqa: ANN401 - of a pair
    """Reconcile a card with the bank that pays it."""
    defaults = {"left": "card", "right": "bank", "mode": "statement", "as_of": "2025-10-31"}
    return reconciled(rows, **{**defaults, **more})


def reasons(reconciliation: Reconciled) -> dict[str, str]:
    """Give the breaks that ask for something: what is not billed yet does not."""
    return {key: reason for key, reason in reconciliation.reasons.items() if reason != "timing"}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_honest_statements_tie(seed: int) -> None:
    """Whatever the closing day and the days to payment: every statement ties, and nothing is broken."""
    book = CardBook(seed)
    reconciliation = statements(book.rows)
    assert reasons(reconciliation) == {}
    assert {m["right_key"] for m in reconciliation.matches} == set(book.statements)
    assert {m["difference_minor"] for m in reconciliation.matches} == {0}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_charges_that_nobody_paid_are_named(seed: int) -> None:
    """Charges of merchants that no other statement has make the difference: they are broken, it ties."""
    book = CardBook(seed)
    key = book.chance.choice(["pay3", "pay6", "pay7"])
    names = ["Quickcash", "Unheard Of Ltd", "Cloudy Dealings"]
    added = [book.charge(book.within(key), book.chance.choice(names)) for _ in range(9)]
    reconciliation = statements([*book.rows, *added])
    assert reasons(reconciliation) == {row["row_key"]: "missing" for row in added}
    assert {m["difference_minor"] for m in reconciliation.matches} == {0}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_charges_entered_after_the_statement_are_named(seed: int) -> None:
    """The last rows entered make the difference, though their merchants are known."""
    book = CardBook(seed)
    added = [book.charge(book.within("pay5")) for _ in range(5)]
    assert reasons(statements([*book.rows, *added])) == {row["row_key"]: "missing" for row in added}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_a_card_that_the_payment_left_out(seed: int) -> None:
    """One person's charges were not paid: they are named, and nobody else's."""
    book = CardBook(seed)
    left_out = [row for row in book.statements["pay4"] if row["person_id"] == "Ada"]
    payment = next(row for row in book.rows if row["row_key"] == "pay4")
    payment["amount_minor"] += sum(row["amount_minor"] for row in left_out)
    assert reasons(statements(book.rows)) == {row["row_key"]: "missing" for row in left_out}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_a_difference_of_no_group_is_the_statement_s(seed: int) -> None:
    """Copies among the charges are no group of their own: one break, on the payment."""
    book = CardBook(seed)
    copies = [
        {**row, "row_key": f"{row['row_key']}x", "line": row["line"]} for row in book.statements["pay4"][:3]
    ]
    assert reasons(statements([*book.rows, *copies])) == {"pay4": "statement_difference"}


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_a_missing_payment_is_told_once(seed: int) -> None:
    """A statement without its payment is one break, on the next payment; that one ties by itself."""
    book = CardBook(seed)
    book.drop("pay4")
    reconciliation = statements(book.rows)
    assert reasons(reconciliation) == {"pay5": "unpaid_statement"}
    assert {m["difference_minor"] for m in reconciliation.matches} == {0}
    (unpaid,) = [row for row in reconciliation.breaks if row["reason"] == "unpaid_statement"]
    assert unpaid["difference_minor"] == sum(row["amount_minor"] for row in book.statements["pay4"])


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_two_statements_paid_at_once_tie(seed: int) -> None:
    """Who pays two statements with one payment has missed none."""
    book = CardBook(seed)
    book.drop("pay4")
    later = next(row for row in book.rows if row["row_key"] == "pay5")
    later["amount_minor"] -= sum(row["amount_minor"] for row in book.statements["pay4"])
    assert reasons(statements(book.rows)) == {}


@pytest.mark.parametrize("missing", ["amount_minor", "posted_on"])
@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_rows_without_amount_or_date_are_the_likely_difference(seed: int, missing: str) -> None:
    """A statement that falls short for an unreadable row is a weak finding: the row is told by itself."""
    book = CardBook(seed)
    book.statements["pay4"][0][missing] = None
    reconciliation = statements(book.rows)
    assert reasons(reconciliation) == {"pay4": "incomplete_statement"}
    assert [row["score"] for row in reconciliation.findings if row["test"] == "statement_difference"] == [60]


@pytest.mark.parametrize("seed", first_of(SEEDS))
def test_books_that_hold_too_much_every_month_keep_their_periods(seed: int) -> None:
    """Where no statement ties, the closing is still the one under which all are off by the same share."""
    book = CardBook(seed, months=10)
    copies = [
        {**row, "row_key": f"{row['row_key']}x"}
        for charges in book.statements.values()
        for row in charges[::2]
    ]
    reconciliation = statements([*book.rows, *copies], as_of="2025-12-31")
    assert set(reasons(reconciliation).values()) == {"statement_difference"}
    assert set(reasons(reconciliation)) == set(book.statements)
