"""Entries that balance prove a journal: the lines of each document add up to nothing, over several accounts.

Tried is each column that numbers documents, with the amounts of one signed column or of debit and credit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tools.ledger.guess.column_map import paired_sides
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.profile import FileProfile

_NUMBERING: Final = frozenset(("document", "journal", "entry", "number", "id", "reference", "batch"))
_REPEATED: Final = 0.75  # numbers of documents, as a share of their lines, at most
_SINGLE: Final = 0.02  # the same, at least, of a column whose name does not say that it numbers documents
_SURE: Final = 0.95  # share of the lines whose document has to balance
_LEAST: Final = 2  # documents


@dataclass(frozen=True)
class JournalProof:
    """What balanced entries prove: the column that numbers them, and on how many documents it holds."""

    document: str
    documents: int

    @property
    def why(self) -> str:
        """Say what it rests on."""
        return f"the lines of each {self.document} add up to nothing, in {self.documents} of them"


def journal_proven(file: FileProfile) -> JournalProof | None:
    """Look for documents whose lines balance; None where there are none."""
    if not any("account" in column.words and len(column.values) > 1 for column in file.columns):
        return None
    if pairs := _lines_of_two_sides(file):
        return JournalProof("line", pairs)
    proofs = [proof for amounts in _amounts(file) for proof in _balanced(file, amounts)]
    return max(proofs, key=lambda proof: proof.documents, default=None)


def _balanced(file: FileProfile, amounts: list[Decimal]) -> Iterator[JournalProof]:
    for at, column in enumerate(file.columns):
        if column.is_day or not 0 < column.distinct <= _REPEATED or not _numbers_documents(column):
            continue
        sums: dict[str, list[Decimal]] = defaultdict(list)
        for line, money in zip(file.lines, amounts, strict=True):
            sums[line[at]].append(money)
        fine = [lines for name, lines in sums.items() if name and any(lines) and not sum(lines)]
        if len(fine) >= _LEAST and sum(map(len, fine)) >= _SURE * len(file.lines):
            yield JournalProof(column.name, len(fine))


def _numbers_documents(column: FileColumn) -> bool:
    """Whether a column's name says that it numbers documents, or its values are many and have figures."""
    if _NUMBERING & set(column.words):
        return True
    return column.distinct >= _SINGLE and all(any(c.isdigit() for c in value) for value in column.values)


def _lines_of_two_sides(file: FileProfile) -> int:
    """Count the lines, where each has its debit and its credit, which are the same."""
    sides = _sides(file)
    if sides is None:
        return 0
    debit, credit = sides
    return len(debit) if any(debit) and debit == credit else 0


def _sides(file: FileProfile) -> tuple[list[Decimal], list[Decimal]] | None:
    sides = {side: c.name for side in ("debit", "credit") for c in file.columns if _is_side(file, side, c)}
    if len(sides) != 2:  # noqa: PLR2004 - both
        return None
    mark = _mark(file.column(sides["debit"]), file.column(sides["credit"]))
    return file.amounts(sides["debit"], mark), file.amounts(sides["credit"], mark)


def _amounts(file: FileProfile) -> Iterator[list[Decimal]]:
    """Give the lines' amounts in each way that they may be written."""
    sides = _sides(file)
    if sides:
        yield [a - b for a, b in zip(*sides, strict=True)]
    for column in file.columns:
        if column.is_amount and is_money(column) and "amount" in column.words:
            yield file.amounts(column.name, _mark(column))


def _is_side(file: FileProfile, side: str, column: FileColumn) -> bool:
    paired = paired_sides(file)
    return side in column.words and column.is_amount and (column.name in paired or not paired)


def _mark(*columns: FileColumn) -> str:
    return "," if any(column.decimal_marks == (",",) for column in columns) else "."
