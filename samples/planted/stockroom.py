"""What is wrong in the count of the stockroom: cells that no person would have written so."""

from __future__ import annotations

from typing import Final

from samples.chance import Chance
from samples.model import Year

# kind, cell, what stands there instead, note; a "+" joins two cells into the first one, "*10" moves the point
_CELLS: Final = (
    ("cell_missing", "quantity", "N/A", "nothing was counted"),
    ("cell_missing", "unit", "null", "no unit"),
    ("cell_missing", "counted_on", "-", "no day"),
    ("cell_malformed", "quantity", "48 pcs", "a unit among plain numbers"),
    ("cell_malformed", "counted_on", "30/12/2025", "a date in another order"),
    ("cell_malformed", "unit_cost", "$17.20", "a sign among plain numbers"),
    ("cell_merged", "town", "+state", "town and state run together"),
    ("cell_merged", "town", "+state", "town and state run together"),
    ("cell_merged", "town", "+state", "town and state run together"),
    ("cell_mistyped", "town", "Gulhaven", "a letter is missing"),
    ("cell_mistyped", "category", "Hardwre", "a letter is missing"),
    ("cell_mistyped", "unit", "peice", "two letters changed places"),
    ("cell_conflicting", "town", "Stonebridge", "the town of another warehouse"),
    ("cell_conflicting", "state", "Vermont", "the state of another warehouse"),
    ("cell_conflicting", "town", "Port Alder", "the town of another warehouse"),
    ("cell_outlying", "quantity", "214000", "three zeros too many"),
    ("cell_miscalculated", "stock_value", "*10", "the point in another place than quantity times cost"),
    ("cell_miscalculated", "unit_cost", "*10", "the point in another place than value by quantity"),
)
_FITS: Final = {
    "Gulhaven": "W2", "Hardwre": "Hardware", "peice": "piece", "Stonebridge": "W2", "Vermont": "W1",
    "Port Alder": "W4",
}  # fmt: skip


def plant(year: Year) -> None:
    """Plant them in lines of their own."""
    free = Chance("stockroom").shuffled(year.stock)
    for kind, cell, text, note in _CELLS:
        fits = _FITS.get(text, "")
        row = next(r for r in free if not fits or fits in (r.warehouse, r.category, r.unit))
        free.remove(row)
        if text.startswith("+"):
            row.raw[cell], row.raw[text[1:]] = f"{getattr(row, cell)} {getattr(row, text[1:])}", ""
        elif text == "*10":
            row.raw[cell] = f"{getattr(row, cell) / 10:.2f}"
        else:
            row.raw[cell] = text
        year.wrong(row, kind, note)
    for row in free[:2]:
        year.honest(row, "own_count", "each warehouse counts and buys for itself: no reports of one thing")
