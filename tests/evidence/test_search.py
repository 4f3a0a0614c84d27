"""What speaks of a suspect is found, what does not is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.judgement.desk import Desk, Rows, finding

PAID: dict[str, Any] = {
    "row_key": "p",
    "txn_id": "PAY-2201",
    "kind": "payment",
    "posted_on": "2025-03-10",
    "amount_minor": 1_234_550,
    "vendor_name": "Acme Widgets LLC",
    "person_id": "E1",
    "person_name": "Dana Ortiz",
    "invoice_no": "INV-0077",
}
CHARGED = {**PAID, "row_key": "c", "txn_id": "CC-1", "kind": "card", "invoice_no": None}


def _mail(doc_id: str, subject: str, body: str, **more: object) -> dict[str, Any]:
    defaults: dict[str, Any] = {
        "thread_id": doc_id,
        "sent_at": "2025-03-08 09:00:00",
        "sender": "omar@desk.example",
    }
    return {"doc_id": doc_id, "subject": subject, "body": body, **defaults, **more}


def _hits(
    folder: Path,
    row: dict[str, Any],
    *,
    decisions: Rows = (),
    txn: Rows = (),
    email: Rows = (),
    event: Rows = (),
    employee: Rows = (),
    authority: Rows = (),
) -> list[dict[str, Any]]:
    desk = Desk(folder, txn=[row, *txn], email=email, event=event, employee=employee, authority=authority)
    desk.record("anomaly", [finding(row["row_key"], "amount_against_vendor", 90)])
    desk.gather()
    desk.search(decisions)
    return [hit for hit in desk.read("evidence/evidence.parquet", "kind, doc_id") if hit["kind"] != "vendor"]


@pytest.mark.parametrize(
    ("subject", "body", "why"),
    [
        ("About INV-0077", "see attached", "names it"),
        pytest.param("payment pay-2201", "sent today", "names it", marks=pytest.mark.exhaustive),
        ("An order", "Acme widgets, 12,345.50 as agreed", "same amount and vendor"),
        pytest.param(
            "An order", "ACME wants 12345.5 by Friday", "same amount and vendor", marks=pytest.mark.exhaustive
        ),
        pytest.param("Auftrag", "Acme: 12.345,50", "same amount and vendor", marks=pytest.mark.exhaustive),
        ("Lunch with Acme", "at noon", "names the vendor"),
    ],
)
def test_a_message_that_speaks_of_the_row_is_found(tmp_path: Path, subject: str, body: str, why: str) -> None:
    """By its numbers, by amount and vendor, however the amount is written; or by the vendor alone."""
    hits = _hits(tmp_path, PAID, email=[_mail("m1", subject, body), _mail("m2", "Party", "Friday at noon")])
    assert [(hit["doc_id"], hit["why"]) for hit in hits if hit["kind"] == "email"] == [("m1", why)]


@pytest.mark.parametrize(
    ("subject", "body", "sent_at"),
    [
        ("INV-0078", "another invoice", "2025-03-08 09:00:00"),
        pytest.param("Acme Widgets", "of another year", "2023-03-08 09:00:00", marks=pytest.mark.exhaustive),
        ("An order", "12,345.50 for Zephyr", "2025-03-08 09:00:00"),
        pytest.param(
            "LLC rules", "the service of the company", "2025-03-08 09:00:00", marks=pytest.mark.exhaustive
        ),
        pytest.param("2025-03-10", "a day", "2025-03-08 09:00:00", marks=pytest.mark.exhaustive),
    ],
)
def test_a_message_about_something_else_is_not(tmp_path: Path, subject: str, body: str, sent_at: str) -> None:
    """Neighbouring numbers, old mail, an amount alone, common words and days do not link."""
    hits = _hits(tmp_path, PAID, email=[_mail("m1", subject, body, sent_at=sent_at)])
    assert [hit for hit in hits if hit["kind"] == "email"] == []


def test_an_approval_counts_only_in_a_thread_that_names_the_row(tmp_path: Path) -> None:
    """A yes in a thread about the vendor in general approves nothing."""
    mail = [
        _mail("m1", "INV-0077", "Can we pay this?", thread_id="t", sender="dana@desk.example"),
        _mail("m2", "Re:", "Approved.", thread_id="t", sent_at="2025-03-08 10:00:00"),
        _mail("m3", "Acme Widgets", "Approved."),
    ]
    people = [
        {"person_id": "E2", "person_name": "Omar Reyes", "email": "omar@desk.example"},
        {"person_id": "E1", "person_name": "Dana Ortiz", "email": "dana@desk.example"},
    ]
    limits = [{"person_id": "E2", "limit_minor": 2_000_000, "currency": "USD"}]
    hits = _hits(tmp_path, PAID, email=mail, employee=people, authority=limits)
    approvals = [hit for hit in hits if hit["kind"] == "approval"]
    assert [(hit["doc_id"], hit["approver"], hit["may_approve"]) for hit in approvals] == [("m2", "E2", True)]
    assert approvals[0]["approved_at"] == "2025-03-08 10:00:00"


def test_a_receipt_that_names_its_charge_is_found_and_anothers_is_not(tmp_path: Path) -> None:
    """By its own reference; without one, by vendor, amount and day."""
    receipt = {
        "kind": "receipt",
        "posted_on": "2025-03-11",
        "amount_minor": 1_234_550,
        "vendor_name": "Acme Widgets LLC",
    }
    receipts = [
        {**receipt, "row_key": "r1", "txn_id": "R1", "linked_id": "CC-1"},
        {**receipt, "row_key": "r2", "txn_id": "R2", "linked_id": "CC-9"},
        {**receipt, "row_key": "r3", "txn_id": "R3"},
        {**receipt, "row_key": "r4", "txn_id": "R4", "posted_on": "2025-04-11"},
    ]  # fmt: skip
    hits = _hits(tmp_path, CHARGED, txn=receipts)
    assert [(hit["doc_id"], hit["score"]) for hit in hits] == [("R1", 1.0), ("R3", 0.8)]


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("2025-03-13", 1),
        ("2025-03-14", 0),
        pytest.param("2025-03-07", 1, marks=pytest.mark.exhaustive),
        pytest.param("2025-03-06", 0, marks=pytest.mark.exhaustive),
    ],
)
def test_the_calendar_is_looked_at_three_days_around(tmp_path: Path, day: str, count: int) -> None:
    """The person's own entries within three days, no others."""
    events = [
        {"doc_id": "c1", "starts_at": f"{day} 09:00:00", "title": "Fair", "person_id": "E1"},
        {"doc_id": "c2", "starts_at": f"{day} 09:00:00", "title": "Fair", "person_id": "E2"},
    ]
    hits = _hits(tmp_path, PAID, event=events)
    assert [hit["doc_id"] for hit in hits] == ["c1"] * count


def test_earlier_decisions_on_the_like_are_found(tmp_path: Path) -> None:
    """Same vendor and same test; the last three."""
    like = {"vendor": "ACME WIDGETS LLC", "lead_test": "amount_against_vendor"}
    decision = {**like, "verdict": "false_positive", "by": "dana", "note": "a yearly order"}
    decisions = [{**decision, "flag_id": f"f{n}", "at": f"2025-01-0{n}"} for n in range(1, 6)]
    unlike = [{**decision, "flag_id": "f9", "at": "2025-02-01", "lead_test": "round_amount"}]
    hits = _hits(tmp_path, PAID, decisions=decisions + unlike)
    assert [hit["doc_id"] for hit in hits] == ["flag:f3", "flag:f4", "flag:f5"]


def test_what_is_absent_counts_only_where_it_was_declared(tmp_path: Path) -> None:
    """Without e-mail nobody can say that an approval is missing; with it, its absence adds 20 points."""
    scores = []
    for name, mail in (("without", []), ("with", [_mail("m1", "Party", "Friday")])):
        desk = Desk(tmp_path / name, txn=[PAID], email=mail)
        desk.record("anomaly", [finding("p", "amount_against_vendor", 90)])
        scores += [flag["score"] for flag in desk.flags()]
    assert scores == [30, 50]


def test_the_order_of_documents_changes_nothing(tmp_path: Path) -> None:
    """The same mail in another order gives the same evidence under the same numbers."""
    mail = [_mail(f"m{n}", f"About INV-0077, {n}", "Acme " * (n % 3)) for n in range(8)]
    orders = [_hits(tmp_path / str(n), PAID, email=mailbox) for n, mailbox in enumerate((mail, mail[::-1]))]
    assert orders[0] == orders[1]
    assert len([hit for hit in orders[0] if hit["kind"] == "email"]) == 5
