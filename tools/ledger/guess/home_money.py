"""Amounts in the books' own money beside those in another: the column of currencies is of the others.

A voucher's line has what it was in its own currency and what that is in the books: "Amount in transaction
currency", "Amount", "Currency". Both are the same where the line is in the books' currency, and nowhere else.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.vocabulary import vocabulary

_FILLED: Final = 0.4
_OF_A_LINE: Final = frozenset(("transaction", "document", "voucher"))  # currency


def set_home_money(draft: SourceDraft) -> None:
    """Say in which currency amounts are that stand beside those in the currency of each line."""
    if not draft.is_transactions or "currency" not in draft.columns:
        return
    own = draft.mapped("amount", "debit", "credit")
    if any(map(is_of_lines, own)):
        return
    taken = {column.name for column in own}
    for column in draft.file.columns:
        if column.name in taken or not is_of_lines(column) or not _is_filled(column):
            continue
        homes, others = _compared(draft, own, column)
        if others and len(homes) <= 1 and not homes & others:
            _set(draft, column.name, min(homes, default=""))
            return


def _set(draft: SourceDraft, beside: str, home: str) -> None:
    of_lines = draft.columns.pop("currency")
    draft.why.pop("columns.currency", None)
    why = f"{of_lines} is that of {beside}"
    if home:
        draft.options["currency"] = home
        draft.why["currency"] = f"{why}; both amounts are the same where it is {home}, and nowhere else"
    else:
        draft.why["columns.amount"] = f"CHECK: {why}; no column says in which currency this one is"


def _compared(draft: SourceDraft, own: list[FileColumn], other: FileColumn) -> tuple[set[str], set[str]]:
    """Give the currencies of lines on which both amounts are the same, and of those on which they differ."""
    file, mark = draft.file, draft.decimal_mark
    at = file.names.index(draft.columns["currency"])
    sums = [
        sum(map(abs, line), Decimal(0))
        for line in zip(*(file.amounts(c.name, mark) for c in own), strict=True)
    ]
    beside = [abs(amount) for amount in file.amounts(other.name, mark)]
    same, differing = set[str](), set[str]()
    for line, mine, its in zip(file.lines, sums, beside, strict=True):
        if mine and its:
            (same if mine == its else differing).add(line[at].upper())
    return same, differing


def is_of_lines(column: FileColumn) -> bool:
    """Whether a column's name says that it is in each line's own currency, which need not be the books'."""
    named = set(column.words)
    return bool(named & vocabulary().foreign) or ("currency" in named and bool(named & _OF_A_LINE))


def _is_filled(column: FileColumn) -> bool:
    return column.filled > _FILLED and column.is_amount and is_money(column)
