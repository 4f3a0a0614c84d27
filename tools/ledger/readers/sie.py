"""SIE 4, the journal of Nordic accounting systems: each #TRANS is a ledger row; `line` is the file's.

Accounts are a number and the name that #KONTO gives it; amounts are positive where they are debits. A line
that was struck out (#BTRANS) is left out and counted; one that was added later (#RTRANS) is followed by the
#TRANS that is the posting. The standard's code page is 437; some write UTF-8.
Source: SIE filformat 4B (sie.se), sections 5 and 11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import Proof, Row

COLUMNS: Final = (
    "posted_on", "amount", "currency", "account", "reference", "description", "journal_id", "category",
)  # fmt: skip
_CURRENCY: Final = "SEK"  # where #VALUTA names no other
_FIELD: Final = re.compile(r'"((?:\\.|[^"\\])*)"|(\{[^}]*\})|(\S+)')
_ASIDES: Final = {"#BTRANS": "struck out", "#RTRANS": "added later, and posted below"}
_ACCOUNT, _AMOUNT, _DAY, _TEXT = 1, 3, 4, 5  # places in a #TRANS


@dataclass
class _Voucher:
    """The head of the postings below it."""

    line: int
    series: str
    number: str
    day: str
    text: str
    total: Decimal = Decimal(0)

    @property
    def journal_id(self) -> str:
        """Its number within its series; where it has none yet, its line."""
        return f"{self.series}{self.number}" if self.number else f"line {self.line}"


class Sie:
    """A SIE file with vouchers."""

    names: Sequence[str] = COLUMNS

    def __init__(self, path: Path) -> None:
        """Look for its vouchers. Raises SourcesError when it holds balances alone (SIE 1, 2, 3)."""
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        self._lines = _text(path.read_bytes()).splitlines()
        records = [fields for _, fields in self._records() if len(fields) > 1]
        self._accounts = {fields[1]: " ".join(fields[1:3]) for fields in records if fields[0] == "#KONTO"}
        self._currency = next((fields[1] for fields in records if fields[0] == "#VALUTA"), _CURRENCY)
        if not any(fields[0] == "#TRANS" for fields in records):
            raise SourcesError(
                "is a SIE file without vouchers.", place=str(path), remedy="Export SIE 4, with transactions."
            )

    def rows(self) -> Iterator[Row]:
        """Give its postings; a voucher whose lines are not nought together is a proof that fails."""
        voucher = _Voucher(0, "", "", "", "")
        for line, fields in self._records():
            if fields[0] == "#VER":
                series, number, day, text = (_place(fields, at) for at in range(1, 5))
                voucher = _Voucher(line, series, number, day, text)
            elif fields[0] in _ASIDES:
                yield Row(line, (), aside=_ASIDES[fields[0]], raw=" ".join(fields))
            elif fields[0] == "#TRANS":
                voucher.total += _number(_place(fields, _AMOUNT))
                yield self._row(line, fields, voucher)
            elif fields[0] == "}" and voucher.line:
                self.proofs.append(
                    Proof(
                        voucher.line,
                        voucher.journal_id,
                        self._currency,
                        "sum of a voucher",
                        Decimal(0),
                        voucher.total,
                    )
                )

    def _row(self, line: int, fields: Sequence[str], voucher: _Voucher) -> Row:
        account = _place(fields, _ACCOUNT)
        cells = {
            "posted_on": _day(_place(fields, _DAY) or voucher.day),
            "amount": _place(fields, _AMOUNT),
            "currency": self._currency,
            "account": self._accounts.get(account, account),
            "reference": voucher.number,
            "description": _place(fields, _TEXT) or voucher.text,
            "journal_id": voucher.journal_id,
            "category": voucher.series,
        }
        return Row(line, [cells[name] for name in COLUMNS])

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        for line, text in enumerate(self._lines, start=1):
            fields = [
                quoted.replace('\\"', '"') or objects or word
                for quoted, objects, word in _FIELD.findall(text)
            ]
            if fields:
                yield line, fields


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp437")


def _place(fields: Sequence[str], at: int) -> str:
    return fields[at] if at < len(fields) else ""


def _day(text: str) -> str:
    """Write YYYYMMDD as an ISO day; what is none stays as it is, to be rejected."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return text


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal(0)
