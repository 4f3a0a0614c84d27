"""Families of tests: those that see the same thing count once, and share floors and wording."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from tools.rules.test_header import CheckName

Subject = Literal["vendor", "person", "account", "row"]
ANY: tuple[CheckName, ...] = ("quality", "reconciliation", "anomaly")


@dataclass(frozen=True)
class TestFamily:
    """Tests that look at one condition from several sides.

    checks: whose tests it takes. tests: names or patterns (`duplicate_*`).
    subject: by what its suspects form a case.
    innocent: the harmless reading; told_by: what would tell the two apart.
    """

    name: str
    checks: tuple[CheckName, ...]
    tests: tuple[str, ...]
    subject: Subject
    innocent: str
    told_by: str


# In order of what an auditor would name first when a row has several findings.
FAMILIES: tuple[TestFamily, ...] = (
    TestFamily(
        "statement",
        ANY,
        ("statement*", "control_total*", "balance_*", "trial_balance*"),
        "account",
        "a charge, credit or fee was left out of the feed, or the period was cut off on another day.",
        "Obtain the statement itself and tick its lines to the feed; the odd ones are the difference.",
    ),
    TestFamily(
        "duplicate",
        ANY,
        (
            "duplicate*",
            "repeated*",
            "same_invoice*",
            "same_vendor_amount*",
            "charged_next_day",
            "near_cop*",
            "altered_cop*",
            "respelled_cop*",
        ),
        "vendor",
        "two deliveries or visits of the same price, or an instalment.",
        "Ask the vendor for a statement of account: two invoices there mean two deliveries, "
        "one means that it was paid twice.",
    ),
    TestFamily(
        "conflict",
        ("anomaly",),
        ("vendor_employee*",),
        "vendor",
        "an employee with a declared side business, or a shared household address.",
        "Compare the vendor master with the declarations of interest, and see who set the vendor up.",
    ),
    TestFamily(
        "bank_change",
        ("anomaly",),
        ("bank_details*", "other_bank_account"),
        "vendor",
        "the vendor moved its bank and said so.",
        "Call the vendor on a number known from before the change and have the account confirmed.",
    ),
    TestFamily(
        "authority",
        ("anomaly",),
        ("preparer*", "approver*"),
        "person",
        "the limit was raised, or somebody deputised, and the table was not kept up.",
        "Ask for the delegation that was in force on that day.",
    ),
    TestFamily(
        "split",
        ("anomaly",),
        ("split*",),
        "vendor",
        "separate needs that happened to fall into one week.",
        "Lay the orders side by side: one requisition, one delivery address or consecutive numbers mean one "
        "purchase.",
    ),
    TestFamily(
        "receipt",
        ANY,
        ("*receipt*",),
        "person",
        "the receipt exists and was not handed in.",
        "Ask the cardholder for it, or the merchant for a copy.",
    ),
    TestFamily(
        "mismatch",
        ("reconciliation",),
        ("amount_mismatch", "transposed*", "wrong_party", "uncertain*"),
        "vendor",
        "a fee, a discount, a rate or an instalment that nobody noted.",
        "See the advice that came with the payment, and the document on the other side.",
    ),
    TestFamily(
        "wrong_tax",
        ("quality",),
        ("wrong_tax",),
        "vendor",
        "goods of another rate, or a part that is exempt, which the document shows line by line.",
        "Look at the rate on the document itself; what was charged too much is no input tax: claim it back.",
    ),
    TestFamily(
        "wrong_year",
        ("quality",),
        ("wrong_year",),
        "row",
        "a document of an earlier year that turned up late.",
        "Look at the date on the document itself, and in which year's accounts it stands.",
    ),
    TestFamily(
        "unlisted_wage",
        ("anomaly",),
        ("unlisted_wage",),
        "vendor",
        "somebody new, or a last wage, that the list of employees does not show yet.",
        "Ask for the contract of employment or the papers of leaving; see whose account the wage went to.",
    ),
    TestFamily(
        "outlier",
        ("anomaly",),
        ("amount_*", "relative_size*"),
        "vendor",
        "a yearly invoice, an equipment purchase, or a changed contract.",
        "See the invoice and the contract behind it, and whether the same month of last year had one.",
    ),
    TestFamily(
        "shell_vendor",
        ("anomaly",),
        ("shell_vendor",),
        "vendor",
        "a new small supplier whose record nobody has filled in yet.",
        "See who set the vendor up, look it up in the trade register, ask for proof of what it delivered.",
    ),
    TestFamily(
        "cash_equivalent",
        ("anomaly",),
        ("cash_equivalent",),
        "person",
        "prizes or thanks to staff that somebody approved.",
        "Ask for the list of who was given them, and who approved it.",
    ),
    TestFamily(
        "new_vendor",
        ("anomaly",),
        ("new_vendor*", "dormant*"),
        "vendor",
        "a real new supplier whose first order is large.",
        "See who set the vendor up, the order, and proof of delivery.",
    ),
    TestFamily(
        "rhythm",
        ("anomaly",),
        ("recurring*", "velocity*"),
        "vendor",
        "the vendor changed its billing day, or invoiced an adjustment.",
        "Compare with the contract's schedule and the invoice.",
    ),
    TestFamily(
        "period",
        ("anomaly",),
        ("backdated*", "after_period*"),
        "person",
        "a late invoice that belongs to the period.",
        "See the date of delivery, and who released the posting after the close.",
    ),
    TestFamily(
        "timing",
        ("anomaly",),
        ("weekend*", "holiday*", "after_hours*"),
        "person",
        "travel, an on-call purchase, or a batch that posts at night.",
        "Ask what the person did that day; the calendar and the system's job log show it.",
    ),
    TestFamily(
        "digits",
        ("anomaly",),
        (
            "round*",
            "just_below*",
            "inferred_limit*",
            "benford*",
            "last_two*",
            "number_dup*",
            "consecutive*",
        ),
        "vendor",
        "agreed prices, retainers and deposits are round by nature.",
        "See the price list or the contract.",
    ),
    TestFamily(
        "ranking",
        ("anomaly",),
        ("ecod*",),
        "row",
        "unusual only as a combination.",
        "Compare with the rows nearest to it.",
    ),
    TestFamily(
        "master",
        ("quality",),
        ("unknown_vendor*", "unknown_employee*"),
        "account",
        "a party that was set up in another system, or a mistyped id.",
        "Find the party in the master of the system that the row came from, and who set it up.",
    ),
    TestFamily(
        "unusual_journal",
        ("anomaly",),
        ("unusual_journal",),
        "row",
        "a correction that an accountant made out of hours, with papers behind it.",
        "Ask for what the entry rests on, and who released it.",
    ),
    TestFamily(
        "journal",
        ("quality",),
        ("unbalanced*",),
        "account",
        "a line was left out of the export.",
        "Print the journal from the ledger itself and add it up.",
    ),
    TestFamily(
        "completeness",
        ("quality",),
        ("missing_*",),
        "account",
        "the field was left out by the export, not by the clerk.",
        "Open the record where it was entered.",
    ),
)

_BY_CHECK: dict[str, TestFamily] = {
    "reconciliation": TestFamily(
        "break",
        ("reconciliation",),
        (),
        "vendor",
        "the other side was posted later, under another name, or together with others.",
        "Look in the other book for the days after the window, and for sums that contain it.",
    ),
    "quality": TestFamily(
        "bad_record",
        ("quality",),
        (),
        "account",
        "the field was mangled by the export.",
        "Open the record where it was entered.",
    ),
    "anomaly": TestFamily(
        "anomaly",
        ("anomaly",),
        (),
        "vendor",
        "an unusual but proper transaction.",
        "See the document behind it.",
    ),
}

NAMES = (*(family.name for family in FAMILIES), *(family.name for family in _BY_CHECK.values()))


def family_of(check: str, test: str) -> TestFamily:
    """Give the family of a test; one that no family lists is of its check's own."""
    for family in FAMILIES:
        if check in family.checks and any(fnmatchcase(test, pattern) for pattern in family.tests):
            return family
    return _BY_CHECK[check]


def by_name(name: str) -> TestFamily:
    """Give a family by its name."""
    return next(family for family in (*FAMILIES, *_BY_CHECK.values()) if family.name == name)


def precedence(name: str) -> int:
    """Rank of a family when a row has findings of several: the lower leads."""
    return NAMES.index(name)
