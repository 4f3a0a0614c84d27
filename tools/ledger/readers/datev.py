"""DATEV's EXTF and DTVF: the lines of a Buchungsstapel as ledger rows; `line` is the file's.

The first line says the fiscal year, the period and the currency, the second names the columns. A
Belegdatum (0302, 3 February) has no year of its own: it is the one in which it falls into the fiscal year.
S is a debit and positive, H a credit and negative, each as seen from the account in `Konto`.
Source: DATEV-Format, Buchungsstapel (developer.datev.de).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import Proof, Row
from tools.ledger.readers.text_blocks import TextFile

COLUMNS: Final = (
    "posted_on", "amount", "currency", "account", "contra_account", "invoice_no", "reference", "description",
    "side",
)  # fmt: skip
_START, _FROM, _CURRENCY = 12, 14, 21  # places in the first line
_FIELDS: Final = {
    "amount": "Umsatz", "side": "Soll/Haben", "currency": "WKZ Umsatz", "account": "Konto",
    "contra_account": "Gegenkonto", "posted_on": "Belegdatum", "invoice_no": "Belegfeld 1",
    "reference": "Belegfeld 2", "description": "Buchungstext",
}  # fmt: skip
_SIDES: Final = {"S": "", "H": "-"}


class Datev:
    """A DATEV Buchungsstapel."""

    names: Sequence[str] = COLUMNS

    def __init__(self, path: Path) -> None:
        """Read its two heads. Raises SourcesError when it is no Buchungsstapel."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        lines = self._lines()
        self._about = next(lines, (0, []))[1]
        self._head = [name.strip() for name in next(lines, (0, []))[1]]
        missing = [name for name in ("Umsatz", "Konto", "Belegdatum") if self._at(name) is None]
        if missing:
            raise SourcesError(
                f"is a DATEV file without {', '.join(missing)}: no Buchungsstapel.",
                place=str(path),
                remedy="Export the Buchungsstapel.",
            )

    def rows(self) -> Iterator[Row]:
        """Give its postings."""
        lines = self._lines()
        next(lines, None)
        next(lines, None)
        for line, cells in lines:
            yield self._row(line, cells)

    def _row(self, line: int, cells: Sequence[str]) -> Row:
        values = {name: self._cell(cells, field) for name, field in _FIELDS.items()}
        side = values["side"].upper()
        if side not in _SIDES:
            return Row(line, (), f"'{side}' is neither S (debit) nor H (credit)", ";".join(cells))
        values["amount"] = _SIDES[side] + values["amount"].replace(".", "").replace(",", ".")
        values["currency"] = values["currency"] or _place(self._about, _CURRENCY)
        values["posted_on"] = self._day(values["posted_on"])
        return Row(line, [values[name] for name in COLUMNS])

    def _day(self, text: str) -> str:
        """Write DDMM or DDMMYYYY in ISO 8601, within the fiscal year; what is none stays as it is."""
        start = _date(_place(self._about, _START)) or _date(_place(self._about, _FROM))
        digits = text.zfill(4) if text.isdecimal() and len(text) in (3, 4) else text.zfill(8)
        match = re.fullmatch(r"(\d\d)(\d\d)(\d{4})?", digits)
        if not match or (start is None and not match[3]):
            return text
        years = [int(match[3])] if match[3] else [start.year, start.year + 1] if start else []
        days = [day for year in years if (day := _date(f"{year:04}{match[2]}{match[1]}"))]
        inside = [day for day in days if start is None or match[3] or day >= start]
        return inside[0].isoformat() if inside else text

    def _cell(self, cells: Sequence[str], field: str) -> str:
        at = self._at(field)
        return cells[at].strip() if at is not None and at < len(cells) else ""

    def _at(self, field: str) -> int | None:
        """Find a column: by its whole name, else by how its name begins (Umsatz (ohne Soll/Haben-Kz))."""
        if field in self._head:
            return self._head.index(field)
        return next((i for i, name in enumerate(self._head) if name.startswith(field)), None)

    def _lines(self) -> Iterator[tuple[int, list[str]]]:
        line = 0
        for data, _last in TextFile(self._path).blocks():
            for text in data.decode().split("\n"):
                line += 1
                if text.strip():
                    yield line, next(csv.reader([text.rstrip("\r")], delimiter=";"))
            line -= 1


def _place(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None  # noqa: PLR2004 - YYYYMMDD
    except ValueError:
        return None
