"""The column that says of each line which way its money goes: Debit and Credit, S and H, Af and Bij."""

from __future__ import annotations

from typing import Final

from tools.ledger.asides import plain
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.vocabulary import vocabulary, words

_FEW: Final = 8  # values that such a column has at most
_NEARLY_ALL: Final = 0.9  # share of lines whose side it has to say


def sides(column: FileColumn) -> tuple[list[str], list[str]] | None:
    """Give the values that say out, and those that say in; None for a column that says no side."""
    if not 1 < len(column.values) <= _FEW or column.is_date:
        return None
    if any(plain(value).replace("_", " ") in vocabulary().states for value in column.values):
        return None  # paid, in transit: how far lines have come
    outgoing, incoming = vocabulary().outgoing, vocabulary().incoming
    out = [value for value in column.values if _says(value, outgoing) and not _says(value, incoming)]
    come = [value for value in column.values if _says(value, incoming) and not _says(value, outgoing)]
    clear = sum(column.values[value] for value in (*out, *come))
    return (out, come) if out and come and clear >= _NEARLY_ALL * sum(column.values.values()) else None


def _says(value: str, side: frozenset[str]) -> bool:
    among = (word for word in words(value) if not (len(word) == 1 and word.isascii()))  # K1: a till's number
    return bool(side & {value.strip().casefold(), *among})
