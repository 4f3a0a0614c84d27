"""QuickBooks' IIF: each leg of a transaction (TRNS, SPL) as a ledger line; `line` is the file's.

The head of each kind of line (!TRNS, !SPL) names its columns. Legs of one transaction share a journal id.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import Proof, Row
from tools.ledger.readers.text_blocks import TextFile

COLUMNS: Final = (
    "txn_id", "posted_on", "amount", "account", "vendor_name", "reference", "description", "category",
    "journal_id", "status",
)  # fmt: skip
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})$")
_FIELDS: Final = {
    "amount": "AMOUNT", "account": "ACCNT", "vendor_name": "NAME", "reference": "DOCNUM",
    "description": "MEMO", "category": "TRNSTYPE", "status": "CLEAR",
}  # fmt: skip


class Iif:
    """An IIF file."""

    names: Sequence[str] = COLUMNS

    def __init__(self, path: Path) -> None:
        """Look for its transactions. Raises SourcesError when it holds lists alone."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        if next(self.rows(), None) is None:
            raise SourcesError(
                "holds no transactions (TRNS), only lists.", place=str(path), remedy="Export the journal."
            )
        self.proofs = []

    def rows(self) -> Iterator[Row]:
        """Give the legs of its transactions."""
        heads: dict[str, list[str]] = {}
        journal, begins, total = "", 0, Decimal(0)
        for line, cells in self._lines():
            word = cells[0].strip().upper()
            if word.startswith("!"):
                heads[word[1:]] = [cell.strip().upper() for cell in cells[1:]]
            elif word == "ENDTRNS":
                self.proofs.append(Proof(begins, journal, "", "sum of a transaction", Decimal(0), total))
                total = Decimal(0)
            elif word in ("TRNS", "SPL") and word in heads:
                named = dict(zip(heads[word], cells[1:], strict=False))
                if word == "TRNS":
                    journal, begins = named.get("TRNSID") or f"line {line}", line
                total += _number(named.get("AMOUNT", ""))
                yield _row(line, named, word, journal)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        line = 0
        for data, _last in TextFile(self._path).blocks():
            for text in data.decode().splitlines():
                line += 1
                if text.strip():
                    yield line, next(csv.reader([text], delimiter="\t"))


def _row(line: int, named: dict[str, str], word: str, journal: str) -> Row:
    cells = {name: named.get(field, "").strip() for name, field in _FIELDS.items()}
    cells["amount"] = cells["amount"].replace(",", "")
    cells["txn_id"] = named.get("TRNSID" if word == "TRNS" else "SPLID", "").strip()
    cells["journal_id"], cells["posted_on"] = journal, _day(named.get("DATE", "").strip())
    return Row(line, [cells[name] for name in COLUMNS])


def _day(text: str) -> str:
    """Write month/day/year as an ISO day; what is none stays as it is, to be rejected."""
    match = _DAY.match(text)
    if not match:
        return text
    year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)  # noqa: PLR2004 - digits of a year
    try:
        return date(year, int(match[1]), int(match[2])).isoformat()
    except ValueError:
        return text


def _number(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "").strip() or "0")
    except InvalidOperation:
        return Decimal(0)
