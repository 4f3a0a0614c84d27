"""Columns that are called money out and money in, as their owner sees it: which way is beyond doubt.

Debit and credit are not among them: a bank's debit is what its customer's ledger credits.
"""

from __future__ import annotations

import re

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.vocabulary import letters, vocabulary


def flows(file: FileProfile) -> tuple[str, str] | None:
    """Name the columns of money out and money in; None unless there is one of each."""
    money = [column for column in file.columns if column.is_amount or not column.values]
    out, come = ([c.name for c in money if _is_called(c, side)] for side in ("out", "in"))
    return (out[0], come[0]) if len(out) == len(come) == 1 and out != come else None


def _is_called(column: FileColumn, side: str) -> bool:
    names = vocabulary().flow_names
    others = names["in" if side == "out" else "out"]
    name_words = re.findall(r"[^\W\d_]+", letters(column.name))
    is_side = any(word in names[side] for word in name_words) or any(
        not word.isascii() and name in word
        for word in name_words
        for name in names[side]
        if not name.isascii()
    )
    return is_side and not any(word in others for word in name_words)
