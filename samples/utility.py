"""Bills of Coastal Light & Power for three meters over two years, with what is charged too much.

Planted: a bill sent twice, a total above its parts, a late fee on what was paid in time, a wrong multiplier,
a bill for a meter that was closed. What only looks like it: a tariff raised for all, a hot summer, an
estimate that the next reading trues up, periods that share a day, a bill that an adjustment replaced, a
notice that repeats a bill, a late fee that was earned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from samples import files

# What is charged too much: the bill, by which test of utility bills, and the amount in minor units.
PLANTED: Final = {
    "CL-A2503-2": ("duplicate_bill", 13_277),
    "CL-B2505": ("wrong_sum", 4_000),
    "CL-A2508": ("late_fee_unearned", 1_200),
    "CL-B2510": ("wrong_multiplier", 9_667),
    "CL-C2510": ("closed_meter", 5_834),
}
_CLOSED: Final = date(2025, 9, 30)
_FEE: Final = 1_200
Bill = dict[str, Any]


@dataclass(frozen=True)
class _Meter:
    letter: str
    place: str
    units: int  # a month, as the meter counts
    factor: int  # units to kWh
    shares_day: bool


_METERS: Final = (
    _Meter("A", "showroom", 610, 1, shares_day=False),
    _Meter("B", "workshop", 300, 10, shares_day=True),
    _Meter("C", "store room", 240, 1, shares_day=False),
)


def bills() -> list[dict[str, Any]]:
    """Give every bill as a row of utility_bills.csv."""
    listed = [bill for meter in _METERS for bill in _of_meter(meter)]
    return [_row(bill) for bill in sorted(listed, key=lambda bill: (bill["billed_on"], bill["bill_id"]))]


def _of_meter(meter: _Meter) -> Iterator[Bill]:
    reading, owing = 4_000, 0
    for at in range(24):
        start = date(2024 + at // 12, at % 12 + 1, 1)
        if meter.letter == "C" and start > date(2025, 10, 1):
            return
        true = _use(meter, start)
        is_estimated = (meter.letter, start) == ("A", date(2025, 1, 1))
        units = true + 45 if is_estimated else true + owing
        owing = true - units + owing
        bill = _bill(meter, start, reading, units, estimated=is_estimated)
        reading += units
        yield from _spoilt(bill)


def _use(meter: _Meter, start: date) -> int:
    season = {7: 140, 8: 140, 1: 120, 12: 120}.get(start.month, 100)
    hot = 150 if (start.year, start.month) == (2025, 7) else 100
    return meter.units * season * hot // 10_000 + (start.month * 7 + start.year) % 23


def _bill(meter: _Meter, start: date, reading: int, units: int, *, estimated: bool) -> Bill:
    following = (start + timedelta(days=31)).replace(day=1)
    end = following if meter.shares_day else following - timedelta(days=1)
    billed_on = following + timedelta(days=5)
    bill = {
        "bill_id": f"CL-{meter.letter}{start:%y%m}", "utility": "Coastal Light & Power", "vendor_id": "V039",
        "account": f"77-10{meter.letter}", "meter": f"M-{meter.letter}", "place": meter.place,
        "service": "electricity", "type": "bill", "supersedes": "", "billed_on": billed_on, "from_on": start,
        "to_on": end, "due_on": billed_on + timedelta(days=21), "paid_on": billed_on + timedelta(days=14),
        "closed_on": _CLOSED if meter.letter == "C" and start > _CLOSED else "",
        "previous_reading": reading, "reading": reading + units,
        "reading_kind": "estimated" if estimated else "actual", "multiplier": meter.factor,
        "usage": units * meter.factor, "rate_class": "GS1", "tax_exempt": "no", "late_fee": 0,
    }  # fmt: skip
    return _priced(bill)


def _priced(bill: Bill) -> Bill:
    """Price a bill: the tariff in tenths of a cent a kWh, a fixed charge, tax on both."""
    tariff = 142 if bill["from_on"] < date(2025, 1, 1) else 151
    bill["usage_charge"], bill["fixed"] = (bill["usage"] * tariff + 5) // 10, 1_850
    bill["tax"] = ((bill["usage_charge"] + bill["fixed"]) * 6 + 50) // 100
    bill["amount"] = bill["usage_charge"] + bill["fixed"] + bill["tax"] + bill["late_fee"]
    return bill


def _spoilt(bill: Bill) -> Iterator[Bill]:
    """Give a bill with what is planted in it, and the papers that come beside it."""
    name = bill["bill_id"]
    if name == "CL-A2502":
        bill["paid_on"] = bill["due_on"] + timedelta(days=4)
    if name in ("CL-A2503", "CL-A2508"):  # the one was earned by February's late payment, the other was not
        bill["late_fee"] = _FEE
        _priced(bill)
    if name == "CL-B2505":
        bill["amount"] += 4_000
    if name == "CL-B2510":
        bill["usage"] = bill["usage"] * 12 // 10
        _priced(bill)
    if name == "CL-B2411":  # replaced: nobody was charged this
        yield _priced({**bill, "usage": bill["usage"] * 3})
        bill = {**bill, "bill_id": f"{name}-ADJ", "type": "adjustment", "supersedes": name}
        bill["billed_on"] += timedelta(days=9)
    yield bill
    if name == "CL-A2503":
        yield {**bill, "bill_id": f"{name}-2", "billed_on": bill["billed_on"] + timedelta(days=12)}
    if name == "CL-C2504":
        later = bill["billed_on"] + timedelta(days=16)
        yield {**bill, "bill_id": f"{name}-N", "type": "notice", "billed_on": later}


def _row(bill: Bill) -> dict[str, Any]:
    money = ("usage_charge", "fixed", "tax", "late_fee", "amount")
    return bill | {name: files.text("amount", bill[name]) for name in money}
