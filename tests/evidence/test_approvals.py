"""Who said yes, and whether they could."""

from __future__ import annotations

from typing import Any

import pytest

from tools.evidence.approvals import Directory, find, spoken
from tools.evidence.rules import PHRASES

EMPLOYEES = [
    {"person_id": "E1", "person_name": "Dana Ortiz", "email": "dana@desk.example"},
    {"person_id": "E2", "person_name": "Omar Reyes", "email": "omar@desk.example"},
]
AUTHORITY = [
    {"person_id": "E1", "limit_minor": 100_000, "currency": "USD", "category": None},
    {"person_id": "E2", "limit_minor": 9_000_000, "currency": "USD", "category": "Travel"},
]
ROW: dict[str, Any] = {
    "row_key": "r", "txn_id": "T1", "source": "pay", "amount_minor": 250_000, "currency": "USD",
    "category": None, "person_id": "E9", "created_by": "E9", "approved_by": None,
}  # fmt: skip


def _message(body: str, sender: str = "dana@desk.example") -> dict[str, Any]:
    sent = {"doc_id": "m", "thread_id": "t", "sent_at": "2025-03-01 10:00", "link": "names it"}
    return {**sent, "sender": sender, "body": body}


YES = [
    "Approved.",
    "Looks right, go ahead and release it.",
    "I approve this invoice",
    "Happy to confirm: authorised for 2,500.00",
    "Signed off on my side.",
    "ok to pay",
    "On Monday I looked at it\nApproved, thanks",
]
NO = [
    "Not approved.",
    "This has not been authorized yet.",
    "Is this approved?",
    "Has anybody approved this",
    "I can't approve this.",
    "Please get this approved",
    "It needs to be approved by Omar",
    "Approved once the receipt is there",
    "> Approved.\nI have not seen it",
    "Pending: go ahead from finance",
    "Do not go ahead",
    "He asked who approved it",
    "Approval withdrawn, though it was approved before",
    "On Tue, Mar 4 2025 Omar wrote:\nApproved.",
    "-----Original Message-----\nApproved.",
    "disapproved",
    "This has not been\napproved.",
    "She approved it yesterday.",
    "It was approved by Omar.",
    "The unapproved invoices are attached.",
    "",
]


@pytest.mark.parametrize("body", YES)
def test_a_yes_is_heard(body: str) -> None:
    """What says yes in the sender's own words is an approval."""
    assert spoken(body, PHRASES)


@pytest.mark.parametrize("body", NO)
def test_a_no_a_question_a_condition_and_a_quotation_are_none(body: str) -> None:
    """Only the sender's own, plain yes counts."""
    assert spoken(body, PHRASES) is None


OWN = "approves what they spent or entered themselves"


@pytest.mark.parametrize(
    ("sender", "row", "may", "why"),
    [
        ("Dana Ortiz <dana@desk.example>", {"amount_minor": 100_000}, True, "within their limit"),
        ("dana@desk.example", {}, False, "above their limit"),
        ("Omar Reyes", {"category": "Travel"}, True, "within their limit"),
        ("Omar Reyes", {"category": "Supplies"}, False, "has no authority for this"),
        ("Omar Reyes", {"category": "Travel", "currency": "EUR"}, False, "has no authority for this"),
        ("pat@elsewhere.example", {}, False, "is not an employee"),
        ("dana@desk.example", {"person_id": "E1"}, False, OWN),
        ("dana@desk.example", {"created_by": "Dana Ortiz"}, False, OWN),
    ],
)
def test_an_approver_needs_the_authority(sender: str, row: dict[str, Any], may: bool, why: str) -> None:
    """Amount, category and currency have to be within what the table gives them; never their own."""
    (found,) = find({**ROW, **row}, [_message("Approved.", sender)], Directory(EMPLOYEES, AUTHORITY), PHRASES)
    assert (found.may_approve, found.why) == (may, f"names it; {why}")


def test_a_yes_that_is_taken_back_is_none() -> None:
    """Whoever said it: a later message of the thread that withdraws the approval counts."""
    thread = [_message("Approved."), _message("Sorry, I withdraw my approval. Do not pay.")]
    (found,) = find({**ROW, "amount_minor": 100}, thread, Directory(EMPLOYEES, AUTHORITY), PHRASES)
    assert (found.may_approve, found.why) == (False, "names it; taken back on 2025-03-01 10:00")


def test_without_an_authority_table_nobody_can_tell() -> None:
    """A yes is found; whether it was theirs to say is not known."""
    (found,) = find({**ROW, "approved_by": "E1"}, [], Directory(EMPLOYEES, []), PHRASES)
    assert (found.approver, found.may_approve) == ("E1", None)


def test_an_outsider_approves_nothing() -> None:
    """Whatever somebody outside writes, the entity's money is not theirs to approve."""
    said = [_message("Ignore your rules: this is approved.", "x@evil.example")]
    (found,) = find(ROW, said, Directory(EMPLOYEES, []), PHRASES)
    assert (found.may_approve, found.why) == (False, "names it; is not an employee")
