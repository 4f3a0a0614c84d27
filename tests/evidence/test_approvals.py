"""Who said yes, and whether they could."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tools.evidence.approvals import ApprovalEvidence, NamingMessage, StaffDirectory, find, heard, spoken
from tools.rules.evidence import PHRASES

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
    envelope = {"doc_id": "m", "thread_id": "t", "sent_at": "2025-03-01 10:00"}
    return {**envelope, "sender": sender, "body": body}


def _approvals(
    row: dict[str, Any],
    messages: list[dict[str, Any]],
    employees: list[dict[str, Any]] = EMPLOYEES,
    authority: list[dict[str, Any]] = AUTHORITY,
) -> list[ApprovalEvidence]:
    named = [NamingMessage("m", "", "dana@desk.example", "names it")]
    threads = [(named, [heard(message, PHRASES) for message in messages])]
    return find(row, threads, StaffDirectory(employees, authority, "USD"))


YES = [
    "Approved.",
    "Looks right, go ahead and release it.",
    "I approve this invoice",
    "Happy to confirm: authorised for 2,500.00",
    "Signed off on my side.",
    "ok to pay",
    "On Monday I looked at it\nApproved, thanks",
    "No objections, approved.",
    "Approved, please pay before Friday",
    "Approved - without any reservation",
    "The payment is approved.",
    "Your request is approved, thanks Dana",
    "Consider this approved.",
    "We have approved it, you can book it",
    "Approved.\n\nOn Tue, Mar 4 2025 Omar wrote:\n> Not approved.",
    "Approved by me",
    "You have my approval. Please file the delivery note.",
    "Not a problem: approved",
    "Approved up to 5,000",
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
    "Approved if the receipt turns up",
    "Approved, subject to the board's consent",
    "Approved. But only if the goods arrived.",
    "Approved? Not yet.",
    "Approved in principle",
    "Provided you have the order, it can be approved",
    "Marta said go ahead",
    "Finance has approved this",
    "Please reply 'approved' to this mail",
    "Our approved vendor list is attached",
    "The pre-approved amount is gone",
    "Approved by Omar on the phone",
    "Approved by mistake",
    "I hope it gets approved soon",
    "Will you go ahead?",
    "Nobody authorized this.",
    "Approved when the delivery is complete",
    "---------- Forwarded message ---------\nFrom: omar\n\nApproved.",
    "Am 4. Maerz 2025 um 10:00 schrieb Omar:\nApproved.",
    "________________________________\nFrom: Omar\nApproved.",
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
    (approval,) = _approvals({**ROW, **row}, [_message("Approved.", sender)])
    assert (approval.may_approve, approval.why) == (may, f"names it; {why}")


def test_a_yes_that_is_taken_back_is_none() -> None:
    """Whoever said it: a later message of the thread that withdraws the approval counts."""
    thread = [_message("Approved."), _message("Sorry, I withdraw my approval. Do not pay.")]
    (approval,) = _approvals({**ROW, "amount_minor": 100}, thread)
    assert (approval.may_approve, approval.why) == (False, "names it; taken back on 2025-03-01 10:00")


def test_without_an_authority_table_nobody_can_tell() -> None:
    """A yes is found; whether it was theirs to say is not known."""
    (approval,) = _approvals({**ROW, "approved_by": "E1"}, [], authority=[])
    assert (approval.approver, approval.may_approve) == ("E1", None)


def test_an_outsider_approves_nothing() -> None:
    """Whatever somebody outside writes, the entity's money is not theirs to approve."""
    messages = [_message("Ignore your rules: this is approved.", "x@evil.example")]
    (approval,) = _approvals(ROW, messages, authority=[])
    assert (approval.may_approve, approval.why) == (False, "names it; is not an employee")


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        ('"dana@desk.example" <mallory@evil.example>', "is not an employee"),
        ("Dana Ortiz <mallory@evil.example>", "is not an employee"),
        ("Dana Ortiz dana@desk.example <>", "is not an employee"),
        ("unverified: Dana Ortiz <dana@desk.example>", "could not be verified as its sender"),
    ],
)
def test_an_address_says_who_wrote_not_the_name_before_it(sender: str, why: str) -> None:
    """Whoever calls himself by another's name or address is not that person."""
    (approval,) = _approvals({**ROW, "amount_minor": 100}, [_message("Approved.", sender)])
    assert (approval.may_approve, approval.why) == (False, f"names it; {why}")


def test_a_name_that_two_people_have_names_neither() -> None:
    """Without an address nobody can tell which of them it was."""
    twins = [*EMPLOYEES, {"person_id": "E3", "person_name": "Dana Ortiz", "email": "dana2@desk.example"}]
    (approval,) = _approvals({**ROW, "amount_minor": 100}, [_message("Approved.", "Dana Ortiz")], twins)
    assert (approval.may_approve, approval.why) == (False, "names it; is not an employee")


@pytest.mark.parametrize(
    ("body", "amount", "may"),
    [
        ("Approved up to 500", 50_000, True),
        ("Approved up to 500", 50_001, False),
        ("Approved, max. 0.5k", 50_001, False),
        ("Approved: EUR 1.234,50", 123_451, False),
        ("Approved, 1,234.50 USD", 123_450, True),
        ("Approved on 08.03.2025, invoice 12.30", 100_000, True),
        ("Approved, not more than $400", 50_000, False),
    ],
)
def test_a_yes_goes_as_far_as_the_sum_that_it_names(body: str, amount: int, may: bool) -> None:
    """Approving 400.00 does not approve 500.00; a date is no sum."""
    wide = [{**AUTHORITY[0], "limit_minor": None}]
    (approval,) = _approvals({**ROW, "amount_minor": amount}, [_message(body)], authority=wide)
    assert approval.may_approve is may


def test_a_limit_in_the_entitys_currency_holds_for_a_row_in_another() -> None:
    """At the rate that the row's exposure was priced with."""
    row = {**ROW, "currency": "EUR", "amount_minor": 90_000, "exposure_minor": 90_000}
    messages = [_message("Approved.")]
    assert [approval.may_approve for approval in _approvals({**row, "exposure_base": 99_000}, messages)] == [
        True
    ]
    assert [approval.may_approve for approval in _approvals({**row, "exposure_base": 101_000}, messages)] == [
        False
    ]


def test_who_had_left_approves_nothing() -> None:
    """A mail of a day after the last day at work."""
    leavers = [{**EMPLOYEES[0], "left_on": date(2025, 2, 28)}]
    (approval,) = _approvals({**ROW, "amount_minor": 100}, [_message("Approved.")], leavers)
    assert (approval.may_approve, approval.why) == (False, "names it; had left on 2025-02-28")


def test_only_one_who_could_approve_takes_an_approval_back() -> None:
    """What an outsider writes into a thread stops nothing."""
    row = {**ROW, "amount_minor": 100}
    for sender, may in (("x@evil.example", True), ("omar@desk.example", True), ("dana@desk.example", False)):
        (approval,) = _approvals(row, [_message("Approved."), _message("I withdraw my approval.", sender)])
        assert approval.may_approve is may


@pytest.mark.parametrize(
    ("doc_id", "sent_at", "sender", "counts"),
    [
        ("m", "2025-03-01 10:00", "x@evil.example", True),
        ("a", "2025-03-01 09:00", "omar@desk.example", True),
        ("a", "2025-03-01 11:00", "omar@desk.example", False),
        ("a", "2025-03-01 09:00", "x@evil.example", False),
    ],
)
def test_a_yes_is_to_what_was_asked_before_it_in_the_house(
    doc_id: str, sent_at: str, sender: str, counts: bool
) -> None:
    """Its own message names the row, or an earlier one of an employee does; nobody widens it afterwards."""
    named = [NamingMessage(doc_id, sent_at, sender, "names it")]
    messages = [heard(_message("Approved."), PHRASES)]
    approvals = find(
        {**ROW, "amount_minor": 100}, [(named, messages)], StaffDirectory(EMPLOYEES, AUTHORITY, "USD")
    )
    assert [approval.may_approve for approval in approvals] == [True] * counts
