"""The innocent reading of what each test finds, and the step that would tell it from the other one.

By test; what is not listed has its family's (families.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from tools.judgement import test_families


@dataclass(frozen=True)
class InnocentReading:
    """tests: names or patterns. innocent: the harmless reading. told_by: what would tell."""

    tests: tuple[str, ...]
    innocent: str
    told_by: str


READINGS: tuple[InnocentReading, ...] = (
    InnocentReading(
        ("repeated_*", "altered_cop*", "near_cop*", "respelled_cop*"),
        "the feed delivered one event twice, and the money moved once.",
        "Look at the bank's or the card issuer's own statement: it holds the amount once or twice.",
    ),
    InnocentReading(
        ("duplicate_posting",),
        "a correction whose reversal was booked under another reference.",
        "Print the account for both days and look for the entry that takes one of the two back.",
    ),
    InnocentReading(
        ("same_invoice_other_vendor",),
        "two vendors number their invoices alike, or one collects for the other.",
        "Lay the two invoices side by side: one document means that the wrong party was paid once.",
    ),
    InnocentReading(
        ("same_vendor_amount",),
        "a fixed price that was bought twice, or an instalment.",
        "See both invoices: two numbers and two deliveries are two purchases.",
    ),
    InnocentReading(
        ("control_total*",),
        "the file was cut before the last entries came in, or the declared total counts voided ones.",
        "Export the period again, and compare it by number with this file.",
    ),
    InnocentReading(
        ("trial_balance*",),
        "a late journal or an opening entry that one of the two exports left out.",
        "Print the account from the ledger for this month and the next; the journal that only one holds is "
        "the difference.",
    ),
    InnocentReading(
        ("balance_break",),
        "a line is missing from the export, or stands in another place.",
        "Obtain the bank's own statement for the days around it and tick its lines to the feed.",
    ),
    InnocentReading(
        ("preparer_is_approver",),
        "the second person signed on paper, or in another system.",
        "Ask for the signed voucher, and for the list of who may release postings alone.",
    ),
    InnocentReading(
        ("dormant*",),
        "a seasonal or occasional supplier.",
        "See the order behind it, who asked for the payment, and whether the vendor's details changed.",
    ),
    InnocentReading(
        ("velocity",),
        "a project, a trip or a move that needed many purchases at once.",
        "Ask what was going on in those days, and see whether the purchases have one purpose.",
    ),
    InnocentReading(
        ("recurring_late",),
        "the vendor invoiced late, or a holiday lay between.",
        "See the date on the invoice and the day on which it came in.",
    ),
    InnocentReading(
        ("just_below_limit", "inferred_limit"),
        "prices often end right below a round sum.",
        "See the offer: was this its price before anybody knew who had to approve it?",
    ),
    InnocentReading(
        ("benford*", "last_two*", "number_dup*"),
        "price lists, fares and instalments repeat the same figures.",
        "List what shares these figures: one price or one contract behind most of them explains it.",
    ),
    InnocentReading(
        ("consecutive*",),
        "a small supplier that has hardly any other customer.",
        "Look the vendor up in the register of companies, and see who ordered, and what was delivered.",
    ),
    InnocentReading(
        ("transposed*",),
        "a slip of the keyboard; the right sum was paid.",
        "See which of the two amounts stands on the document, and what the bank paid.",
    ),
    InnocentReading(
        ("wrong_party",),
        "a trade name, a parent company or a payment service stands for the vendor.",
        "Compare the account that was paid with the one on the vendor's master record.",
    ),
    InnocentReading(
        ("uncertain_match",),
        "the other side was booked under another name or with a shortened reference.",
        "See the two documents: the same number or the same order settles it.",
    ),
    InnocentReading(
        ("timing_item",),
        "it clears in the first days after the period.",
        "See the bank's lines of the following two weeks.",
    ),
    InnocentReading(
        ("future_date", "implausible_date", "due_before_invoice"),
        "a slip of the keyboard, or day and month exchanged.",
        "Look at the date on the document itself.",
    ),
    InnocentReading(
        ("implausible_amount", "excess_decimals"),
        "an amount in another unit, or one that a spreadsheet worked out.",
        "Look at the amount on the document itself.",
    ),
    InnocentReading(
        ("unknown_currency",),
        "a slip of the keyboard, or the local sign of a currency in place of its code.",
        "Look at the document: in which currency is it, and at which rate was it booked?",
    ),
    InnocentReading(
        ("malformed_card",),
        "the card was replaced, or the feed cuts leading zeros off.",
        "Compare with the issuer's list of cards.",
    ),
    InnocentReading(
        ("respelled_vendor",),
        "a slip of the keyboard, or another shop with a name much like it.",
        "See the name on the document, and which account was paid.",
    ),
    InnocentReading(
        ("out_of_sequence",),
        "a voucher that was entered late, or a date that was mistyped.",
        "Look at the date on the document itself, and at the day on which the number was given out.",
    ),
    InnocentReading(
        ("sequence_gap",),
        "numbers that were voided, or given to another book.",
        "Ask for the register of numbers, voided ones included.",
    ),
    InnocentReading(
        ("stale_source", "unusual_volume", "unusual_mix"),
        "a quiet or a busy time, or an export that was cut off on another day.",
        "Compare the count and the last entry with the system that the file came from.",
    ),
    InnocentReading(
        ("*_cell",),
        "the export or a spreadsheet mangled the cell, and the record itself is right.",
        "Open the record in the system that it came from.",
    ),
    InnocentReading(
        ("rejected_line",),
        "the line was damaged on its way, and the system that it came from holds it whole.",
        "Find the record there, and see whether its amount is in the total.",
    ),
    InnocentReading(
        ("statement_out_of_balance",),
        "the statement is of another period than its balances, or a line was lost on its way.",
        "Fetch the statement again, and tick its lines to the bank's own paper.",
    ),
    InnocentReading(
        ("unread_file",),
        "the file is none of the books: a note, a copy, a template.",
        "Open it; add a source that reads it, or strike it from the list of unread files among the sources.",
    ),
    InnocentReading(
        ("unreadable_lines",),
        "the export writes dates or amounts otherwise than the sources file declares.",
        "Look at the first of these lines and at what is declared; then export again, and compare the count.",
    ),
)


@cache
def of(test: str, family: str) -> tuple[str, str]:
    """Give the innocent reading of a test's finding, and what would tell."""
    for reading in READINGS:
        if any(fnmatchcase(test, pattern) for pattern in reading.tests):
            return reading.innocent, reading.told_by
    named_family = test_families.by_name(family)
    return named_family.innocent, named_family.told_by
