"""Whom Harbour & Pine buys from on account: names of our own invention, each with its own habits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(eq=False)
class Vendor:
    """One line of vendors.csv, and how it bills (what the file does not hold)."""

    vendor_id: str
    vendor_name: str
    bank_account: str
    tax_id: str
    address: str
    created_on: date
    bank_changed_on: date | None = None
    recurring: str = ""
    aliases: str = ""
    category: str = ""
    median: int = 0
    sigma: float = 0.0
    a_month: float = 0.0
    terms: int = 30
    method: str = "ach"
    currency: str = "USD"
    prefix: str = ""
    billed: int = 0


# name | category | median in whole units | sigma | invoices a month | terms | method | currency
_BILLING: Final = """
Norrland Timber Imports Inc | Materials | 4200 | .55 | 3 | 30 | ach | USD
Cedarline Sawmill Co | Materials | 2650 | .50 | 2.5 | 30 | ach | USD
Oakhurst Veneers LLC | Materials | 1480 | .45 | 2 | 30 | ach | USD
Polder Plywood BV | Materials | 3900 | .35 | .8 | 30 | wire | EUR
Tessellate Hardware Supply | Hardware | 610 | .60 | 3 | 30 | ach | USD
Brassworks & Hinge Ltd | Hardware | 385 | .50 | 2 | 30 | ach | USD
Gullwing Fasteners Corp | Hardware | 142 | .45 | 2 | 30 | ach | USD
Marlin Coatings Inc | Finishes | 735 | .50 | 1.5 | 30 | ach | USD
Lacquer House Supply | Finishes | 418 | .45 | 1.2 | 30 | ach | USD
Sable Upholstery Mills | Finishes | 1260 | .50 | 1 | 45 | check | USD
Fogbound Glass Studio | Subcontract | 1890 | .60 | 1 | 30 | check | USD
Ironmonger's Forge LLC | Subcontract | 1120 | .55 | 1.2 | 30 | check | USD
Pellworth Stone & Tile | Subcontract | 2380 | .60 | 1 | 30 | check | USD
Quarry Bay Electrical | Subcontract | 1650 | .55 | 1 | 30 | check | USD
Redfern Plumbing Services | Subcontract | 930 | .55 | 1 | 30 | check | USD
Saltmarsh Installations LLC | Subcontract | 3150 | .50 | 1.5 | 14 | ach | USD
Windlass Freight Lines | Freight | 480 | .60 | 3.5 | 14 | ach | USD
Baltray Couriers Inc | Freight | 96 | .50 | 3 | 14 | ach | USD
Portside Crating Co | Freight | 540 | .45 | 1.2 | 30 | ach | USD
Halyard Staffing Group | Staffing | 2840 | .30 | 1.6 | 14 | ach | USD
Brightwater Print Works | Marketing | 460 | .60 | 1 | 30 | ach | USD
Lighthouse Trade Shows LLC | Marketing | 3400 | .50 | .35 | 30 | check | USD
Penrose Photography | Marketing | 890 | .40 | .6 | 30 | check | USD
Keel & Compass Advertising | Marketing | 1750 | .40 | .8 | 30 | ach | USD
Dunmore Tool Repair | Workshop | 265 | .50 | 1.2 | 30 | check | USD
Sharpedge Blades Inc | Workshop | 188 | .40 | 1.5 | 30 | ach | USD
Breakwater Safety Supply | Workshop | 322 | .50 | 1 | 30 | ach | USD
Vantage Machine Leasing | Workshop | 1940 | .20 | .5 | 30 | ach | USD
Ferrywell Office Outfitters | Office | 215 | .50 | 1 | 30 | ach | USD
Copperfield Data Recovery | Office | 640 | .40 | .2 | 30 | check | USD
Merriam & Stowe LLP | Professional | 2200 | .60 | .5 | 30 | check | USD
Larkspur Surveyors | Professional | 980 | .50 | .5 | 30 | check | USD
Northquay Design Software BV | Software | 1320 | .10 | .25 | 30 | wire | EUR
Thistledown Catering | Office | 345 | .50 | .6 | 14 | check | USD
"""
# name | category | fixed amount in minor units | spread | day of month | method
_RECURRING: Final = """
Alderwick Property Trust | Rent | 925000 | 0 | 1 | ach
Granary Row Storage | Rent | 148500 | 0 | 1 | ach
Beaconfield Mutual Insurance | Insurance | 318740 | 0 | 3 | ach
Tidemark Broadband | Utilities | 28995 | 0 | 5 | ach
Coastal Light & Power | Utilities | 164000 | .09 | 8 | ach
Port Alder Water District | Utilities | 31200 | .08 | 8 | check
Spindrift Telecom | Utilities | 47350 | .03 | 6 | ach
Whitesand Cleaning Services | Cleaning | 112000 | 0 | 4 | ach
Harrier Alarm & Security | Security | 38900 | 0 | 5 | ach
Greycoat Legal Partners | Professional | 500000 | 0 | 2 | ach
Ledgerfield Payroll Bureau | Professional | 68450 | .04 | 6 | ach
Estuary Waste Removal | Utilities | 54275 | .05 | 9 | check
"""


def vendors() -> list[Vendor]:
    """Give the vendor master, the recurring ones last."""
    book: list[Vendor] = []
    for line in _BILLING.strip().splitlines():
        name, category, median, sigma, a_month, terms, method, currency = (x.strip() for x in line.split("|"))
        vendor = _vendor(len(book), name, category)
        vendor.median, vendor.sigma, vendor.a_month = int(median) * 100, float(sigma), float(a_month)
        vendor.terms, vendor.method, vendor.currency = int(terms), method, currency
        book.append(vendor)
    for line in _RECURRING.strip().splitlines():
        name, category, amount, spread, day, method = (x.strip() for x in line.split("|"))
        vendor = _vendor(len(book), name, category)
        vendor.median, vendor.sigma, vendor.terms, vendor.method = (
            int(amount),
            float(spread),
            int(day),
            method,
        )
        vendor.recurring = "yes"
        book.append(vendor)
    return book


def another(book: list[Vendor], name: str, created_on: date, **fields: object) -> Vendor:
    """Add a vendor to the master; `given` are attributes that differ."""
    vendor = _vendor(len(book), name, "Other")
    vendor.created_on = created_on
    for key, value in fields.items():
        setattr(vendor, key, value)
    book.append(vendor)
    return vendor


def _vendor(index: int, name: str, category: str) -> Vendor:
    words = [word for word in name.replace("&", "").split() if word]
    return Vendor(
        vendor_id=f"V{index + 1:03d}",
        vendor_name=name,
        bank_account=f"031000{index:03d}-{5_200_410 + 7919 * index}",
        tax_id=f"{30 + index % 60}-{1_000_417 + 104_729 * index % 8_999_999}",
        address=f"{100 + 17 * index} {words[0]} Way, Unit {1 + index % 9}",
        created_on=date(2019, 1, 7) + timedelta(days=37 * (index % 46)),
        category=category,
        prefix="".join(word[0] for word in words[:2]).upper(),
        billed=1000 + 613 * (index * index % 97),
    )
