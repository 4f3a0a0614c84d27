"""Utility bills of a seeded random that are right: tariffs, meters, weather, and what looks wrong and is not.

write(folder, seed) -> {bill_id: (kind, over in minor units)}      bills.csv beside what is planted in it

Look-alikes: a change of tariff for all, a hot summer for all, periods that share their boundary day, an
estimate that the next reading trues up, an exchanged meter, a class changed for good, an earned late fee.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from benchmarks.synthetic.utility_errors import Bill, Meter, Planted, plant, price, rate_of

METERS: Final = 48
MONTHS: Final = 36
EXCHANGED: Final = (7, 20)  # the meter, and the month from which it has another number
MIGRATED: Final = (3, 18)  # the meter, and the month behind which it has another class
_ESTIMATED: Final = 0.03  # share of bills
_LATE: Final = 29  # of so many bills one is paid late


def write(folder: Path, seed: int) -> Planted:
    """Write bills.csv, and give what is planted in it."""
    chance = random.Random(seed)
    meters = [_meter(number, chance) for number in range(METERS)]
    for meter in meters:
        meter.bills = list(_right(meter, chance))
    planted = plant([meter for meter in meters if meter.number != EXCHANGED[0]], MONTHS, chance)
    rows = [bill for meter in meters for bill in meter.bills]
    with (folder / "bills.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return planted


def _meter(number: int, chance: random.Random) -> Meter:
    rate_class = ("GS1", "GS2", "RES")[number % 3]
    factor = 40 if number % 8 == 0 else 1
    return Meter(number, chance.uniform(400, 4000), rate_class, number % 5 == 0, factor)


def _right(meter: Meter, chance: random.Random) -> Iterator[Bill]:
    reading, start, owing = chance.randrange(1000, 9000), date(2023, 1, 1), 0
    for month in range(MONTHS):
        following = (start.replace(day=28) + timedelta(days=5)).replace(day=1)
        shared = meter.number % 2  # half of the meters share their boundary day
        end = following if shared else following - timedelta(days=1)
        if (meter.number, month) == EXCHANGED:
            reading = 0
        units = max(1, round(_use(meter, start, chance) / meter.factor))
        is_estimated = chance.random() < _ESTIMATED and 1 < month < MONTHS - 2
        billed = max(1, round(units * chance.uniform(0.9, 1.1)) if is_estimated else units + owing)
        owing += units - billed
        yield _bill(meter, month, (start, end), (reading, reading + billed), estimated=is_estimated)
        reading, start = reading + billed, following


def _use(meter: Meter, start: date, chance: random.Random) -> float:
    season = 1.5 if start.month in (7, 8) else 1.2 if start.month in (1, 12) else 1.0
    hot = 1.6 if (start.year, start.month) == (2025, 7) else 1.0
    return meter.usual * season * hot * chance.uniform(0.85, 1.15)


def _bill(
    meter: Meter, month: int, period: tuple[date, date], readings: tuple[int, int], *, estimated: bool
) -> Bill:
    billed_on = period[1] + timedelta(days=6)
    is_new = meter.number == EXCHANGED[0] and month >= EXCHANGED[1]
    moved = meter.number == MIGRATED[0] and month > MIGRATED[1]
    is_late, after_late = ((meter.number + at) % _LATE == 0 for at in (month, month - 1))
    bill = {
        "bill_id": f"{meter.number:03}-{month:02}",
        "utility": "Port Alder Light & Power", "utility_id": "V77",
        "account": f"A{meter.number:03}", "meter": f"M{meter.number:03}{'B' * is_new}",
        "service": "electricity", "type": "bill", "supersedes": "", "billed_on": billed_on,
        "from_on": period[0], "to_on": period[1], "due_on": billed_on + timedelta(days=21),
        "paid_on": billed_on + timedelta(days=25 if is_late else 14), "closed_on": "",
        "previous_reading": readings[0], "reading": readings[1],
        "reading_kind": "estimated" if estimated else "actual", "multiplier": meter.factor,
        "usage": (readings[1] - readings[0]) * meter.factor, "tax_exempt": "yes" if meter.exempt else "no",
        "rate_class": "GS2" if moved else meter.rate_class, "fixed": "18.50",
        "late_fee": "12.00" if month and after_late else "0.00",
    }  # fmt: skip
    price(bill, rate_of(bill))
    return bill
