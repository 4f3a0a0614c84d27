"""Why a file could not be placed: what it would need, and what each of its columns is instead."""

from __future__ import annotations

from typing import Final

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_SHOWN: Final = 8
_LONGEST: Final = 30


def unplaced(file: FileProfile) -> str:
    """Say which columns a file of postings needs that this one seems to lack, and what it has."""
    missing = []
    if not any(column.is_date for column in file.columns):
        missing.append("no column holds dates of one format")
    if not any(column.is_amount and not column.is_day for column in file.columns):
        missing.append("no column holds amounts")
    if not missing:
        missing.append("nothing says what it is: which column is the day, the amount, the other party")
    shown = ", ".join(map(_column, file.columns[:_SHOWN]))
    return f"{'; '.join(missing)}. Its columns: {shown}"


def _column(column: FileColumn) -> str:
    example = next(iter(column.values), "")
    kind = (
        "dates" if column.is_date else "numbers" if column.is_amount else "text" if column.values else "empty"
    )
    return f"{column.name} ({kind}{', such as ' + example[:_LONGEST] if example else ''})"
