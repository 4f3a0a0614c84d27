"""Bank statements in BAI2 (ASC X9, Cash Management Balance Reporting), transaction by transaction.

Amounts have no point: they are in minor units of the account's currency. Type codes 100 to 399 are credits,
400 to 699 debits; another one says neither, and its row is rejected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.core import money
from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import STATEMENT, Row
from tools.ledger.readers.text_blocks import TextFile

SUFFIXES: Final = (".bai", ".bai2")
_CREDIT, _DEBIT = range(100, 400), range(400, 700)
_OPENING, _CLOSING = "010", "015"
_AFTER: Final = {"V": 2, "S": 3}  # fields of availability behind a type of funds


@dataclass
class _Account:
    number: str = ""
    currency: str = ""
    opening: int | None = None
    closing: int | None = None
    moved: int = 0


class Bai2:
    """A BAI2 file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its first line. Raises SourcesError when it is no BAI2 file."""
        self._path = path
        self.notes: list[str] = []
        first = next(self._records(), (0, ""))[1]
        if not first.startswith("01,"):
            raise SourcesError("is no BAI2 file.", place=str(path), remedy="Name another file, or a CSV.")

    def rows(self) -> Iterator[Row]:
        """Give its transactions."""
        day, group, account = "", "", _Account()
        for line, record in self._records():
            fields = record.split(",")
            if fields[0] == "02":
                day, group = _day(_at(fields, 4)), _at(fields, 6)
            elif fields[0] == "03":
                account = _account(fields, group)
            elif fields[0] == "16":
                yield self._row(line, record, day, account)
            elif fields[0] == "49":
                self._prove(account)

    def _row(self, line: int, record: str, day: str, account: _Account) -> Row:
        fields = record.split(",")
        code, size, funds = _at(fields, 1), _at(fields, 2), _at(fields, 3)
        number = int(code) if code.isdecimal() else 0
        if number not in _CREDIT and number not in _DEBIT:
            return Row(line, (), f"type code '{code}' says neither credit nor debit", record)
        if not size.isdecimal():
            return Row(line, (), f"'{size}' is no amount in minor units", record)
        many = _at(fields, 4)
        skip = 1 + 2 * int(many) if funds == "D" and many.isdecimal() else _AFTER.get(funds, 0)
        amount = int(size) if number in _CREDIT else -int(size)
        account.moved += amount
        cells = {
            "txn_id": _at(fields, 4 + skip),
            "posted_on": day,
            "value_on": _day(_at(fields, 4)) if funds == "V" else "",
            "amount": money.to_text(amount, account.currency),
            "currency": account.currency,
            "reference": _at(fields, 5 + skip),
            "description": ",".join(fields[6 + skip :]).strip(),
            "account": account.number,
            "type": code,
        }
        return Row(line, [cells.get(name, "") for name in STATEMENT])

    def _records(self) -> Iterator[tuple[int, str]]:
        """Give each record with its continuations (88) and the line that it begins on."""
        held, began, line = "", 0, 0
        for data, _last in TextFile(self._path).blocks():
            for text in data.decode().splitlines():
                line += 1
                if text.startswith("88,"):
                    held += ("" if held.endswith(",") else " ") + text[3:].rstrip().removesuffix("/")
                    continue
                if held:
                    yield began, held
                held, began = text.strip().removesuffix("/"), line
        if held:
            yield began, held

    def _prove(self, account: _Account) -> None:
        """Note where opening balance and transactions are not the closing balance."""
        if account.opening is None or account.closing is None:
            return
        if account.opening + account.moved != account.closing:
            told = [
                money.to_text(n, account.currency) for n in (account.opening, account.moved, account.closing)
            ]
            self.notes.append(
                f"opening {told[0]} and transactions of {told[1]} are not the closing {told[2]}"
            )


def _account(fields: Sequence[str], group: str) -> _Account:
    made = _Account(_at(fields, 1), _at(fields, 2) or group or "USD")
    for at in range(3, len(fields) - 1):
        code, size = fields[at], fields[at + 1].lstrip("+")
        if code in (_OPENING, _CLOSING) and size.lstrip("-").isdecimal():
            name = "opening" if code == _OPENING else "closing"
            setattr(made, name, int(size))
    return made


def _at(fields: Sequence[str], place: int) -> str:
    return fields[place].strip() if place < len(fields) else ""


def _day(text: str) -> str:
    """Write YYMMDD or YYYYMMDD as an ISO day; what is neither stays as it is, to be rejected."""
    if not text.isdecimal() or len(text) not in (6, 8):
        return text
    full = text if len(text) == 8 else f"20{text}"  # noqa: PLR2004 - digits of a whole year
    return f"{full[:4]}-{full[4:6]}-{full[6:]}"
