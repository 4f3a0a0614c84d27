"""Who is on the other side of a posting: the column that names them, never the one that names ourselves.

Where payee and payer have columns of their own, our own name stands in one of them on every line, and the
amount says which of the two is the other party.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools.ledger.guess.booked_lines import booked
from tools.ledger.guess.column_map import holds_accounts
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_SIDES: Final[tuple[str, ...]] = ("payee", "payer")
_BARE: Final[dict[tuple[str, ...], str]] = {("to",): "payee", ("from",): "payer"}  # names of one word
_NO_NAMES: Final = frozenset(
    ("bic", "swift", "address", "account", "iban", "bank", "number", "id", "code", "description")
)
_FILLED: Final = 0.4
_LEAST: Final = 3  # lines before one name on all of them is ours


@dataclass(frozen=True)
class Parties:
    """The columns of the other party: one, or two by which way the money goes; and those of our own name."""

    columns: dict[str, str]
    own: frozenset[str]
    why: str
    ourselves: str = ""


def parties(file: FileProfile) -> Parties | None:
    """Tell the other party's columns from our own; None where there is no choice to make."""
    named = [column for column in file.columns if _side(column) and _is_name(column)]
    own = {column.name for column in named if _is_ours(column, file)}
    others = [column for column in named if column.name not in own]
    if len(others) == 2:  # noqa: PLR2004 - two sides
        return _two(file, others, own)
    if own and others:
        return Parties(
            {"vendor_name": others[0].name}, frozenset(own), f"{min(own)} is ourselves on every line"
        )
    return None


def _two(file: FileProfile, others: list[FileColumn], own: set[str]) -> Parties | None:
    left, right = (file.names.index(column.name) for column in others)
    cells = [(line[left], line[right]) for line in booked(file)]
    lines = [pair for pair in cells if any(pair)]  # a transfer between accounts of our own names nobody
    names = set.intersection(*({a, b} for a, b in lines)) if len(lines) >= _LEAST else set()
    sides = {_side(column): column.name for column in others}
    apart = all(bool(a) != bool(b) for a, b in lines)
    if len(set(sides.values())) < 2 or not (names - {""} or apart):  # noqa: PLR2004 - one for each side
        return None
    ourselves = min(names - {""}, default="")
    if ourselves:
        return Parties(sides, frozenset(own), f"{ourselves} is ourselves on every line", ourselves)
    why = "each line names one of them; the amount says which of the two it is"
    return Parties(sides, frozenset(own), why)


def _side(column: FileColumn) -> str:
    """Give the side that a column's name says, "" where it says none."""
    return next((side for side in _SIDES if side in column.words), _BARE.get(column.words, ""))


def _is_name(column: FileColumn) -> bool:
    if column.is_description or _NO_NAMES & set(column.words):
        return False
    return bool(column.values) and column.filled >= _FILLED and column.is_text and not holds_accounts(column)


def _is_ours(column: FileColumn, file: FileProfile) -> bool:
    return len(column.values) == 1 and file.rows >= _LEAST and column.filled > 1 - 1 / file.rows
