"""The ways to read a file's columns of numbers as what an account moves by, to be tried on a balance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import numpy as np

Numbers = np.ndarray


@dataclass(frozen=True)
class Way:
    """One reading of the amounts, and how well it fits."""

    fields: dict[str, Any]
    values: Numbers
    simple: int

    def order(self, balances: Numbers, sign: int = 1) -> tuple[int, int]:
        """Give what makes it less likely: balances without an amount, how much it takes for granted."""
        return int((np.isnan(self.values) & ~np.isnan(balances)).sum()), self.simple + (sign < 0)


def ways(rest: dict[str, Numbers], charged: Sequence[str]) -> Iterator[Way]:
    """Give each reading of the amounts. charged: the columns that are called fees."""
    for name, values in rest.items():
        yield Way({"amount": name}, values, 0)
    for debit, credit in permutations(rest, 2):
        filled = ~np.isnan(rest[debit]), ~np.isnan(rest[credit])
        out, come = np.nan_to_num(rest[debit]), np.nan_to_num(rest[credit])
        if (
            not (filled[0] | filled[1]).all()
            or not (out.any() and come.any())
            or ((out != 0) & (come != 0)).any()
        ):
            continue
        yield Way({"debit": debit, "credit": credit}, come - out, 1)
        if debit < credit or (out < 0).any():
            yield Way({"debit": debit, "credit": credit, "sides": "signed"}, come + out, 2)
    for debit, credit in permutations([name for name in rest if name not in charged], 2):
        for fee in charged:
            yield from _sides_with_fee(rest, debit, credit, fee)
    for name, fee in permutations(rest, 2):
        values, fees = rest[name], np.nan_to_num(rest[fee])
        if fees.any() and (np.abs(fees) <= np.abs(np.nan_to_num(values))).all():
            yield Way({"amount": name, "fee": fee, "fees": "taken_off"}, values - fees, 3)
            yield Way({"amount": name, "fee": fee, "fees": "added"}, values + fees, 3)


def _sides_with_fee(rest: dict[str, Numbers], debit: str, credit: str, fee: str) -> Iterator[Way]:
    """Give the readings of money out and in beside a fee that leaves the account with them, or alone."""
    out, come, fees = (np.nan_to_num(rest[name]) for name in (debit, credit, fee))
    if not (fees.any() and out.any() and come.any()) or ((out != 0) & (come != 0)).any():
        return
    names = {"debit": debit, "credit": credit, "fee": fee}
    for sides, moved in (("unsigned", come - out), ("signed", come + out)):
        if sides == "unsigned" or (debit < credit or (out < 0).any()):
            yield Way({**names, "sides": sides, "fees": "taken_off"}, moved - fees, 4)
            yield Way({**names, "sides": sides, "fees": "added"}, moved + fees, 4)
