"""What is wrong in single files: cells, repeats, gaps, balances. Called when all rows have their numbers."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any, Final

from samples.chance import Chance
from samples.days import YEAR
from samples.model import BankLine, Charge, Payment, Row, Year

Files = dict[str, list[Row]]
H2: Final = f"card_{YEAR}_h2.csv"
_BLANKS: Final = ("", "N/A", "null", "-")
_STALE_FROM: Final = date(YEAR, 10, 1)
_RECENT: Final = date(YEAR, 12, 20)
_MONTHS: Final = (3, 9)  # the card files' errors: only these months' payments don't tie


def plant(year: Year, files: Files, roll: list[dict[str, str | int]]) -> None:
    """Plant them all; `roll` is the trial balance."""
    chance = Chance("cells")
    _card(year, files, chance)
    _documents(year, files, chance)
    _numbers(year, files, chance)
    _balances(year, files, roll)
    mapped = [row for row in year.charges if row.charged_on >= date(YEAR, 12, 4)]
    for row in mapped:
        if row.category in ("Fuel", "Parking", "Software"):
            row.category = "Unmapped"
    year.wrong("card", "mix_shifted", "three categories arrive as Unmapped from 4 December on")


def _card(year: Year, files: Files, chance: Chance) -> None:
    marked = {id(label.row) for label in year.labels}
    plain = ("Workshop consumables", "Office supplies", "Design samples")
    march, september = (
        [
            row
            for row in year.charges
            if row.charged_on.month == month
            and row.category in plain
            and row.amount > 2_500
            and id(row) not in marked
        ]
        for month in _MONTHS
    )
    picked = chance.sample(march, 9)
    for row, blank in zip(picked[:4], _BLANKS, strict=True):
        row.raw["merchant"] = blank
        year.wrong(row, "field_missing", "no merchant")
    for row, text in zip(picked[4:6], ("12,5O", "(12.30"), strict=True):
        row.raw["amount"] = text
        year.wrong(row, "unreadable", "no amount that anybody can read")
    picked[6].raw["person_id"] = "E77"
    year.wrong(picked[6], "employee_unknown", "nobody has this number")
    for row, text in zip(picked[7:], ("22l4", "221"), strict=True):
        row.raw["card_last4"] = text
        year.wrong(row, "card_malformed", "not four digits")
    picked = chance.sample(september, 13)
    for row in picked[:3]:
        _repeat(files[H2], row, year, "row_repeated", "exported twice")
    for row in picked[3:6]:
        duplicate = _repeat(files[H2], row, year, "content_repeated", "the same again under another number")
        duplicate.raw["charge_id"] = f"CC-9{chance.whole(10_000, 99_999)}"
    for index, row in enumerate(picked[6:9]):
        duplicate = _repeat(files[H2], row, year, "copy_near", "nearly the same again, a day later")
        duplicate.raw["charge_id"] = f"CC-9{chance.whole(10_000, 99_999)}"
        duplicate.amount = round(row.amount * (1.02 + 0.01 * index))
    for row in picked[9:11]:
        duplicate = _repeat(
            files[H2], row, year, "copy_altered", "the same but for an amount that was computed"
        )
        duplicate.raw["charge_id"] = f"CC-9{chance.whole(10_000, 99_999)}"
        duplicate.raw["amount"] = f"{row.amount * 1.0731 / 100:.6f}"
        year.wrong(duplicate, "too_many_decimals", "six decimals of a dollar")
    for row, amount in zip(picked[11:], (6_615, 4_180), strict=True):
        duplicate = _repeat(files[H2], row, year, "id_reused", "the number of another charge")
        duplicate.merchant, duplicate.amount, duplicate.category = "LENS & LUMEN", amount, "Equipment"
    ghost = next(row for row in september if row not in picked)
    ghost.raw["person_id"] = "E91"
    year.wrong(ghost, "employee_unknown", "nobody has this number")
    _respell(year, files[H2], [row for row in september if row is not ghost and row not in picked])
    for month in _MONTHS:
        line = next(b for b in year.bank if b.type == "Card payment" and b.value_date.month == month)
        year.wrong(
            line, "statement_does_not_tie", f"{YEAR}-{month:02d}: the file's charges are not what was paid"
        )


def _respell(year: Year, rows: list[Row], charges: list[Charge]) -> None:
    chance = Chance("respelled")
    for row in [row for row in charges if len(row.merchant) >= 10][:2]:
        duplicate = _repeat(
            rows, row, year, "copy_respelled", "the same again, a letter of its merchant lost"
        )
        duplicate.raw["charge_id"] = f"CC-9{chance.whole(10_000, 99_999)}"
        duplicate.merchant = row.merchant[:4] + row.merchant[5:]


def _repeat(rows: list[Row], row: Charge, year: Year, kind: str, note: str) -> Charge:
    duplicate = copy(row)
    duplicate.raw = dict(row.raw)
    rows.insert(rows.index(row) + 1, duplicate)
    year.wrong(duplicate, kind, note, also=[row])
    return duplicate


def _documents(year: Year, files: Files, chance: Chance) -> None:
    marked = {id(label.row) for label in year.labels}
    invoices = chance.sample([i for i in year.invoices if id(i) not in marked and i.amount > 5_000], 16)
    changes: tuple[tuple[str, str, str, str], ...] = (
        ("field_missing", "invoice_no", "", "no invoice number"),
        ("field_missing", "vendor_name", "n/a", "no vendor"),
        ("unreadable", "invoice_date", "2025-02-30", "no such day"),
        ("unreadable", "amount", "1.020,00", "an amount in another country's way"),
        ("currency_unknown", "currency", "USX", "no such currency"),
        ("currency_unknown", "currency", "EUX", "no such currency"),
        ("currency_unknown", "currency", "ZZZ", "no such currency"),
        ("date_in_future", "invoice_date", "2052-03-14", "2052 for 2025"),
        ("date_implausible", "invoice_date", "1970-01-01", "a date that stands for none"),
        ("date_implausible", "invoice_date", "1900-01-01", "a date that stands for none"),
        ("due_before_invoice", "due_date", "2024-11-30", "due before it was written"),
        ("due_before_invoice", "due_date", "2024-12-15", "due before it was written"),
        ("due_before_invoice", "due_date", "2024-10-31", "due before it was written"),
        ("vendor_unknown", "vendor_id", "V907", "no such vendor"),
    )
    for row, (kind, cell, text, note) in zip(invoices, changes, strict=False):
        row.raw[cell] = text
        paying = [p for p in year.payments if any(row is item for item, _, _ in p.lines)]
        after = [year.invoices[year.invoices.index(row) + 1]] if kind == "unreadable" else []
        year.wrong(row, kind, note, also=[*paying, *after])
    year.honest(
        "invoices", "few_unreadable", "two of some six hundred lines are slips, and no export gone wrong"
    )
    payments = chance.sample([p for p in year.payments if id(p) not in marked and not p.marked], 4)
    for paid, (kind, cell, text, note) in zip(payments, (
        ("vendor_unknown", "vendor_id", "V911", "no such vendor"),
        ("vendor_unknown", "vendor_id", "V999", "no such vendor"),
        ("date_in_future", "paid_on", "2205-06-10", "2205 for 2025"),
        ("field_missing", "vendor_name", "", "no vendor"),
    ), strict=True):  # fmt: skip
        paid.raw[cell] = text
        year.wrong(paid, kind, note, also=[item for item, _, _ in paid.lines])
    for note_row in invoices[14:]:
        nothing = copy(note_row)
        nothing.raw = {"document_id": f"AP-0{len(files['invoices.csv']) + 1:04d}", "amount": "0.00"}
        nothing.invoice_no += "-Z"
        files["invoices.csv"].append(nothing)
        year.wrong(nothing, "amount_zero", "an invoice about nothing")
    once = files["receipts.csv"][140]
    again = copy(once)
    files["receipts.csv"].insert(141, again)
    year.wrong(again, "row_repeated", "exported twice", also=[once])


def _numbers(year: Year, files: Files, chance: Chance) -> None:
    marked = {id(label.row) for label in year.labels}
    for name, first in (
        ("payments.csv", 60),
        ("payments.csv", 210),
        ("ledger.csv", 900),
        ("receipts.csv", 300),
    ):
        rows = files[name]
        at = first + chance.whole(0, 20)
        while id(rows[at]) in marked or id(rows[at + 1]) in marked or not _removable(rows[at]):
            at += 1
        gone = rows.pop(at)
        year.wrong(rows[at], "number_missing", "the number before it is missing")
        _orphans(year, gone)


def _removable(row: Row) -> bool:
    if isinstance(row, Payment) and (row.seller is None or row.seller.recurring):
        return False
    account = getattr(row, "account", "2000")
    return account not in ("1000", "1010")


def _orphans(year: Year, gone: Row) -> None:
    for item, _, _ in getattr(gone, "lines", []):
        year.wrong(item, "invoice_never_paid", "its payment was taken out of the file")
    journal = getattr(gone, "journal_id", None)
    if journal:
        for entry in year.journals:
            if entry.postings and entry.postings[0].journal_id == journal:
                remaining = [posting for posting in entry.postings if posting is not gone]
                year.wrong(remaining, "journal_unbalanced", "its other line was taken out of the file")
                year.wrong("ledger", "trial_balance_does_not_roll", "the missing line's account in its month")
    charge = getattr(gone, "charge", None)
    if charge is not None:
        year.wrong("receipts", "control_total_off", "the register counts one more than the file holds")
        year.wrong(charge, "receipt_missing", "its receipt was taken out of the file")


def _balances(year: Year, files: Files, roll: list[dict[str, str | int]]) -> None:
    bank: list[Any] = files["bank_operating.csv"]
    line: BankLine = bank[311]
    line.raw["balance"] = f"{(line.balance + 45_000) / 100:.2f}"
    year.wrong([line, bank[312]], "balance_does_not_roll", "450.00 more than before plus amount")
    files["bank_savings.csv"] = [
        row for row in files["bank_savings.csv"] if isinstance(row, BankLine) and row.value_date < _STALE_FROM
    ]
    year.wrong("savings", "source_stale", "no statement since September")
    for journal in year.journals:
        swept = any(posting.account == "1010" for posting in journal.postings)
        if swept and _STALE_FROM <= journal.posted_on < _RECENT:
            year.wrong(journal, "not_in_bank", "the savings statements end in September")
        elif swept and journal.posted_on >= _RECENT:
            year.honest(journal, "deposit_in_transit", "of the last days of the year")
    row = next(line for line in roll if line["period"] == f"{YEAR}-08" and line["account"] == "5000")
    row["opening"] = int(row["opening"]) - 1_250_000
    row["closing"] = int(row["closing"]) - 1_250_000
    year.wrong("ledger", "trial_balance_does_not_roll", "5000 opens August 12,500.00 under July's close")
