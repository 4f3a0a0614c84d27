"""What is wrong in the sample's books, planted where it would happen, and labelled."""

from __future__ import annotations

from samples.model import Row, Year
from samples.planted import (
    approvals,
    banking,
    cells,
    entries,
    purchases,
    rhythm,
    settling,
    stockroom,
    swipes,
    twice,
)


def prepare(year: Year) -> None:
    """Change who is there before anything happens."""
    approvals.prepare(year)


def in_events(year: Year) -> None:
    """Plant what shows in every book: purchases, payments, charges."""
    rhythm.plant(year)
    twice.plant(year)
    settling.plant(year)
    approvals.plant(year)
    purchases.plant(year)
    approvals.change_bank(year)
    swipes.plant(year)
    stockroom.plant(year)


def in_cash(year: Year) -> None:
    """Plant what bank and journal disagree on."""
    banking.plant(year)


def in_journal(year: Year) -> None:
    """Plant journals that should not be there."""
    entries.plant(year)


def in_files(year: Year, rows: dict[str, list[Row]], roll: list[dict[str, str | int]]) -> None:
    """Plant what is wrong in single files: cells, repeats, gaps."""
    cells.plant(year, rows, roll)
