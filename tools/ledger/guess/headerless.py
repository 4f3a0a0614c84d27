"""Files without a header: told by a first line that is a row, and named by what their columns hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from tools.ledger.guess.bank_accounts import holds_bank_accounts
from tools.ledger.guess.file_column import FileColumn

MARKS: Final = ".,"
_IDLE: Final = re.compile(r"column \d+|[\d\W]+( \(\d+\))?")  # of no name, or no word in it
_FEW: Final = 3
_SIDES: Final = ("Debit", "Credit")
_ROUNDED: Final = 1e-9
_MOSTLY: Final = 0.6
_ALIKE: Final = 20  # lines that are held against the first


def is_row(names: Sequence[str], is_date: Callable[[str], bool], is_amount: Callable[[str], bool]) -> bool:
    """Say whether what stands where the header would is a row: it has a date and an amount."""
    cells = [re.sub(r" \(\d+\)$", "", name) for name in names]  # those of a repeated name are numbered
    return any(map(is_date, cells)) and any(is_amount(cell) and not is_date(cell) for cell in cells)


def is_no_header(names: Sequence[str]) -> bool:
    """Say whether what stands where the header would names hardly a column: numbers of an account, blanks."""
    idle = sum(bool(_IDLE.fullmatch(name)) for name in names)
    return len(names) > _FEW and idle > _MOSTLY * len(names)


def begins_otherwise(lines: Sequence[Sequence[str]], is_date: Callable[[str], bool]) -> bool:
    """Say whether the first line has its dates elsewhere than all that follow: it is no posting."""
    first, *rest = [tuple(map(is_date, line)) for line in lines[:_ALIKE]] or [()]
    return len(rest) > 1 and len(set(rest)) == 1 and first != rest[0]


def name_columns(columns: Sequence[FileColumn]) -> list[str]:
    """Name columns (in order): Date, Amount, Description, others by number.

    Two of money that share the lines are Debit and Credit.

    Description is the longest of the texts that tell most lines apart, and no bank's account.
    """
    texts = {
        i: (not holds_bank_accounts(column), round(column.distinct, 1), column.length)
        for i, column in enumerate(columns)
        if column.values and column.is_text
    }
    longest = max(texts, key=lambda i: texts[i], default=-1)
    names: list[str] = []
    sides = _sides(columns)
    for i, column in enumerate(columns):
        called = sides.get(i) or ("Description" if i == longest else f"Column {i + 1}")
        if column.is_date:
            called = "Date"
        elif i not in sides and _is_money(column):
            called = "Amount"
        names.append(called if called not in names else f"{called} {i + 1}")
    return names


def _sides(columns: Sequence[FileColumn]) -> dict[int, str]:
    """Name the two columns of money of which each line fills one; the one that more lines fill is debit."""
    money = [i for i, column in enumerate(columns) if _is_money(column)]
    if len(money) != len(_SIDES) or abs(sum(columns[i].filled for i in money) - 1) > _ROUNDED:
        return {}
    return dict(zip(sorted(money, key=lambda i: (-columns[i].filled, i)), _SIDES, strict=True))


def _is_money(column: FileColumn) -> bool:
    return column.is_amount and any(mark in value for value in column.values for mark in MARKS)
