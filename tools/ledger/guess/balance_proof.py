"""A running balance proves which column is the amount, which sign it has, and what leaves beside it.

From one balance to the next, the amounts between them are the difference. Tried are each column of numbers,
each two as debit and credit, with and without a third as a fee; oldest line first and newest first; over the
whole file and account by account. Exact to the digit: what holds on nearly every line does so by no chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final

import numpy as np

from tools.ledger.guess.amounts import amount
from tools.ledger.guess.balance_ways import Numbers, Way, ways
from tools.ledger.guess.booked_lines import booked
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile

_SCALE: Final = 4  # decimals
_MOST: Final = 8  # columns of numbers that are tried
_SURE: Final = 0.8  # share of the lines on which it has to hold
_LEAST: Final = 2  # lines that have to say so
_LEAST_UNNAMED: Final = 3  # the same of a column that is not called a balance
_NO_BALANCE: Final = frozenset(("debit", "credit", "withdrawal", "deposit", "fee", "rate", "quantity"))
_FILLED: Final = 0.3  # share of lines that a balance stands on
_FEW: Final = 12  # values of a column that tells lines apart
_NUMBERING: Final = frozenset(("number", "id", "line", "code", "reference", "document"))
_SIDE: Final = re.compile(r"(?:(?<![^\W\d])([CcDd])[RrBb]|\d ?([HSCD]))\.?$")


@dataclass(frozen=True)
class BalanceProof:
    """What the balance proves. Money is positive when it comes in, once `sign` is applied.

    amount, or debit (taken off) and credit; sides: "signed" where one carries its minus. fee: its column, and
    what it does. out: column and values whose lines go out, where amounts have no sign. still: column and
    values whose lines move nothing.
    """

    balance: str
    lines: int
    of: int
    amount: str = ""
    debit: str = ""
    credit: str = ""
    sides: str = "unsigned"
    sign: int = 1
    fee: str = ""
    fees: str = ""
    out: dict[str, list[str]] = field(default_factory=dict)
    still: dict[str, list[str]] = field(default_factory=dict)

    @property
    def why(self) -> str:
        """Say what it rests on."""
        return f"the running balance ({self.balance}) proves it on {self.lines} of {self.of} lines"


def proven(file: FileProfile, mark: str) -> BalanceProof | None:
    """Look for a running balance, and give what it proves; None where there is none.

    Lines that are not booked by their state are left away; what moves nothing shows only beside them.
    """
    booked_file = replace(file, lines=booked(file))
    proof = _best(booked_file, mark)
    if proof is None or proof.still or len(booked_file.lines) == len(file.lines):
        return proof
    whole = _best(file, mark)
    same = whole is not None and (whole.balance, whole.amount) == (proof.balance, proof.amount)
    return replace(proof, still=whole.still) if whole and same else proof


def _best(file: FileProfile, mark: str) -> BalanceProof | None:
    numbers = _numbers(file, mark)
    fitting: list[tuple[float, int, int, int, BalanceProof]] = []
    for name, groups in product(_balances(file, numbers), _groupings(file)):
        balances = numbers[name]
        if np.mean(~np.isnan(balances)) < _FILLED:
            continue
        rest = {column: values for column, values in numbers.items() if column != name}
        for proof, (blank, simple) in _proofs(file, name, balances, rest, groups):
            fitting.append((proof.lines / max(proof.of, 1), proof.lines, -blank, -simple, proof))
    best = max(fitting, key=lambda candidate: (*candidate[:4], _named_net(file, candidate[4])), default=None)
    least = _LEAST if best and "balance" in file.column(best[4].balance).words else _LEAST_UNNAMED
    return best[4] if best and best[0] >= _SURE and best[1] >= least else None


def _balances(file: FileProfile, numbers: Iterable[str]) -> list[str]:
    """Give the columns that may be the running balance: those named so, else those of no other name."""
    named = {name: set(file.column(name).words) for name in numbers}
    balances = [name for name, words in named.items() if "balance" in words]
    return balances or [name for name, words in named.items() if not words & _NO_BALANCE]


def _named_net(file: FileProfile, proof: BalanceProof) -> int:
    """Settle by name what the balance fits alike: net, not gross; the debit is the column called so."""
    if proof.sides == "signed":  # either column may be either side
        return int("debit" in file.column(proof.debit).words)
    named = set(file.column(proof.amount).words) if proof.amount else set()
    return bool({"net", "total"} & named) - ("gross" in named)


def _numbers(file: FileProfile, mark: str) -> dict[str, Numbers]:
    """Give the columns of numbers, line by line; blank cells are no number."""
    columns = [
        c for c in file.columns if mark in c.decimal_marks and not c.is_day and c.values and not _counts(c)
    ][:_MOST]
    places = {c.name: file.names.index(c.name) for c in columns}
    return {name: np.array([_scaled(line[at], mark) for line in file.lines]) for name, at in places.items()}


def _counts(column: FileColumn) -> bool:
    """Whether a column numbers things: 001 and 002, or whole numbers under a name that says so."""
    if any(re.fullmatch(r"0\d+", value) for value in column.values):
        return True
    return bool(_NUMBERING & set(column.words)) and all(value.isdigit() for value in column.values)


def _scaled(cell: str, mark: str) -> float:
    value = amount(cell, mark) if cell else None
    if value is not None and (side := _SIDE.search(cell)):
        is_credit = (side[1] or side[2]) in "CcH"  # as a bank has it: ours
        value = abs(value) if is_credit else -abs(value)
    return np.nan if value is None else float(round(value.scaleb(_SCALE)))


def _groupings(file: FileProfile) -> Iterator[Numbers]:
    """Give the ways to tell accounts apart: none, by each column of few values that could name them."""
    yield np.zeros(len(file.lines), int)
    for at, column in enumerate(file.columns):
        repeats = 1 < len(column.values) <= _FEW and not column.is_date and column.values
        if repeats and len(column.values) * 2 <= len(file.lines) and _names_accounts(column):
            yield np.unique([line[at] for line in file.lines], return_inverse=True)[1]


def _names_accounts(column: FileColumn) -> bool:
    words = {"currency", "account", "iban", "card", "product", "wallet", "bank"}
    codes = all(len(value) == 3 and value.isupper() for value in column.values)  # noqa: PLR2004 - a currency
    return codes or bool(words & set(column.words))


def _proofs(
    file: FileProfile, name: str, balances: Numbers, rest: dict[str, Numbers], groups: Numbers
) -> Iterator[tuple[BalanceProof, tuple[int, int]]]:
    """Hold every reading of the amounts against a balance."""
    for way in ways(rest, [column for column in rest if "fee" in file.column(column).words]):
        for newest_first, sign in product((False, True), (1, -1)):
            lines, of = _holds(balances, sign * way.values, groups, newest_first=newest_first)
            if of and lines >= max(_LEAST, 0.5 * of):
                still, idle = _still(file, balances, sign * way.values, groups, newest_first=newest_first)
                fields = {**way.fields, "sign": sign, "still": still}
                yield BalanceProof(name, lines, of - idle, **fields), way.order(balances, sign)
        if "amount" in way.fields and "fee" not in way.fields:
            yield from _by_direction(file, name, balances, way, groups)


def _steps(
    balances: Numbers, values: Numbers, groups: Numbers, *, newest_first: bool
) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Give, by account: lines with a balance, the difference to the one before, the amounts between."""
    for group in np.unique(groups):
        lines = np.flatnonzero(groups == group)
        lines = lines[::-1] if newest_first else lines
        has_balance = ~np.isnan(balances[lines])
        total = np.cumsum(np.nan_to_num(values[lines]))
        at = lines[has_balance]
        yield at[1:], np.diff(balances[at]), np.diff(total[has_balance])


def _holds(balances: Numbers, values: Numbers, groups: Numbers, *, newest_first: bool) -> tuple[int, int]:
    """Count the lines on which amounts lead from balance to balance, of those on which anything moves."""
    lines = of = 0
    for _, moved, amounts in _steps(balances, values, groups, newest_first=newest_first):
        speaks = (moved != 0) | (amounts != 0)
        lines += int(((np.abs(moved - amounts) < 1) & speaks).sum())
        of += int(speaks.sum())
    return lines, of


def _still(
    file: FileProfile, balances: Numbers, values: Numbers, groups: Numbers, *, newest_first: bool
) -> tuple[dict[str, list[str]], int]:
    """Find what names the lines that move nothing, where no other line is named so; give how many, too."""
    idle: list[int] = []
    for at, moved, amounts in _steps(balances, values, groups, newest_first=newest_first):
        idle += list(at[(moved == 0) & (amounts != 0)])
    if not idle:
        return {}, 0
    for place, column in enumerate(file.columns):
        named = {file.lines[at][place] for at in idle}
        if not column.is_text or "" in named or len(column.values) > 2 * _FEW:
            continue
        if sum(line[place] in named for line in file.lines) == len(idle):
            return {column.name: sorted(named)}, len(idle)
    return {}, 0


def _by_direction(
    file: FileProfile, name: str, balances: Numbers, way: Way, groups: Numbers
) -> Iterator[tuple[BalanceProof, tuple[int, int]]]:
    """Where amounts have no sign: find the column that says which way each goes."""
    if (np.nan_to_num(way.values) < 0).any():
        return
    for newest_first in (False, True):
        out, come, of = set[int](), set[int](), 0
        for at, moved, amounts in _steps(balances, way.values, groups, newest_first=newest_first):
            sure = (np.abs(np.abs(moved) - amounts) < 1) & (moved != 0)
            out |= set(at[sure & (moved < 0)])
            come |= set(at[sure & (moved > 0)])
            of += int((moved != 0).sum())
        if len(out) + len(come) < max(_LEAST, _SURE * of) or not out or not come:
            continue
        values = _distinguishing_values(file, out, come)
        if values:
            proof = BalanceProof(name, len(out) + len(come), of, **way.fields, out=values)
            yield proof, (0, 2)  # less likely than two columns that say it


def _distinguishing_values(file: FileProfile, out: set[int], come: set[int]) -> dict[str, list[str]]:
    """Find the column of fewest values that says the way of every line, also of those that nothing proves."""
    best: tuple[int, dict[str, list[str]]] = (_FEW + 1, {})
    for place, column in enumerate(file.columns):
        if not 1 < len(column.values) <= _FEW or column.is_date or _is_decimal(column):
            continue
        outs, ins = ({file.lines[at][place] for at in side} for side in (out, come))
        cells = {line[place] for line in file.lines}  # a blank one says something, too
        if not outs & ins and cells <= outs | ins and len(column.values) < best[0]:
            best = len(column.values), {column.name: sorted(outs)}
    return best[1]


def _is_decimal(column: FileColumn) -> bool:
    return column.is_amount and any("." in value or "," in value for value in column.values)


def marks(columns: Sequence[FileColumn]) -> tuple[str, ...]:
    """Give the decimal marks that the numbers of a file allow, the likelier first."""
    sure = [column.decimal_marks for column in columns if column.values and column.is_amount]
    if any(marks == (",",) for marks in sure) and not any(marks == (".",) for marks in sure):
        return (",",)
    if any(marks == (".",) for marks in sure):
        return (".",)
    return (".", ",")
