"""Paid twice, in the ways it happens; and what only looks like it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from samples.chance import Chance
from samples.days import later
from samples.model import Payment, Row, Year
from samples.payables import invoice, pay
from samples.planted.buying import buy, day, settle, single


def plant(year: Year) -> None:
    """Plant duplicate payments of each kind, and honest repetitions."""
    chance = Chance("twice")
    for first in single(year, chance, 4, months=range(2, 10)):
        again = settle(year, first.lines[0][0], later(first.paid_on, 6))
        _mark(year, first, again, "paid_twice", "the same invoice, paid again six days later")
    _grave(year)
    _varied(year, chance)
    _other_vendor(year, chance)
    for first in single(year, chance, 3, months=range(4, 11)):
        billed = first.lines[0][0]
        assert billed.seller is not None
        mistyped = invoice(year, billed.seller, later(billed.invoice_date, 1), billed.amount)
        again = settle(year, mistyped, later(first.paid_on, 9))
        note = "the same amount again under a number that is not theirs"
        _mark(year, first, again, "same_amount_soon", note, also=[billed, mistyped])
    _returned(year, chance)


def _grave(year: Year) -> None:
    billed, first = buy(year, year.vendor("Norrland Timber"), day(9, 2), 5_481_640)
    again = settle(year, billed, later(first.paid_on, 7))
    note = "a container of timber, approved and paid, and paid once more"
    _mark(year, first, again, "paid_twice", note, also=[billed])


def _varied(year: Year, chance: Chance) -> None:
    for first, style in zip(
        single(year, chance, 3, months=range(3, 11)), ("plain", "lower", "zero"), strict=True
    ):
        billed = first.lines[0][0]
        assert billed.seller is not None
        number = {
            "plain": billed.invoice_no.replace("-", ""),
            "lower": billed.invoice_no.lower().replace("-", " "),
            "zero": billed.invoice_no.replace("-", "-0"),
        }[style]
        copy = invoice(year, billed.seller, billed.invoice_date, billed.amount, number)
        again = settle(year, copy, later(first.paid_on, 10))
        _mark(year, first, again, "invoice_number_varied", f"{billed.invoice_no} entered again as {number}")
        year.wrong(copy, "invoice_number_varied", f"{billed.invoice_no} entered again", also=[billed])


def _other_vendor(year: Year, chance: Chance) -> None:
    wrong = {
        "Quarry Bay": "Redfern Plumbing",
        "Ironmonger": "Pellworth Stone",
        "Portside": "Windlass Freight",
    }
    for right, vendor_id in wrong.items():
        named = [
            p for p in year.payments if p.vendor_name.startswith(right) and len(p.lines) == 1 and p.clears_on
        ]
        first = chance.pick([p for p in named if not p.marked])
        billed = first.lines[0][0]
        copy = invoice(year, year.vendor(vendor_id), billed.invoice_date, billed.amount, billed.invoice_no)
        again = settle(year, copy, first.paid_on)
        _mark(year, first, again, "other_vendor_same_invoice", f"the invoice of {right}", also=[billed, copy])


def _returned(year: Year, chance: Chance) -> None:
    for first in single(year, chance, 2, months=range(3, 11)):
        billed = first.lines[0][0]
        on = later(first.paid_on, 4)
        again = settle(year, billed, on, method="wire")
        back = pay(year, later(on, 3), [(billed, -billed.amount, "returned")], method="wire")
        back.clears_on = min(later(on, 3), on + timedelta(days=9))
        first.marked = again.marked = back.marked = True
        note = "paid twice by mistake, and given back at once"
        year.honest([first, again, back], "double_payment_returned", note)


def _mark(
    year: Year, first: Payment, again: Payment, kind: str, note: str, *, also: Sequence[Row] = ()
) -> None:
    first.marked = again.marked = True
    year.wrong(again, kind, note, also=[first, *also])
