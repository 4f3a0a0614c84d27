"""Net and tax that give the gross prove which column is what a bill costs, and that bills are listed.

Tried is each column called a tax, and several of them together (CGST and SGST), over each two columns of
numbers. Exact but for the rounding of a cent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, permutations
from typing import Final

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_MOST: Final = 6  # columns of taxes that are tried together
_SURE: Final = 0.95  # share of the lines on which it has to hold
_CENT: Final = Decimal("0.02")
_PAID: Final = frozenset(("payment", "paid", "payout", "salary"))
_WAGES: Final = frozenset(("employee", "salary"))
_OPEN: Final = frozenset(("balance", "paid", "due", "open", "payment", "credit", "debit"))
_WHOLE: Final = frozenset(("gross", "total", "incl", "including", "invoice", "amount"))
_RATE: Final = frozenset(("fee", "rate", "code", "id", "number", "percent"))


@dataclass(frozen=True)
class TaxProof:
    """What net, taxes and gross prove: `gross` is the amount."""

    net: str
    taxes: tuple[str, ...]
    gross: str
    lines: int
    of: int

    @property
    def why(self) -> str:
        """Say what it rests on."""
        return f"it is {self.net} and {' and '.join(self.taxes)} together on {self.lines} of {self.of} lines"

    def of_a_bill(self) -> dict[str, str]:
        """Map gross, net and tax; where there are several taxes, none of them is the whole of it."""
        if len(self.taxes) == 1:
            return {"amount": self.gross, "net": self.net, "tax": self.taxes[0]}
        return {"amount": self.gross} | {f"part {name}": name for name in (self.net, *self.taxes)}

    def of_wages(self) -> dict[str, str]:
        """Map what is paid of wages: not what is withheld."""
        return {"amount": self.net} | {f"part {name}": name for name in (self.gross, *self.taxes)}


def tax_proven(file: FileProfile) -> TaxProof | None:
    """Look for columns of net, tax and gross that agree; None where there are none."""
    numbers = [column for column in file.columns if column.values and column.is_amount]
    taxes = [column for column in numbers if "tax" in column.words and not _RATE & set(column.words)][:_MOST]
    if not taxes or len(numbers) <= 2:  # noqa: PLR2004 - a net and a gross beside it
        return None
    mark = "," if any(column.decimal_marks == (",",) for column in numbers) else "."
    amounts = {column.name: file.amounts(column.name, mark) for column in numbers}
    fitting = list(_fitting(numbers, taxes, amounts)) or list(_withheld(numbers, taxes, amounts))
    return max(fitting, key=lambda proof: (proof.lines, _named_whole(file, proof)), default=None)


def _fitting(
    numbers: list[FileColumn], taxes: list[FileColumn], amounts: dict[str, list[Decimal]]
) -> Iterator[TaxProof]:
    for size in range(1, len(taxes) + 1):
        for parts in combinations(taxes, size):
            names = tuple(part.name for part in parts)
            sums = [sum(line, Decimal()) for line in zip(*(amounts[name] for name in names), strict=True)]
            if not any(sums):
                continue
            rest = [column.name for column in numbers if column.name not in names]
            for net, gross in permutations(rest, 2):
                lines = sum(
                    abs(a + tax - b) <= _CENT
                    for a, tax, b in zip(amounts[net], sums, amounts[gross], strict=True)
                )
                if lines >= _SURE * len(sums) and any(amounts[net]):
                    yield TaxProof(net, names, gross, lines, len(sums))


def is_of_wages(file: FileProfile, proof: TaxProof) -> bool:
    """Whether the net is what employees are paid, and taxes and gross what it is of."""
    named = {word for column in file.columns for word in column.words}
    return bool(named & _WAGES) and bool(_PAID & set(file.column(proof.net).words))


def _withheld(
    numbers: list[FileColumn], taxes: list[FileColumn], amounts: dict[str, list[Decimal]]
) -> Iterator[TaxProof]:
    """Try what is withheld beside the taxes, which lowers what is paid whatever its sign."""
    for beside in numbers:
        if "withholding" not in beside.words or not any(amounts[beside.name]):
            continue
        parts = [*(tax for tax in taxes if tax.name != beside.name), beside]
        for factor in (1, -1):
            further = amounts | {beside.name: [factor * each for each in amounts[beside.name]]}
            fitting = _fitting(numbers, parts, further)
            yield from (proof for proof in fitting if beside.name in proof.taxes and len(proof.taxes) > 1)


def _named_whole(file: FileProfile, proof: TaxProof) -> tuple[bool, bool, int]:
    """Settle by name between equal columns: the gross, not what is still open of it; the fewest taxes."""
    gross = set(file.column(proof.gross).words)
    return (not gross & _OPEN, bool(gross & _WHOLE), -len(proof.taxes))
