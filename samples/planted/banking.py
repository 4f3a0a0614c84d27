"""What bank and journal disagree on, and the honest differences at a year's end."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from datetime import date
from typing import Final

from samples.chance import Chance
from samples.days import YEAR, later
from samples.model import BankLine, Journal, Year
from samples.receivables import receive

PRIOR: Final = ((date(2024, 12, 27), "Marlin Coatings Inc", 10_418, 118_455),
                (date(2024, 12, 30), "Fogbound Glass Studio", 10_419, 203_790),
                (date(2024, 12, 30), "Dunmore Tool Repair", 10_420, 37_215))  # fmt: skip
_UNTIED: Final = 8
_WIRE_FEE: Final = 3_500


def plant(year: Year) -> None:
    """Plant them all: call it when bank and journal are there and not yet in order."""
    chance = Chance("banking")
    _follow(year)
    for line in year.bank:
        if line.type == "Card payment" and line.value_date.month == _UNTIED:
            line.amount -= 31_240
            _journal(year, line.reference).lines = [("1000", line.amount), ("2100", -line.amount)]
            year.wrong(
                line, "statement_does_not_tie", f"{YEAR}-{_UNTIED:02d}: paid 312.40 more than was charged"
            )
    _checks(year, chance)
    _unbooked(year)
    _uncollected(year, chance)
    _wires(year)
    _returned(year)
    for on, name, check, amount in PRIOR:
        journal = Journal(
            on, [("1000", -amount), ("2000", amount)], f"check {check} {name}", name, str(check)
        )
        year.journals.append(journal)
        cleared = later(date(YEAR, 1, 6), check % 3)
        line = BankLine("", cleared, "Check", f"CHECK {check}", str(check), -amount)
        year.bank.append(line)
        year.honest(line, "prior_period_check", "written in December, cleared in January")


def _follow(year: Year) -> None:
    """Make the journals of what is planted in payments part of it."""
    booked = {id(journal.settles): journal for journal in year.journals if journal.settles}
    planted = [label for label in year.labels if label.expect != "quiet" and id(label.row) in booked]
    year.labels += [replace(label, row=booked[id(label.row)], expect="part") for label in planted]


def _checks(year: Year, chance: Chance) -> None:
    cleared = [p for p in year.payments if p.method == "check" and p.clears_on and not p.marked]
    chosen = chance.sample([p for p in cleared if p.amount > 60_000 and _swapped(p.amount) != p.amount], 9)
    for payment in chosen[:4]:
        line = _bank(year, payment.reference)
        line.amount = -_swapped(payment.amount)
        booked = _journal(year, payment.reference)
        year.wrong(
            line, "digits_transposed", "two digits of the amount are the wrong way round", also=[booked]
        )
    for payment in chosen[4:6]:
        line = _bank(year, payment.reference)
        line.amount -= 90_000 if payment.amount < 500_000 else 900_000
        booked = _journal(year, payment.reference)
        year.wrong(line, "check_raised", "the bank paid more than the check was written for", also=[booked])
    for payment in chosen[6:]:
        first = next(
            j for j in year.journals if j.reference == payment.reference and j.party == payment.vendor_name
        )
        again = copy(first)
        again.lines, again.postings = [*first.lines], []
        again.posted_on = later(first.posted_on, 3)
        year.journals.append(again)
        year.wrong(again, "posted_twice", "the journal of one check was posted twice", also=[first])
    open_checks = [
        p for p in year.payments if p.method == "check" and not p.clears_on and p.paid_on.month == 12
    ]
    for payment in open_checks[:4]:
        year.honest(
            _journal(year, payment.reference), "outstanding_check", "written in December, not yet cleared"
        )


def _unbooked(year: Year) -> None:
    for month, on, text, amount in (
        (3, 18, "ACH DEBIT PRIMELINE MEMBERSHIP", -18_900),
        (7, 8, "WIRE OUT 88120 K HOLDINGS", -2_845_000),
        (10, 14, "ACH DEBIT QUICKLEASE 4471", -126_480),
        (11, 20, "COUNTER WITHDRAWAL", -300_000),
    ):
        line = BankLine("", later(date(YEAR, month, on), 0), "Other", text, f"X{month:02d}{on}", amount)
        year.bank.append(line)
        year.wrong(line, "not_in_ledger", "taken by the bank, in no journal")


def _uncollected(year: Year, chance: Chance) -> None:
    for month, name, amount in ((5, "Quillon Capital", 1_864_000), (9, "Viaduct Offices LLC", 2_231_500)):
        journal = receive(year, later(date(YEAR, month, 29), 0), name, amount, f"SI-{7000 + month}")
        year.wrong(journal, "not_in_bank", "booked as received at the quarter's end, never in the bank")
    single = [
        line for line in year.bank if line.type == "Customer receipt" and 2 < line.value_date.month < 11
    ]
    others = ("Seagrass Yoga", "Lowtide Oyster Bars", "Gable End Homes LLC")
    for line, customer in zip(chance.sample(single, 3), others, strict=True):
        journal = _journal(year, line.reference)
        journal.party, journal.description = customer, f"{customer} {journal.reference}"
        line.reference = ""
        year.wrong(line, "wrong_customer", f"booked to {customer}", also=[journal])
    late = [j for j in year.journals if j.reference.startswith("SI-") and j.posted_on >= date(YEAR, 12, 30)]
    references = {line.reference for line in year.bank}
    for journal in late:
        if journal.reference not in references and "deposit" not in journal.description:
            year.honest(journal, "deposit_in_transit", "received in the last days, in the bank next year")


def _wires(year: Year) -> None:
    wires = [p for p in year.payments if p.method == "wire" and p.currency == "EUR" and p.clears_on]
    for index, payment in enumerate(wires):
        line = _bank(year, payment.reference)
        if index % 4 == 3:
            line.amount -= _WIRE_FEE
            year.honest(line, "wire_fee", "the bank kept its fee of 35.00")
        elif index < 3:
            year.honest(line, "fx_difference", "booked at the month's rate, taken at the day's")


def _returned(year: Year) -> None:
    for month, name, amount in ((4, "Inkwell Publishing", 411_870), (8, "Upland Coffee Roasters", 536_245)):
        first = later(date(YEAR, month, 9), 0)
        for days, sign, text in (
            (0, 1, "REMOTE CHECK DEPOSIT"),
            (3, -1, "RETURNED ITEM NSF"),
            (9, 1, "REDEPOSIT"),
        ):
            on, number = later(first, days), f"SI-{8000 + month}"
            journal = receive(year, on, name, sign * amount, number)
            journal.description += f" {text.lower()}"
            line = BankLine("", on, "Deposit", text, number, sign * amount)
            year.bank.append(line)
            year.honest(line, "returned_check", "a customer's check bounced and was deposited again")


def _swapped(amount: int) -> int:
    whole = str(amount // 100)
    return int(whole[0] + whole[2] + whole[1] + whole[3:]) * 100 + amount % 100 if len(whole) > 2 else amount


def _bank(year: Year, reference: str) -> BankLine:
    return next(line for line in year.bank if line.reference == reference)


def _journal(year: Year, reference: str) -> Journal:
    return next(journal for journal in year.journals if journal.reference == reference)
