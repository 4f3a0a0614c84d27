"""Late payment: what it adds, what money settles first, and what the list of receivables says meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.recovery import debts
from tools.core import settings
from tools.recovery import items, known_invoices, late_charges, receipts, scout
from tools.recovery.drafts import COST, CREDIT, INTEREST, OWED, ClaimDraft, ItemDraft, PartyDraft
from tools.rules.recovery import Late, RecoveryRules
from tools.store import Store, open_store, runs
from tools.store.models import RecoveryClaim, RecoveryItem

DUE = date(2026, 1, 1)
INVOICE = ItemDraft(OWED, "SI-1", 100_000, "EUR", due_on=DUE, source="receivable")
ROLES = {"costs": COST, "interest": INTEREST, "principal": OWED}


def rows(*drafts: ItemDraft) -> list[RecoveryItem]:
    """Give items as the store has them."""
    return [RecoveryItem(**draft.as_row("K-1")) for draft in drafts]


def test_interest_counts_what_was_open_at_each_time() -> None:
    """9% on 1,000.00 for ten days, and on the 600.00 left for ten more: 2.47 + 1.48; not on interest."""
    came = [late_charges.DatedAmount(DUE + timedelta(days=10), 40_000)]
    until = DUE + timedelta(days=20)
    interest = late_charges.accrued(rows(INVOICE), came, Decimal("0.09"), until, items.BY_LAW)
    assert [round(amount, 2) for amount in interest.values()] == [Decimal("394.52")]  # minor units
    charged = ItemDraft(INTEREST, "SI-1", 395, "EUR", dated_on=until)
    later = late_charges.accrued(rows(INVOICE, charged), came, Decimal("0.09"), until, items.BY_LAW)
    assert list(later.values()) == [0]


@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=6),
    st.permutations(["costs", "interest", "principal"]),
    st.lists(st.integers(1, 400), max_size=6),
)
def test_money_settles_in_the_order_that_is_set(
    amounts: list[int], order: list[str], payments: Sequence[int]
) -> None:
    """Nothing is settled while something before it is open; all that came is settled, and no more."""
    drafts = [
        ItemDraft(role, f"D{at}", amount, "EUR", dated_on=DUE + timedelta(days=at))
        for at, amount in enumerate(amounts)
        for role in ((COST, INTEREST, OWED)[at % 3],)
    ]
    roles = Late(order=(order[0], order[1], order[2])).roles
    sorted_rows = items.sorted_by_day(rows(*drafts))
    back, settled = 0, dict.fromkeys(roles, 0)
    for payment in payments:
        share = min(payment, sum(amounts) - back)
        for role, amount in items.settled_by(sorted_rows, back, back + share, roles).items():
            settled[role] += amount
        back += share
        still_open = items.open_amounts(sorted_rows, back, roles)
        assert (
            sum(left for _, left in still_open) == sum(amounts) - back == sum(amounts) - sum(settled.values())
        )
        first = min((roles.index(item.role) for item, _ in still_open), default=3)
        assert all(settled[role] == 0 for role in roles[first + 1 :])
    assert list(roles) == [ROLES[name] for name in order]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a desk with a claim on one invoice of 1,000.00."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    opened = open_store(settings.load().database_url)
    runs.start(opened, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    party = PartyDraft("customer", "Alder", "ALDER")
    draft = ClaimDraft(debts.ENTITY, late_charges.KIND, party, "1 invoice past due", "why", "EUR", [INVOICE])
    scout.keep(opened, "r1", [draft], debts.RULES)
    yield opened
    opened.close()


class Listed:
    """Books whose list of receivables has so much open of the invoice."""

    def __init__(self, open_minor: int | None) -> None:
        self.manifest = type("Manifest", (), {"entity": debts.ENTITY})
        document = "SI-1" if open_minor is not None else "SI-2"
        row = {"party_key": "ALDER", "party_id": None, "document": document, "open_minor": open_minor or 0}
        self._rows = [row]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Give the list."""
        assert "receivable" in query
        return self._rows


def standing(store: Store) -> tuple[int, int, str, str]:
    """Give the claim's amount, what came back, its status and hold."""
    with store.read() as session:
        claim = session.scalars(select(RecoveryClaim)).one()
        return claim.amount_minor, claim.recovered_minor, claim.status, claim.hold


def follow(store: Store, open_minor: int | None, day: int = 20) -> None:
    """Read the list of a day."""
    as_of = DUE + timedelta(days=day)
    known_invoices.follow(store, Listed(open_minor), as_of, RecoveryRules())  # type: ignore[arg-type]


def pay(store: Store, amount: int, day: int) -> None:
    """Have the bank show a payment of a day."""
    with store.begin() as session:
        claim = session.scalars(select(RecoveryClaim)).one()
        row = {"row_key": f"bank:{amount}:{day}", "posted_on": DUE + timedelta(days=day)}
        receipts.receive(session, claim, amount, row, debts.RULES, by="tieout")


def test_a_payment_counts_once_whether_the_list_or_the_bank_has_it_first(store: Store) -> None:
    """400.00 by the list, then by the bank, then by the list again: 600.00 stay open; then all is settled."""
    follow(store, 60_000)
    assert standing(store)[:2] == (60_000, 0)
    pay(store, 40_000, day=15)
    assert standing(store)[:2] == (100_000, 40_000)
    follow(store, 60_000)
    assert standing(store)[:2] == (100_000, 40_000)
    pay(store, 10_000, day=21)
    follow(store, 50_000, day=22)
    assert standing(store) == (100_000, 50_000, "new", "")
    follow(store, 0, day=30)
    assert standing(store) == (100_000, 100_000, "won", "")


def test_an_invoice_that_left_the_list_stops_the_letters(store: Store) -> None:
    """Whether it was paid nobody can say: the claim is on hold, and no second claim is made of it."""
    follow(store, None)
    assert standing(store) == (100_000, 0, "new", known_invoices.UNLISTED)
    assert known_invoices.claimed(store, debts.ENTITY) == {("ALDER", "SI-1")}


def test_costs_and_interest_are_asked_for_once_and_paid_with_the_invoice(store: Store) -> None:
    """40.00 and 9% of 31 days on the second letter's day; the same day adds nothing; all of it wins."""
    late = Late(fee=Decimal(40), interest=Decimal("0.09"))
    with store.begin() as session:
        claim = session.scalars(select(RecoveryClaim)).one()
        for _ in range(2):
            owned, until = items.of(session, claim.claim_id), DUE + timedelta(days=31)
            late_charges.add(session, claim, [
                *late_charges.interest_rows(claim, owned, [], late, until),
                *late_charges.cost_rows(claim, owned, late, until),
            ])  # fmt: skip
        assert claim.amount_minor == 100_000 + 764 + 4_000
        kinds = {item.role: item.amount_minor for item in items.of(session, claim.claim_id)}
        assert kinds == {OWED: 100_000, INTEREST: 764, COST: 4_000}
    pay(store, 100_000, day=40)
    with store.read() as session:
        (claim,) = session.scalars(select(RecoveryClaim))
        left = items.open_amounts(items.of(session, claim.claim_id), claim.recovered_minor)
    assert [(item.role, amount) for item, amount in left] == [(OWED, 4_764)]
    assert CREDIT not in {item.role for item, _ in left}
