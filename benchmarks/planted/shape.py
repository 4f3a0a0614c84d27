"""What books look like besides what is wrong with them: currency, language, length, columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Grain = Literal["day", "minute", "week"]
Order = Literal["days", "shuffled", "vendors"]
Persons = Literal["both", "names", "ids", "none"]


@dataclass(frozen=True)
class Shape:
    """One shape of books. rows: about how many honest ones; price: a usual amount in whole units."""

    name: str
    currency: str
    digits: int
    language: str
    rows: int
    price: float
    persons: Persons = "both"
    ids: bool = True
    grain: Grain = "day"
    order: Order = "days"
    categories: bool = True


SHAPES: Final[tuple[Shape, ...]] = (
    Shape("short euro", "EUR", 2, "de", 60, 80),
    Shape("yen without persons", "JPY", 0, "ja", 900, 6_000, "none"),
    Shape("dinar to the minute", "KWD", 3, "en", 2_500, 12, "ids", ids=False, grain="minute"),
    Shape("zloty by vendor", "PLN", 2, "pl", 1_200, 300, "names", order="vendors", categories=False),
    Shape("peso shuffled", "MXN", 2, "es", 4_000, 900, "both", order="shuffled"),
    Shape("weekly dollars without ids", "USD", 2, "en", 700, 60, "names", ids=False, grain="week"),
)
LARGE: Final = Shape("a hundred thousand", "GBP", 2, "en", 100_000, 90)
