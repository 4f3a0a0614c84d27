"""A payer where money goes out is ourselves, whoever of us paid; so is a payee where it comes in."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from tools.ledger.guess.balance_proof import BalanceProof
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_SIDES: Final = {"payer": -1, "payee": 1}  # name of a column -> way the money goes where it is ourselves
_HALF: Final = 0.5
_LEAST: Final = 2  # lines that have to say so


def own_sides(file: FileProfile, proof: BalanceProof | None) -> list[str]:
    """Name the columns of payers or payees that are ourselves on most of the lines that fill them.

    Only a running balance says for certain which way the money of each line goes.
    """
    ways = _ways(file, proof) if proof else []
    return [column.name for column in file.columns if ways and _is_ours(file, column, ways)]


def _is_ours(file: FileProfile, column: FileColumn, ways: list[Decimal]) -> bool:
    named = [way for name, way in _SIDES.items() if name in column.words]
    side = sum(named) if len(named) == 1 else 0  # "Nadawca/Odbiorca" is whichever of the two is not us
    at = file.names.index(column.name)
    filled = [way * side for line, way in zip(file.lines, ways, strict=True) if line[at]]
    ours = sum(way > 0 for way in filled)
    return ours >= _LEAST and ours > _HALF * len(filled)


def _ways(file: FileProfile, proof: BalanceProof) -> list[Decimal]:
    """Give the amount of each line, positive where money comes in; [] where no column alone says it."""
    mark = (file.column(proof.balance).decimal_marks or (".",))[0]
    if proof.amount and not proof.out:
        return [proof.sign * amount for amount in file.amounts(proof.amount, mark)]
    if proof.debit and proof.credit:
        debits, credits_ = file.amounts(proof.debit, mark), file.amounts(proof.credit, mark)
        return [abs(credit) - abs(debit) for debit, credit in zip(debits, credits_, strict=True)]
    return []
