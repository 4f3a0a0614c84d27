"""A case's title: what happened, to whom, when and how much, in one line."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from tools.core import formatting
from tools.judgement import batches_sent_twice
from tools.judgement.parties import party
from tools.judgement.unexplained import lacking, lacks

Row = Mapping[str, Any]

_TWICE: Final = {
    "payment": "Paid twice", "bank": "Paid twice", "card": "Charged twice", "invoice": "Entered twice",
    "ledger": "Booked twice", "receipt": "Handed in twice",
}  # fmt: skip
_PAID_ONCE: Final = {"payment": "Entered twice, paid once", "ledger": "Booked twice, paid once"}
_BY_TEST: Final = {
    "same_invoice_other_vendor": "One invoice, two vendors",
    "transposed_digits": "Digits exchanged",
    "wrong_party": "Another party in the other book",
    "uncertain_match": "Uncertain match",
    "repeated_id": "One id, several rows",
    "altered_copy": "Copied with another amount",
    "respelled_copy": "Copied under another spelling",
    "other_bank_account": "Paid to another bank account than before",
    "dormant_vendor": "Paid after a long silence",
    "velocity": "Many payments at once",
    "recurring_late": "Late against its rhythm",
    "respelled_vendor": "Name spelled otherwise",
    "split_under_own_limit": "Split under what seems a limit",
    "charged_next_day": "Charged again a day or two later",
    "future_date": "Dated in the future",
    "amount_against_person": "Unusual for this person",
    "amount_against_vendor": "Unusual for this vendor",
    "amount_against_account": "Unusual for this party on its account",
}
_BY_FAMILY: Final = {
    "statement": "Does not tie",
    "conflict": "Vendor shares details with an employee",
    "bank_change": "Bank details changed shortly before",
    "authority": "Approved without authority",
    "split": "Split under a limit",
    "receipt": "No receipt",
    "mismatch": "Amounts differ",
    "outlier": "Unusual amount",
    "shell_vendor": "Several marks of a shell vendor",
    "unlisted_wage": "Wage to somebody who is not employed",
    "cash_equivalent": "As good as cash",
    "wrong_year": "Dated in a wrong year",
    "wrong_tax": "Tax does not fit",
    "unusual_journal": "Unusual journal",
    "new_vendor": "Large first payment",
    "rhythm": "Off its rhythm",
    "period": "Posted out of its period",
    "timing": "Posted at an unusual time",
    "digits": "Unusual figures",
    "ranking": "Unusual combination",
    "master": "Not in the master data",
    "journal": "Journal does not balance",
    "completeness": "Incomplete",
    "bad_record": "Bad record",
    "anomaly": "Unusual posting",
}
_OF_OTHER_YEARS: Final = ("future_date", "implausible_date", "wrong_year")
_AMBIGUOUS: Final = "could be any of several rows of the other book"
_PLURAL: Final = {"is": "are", "has": "have"}
_TEXT: Final = 40  # letters of a text that a title quotes
_NOUNS: Final = {"ledger": "Entry", "card": "Charge", "invoice": "Invoice", "payment": "Payment"}


def title(
    rows: Sequence[Row],
    *,
    family: str,
    name: str,
    total: int,
    currency: str,
    kinds: Collection[str] = (),
) -> str:
    """Say of a case what happened.

    rows: of suspect, with partner_day and paid_once. name: whose case it is. total: at risk, in minor
    units of currency.
    kinds: of the sources there are: what no bank tells is only said where there is one.
    """
    lead = gravest(rows, family)
    if family == "break" and lead.get("amount_minor") is not None:
        return _unexplained(name, lead, rows, formatting.amount_text(total, currency), kinds)
    if family == "mismatch" and (differing := _differing(name, rows)):
        return differing
    if str(lead.get("event") or "").startswith(batches_sent_twice.PREFIX):
        return _batch(rows, lead, formatting.amount_text(total, currency))
    what = _condition(family, lead)
    if family == "duplicate" and len(rows) > 1 and [row["family"] for row in rows].count(family) == 1:
        return _alone(what, name, lead, family) + _others(rows, lead)
    if len(rows) > 1:
        return f"{what}: {name}, {len(rows)} {_noun(rows)}, {formatting.amount_text(total, currency)}"
    if family == "bad_record":
        name = party(lead) or name
    return _alone(what, name, lead, family)


def _others(rows: Sequence[Row], lead: Row) -> str:
    """Count the rows beside the two that a title has named by their days."""
    others = sum(row["row_key"] not in {lead["row_key"], lead["partner_key"]} for row in rows)
    return f", and {others} other row{'s' * (others > 1)}" if others else ""


def gravest(rows: Sequence[Row], family: str) -> Row:
    """Give the row that a case is about: of the rows of its family, which names it, the one of most money."""
    return min(
        rows, key=lambda row: (row.get("family") != family, -(row["exposure_base"] or 0), row["row_key"])
    )


def _batch(rows: Sequence[Row], lead: Row, total: str) -> str:
    """Say of a batch which day's rows came again on which."""
    before, day = (formatting.short_day(_date(lead[name])) for name in ("partner_day", "posted_day"))
    return f"A batch twice: {len(rows)} {_noun(rows)} of {before} again on {day}, {total}"


def _alone(what: str, name: str, row: Row, family: str) -> str:
    """Say of one row what happened, how much and when: both days of what stands twice."""
    written = [_amount(row, family), _days(row) if family == "duplicate" else _day(row)]
    return f"{what}: {', '.join(part for part in (name, ' '.join(filter(None, written))) if part)}"


def _differing(name: str, rows: Sequence[Row]) -> str:
    """Say by how much a row and its nearest differ, and what each says; "" where that is not the case."""
    pair = [row for row in rows if row.get("nearest_row") and row.get("difference_minor")]
    if not pair or len(rows) > 2:  # noqa: PLR2004 - of a pair
        return ""
    lead = min(pair, key=lambda row: (row["kind"] == "ledger", row["row_key"]))
    near = json.loads(lead["nearest_row"])
    if lead["currency"] != near["currency"] or near["amount_minor"] is None:
        return ""
    sides = " and ".join(
        f"{formatting.amount_text(abs(row['amount_minor']), row['currency'])}"
        f" on the {formatting.noun(row['kind'])}"
        for row in (lead, near)
    )
    off = formatting.amount_text(abs(lead["difference_minor"]), lead["currency"])
    return f"Amounts differ by {off}: {party(lead) or name}, {sides} {_day(lead)}".strip()


def _condition(family: str, lead: Row) -> str:
    if lead.get("event"):
        return "Loaded twice"
    test = str(lead.get("lead_test") or "")
    if test in _BY_TEST:
        return _BY_TEST[test]
    if family == "duplicate":
        if lead.get("paid_once"):
            return _PAID_ONCE.get(str(lead.get("kind")), "Twice")
        received = lead.get("kind") == "bank" and (lead.get("amount_minor") or 0) > 0
        return "Received twice" if received else _TWICE.get(str(lead.get("kind")), "Twice")
    return _BY_FAMILY.get(family, family.replace("_", " ").capitalize())


def _unexplained(name: str, lead: Row, rows: Sequence[Row], total: str, kinds: Collection[str]) -> str:
    """Say which book lacks what another one tells."""
    kind, amount = str(lead.get("kind")), lead["amount_minor"]
    way, link = ("Payment", "to") if kind != "bank" or amount < 0 else ("Receipt", "from")
    noun = way if kind == "bank" else _NOUNS.get(kind, "Row")
    if len(rows) > 1:
        return _several_unexplained(name, rows, total, kinds)
    payee = party(lead)
    whom = f" {'at' if kind == 'card' else 'with' if kind == 'ledger' else link} {payee}" if payee else ""
    when = f" {_day(lead)}" if _day(lead) else ""
    gap = _AMBIGUOUS if lead.get("break_reason") == "ambiguous" else lacking(lead, kinds)
    return f"{noun} of {formatting.amount_text(abs(amount), lead['currency'])}{whom}{when} {gap}"


def _several_unexplained(name: str, rows: Sequence[Row], total: str, kinds: Collection[str]) -> str:
    """Say which book lacks several rows; what they are for, where no vendor is named and all say the same."""
    gaps = {lacking(row, kinds) for row in rows}
    gap = gaps.pop() if len(gaps) == 1 else lacks("", kinds)
    verb, rest = gap.split(" ", 1)
    all_ambiguous = all(row.get("break_reason") == "ambiguous" for row in rows)
    plural = _AMBIGUOUS if all_ambiguous else f"{_PLURAL[verb]} {rest}"
    texts = {
        "" if row.get("vendor_name") else " ".join(str(row.get("description") or "").split()) for row in rows
    }
    purpose = texts.pop()[:_TEXT] if len(texts) == 1 else ""
    whom = ", ".join(dict.fromkeys(filter(None, (purpose, name))))
    return f"{len(rows)} {_noun(rows)} {plural}: {whom}, {total}"


def _noun(rows: Sequence[Row]) -> str:
    kinds = {str(row.get("kind") or "") for row in rows}
    return formatting.noun(kinds.pop(), len(rows)) if len(kinds) == 1 and kinds != {""} else "rows"


def _amount(row: Row, family: str) -> str:
    """Give a row's amount; where a tax is off, how much of it is."""
    amount = row.get("amount_minor")
    if amount is None:
        return ""
    whole = formatting.amount_text(abs(amount), row["currency"])
    off = row.get("exposure_minor")
    return (
        f"{formatting.amount_text(off, row['currency'])} of {whole}"
        if family == "wrong_tax" and off
        else whole
    )


def _day(row: Row) -> str:
    if row.get("posted_day") is None:
        return ""
    year = row.get("lead_test") in _OF_OTHER_YEARS
    return f"on {formatting.short_day(_date(row['posted_day']), year=year)}"


def _days(row: Row) -> str:
    days = sorted(_date(day) for day in (row.get("partner_day"), row.get("posted_day")) if day is not None)
    if len(days) < 2 or days[0] == days[1]:  # noqa: PLR2004 - of a pair
        return _day(row)
    years = days[0].year != days[1].year
    return f"on {' and '.join(formatting.short_day(day, year=years) for day in days)}"


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
