"""Columns that several listings have."""

from __future__ import annotations

from typing import Final

from desk.cli.table import Column

AMOUNT: Final = Column("amount", "Decimal text, in `currency`.", kind="money", heading="Amount")
CURRENCY: Final = Column("currency", "ISO 4217 code of the row's amounts.")
FILE: Final = Column("file", "File of the source that the row came from.")
LINE: Final = Column("line", "Line of that file.", kind="number")
PAIR: Final = Column("pair", "Pair of sources, as named in the sources file.", heading="Pair")
