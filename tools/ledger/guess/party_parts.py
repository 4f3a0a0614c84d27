"""The other party's name where a file spreads it over several columns.

A person's first and last name stand beside each other; a payee, a payer and a merchant each have a column of
their own, of which a line fills one.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

from tools.ledger.guess.column_map import holds_accounts
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.parties import parties
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.vocabulary import vocabulary

_NAMED: Final = frozenset(("payee", "payer", "merchant", "party", "vendor", "supplier", "customer", "client"))
_LEFT_OUT: Final = frozenset(("own", "cardholder", "person", "employee"))
_BESIDE: Final = frozenset(("name", "full"))  # words that may stand beside the party's


def party_parts(file: FileProfile) -> tuple[str, ...]:
    """Name the columns that make the other party's name together; () where one column has it alone."""
    return _of_a_person(file) or _of_one_line_each(file)


def is_party(file: FileProfile, parts: tuple[str, ...]) -> bool:
    """Whether joined columns are a party's name."""
    return parts in (_of_a_person(file), _of_one_line_each(file))


def _of_a_person(file: FileProfile) -> tuple[str, ...]:
    """Name the columns that are called alike but for which part of a name they hold."""
    for beside in {_beside(column) for column in file.columns}:
        if beside is None or _LEFT_OUT & beside:
            continue
        parts = [column.name for column in file.columns if _beside(column) == beside and column.values]
        if len(parts) > 1:
            return tuple(parts)
    return ()


def _beside(column: FileColumn) -> frozenset[str] | None:
    """Give the words beside the one part of a name that a column is called; None where it is called none."""
    parts = vocabulary().name_parts & set(column.words)
    return frozenset(column.words) - parts if len(parts) == 1 and "name" in column.words else None


def _of_one_line_each(file: FileProfile) -> tuple[str, ...]:
    """Name the columns of parties of which each line fills one at most, and several are needed."""
    named = [column for column in file.columns if _is_party(column)]
    if len(named) <= 1 or parties(file):
        return ()
    at = [file.names.index(column.name) for column in named]
    if any(line[i] and line[j] for line in file.lines for i, j in combinations(at, 2)):
        return ()
    return tuple(column.name for column in named)


def _is_party(column: FileColumn) -> bool:
    telling = set(column.words) - _BESIDE
    return (
        len(telling) == 1
        and telling <= _NAMED
        and bool(column.values)
        and column.is_text
        and not holds_accounts(column)
    )
