"""The bank's money is applied to claims' documents: in parts, by advice, and never a stranger's."""

from __future__ import annotations

from datetime import date
from typing import Any

from tools.recovery import cash
from tools.recovery.candidates import Candidate
from tools.store.models import RecoveryClaim, RecoveryItem, RecoveryParty

DAY = date(2025, 11, 3)


def claim(name: str, party: str, *documents: tuple[str, int]) -> Candidate:
    """Make a claim on a customer's invoices."""
    total = sum(amount for _, amount in documents)
    row = RecoveryClaim(claim_id=name, amount_minor=total, recovered_minor=0, currency="USD", arisen_on=DAY)
    items = [
        RecoveryItem(item_id=number, role="owed", document=number, amount_minor=amount, dated_on=DAY)
        for number, amount in documents
    ]
    numbers = frozenset(number.replace("-", "") for number, _ in documents)
    key = party.upper()
    return Candidate(
        row, RecoveryParty(name=party, party_key=key, external_id=""), numbers, frozenset(), items
    )


def credit(name: str, payer: str, amount: int, text: str = "") -> dict[str, Any]:
    """Make a line of the bank's."""
    return {
        "row_key": name, "txn_id": name, "kind": "bank", "amount_minor": amount, "currency": "USD",
        "posted_on": date(2025, 12, 9), "vendor_name": payer, "vendor_id": None, "invoice_no": None,
        "reference": "", "description": text or payer,
    }  # fmt: skip


ALDER = claim("K-1", "Alder Supply", ("SI-1001", 40_000), ("SI-1002", 60_025))
CEDAR = claim("K-2", "Cedar Print", ("SI-2001", 30_000))


def test_one_payment_for_several_documents_is_one_share_of_the_claim() -> None:
    """What an advice names is booked whole, once a claim."""
    advice = [
        {"payment_id": "b1", "reference": number, "amount": amount, "note": ""}
        for number, amount in (("SI-1001", 40_000), ("SI-1002", 60_025))
    ]
    booked = cash.shares([credit("b1", "ALDER SUPPLY LTD", 100_025)], advice, [ALDER, CEDAR])
    assert [(share[0].claim.claim_id, share[1]) for share in booked["b1"]] == [("K-1", 100_025)]


def test_a_strangers_money_is_nobodys() -> None:
    """The same amount from somebody else closes no claim."""
    assert not any(cash.shares([credit("b2", "MERIDIAN FREIGHT", 30_000)], [], [ALDER, CEDAR]).values())


def test_no_more_is_booked_than_came_or_is_open() -> None:
    """Two payments of the same invoice settle it once; the second is left to people."""
    rows = [credit(name, "CEDAR PRINT", 30_000, "CEDAR PRINT SI-2001") for name in ("b3", "b4")]
    booked = cash.shares(rows, [], [CEDAR])
    assert sum(amount for entries in booked.values() for _, amount in entries) == 30_000
