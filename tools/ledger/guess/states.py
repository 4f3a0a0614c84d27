"""Columns of states, and which of their values say that a line has not been booked, or no longer is."""

from __future__ import annotations

from typing import Final

from tools.ledger.asides import plain
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.vocabulary import vocabulary

_YES: Final = frozenset(("yes", "y", "true", "1", "x", "ja", "j", "oui", "si", "sim", "tak", "ano", "kylla"))
_NO: Final = frozenset(
    ("no", "n", "false", "0", "nein", "nej", "nei", "non", "nee", "nao", "nie", "ne", "ei")
)
_FEW: Final = 12  # values of a column of states at most


def unbooked(column: FileColumn, accepted: frozenset[str] | None = None) -> list[str]:
    """Give the values of a column of states that say that a line is not booked; none of another column.

    accepted: the states that say so; those of vocabulary.yaml when left out.
    """
    states = vocabulary().states if accepted is None else accepted
    if column.is_date:  # a bank writes "pending" where the day of booking is not known yet
        undated = [value for value in column.values if not any(c.isdigit() for c in value)]
        return sorted(value for value in undated if _says(plain(value), states, within=False))
    if not 0 < len(column.values) <= _FEW or column.is_amount or _is_of_else(column):
        return []
    if plain(column.name) in states and all(plain(value) in _YES | _NO for value in column.values):
        return sorted(value for value in column.values if plain(value) in _YES)
    is_state = "state" in column.words
    return sorted(value for value in column.values if _says(plain(value), states, within=is_state))


def _is_of_else(column: FileColumn) -> bool:
    """Whether a column of states is of something beside the line: its card, its payout, its receipt."""
    named = set(column.words)
    return "state" in named and bool(named & vocabulary().other_states)


def _says(text: str, accepted: frozenset[str], *, within: bool) -> bool:
    words = f" {' '.join(''.join(c if c.isalnum() else ' ' for c in text).split())} "
    if within:
        return any(f" {state} " in words for state in accepted)
    return words.strip() in accepted
