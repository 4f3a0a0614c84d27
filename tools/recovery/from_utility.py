"""Claims out of utility bills: each bill once, by the first test that finds it charged too much.

Tests after those of the trade (EnergyCAP, bill audits; REMCO, edit checks; Arcadia, statement types): one
.sql file each in tools/recovery/utility, which gives bill_id and over_minor.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any, Final

from tools.books.engine import Books
from tools.core.sql_files import sql
from tools.recovery.drafts import BASIS, OWED, ClaimDraft, ItemDraft, PartyDraft

KIND: Final = "utility_overcharge"
_HERE: Final = "tools.recovery.utility"
# In the order in which a bill is claimed: what is proved on paper goes before what is only unlikely.
TESTS: Final[Mapping[str, str]] = {
    "duplicate_bill": "the same meter, period and amount were billed before",
    "closed_meter": "the meter was closed before the period",
    "wrong_multiplier": "more use than the readings and the multiplier give",
    "reading_repeated": "the period begins below the last reading: units are billed twice",
    "overlapping_period": "days of the period were billed before",
    "ends_after_billing": "the period ends after the day of the bill",
    "wrong_sum": "the total is more than its parts",
    "tax_exempt_charged": "tax on an account that is exempt",
    "late_fee_unearned": "a late fee although the bill before was paid in time",
    "rate_class_changed": "another, dearer rate class than before and after",
    "estimate_not_trued_up": "more was billed on estimates than the next reading shows",
    "unit_cost": "dearer a unit than others of the same class in the month",
    "use_per_day": "far more use a day than a year ago, beyond what the weather explains",
}
# What these find was charged for use, and where the bills prove a rate, its tax was charged on top.
_OF_USE: Final = (
    "wrong_multiplier", "reading_repeated", "overlapping_period", "ends_after_billing", "rate_class_changed",
    "estimate_not_trued_up", "unit_cost", "use_per_day",
)  # fmt: skip
_OF_BILLS_BEFORE: Final = "estimate_not_trued_up"  # the use that was too much stands on earlier bills
_ESTIMATES: Final = ("unit_cost", "use_per_day")  # their amount is what is likely, from nothing to twice it
_PROOF: Final = "Charged too much by the bill's own figures: what was not owed has to be paid back."


def claims(books: Books) -> list[ClaimDraft]:
    """Give a claim for each bill that was charged too much; none without bills."""
    if not books.rows("SELECT 1 FROM utility_bill LIMIT 1"):
        return []
    books.execute(sql(_HERE, "counted"))
    over: dict[str, tuple[str, int]] = {}
    for test in TESTS:
        for row in books.rows(sql(_HERE, test)):
            if int(row["over_minor"] or 0) > 0:
                over.setdefault(str(row["bill_id"]), (test, int(row["over_minor"])))
    bills = {str(row["bill_id"]): row for row in books.rows(sql(_HERE, "bill"))}
    rates = {str(row["bill_id"]): row for row in books.rows(sql(_HERE, "tax"))}
    entity = books.manifest.entity
    return [
        _claim(entity, bills[bill_id], test, (amount, _tax_on(amount, test, rates.get(bill_id))))
        for bill_id, (test, amount) in sorted(over.items())
    ]


def _tax_on(amount: int, test: str, rate: Mapping[str, Any] | None) -> int:
    """Give the tax that a bill charges on an amount too much for use; 0 where no rate is proven."""
    if rate is None or test not in _OF_USE:
        return 0
    if test == _OF_BILLS_BEFORE:
        return _rounded(amount * float(rate["rate"]))
    owed = _rounded((int(rate["base_minor"]) - amount) * float(rate["rate"]))
    return max(0, int(rate["tax_minor"]) - owed)


def _rounded(minor: float) -> int:
    return floor(minor + 0.5)


def _claim(entity: str, bill: Mapping[str, Any], test: str, over: tuple[int, int]) -> ClaimDraft:
    """Make the claim. over: too much for use or whatever the test finds, and the tax on it."""
    name, currency = str(bill["party_name"] or bill["party_id"]), str(bill["currency"])
    party = PartyDraft(
        "vendor", name, str(bill["party_key"] or bill["party_id"]), str(bill["party_id"] or "")
    )
    document, words = str(bill["bill_id"]), TESTS[test]
    reference = f"account {bill['account']}, {bill['from_on']} to {bill['to_on']}"
    shared = {"reference": reference, "dated_on": bill["billed_on"], "source": "utility_bill"}
    shared |= {"file": str(bill["file"] or ""), "line": bill["line"]}
    items = [
        ItemDraft(OWED, document, over[0], currency, note=words, **shared),
        *([ItemDraft(OWED, document, over[1], currency, note="the tax on it", **shared)] if over[1] else []),
        ItemDraft(BASIS, document, int(bill["amount_minor"]), currency, note="as billed", **shared),
    ]
    is_estimate = test in _ESTIMATES
    return ClaimDraft(
        entity, KIND, party, f"Overcharged: {name}, {document}: {words}", _PROOF, currency, items,
        low_minor=0 if is_estimate else None,
        high_minor=2 * sum(over) if is_estimate else None,
        features={"test": test},
    )  # fmt: skip
