"""Card charges of a year with their receipts: ten holders, merchants with levels of their own, refunds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from samples.chance import Chance
from samples.days import END, YEAR, last_of, works
from samples.model import Charge, Receipt, Year
from samples.people import Employee

NEEDS_RECEIPT: Final = ("Travel", "Meals & Entertainment")
# merchant | category | median in whole units | sigma | weight
_MERCHANTS: Final = """
SQ *TIDEPOOL COFFEE | Meals & Entertainment | 11 | .40 | 9
SQ *GRAIN & HARBOR BAKERY | Meals & Entertainment | 16 | .40 | 6
TST* RED SAIL GRILL | Meals & Entertainment | 68 | .50 | 6
TST* THE COPPER LADLE | Meals & Entertainment | 92 | .50 | 4
MARINER'S TABLE | Meals & Entertainment | 148 | .45 | 3
NOODLE QUAY | Meals & Entertainment | 24 | .40 | 6
SKYLARK AIRWAYS 0417 | Travel | 386 | .45 | 3
MERIDIAN RAIL | Travel | 74 | .50 | 5
HARBOURVIEW HOTEL | Travel | 214 | .35 | 4
PINE STATE INN | Travel | 132 | .30 | 3
KERB CABS | Travel | 23 | .50 | 9
COASTLINE CAR HIRE | Travel | 158 | .40 | 2
FUELSTOP 1184 PORT ALDER | Fuel | 58 | .30 | 10
GULL PETROLEUM | Fuel | 71 | .30 | 7
HARBORGATE PARKING | Parking | 14 | .40 | 6
BAYSIDE HARDWARE #212 | Workshop consumables | 47 | .70 | 9
TIMBERLINE TOOL MART | Workshop consumables | 118 | .70 | 5
SANDPAPER & CO | Workshop consumables | 62 | .50 | 4
PAINTWORKS DEPOT | Workshop consumables | 84 | .60 | 4
FERRYWELL OFFICE OUTFITTERS | Office supplies | 39 | .70 | 6
PAPERMOON STATIONERS | Office supplies | 26 | .60 | 4
QUICKPRINT CORNER | Office supplies | 31 | .60 | 3
POSTMARK EXPRESS | Office supplies | 19 | .60 | 4
CIRCUIT ALLEY ELECTRONICS | Equipment | 164 | .80 | 3
LENS & LUMEN | Equipment | 240 | .60 | 1
SAMPLE HOUSE FABRICS | Design samples | 58 | .70 | 4
TILE LIBRARY | Design samples | 44 | .60 | 3
ANGLE & GRAIN BOOKS | Training | 38 | .50 | 1
MACHINE PARTS DIRECT | Equipment | 410 | .80 | 3
FAIRGROUND BOOKINGS | Trade fairs | 880 | .50 | 2
KIOSK ON THE PIER | Office supplies | 4 | .40 | 3
"""
# merchant | holder | amount in minor units | day of month
_SUBSCRIPTIONS: Final = """
DRAFTPOINT CAD SUBSCRIPTION | E23 | 41940 | 3
CLOUDQUAY HOSTING | E23 | 18360 | 1
LEDGERLEAF APP | E22 | 7900 | 7
MAILDECK PRO | E23 | 5475 | 12
BOARDWALK PROJECTS | E08 | 12650 | 15
PIXELDOCK IMAGES | E09 | 2999 | 18
SENTRYKEY VPN | E23 | 3840 | 21
PORT ALDER HERALD | E01 | 1895 | 28
"""
_HOLDERS: Final = {
    "E01": 4, "E08": 8, "E09": 12, "E10": 14, "E11": 13, "E12": 13, "E15": 14, "E22": 9, "E23": 5, "E24": 12,
}  # fmt: skip
_A_MONTH: Final = 94
_WEEKEND: Final = 0.35  # of a business day's charges, for travel, meals and fuel


def charge(who: Employee, on: date, merchant: str, category: str, amount: int, memo: str = "") -> Charge:
    """Make a charge."""
    return Charge("", on, merchant, category, amount, who.person_name, who.person_id, who.card_last4, memo)


def spend(year: Year) -> None:
    """Add the year's charges, growing through the year, with subscriptions, refunds and all receipts."""
    chance = Chance("cards")
    merchants = [[part.strip() for part in line.split("|")] for line in _MERCHANTS.strip().splitlines()]
    for month in range(1, 13):
        for _ in range(chance.count(_A_MONTH * (1 + 0.018 * month))):
            who = year.person(chance.pick(list(_HOLDERS), list(_HOLDERS.values())))
            name, category, median, sigma, _w = chance.pick(merchants, [float(m[4]) for m in merchants])
            amount = chance.amount(int(median) * 100, float(sigma))
            year.charges.append(charge(who, _day(chance, month, category), name, category, amount))
    _subscribe(year)
    _refund(year, chance)
    for swipe in year.charges:
        hand_in(year, chance, swipe)


def hand_in(year: Year, chance: Chance, charge: Charge) -> Receipt | None:
    """Add the receipt of a charge that needs one: now and then late, or without the charge's number."""
    if charge.category not in NEEDS_RECEIPT:
        return None
    linked = chance.happens(0.8)
    late = 0 if linked and chance.happens(0.7) else chance.whole(0, 2)
    received = min(charge.charged_on + timedelta(days=late), END)
    vendor = charge.merchant.removeprefix("SQ *").removeprefix("TST* ").title()
    receipt = Receipt("", received, vendor, charge.category, charge.amount, charge.person_id, charge=charge)
    receipt.charge_id = "linked" if linked else ""
    year.receipts.append(receipt)
    return receipt


def _day(chance: Chance, month: int, category: str) -> date:
    away = category in ("Travel", "Meals & Entertainment", "Fuel")
    while True:
        day = date(YEAR, month, chance.whole(1, last_of(month).day))
        if works(day) or (away and chance.happens(_WEEKEND)):
            return day


def _subscribe(year: Year) -> None:
    for line in _SUBSCRIPTIONS.strip().splitlines():
        name, holder, amount, day = (part.strip() for part in line.split("|"))
        for month in range(1, 13):
            on = date(YEAR, month, int(day))
            swipe = charge(year.person(holder), on, name, "Software", int(amount), "monthly plan")
            year.charges.append(swipe)
            if month in (2, 3):
                year.honest(swipe, "subscription", "the same every month")


def _refund(year: Year, chance: Chance) -> None:
    candidates = [c for c in year.charges if c.category in ("Equipment", "Workshop consumables")]
    for bought in chance.sample([c for c in candidates if c.charged_on.month < 12], 7):
        on = min(bought.charged_on + timedelta(days=chance.whole(3, 9)), last_of(bought.charged_on.month))
        who = year.person(bought.person_id)
        refund = charge(who, on, bought.merchant, bought.category, -bought.amount, "refund")
        year.charges.append(refund)
        year.honest(refund, "refund", "goods returned, the charge is in the same file")
