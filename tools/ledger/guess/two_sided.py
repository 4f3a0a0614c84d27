"""Journals whose lines book a debit and a credit at once: two accounts on a line, one amount or two."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.vocabulary import letters, vocabulary, words
from tools.ledger.readers.both_sides import SIDE, SIDES

_SHARED: Final = ("account", "amount", "party")  # what either side may have
_NO_PARTY: Final = frozenset(("tax", "code", "id", "number", "account", "amount"))
_FILLED: Final = 0.5  # share of lines on which either side has its account


def with_both_sides(file: FileProfile) -> FileProfile:
    """Give a file with a line for each side that its lines book; as it is where they book one."""
    accounts = _accounts(file)
    if not accounts or not file.has_header:
        return file
    amounts = _pair(file, "amount") or _one_amount(file, accounts)
    if not amounts:
        return file
    pairs = {"account": accounts, "amount": amounts, "party": _pair(file, "party")}
    both = {f"{SIDE} {name}": pairs[name] for name in _SHARED if pairs[name]}
    return _apart(file, both)


def _accounts(file: FileProfile) -> tuple[str, ...]:
    """Name the columns of either side's accounts: called so, or called debit and credit beside an amount."""
    pair = _pair(file, "account") or _by_letters(file) or tuple(_called(file, side) for side in SIDES)
    columns = [file.column(name) for name in pair if name]
    return pair if len(columns) == len(SIDES) and all(c.filled > _FILLED for c in columns) else ()


def _by_letters(file: FileProfile) -> tuple[str, ...]:
    """Name the columns of accounts that letters tell apart, which say so only beside each other: MD and D."""
    columns = {_letters(column): column.name for column in reversed(file.columns) if _holds_accounts(column)}
    pairs = [pair for pair in vocabulary().side_letters.items() if all((side,) in columns for side in pair)]
    return (columns[(pairs[0][0],)], columns[(pairs[0][1],)]) if pairs else ()


def _letters(column: FileColumn) -> tuple[str, ...]:
    """Give the words of a column's name as the file has them, without those for an account."""
    parts = re.findall(r"[^\W\d_]+", letters(column.name))
    return tuple(part for part in parts if words(part) != ("account",))


def _called(file: FileProfile, side: str) -> str:
    return next((c.name for c in file.columns if c.words == (side,) and _holds_accounts(c)), "")


def _holds_accounts(column: FileColumn) -> bool:
    return bool(column.values) and not is_money(column) and not column.is_date


def _pair(file: FileProfile, word: str) -> tuple[str, ...]:
    """Name the columns of debit and credit that a word names, and that are called alike but for the side."""
    of_sides: list[dict[frozenset[str], str]] = []
    for side in SIDES:
        columns = [c for c in file.columns if {side, word} <= set(c.words) and _can_be(word, c)]
        of_sides.append({frozenset(c.words) - {side}: c.name for c in reversed(columns)})
    common = sorted(of_sides[0].keys() & of_sides[1].keys(), key=len)
    return (of_sides[0][common[0]], of_sides[1][common[0]]) if common else ()


def _can_be(word: str, column: FileColumn) -> bool:
    words = set(column.words)
    if word == "account":
        return _holds_accounts(column) and not words & {"number", "code", "id", "amount"}
    if word == "amount":
        return column.is_amount and "tax" not in words
    return column.is_text and bool(column.values) and not words & _NO_PARTY


def _one_amount(file: FileProfile, accounts: tuple[str, ...]) -> tuple[str, ...]:
    """Name the one amount that both sides have."""
    columns = [
        column.name
        for column in file.columns
        if column.is_amount and "amount" in column.words and not {*SIDES, "tax"} & set(column.words)
        and column.name not in accounts
    ]  # fmt: skip
    return (columns[0], columns[0]) if columns else ()


def _apart(file: FileProfile, both: dict[str, tuple[str, ...]]) -> FileProfile:
    lines: list[tuple[str, ...]] = []
    used = {name for parts in both.values() for name in parts}
    rest = [at for at, name in enumerate(file.names) if name not in used]
    for line in file.lines:
        for at, side in enumerate(SIDES):
            own = [line[file.names.index(parts[at])] for parts in both.values()]
            if own[0]:
                lines.append((*(line[i] for i in rest), *own, side))
    names = [*(file.names[at] for at in rest), *both, SIDE]
    columns = tuple(
        replace(_column_called(file, name), values=Counter(filter(None, cells)), rows=len(lines))
        for name, cells in zip(names, zip(*lines, strict=True), strict=True)
    )
    return replace(file, columns=columns, lines=tuple(lines), rows=2 * file.rows, both_sides=both)


def _column_called(file: FileProfile, name: str) -> FileColumn:
    return file.column(name) if name in file.names else FileColumn(name, {}, 0)
