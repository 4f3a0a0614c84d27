"""Columns that several listings have."""

from __future__ import annotations

from typing import Final

from desk.cli.table import TableColumn

AMOUNT: Final = TableColumn("amount", "Decimal text, in `currency`.", kind="money", heading="Amount")
CURRENCY: Final = TableColumn("currency", "ISO 4217 code of the row's amounts.")
FILE: Final = TableColumn("file", "File of the source that the row came from.")
LINE: Final = TableColumn("line", "Line of that file.", kind="number")
PAIR: Final = TableColumn("pair", "Pair of sources, as named in the sources file.", heading="Pair")
