"""Other columns of money beside an amount that was taken by its name alone: nothing proves which is it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.home_money import is_of_lines
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.source_draft import SourceDraft

_FILLED: Final = 0.5
_SHOWN: Final = 3  # names in a message
# What stands beside an amount and is none of its own: parts of it, what is left of it, what it is made of.
_BESIDE: Final = frozenset(
    (
        "balance",
        "tax",
        "fee",
        "rate",
        "quantity",
        "due",
        "limit",
        "discount",
        "price",
        "withholding",
        "cost",
        "hours",
    )
)


def check_rivals(draft: SourceDraft) -> None:
    """Mark an amount that no proof chose, where another column of money says something else."""
    if not draft.is_transactions or draft.proof or draft.file.both_sides or "amount" not in draft.columns:
        return
    if "columns.amount" not in draft.why and (names := list(_rivals(draft))):
        draft.why["columns.amount"] = (
            f"CHECK: by its name; {', '.join(names[:_SHOWN])} would be another, and nothing proves which"
        )


def _rivals(draft: SourceDraft) -> Iterator[str]:
    own = [abs(each) for each in draft.file.amounts(draft.columns["amount"], draft.decimal_mark)]
    for column in draft.file.columns:
        if column.name in draft.columns.values() or not _is_rival(column):
            continue
        others = [abs(each) for each in draft.file.amounts(column.name, draft.decimal_mark)]
        if any(others) and others != own:
            yield column.name


def _is_rival(column: FileColumn) -> bool:
    named = set(column.words)
    is_own = not named & _BESIDE and not is_of_lines(column)
    return is_own and column.filled > _FILLED and column.is_amount and is_money(column)
