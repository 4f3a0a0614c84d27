"""The count of the stockroom: a table that is no ledger, for the tests that read any table."""

from __future__ import annotations

from datetime import date
from typing import Final

from samples.chance import Chance
from samples.days import YEAR
from samples.model import StockLine, Year

_PLACES: Final = (
    ("W1", "Port Alder", "Maine"),
    ("W2", "Gullhaven", "Maine"),
    ("W3", "Stonebridge", "Vermont"),
    ("W4", "East Larkham", "New Hampshire"),
)
# item | category | unit | usual quantity | usual cost in minor units
_ITEMS: Final = """
Oak board | Timber | metre | 120 | 1850
Ash board | Timber | metre | 90 | 1620
Walnut board | Timber | metre | 40 | 3980
Birch plywood | Panels | sheet | 60 | 4250
Poplar plywood | Panels | sheet | 45 | 2890
Brass hinge | Hardware | piece | 400 | 345
Drawer runner | Hardware | piece | 260 | 790
Steel bracket | Hardware | piece | 320 | 215
Linen upholstery | Fabrics | metre | 75 | 2640
Wool upholstery | Fabrics | metre | 50 | 3310
Hard wax oil | Finishes | litre | 30 | 2780
Clear lacquer | Finishes | litre | 55 | 1490
"""


def count(year: Year) -> None:
    """Add the year's count: every item in five sizes, at every place."""
    chance = Chance("stock")
    for line in _ITEMS.strip().splitlines():
        item, category, unit, quantity, cost = (part.strip() for part in line.split("|"))
        for size in ("small", "medium", "large", "extra large", "custom"):
            for code, town, state in _PLACES:
                counted = chance.whole(int(quantity) // 3, int(quantity) * 2)
                unit_cost = chance.amount(int(cost), 0.25)
                year.stock.append(
                    StockLine(
                        f"ST-{len(year.stock) + 1:04d}",
                        f"{item}, {size}",
                        category,
                        code,
                        town,
                        state,
                        unit,
                        str(counted),
                        unit_cost,
                        counted * unit_cost,
                        date(YEAR, 12, 29 + chance.whole(0, 2)),
                    )
                )
