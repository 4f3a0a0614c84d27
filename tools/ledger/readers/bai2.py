"""Bank statements in BAI2 (ASC X9, Cash Management Balance Reporting), transaction by transaction.

Amounts have no point: they are in minor units of the account's currency. Type codes 100 to 399 are credits,
400 to 699 debits; another one says neither, and its row is rejected. Records may share a line. Trailers (49,
98, 99) say how much and how many there should be, the balances (010, 015) what the transactions lead to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final

from tools.core import money
from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import BANK, STATEMENT, Proof, Row
from tools.ledger.readers.text_blocks import TextFile

_CREDIT, _DEBIT = range(100, 400), range(400, 700)
_OPENING, _CLOSING = "010", "015"
_AFTER: Final = {"V": 2, "S": 3}  # fields of availability behind a type of funds
_SHARED: Final = re.compile(r"/\s*(?=(?:01|02|03|16|49|88|98|99),)")


@dataclass
class _Account:
    number: str = ""
    currency: str = ""
    line: int = 0
    balances: dict[str, int] = field(default_factory=dict)
    moved: int = 0


@dataclass
class _Level:
    """What a trailer is about, while it is read: the sum of amounts, its parts, its records."""

    total: int = 0
    parts: int = 0
    records: int = 0


@dataclass
class _Reading:
    day: str = ""
    currency: str = ""
    account: _Account = field(default_factory=_Account)
    levels: dict[str, _Level] = field(
        default_factory=lambda: {"49": _Level(), "98": _Level(), "99": _Level()}
    )


_LEVELS: Final = {
    "49": ("account", "98", ""),
    "98": ("group", "99", "accounts"),
    "99": ("file", "", "groups"),
}
_OPENS: Final = {"03": "49", "02": "98", "01": "99"}


class Bai2:
    """A BAI2 file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its first line. Raises SourcesError when it is no BAI2 file."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        first = next(self._records(), (0, [""]))[1][0]
        if not first.startswith("01,"):
            raise SourcesError("is no BAI2 file.", place=str(path), remedy="Name another file, or a CSV.")

    def rows(self) -> Iterator[Row]:
        """Give its transactions."""
        reading = _Reading()
        for line, parts in self._records():
            fields = parts[0].split(",")
            code = fields[0]
            if code in _OPENS:
                reading.levels[_OPENS[code]] = _Level()
            for level in reading.levels.values():
                level.records += len(parts)
            if code == "02":
                reading.day, reading.currency = _day(_at(fields, 4)), _at(fields, 6)
            elif code == "03":
                reading.account = _account(line, parts, reading)
            elif code == "16":
                yield _row(line, parts, reading)
            elif code in _LEVELS:
                self._close(line, fields, reading)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Give each record with its continuations (88) and the line that it begins on."""
        parts, began, line = list[str](), 0, 0
        for data, _last in TextFile(self._path).blocks():
            for physical in data.decode().splitlines():
                line += 1
                for record in _SHARED.split(physical):
                    text = record.strip()
                    if text.startswith("88,"):
                        parts.append(text[3:].removesuffix("/"))
                        continue
                    if parts:
                        yield began, parts
                    parts, began = [text.removesuffix("/")] if text else [], line
        if parts:
            yield began, parts

    def _close(self, line: int, fields: Sequence[str], reading: _Reading) -> None:
        """Hold a trailer against what it closes, and the account's balances against its transactions."""
        code = fields[0]
        name, above, counted = _LEVELS[code]
        level, account = reading.levels[code], reading.account
        subject = f"of account {account.number}" if code == "49" else f"of the {name}"
        currency = account.currency
        sums = [(f"control total {subject}", _at(fields, 1), level.total, True)]
        counts = [_at(fields, 2)] if code == "49" else [_at(fields, 2), _at(fields, 3)]
        if counted:
            sums.append((f"number of {counted} {subject}", counts[0], level.parts, False))
        sums.append((f"number of records {subject}", counts[-1], level.records, False))
        for what, text, actual, is_money in sums:
            if (expected := _number(text)) is not None:
                at = money.exponent(currency) if is_money else 0
                values = Decimal(expected).scaleb(-at), Decimal(actual).scaleb(-at)
                self.proofs.append(Proof(line, account.number, currency if is_money else "", what, *values))
        if above:
            reading.levels[above].total += _number(_at(fields, 1)) or level.total
            reading.levels[above].parts += 1
        if code == "49":
            self._prove(account)

    def _prove(self, account: _Account) -> None:
        """Hold the closing balance against the opening one and the transactions."""
        if _CLOSING not in account.balances:
            return
        at = -money.exponent(account.currency)
        opening = account.balances.get(_OPENING)
        actual = None if opening is None else Decimal(opening + account.moved).scaleb(at)
        begun = None if opening is None else Decimal(opening).scaleb(at)
        closing = Decimal(account.balances[_CLOSING]).scaleb(at)
        self.proofs.append(
            Proof(account.line, account.number, account.currency, "closing balance", closing, actual, begun)
        )


def _row(line: int, parts: Sequence[str], reading: _Reading) -> Row:
    record, account = _joined(parts), reading.account
    fields = record.split(",")
    code, size, funds = _at(fields, 1), _at(fields, 2), _at(fields, 3)
    number = int(code) if code.isdecimal() else 0
    if number not in _CREDIT and number not in _DEBIT:
        reading.levels["49"].total += _number(size) or 0
        return Row(line, (), f"type code '{code}' says neither credit nor debit", record)
    if not size.isdecimal():
        return Row(line, (), f"'{size}' is no amount in minor units", record)
    reading.levels["49"].total += int(size)
    amount = int(size) if number in _CREDIT else -int(size)
    account.moved += amount
    skip = _skipped(fields, 3)
    cells = {
        "txn_id": _at(fields, 4 + skip),
        "posted_on": reading.day,
        "value_on": _day(_at(fields, 4)) if funds == "V" else "",
        "amount": money.to_text(amount, account.currency),
        "currency": account.currency,
        "reference": _at(fields, 5 + skip),
        "description": ",".join(fields[6 + skip :]).strip(),
        "account": account.number,
        "type": code,
        "account_kind": BANK,
    }
    return Row(line, [cells.get(name, "") for name in STATEMENT])


def _joined(parts: Sequence[str]) -> str:
    """Join a record with its continuations: words after its last reference are its text, however it ended."""
    text = parts[0]
    for more in parts[1:]:
        fields = text.split(",")
        place = 4 + _skipped(fields, 3)  # of the bank's reference; the customer's and the text follow
        if len(fields) == place + 2 or (len(fields) == place + 1 and "," not in more):
            text += "," * (place + 3 - len(fields))
        text += ("" if text.endswith(",") else " ") + more.rstrip()
    return text


def _account(line: int, parts: Sequence[str], reading: _Reading) -> _Account:
    """Read an account's record and its continuations: balances and totals by type code."""
    fields = parts[0].split(",")
    account = _Account(_at(fields, 1), _at(fields, 2) or reading.currency or "USD", line)
    for row in (fields[3:], *(part.split(",") for part in parts[1:])):
        at = 0
        while at < len(row):
            code, size = _at(row, at), _number(_at(row, at + 1))
            if code and size is not None:
                reading.levels["49"].total += size
                account.balances.setdefault(code, size)
            at += 4 + _skipped(row, at + 3)
    return account


def _skipped(fields: Sequence[str], at: int) -> int:
    """Count the fields of availability behind the type of funds that stands at a place."""
    funds, many = _at(fields, at), _at(fields, at + 1)
    return 1 + 2 * int(many) if funds == "D" and many.isdecimal() else _AFTER.get(funds, 0)


def _number(text: str) -> int | None:
    """Read a whole number with its sign; None for what is none."""
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else None


def _at(fields: Sequence[str], place: int) -> str:
    return fields[place].strip() if place < len(fields) else ""


def _day(text: str) -> str:
    """Write YYMMDD or YYYYMMDD as an ISO day; what is neither stays as it is, to be rejected."""
    if not text.isdecimal() or len(text) not in (6, 8):
        return text
    full = text if len(text) == 8 else f"20{text}"  # noqa: PLR2004 - digits of a whole year
    return f"{full[:4]}-{full[4:6]}-{full[6:]}"
