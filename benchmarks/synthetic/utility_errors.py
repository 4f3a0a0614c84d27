"""Errors planted in utility bills: a function a kind, which spoils one bill and says what is over.

plant(meters, months, chance) -> {bill_id: (kind, over in minor units)}
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

EACH: Final = 6  # bills planted of each kind
RATES: Final = {"GS1": 0.142, "GS2": 0.118, "RES": 0.171}  # a kWh
_DEARER_FROM: Final = date(2025, 1, 1)  # a tariff that is raised for all
_RISE: Final = 1.08
_TAX: Final = 0.06
_FIRST: Final = 14  # months before which nothing is planted: a year ago has to be known
Bill = dict[str, Any]
Planted = dict[str, tuple[str, int]]


@dataclass
class Meter:
    """A meter: its usual use a month in kWh, its class, whether its account is exempt, its multiplier."""

    number: int
    usual: float
    rate_class: str
    exempt: bool
    factor: int
    bills: list[Bill] = field(default_factory=list)

    def bill(self, month: int) -> Bill:
        """Give the bill of a month."""
        return next(row for row in self.bills if row["bill_id"] == f"{self.number:03}-{month:02}")


Spoil = Callable[[Meter, int, Bill], tuple[str, int] | None]


def plant(meters: Sequence[Meter], months: int, chance: random.Random) -> Planted:
    """Plant some of each kind, at meters and months that are far enough from each other."""
    planted: Planted = {}
    places = [(meter, month) for meter in meters for month in range(_FIRST, months - 3)]
    chance.shuffle(places)
    used: set[tuple[int, int]] = set()
    for kind, spoil in KINDS.items():
        count = 0
        while count < EACH:
            meter, month = places.pop()
            near = {(meter.number, month + step) for step in range(-3, 4)}
            around = meter.bills[month - 3 : month + 3]
            if near & used or any(bill["reading_kind"] == "estimated" for bill in around):
                continue
            if (over := spoil(meter, month, meter.bill(month))) is not None:
                planted[over[0]] = (kind, over[1])
                used |= near
                count += 1
    return planted


def rate_of(bill: Bill) -> float:
    """Give the tariff of a bill's class and time, a kWh."""
    return RATES[bill["rate_class"]] * (_RISE if bill["from_on"] >= _DEARER_FROM else 1.0)


def price(bill: Bill, rate: float) -> None:
    """Work out a bill's charges."""
    charge = round(float(bill["usage"]) * rate, 2)
    tax = 0.0 if bill["tax_exempt"] == "yes" else round(charge * _TAX, 2)
    total = charge + float(bill["fixed"]) + tax + float(bill["late_fee"])
    bill |= {"usage_charge": f"{charge:.2f}", "tax": f"{tax:.2f}", "amount": f"{total:.2f}"}


def _minor(text: str) -> int:
    return round(float(text) * 100)


def _priced(bill: Bill, rate: float) -> tuple[str, int]:
    before = _minor(bill["amount"])
    price(bill, rate)
    return str(bill["bill_id"]), _minor(bill["amount"]) - before


def _with_tax(bill: Bill, over: int) -> int:
    """Add the tax that a bill charges on an amount too much."""
    owed = 0 if bill["tax_exempt"] == "yes" else round((_minor(bill["usage_charge"]) - over) * _TAX)
    return over + _minor(bill["tax"]) - owed


def _added(bill: Bill, column: str, amount: int) -> tuple[str, int]:
    if column != "amount":
        bill[column] = f"{amount / 100:.2f}"
    bill["amount"] = f"{(_minor(bill['amount']) + amount) / 100:.2f}"
    return str(bill["bill_id"]), amount


def _days(bill: Bill) -> int:
    return int((bill["to_on"] - bill["from_on"]).days) + 1


def _duplicate_bill(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del month
    copy = {**bill, "bill_id": f"{bill['bill_id']}-R", "billed_on": bill["billed_on"] + timedelta(days=3)}
    meter.bills.insert(meter.bills.index(bill) + 1, copy)
    return str(copy["bill_id"]), _minor(bill["amount"])


def _closed_meter(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del meter, month
    bill["closed_on"] = bill["from_on"] - timedelta(days=10)
    return str(bill["bill_id"]), _minor(bill["amount"])


def _wrong_multiplier(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del meter, month
    bill["usage"] = int(bill["usage"]) * 10
    return _priced(bill, rate_of(bill))


def _reading_repeated(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del month
    extra = max(1, int(bill["usage"]) // meter.factor // 4)
    bill["previous_reading"] = int(bill["previous_reading"]) - extra
    bill["usage"] = int(bill["usage"]) + extra * meter.factor
    return _priced(bill, rate_of(bill))


def _overlapping_period(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    bill["from_on"] -= timedelta(days=9)
    shared = (meter.bill(month - 1)["to_on"] - bill["from_on"]).days + 1
    return str(bill["bill_id"]), _with_tax(bill, round(_minor(bill["usage_charge"]) * shared / _days(bill)))


def _ends_after_billing(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del meter, month
    bill["billed_on"] = bill["to_on"] - timedelta(days=8)
    return str(bill["bill_id"]), _with_tax(bill, round(_minor(bill["usage_charge"]) * 8 / _days(bill)))


def _wrong_sum(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del meter, month
    return _added(bill, "amount", 6317)


def _tax_exempt_charged(meter: Meter, month: int, bill: Bill) -> tuple[str, int] | None:
    del month
    return _added(bill, "tax", round(_minor(bill["usage_charge"]) * _TAX)) if meter.exempt else None


def _late_fee_unearned(meter: Meter, month: int, bill: Bill) -> tuple[str, int] | None:
    del meter, month
    return None if float(bill["late_fee"]) else _added(bill, "late_fee", 1200)


def _rate_class_changed(meter: Meter, month: int, bill: Bill) -> tuple[str, int] | None:
    del meter, month
    if bill["rate_class"] != "GS2":
        return None
    bill["rate_class"] = "RES"
    return _priced(bill, rate_of(bill))


def _estimate_not_trued_up(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    bill["reading_kind"], bill["usage"] = "estimated", round(int(bill["usage"]) * 1.6)
    _, over = _priced(bill, rate_of(bill))
    return str(meter.bill(month + 1)["bill_id"]), over


def _unit_cost(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    del meter, month
    return _priced(bill, rate_of(bill) * 1.35)


def _use_per_day(meter: Meter, month: int, bill: Bill) -> tuple[str, int]:
    """Read three times as much again, and go on from there."""
    del month
    units = int(bill["usage"]) // meter.factor
    for row in meter.bills[meter.bills.index(bill) :]:
        row["reading"] = int(row["reading"]) + 3 * units
        if row is not bill:
            row["previous_reading"] = int(row["previous_reading"]) + 3 * units
    bill["usage"] = 4 * int(bill["usage"])
    return _priced(bill, rate_of(bill))


KINDS: Final[dict[str, Spoil]] = {
    spoil.__name__.removeprefix("_"): spoil
    for spoil in (
        _duplicate_bill, _closed_meter, _wrong_multiplier, _reading_repeated, _overlapping_period,
        _ends_after_billing, _wrong_sum, _tax_exempt_charged, _late_fee_unearned, _rate_class_changed,
        _estimate_not_trued_up, _unit_cost, _use_per_day,
    )
}  # fmt: skip
