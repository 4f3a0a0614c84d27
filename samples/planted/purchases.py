"""Purchases that should make somebody ask: outliers, splits, new and sleeping vendors, round sums."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.days import YEAR
from samples.model import Year
from samples.planted.buying import buy, day
from samples.vendors import Vendor, another

OUTLIERS: Final = (
    ("Gullwing Fasteners", 5, 14, 318_460),
    ("Sharpedge Blades", 8, 19, 612_375),
    ("Dunmore Tool", 6, 18, 478_990),
    ("Baltray Couriers", 10, 21, 423_815),
)
ROUND: Final = (
    ("Tessellate Hardware", 4, 15, 400_000),
    ("Windlass Freight", 7, 16, 300_000),
    ("Marlin Coatings", 9, 17, 600_000),
    ("Oakhurst Veneers", 11, 19, 900_000),
)
SPLITS: Final = (
    ("Vantage Machine", 3, [(17, 248_000), (18, 231_500), (19, 219_000)]),
    ("Keel & Compass", 6, [(16, 291_000), (18, 274_500)]),
    ("Pellworth Stone", 10, [(14, 236_250), (15, 154_000), (16, 98_900), (17, 181_350)]),
)
JUST_BELOW: Final = (
    ("Fogbound Glass", 2, 13, 498_500),
    ("Saltmarsh Install", 5, 15, 499_900),
    ("Halyard Staffing", 8, 14, 497_250),
    ("Sable Upholstery", 11, 13, 496_050),
)


def plant(year: Year) -> None:
    """Plant them all, with the honest purchases that look like them."""
    for name, month, on, amount in OUTLIERS:
        for row in buy(year, year.vendor(name), day(month, on), amount):
            year.wrong(row, "amount_outlier", "many times what this vendor ever billed")
    for name, month, on, amount in ROUND:
        for row in buy(year, year.vendor(name), day(month, on), amount):
            year.wrong(row, "round_amount", "a vendor that never bills round sums")
    for name, month, parts in SPLITS:
        bought = [
            buy(year, year.vendor(name), day(month, on), amount, after=3, approved_by="E07")
            for on, amount in parts
        ]
        billed, paid = [b for b, _ in bought], [p for _, p in bought]
        year.wrong(
            paid, "split", "parts under the approver's limit of 5,000.00, over it together", also=billed
        )
    for name, month, on, amount in JUST_BELOW:
        item, paid_once = buy(year, year.vendor(name), day(month, on), amount, approved_by="E07")
        year.wrong(paid_once, "just_below_limit", "just under the approver's limit of 5,000.00", also=[item])
    _new_vendors(year)
    _sleepers(year)
    _numbered(year)
    _relatives(year)
    _approved(year)


def _new_vendors(year: Year) -> None:
    for name, month, on, amount in (
        ("Tern Rock Consulting LLC", 9, 4, 1_875_000),
        ("Ashgrove Interior Supply", 5, 14, 2_438_000),
        ("Palisade Site Services", 11, 4, 1_296_400),
    ):
        vendor = another(year.vendors, name, date(YEAR, month, on - 2), prefix="A", billed=12)
        billed, paid = buy(year, vendor, day(month, on), amount, after=2, written=False)
        year.wrong(paid, "new_vendor_large", "set up days before its first, large payment", also=[billed])
    modest = another(year.vendors, "Pebble Lane Ceramics", date(YEAR, 3, 3), prefix="PLC", billed=880)
    _, first = buy(year, modest, day(3, 5), 41_260)
    year.honest(first, "new_vendor_small", "new, and modest")
    for month, amount in ((4, 38_815), (6, 52_340), (9, 44_190), (11, 47_725)):
        buy(year, modest, day(month, 9), amount)


def _sleepers(year: Year) -> None:
    for name, early, late, amount in (
        ("Hollowell Signage Co", (1, 2), 11, 294_000),
        ("Stonecrop Archive Ltd", (1, 3), 10, 187_350),
        ("Fernhill Pest Control", (2, 3), 12, 146_800),
    ):
        vendor = another(year.vendors, name, date(2021, 6, 14), prefix=name[:2].upper(), billed=300)
        for month in early:
            buy(year, vendor, day(month, 6), round(amount * 0.21) + 1_137 * month)
        billed, paid = buy(year, vendor, day(late, 5), amount)
        year.wrong(paid, "dormant_vendor", "no postings for more than 180 days before", also=[billed])
    club = another(year.vendors, "Guild of Cabinet Makers", date(2020, 1, 9), prefix="GCM", billed=41)
    buy(year, club, day(1, 13), 61_500)
    year.honest(buy(year, club, day(12, 8), 61_500), "annual_fee", "the same membership fee every year")


def _numbered(year: Year) -> None:
    for name, first, months in (
        ("Calder Advisory LLC", 1001, range(4, 10)),
        ("Ostler Works", 501, range(7, 12)),
    ):
        vendor = another(year.vendors, name, date(2023, 11, 6), prefix=name[:2].upper())
        bought = [
            buy(
                year,
                vendor,
                day(month, 11),
                241_730 + 38_490 * i + 1_900 * (i % 2),
                number=f"{vendor.prefix}-{first + i}",
            )
            for i, month in enumerate(months)
        ]
        billed, paid = [b for b, _ in bought], [p for _, p in bought]
        year.wrong(billed, "consecutive_invoices", "a vendor with no other customer than us", also=paid)


def _relatives(year: Year) -> None:
    clerk, buyer, driver = year.person("E05"), year.person("E07"), year.person("E20")
    shared: tuple[tuple[str, str, str], ...] = (
        ("Wickstead Trading LLC", "bank_account", clerk.bank_account),
        ("Mossbank Services LLC", "address", buyer.address),
        ("Dray & Halter Haulage", "tax_id", driver.tax_id),
    )
    for index, (name, field, value) in enumerate(shared):
        vendor = another(year.vendors, name, date(2022, 4, 4), prefix=name[:2].upper(), billed=70)
        setattr(vendor, field, value)
        bought = [
            buy(year, vendor, day(month, 14 + index), 63_410 + 9_275 * month + 4_130 * index)
            for month in (2, 5, 8, 10)
        ]
        billed, paid = [b for b, _ in bought], [p for _, p in bought]
        year.wrong(paid, "vendor_is_employee", f"vendor and employee have the same {field}", also=billed)


def _approved(year: Year) -> None:
    big: tuple[tuple[Vendor, int, int], ...] = (
        (year.vendor("Vantage Machine"), 9, 4_850_000),
        (year.vendor("Lighthouse Trade"), 4, 2_260_000),
    )
    for vendor, month, amount in big:
        bought = buy(year, vendor, day(month, 4), amount, after=8)
        bought[1].ordered_on = day(month, 2)
        year.honest(bought, "approved_large_purchase", "approved by e-mail before it was ordered")
    apart = year.vendor("Copperfield Data")
    for on, amount in ((6, 268_400), (27, 251_900)):
        year.honest(
            buy(year, apart, day(5, on), amount, approved_by="E08"), "separate_purchases", "weeks apart"
        )
