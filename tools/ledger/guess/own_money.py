"""Which of several amounts is the account's own: the one whose currency is the same on every line.

A card's line has what was paid there and what was taken off here, each beside its currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools.ledger.cells import CODES
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_LIKE: Final = 2  # pairs that there has to be a choice between


@dataclass(frozen=True)
class OwnMoney:
    """The columns of the account's own amount and currency, and what says so."""

    columns: dict[str, str]
    why: str


def own_money(file: FileProfile) -> OwnMoney | None:
    """Give the account's own amount and currency; None where there is no choice, or nothing says which."""
    pairs = [
        (amount, currency)
        for amount in file.columns
        if amount.is_amount and "amount" in amount.words
        for currency in file.columns
        if _holds_codes(currency) and _beside(amount, "amount") == _beside(currency, "currency")
    ]
    single = [pair for pair in pairs if len(pair[1].values) == 1]
    if len(pairs) < _LIKE or len(single) != 1:
        return None
    amount, currency = single[0]
    why = f"it is in {next(iter(currency.values))} on every line, others are not"
    return OwnMoney({"amount": amount.name, "currency": currency.name}, why)


def _beside(column: FileColumn, word: str) -> frozenset[str]:
    return frozenset(column.words) - {word}


def _holds_codes(column: FileColumn) -> bool:
    return bool(column.values) and all(value.upper() in CODES for value in column.values)
