"""Card charges that should make somebody ask, receipts that are missing or wrong, and honest repetitions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from samples.cards import charge, hand_in
from samples.chance import Chance
from samples.days import YEAR, workdays
from samples.model import Charge, Receipt, Year

OUTLIERS: Final = (
    ("E10", (2, 19), "SQ *TIDEPOOL COFFEE", "Meals & Entertainment", 48_620, "amount_outlier"),
    ("E11", (4, 23), "KERB CABS", "Travel", 91_240, "amount_outlier"),
    ("E12", (7, 15), "MERIDIAN RAIL", "Travel", 298_015, "amount_outlier"),
    ("E22", (10, 8), "PAPERMOON STATIONERS", "Office supplies", 146_080, "amount_outlier"),
    ("E22", (5, 20), "POSTMARK EXPRESS", "Office supplies", 194_000, "decimal_slip"),
    ("E15", (11, 4), "FUELSTOP 1184 PORT ALDER", "Fuel", 571_300, "decimal_slip"),
    ("E24", (9, 24), "QUICKPRINT CORNER", "Office supplies", 308_400, "decimal_slip"),
)
OUTAGE: Final = (date(YEAR, 12, 8), date(YEAR, 12, 12))


def plant(year: Year) -> None:
    """Plant them all."""
    chance = Chance("swipes")
    for who, (month, on), merchant, category, amount, kind in OUTLIERS:
        swipe = charge(year.person(who), date(YEAR, month, on), merchant, category, amount)
        year.charges.append(swipe)
        slip = hand_in(year, chance, swipe)
        year.wrong(swipe, kind, "many times what this merchant ever charged", also=[slip] if slip else [])
    _bunch(year, chance)
    _under_receipt_limit(year, chance)
    _burst(year, chance)
    _repeat(year, chance)
    _lunches(year, chance)
    _receipts(year, chance)
    away = [c for c in year.charges if c.charged_on.weekday() > 4 and c.category == "Travel"]
    for swipe in away[:3]:
        year.honest(swipe, "weekend_charge", "travelling on a weekend")


def _bunch(year: Year, chance: Chance) -> None:
    bunch = []
    for index in range(28):
        on = chance.pick(workdays(1 + index % 12))
        amount = 50_000 - chance.whole(1, 1_450)
        bunch.append(charge(year.person("E15"), on, "TIMBERLINE TOOL MART", "Workshop consumables", amount))
    year.charges += bunch
    year.wrong(bunch, "bunched_under_limit", "again and again hardly under 500.00")


def _under_receipt_limit(year: Year, chance: Chance) -> None:
    invented = [
        charge(
            year.person("E10"), chance.pick(workdays(1 + index % 12)), "SQ *ANCHOR & LINE", "Client gifts",
            chance.pick((9_985, 9_990, 9_995)),
        )
        for index in range(132)
    ]  # fmt: skip
    year.charges += invented
    year.wrong(
        invented, "invented_under_100", "invented, each right under the 100.00 from which receipts are due"
    )


def _burst(year: Year, chance: Chance) -> None:
    for who, on in (("E24", date(YEAR, 6, 17)), ("E22", date(YEAR, 10, 23))):
        shop, category = "BAYSIDE HARDWARE #212", "Workshop consumables"
        burst = [charge(year.person(who), on, shop, category, chance.amount(4_100, 0.4)) for _ in range(14)]
        year.charges += burst
        year.wrong(burst, "burst", "fourteen charges of one person on one day")


def _repeat(year: Year, chance: Chance) -> None:
    days = [chance.pick(workdays(1 + index % 12)) for index in range(30)]
    same = [charge(year.person("E12"), on, "HARBORGATE PARKING", "Parking", 3_850) for on in days]
    year.charges += same
    year.wrong(same, "number_repeated", "38.50 again and again")


def _lunches(year: Year, chance: Chance) -> None:
    for month, amount, people in ((3, 2_140, ("E10", "E11")), (8, 1_875, ("E09", "E12"))):
        for who in people:
            on = date(YEAR, month, 12 if month == 3 else 13)
            swipe = charge(year.person(who), on, "NOODLE QUAY", "Meals & Entertainment", amount)
            year.charges.append(swipe)
            hand_in(year, chance, swipe)
            year.honest(swipe, "equal_lunches", "two people, two equal lunches, two receipts")


def _receipts(year: Year, chance: Chance) -> None:
    receipts = [r for r in year.receipts if r.charge and r.amount > 9_000 and r.received_on.month < 12]
    chosen = chance.sample(receipts, 13)
    for receipt in chosen[:6]:
        _lose(year, receipt, "no receipt was handed in")
    for receipt in chosen[6:10]:
        receipt.amount = round(receipt.amount * 0.62) + 7
        year.wrong(receipt.charge, "receipt_amount_differs", "charged more than receipted", also=[receipt])
    for receipt in chosen[10:]:
        receipt.vendor, receipt.charge_id = "Marlowe Jewellers", ""
        year.wrong(receipt.charge, "receipt_of_other_vendor", "another vendor's receipt", also=[receipt])
    for month, vendor, amount in ((4, "Harbourview Hotel", 31_980), (9, "Skylark Airways 0417", 54_235)):
        on = date(YEAR, month, 16)
        orphan = Receipt("", on, vendor, "Travel", amount, "E11")
        year.receipts.append(orphan)
        year.wrong(orphan, "receipt_without_charge", "no charge belongs to it")
    for receipt in [r for r in year.receipts if OUTAGE[0] <= r.received_on <= OUTAGE[1] + timedelta(days=2)]:
        _lose(year, receipt, "the receipts of this week were never handed in")
    year.wrong("receipts", "volume_fallen", "no receipts in the week of 8 December")


def _lose(year: Year, receipt: Receipt, note: str) -> None:
    year.receipts.remove(receipt)
    paid: Charge | None = receipt.charge
    if paid:
        year.wrong(paid, "receipt_missing", note)
