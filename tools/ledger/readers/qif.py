"""Quicken Interchange Format: bank, cash and card registers, record by record; `line` is where it begins.

Days are written as the program's country has it and amounts likewise: which comes first of day and month,
and which mark parts cents, is settled over the whole file, and noted where nothing settles it. Splits (S, $)
are told in the description; investment records are counted and rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import BANK, CARD, INVESTMENT, STATEMENT, Proof, Row
from tools.ledger.readers.text_blocks import TextFile

_KINDS: Final = {"bank": BANK, "cash": BANK, "oth a": BANK, "oth l": BANK, "ccard": CARD, "invst": INVESTMENT}
_DAY: Final = re.compile(r"(\d{1,4})\s*[-/.' ]\s*(\d{1,2})\s*[-/.' ]\s*(\d{1,4})$")
_COMMA: Final = re.compile(r"^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}$")
_CENTURY: Final = 70  # two digits from here on are of the 1900s
_MONTHS: Final = 12
_YEAR: Final = 4  # its digits
Record = tuple[int, str, str, dict[str, str]]  # line, kind, account, fields


class Qif:
    """A QIF file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its records. Raises SourcesError when it is no QIF file."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        self._records = list(self._read())
        if not self._records:
            raise SourcesError("holds no QIF record.", place=str(path), remedy="Name another file, or a CSV.")
        days = [fields["D"] for _, _, _, fields in self._records if "D" in fields]
        self._order = self._ordered([parts for day in days if (parts := _parts(day))])
        amounts = [fields.get("T", "") for _, _, _, fields in self._records]
        self._comma = any(map(_COMMA.match, amounts))

    def rows(self) -> Iterator[Row]:
        """Give its transactions."""
        for line, kind, account, fields in self._records:
            if kind == INVESTMENT:
                yield Row(line, (), f"an investment trade ({fields.get('N', '?')}), no posting", str(fields))
                continue
            amount = fields.get("T") or fields.get("U", "")
            amount = amount.replace(".", "").replace(",", ".") if self._comma else amount.replace(",", "")
            cells = {
                "posted_on": self._day(fields.get("D", "")),
                "amount": amount,
                "vendor_name": fields.get("P", ""),
                "reference": fields.get("N", ""),
                "description": " ".join(filter(None, (fields.get("M"), fields.get("L"), fields.get("S")))),
                "account": account,
                "status": fields.get("C", ""),
                "account_kind": kind,
            }
            yield Row(line, [cells.get(name, "") for name in STATEMENT])

    def _read(self) -> Iterator[Record]:
        kind, account, begins = BANK, "", 0
        fields: dict[str, str] = {}
        names_account = False
        for line, text in enumerate(self._texts(), start=1):
            if text.startswith("!"):
                head = text[1:].partition(":")
                names_account = head[0].casefold() == "account"
                if head[0].casefold() == "type":
                    kind = _KINDS.get(head[2].strip().casefold(), "")
            elif text.startswith("^"):
                if names_account:
                    account = fields.get("N", "")
                elif fields and kind:
                    yield begins, kind, account, fields
                fields = {}
            elif text.strip():
                begins = begins if fields else line
                code, value = text[0], text[1:].strip()
                joined = f"{fields[code]} {value}" if code in "SAE" and code in fields else value
                fields[code] = joined
        if fields and kind and not names_account:
            yield begins, kind, account, fields

    def _texts(self) -> Iterator[str]:
        file = TextFile(self._path)
        for data, _last in file.blocks():
            yield from data.decode().splitlines()

    def _ordered(self, days: Sequence[tuple[str, str, str]]) -> str:
        """Say how days are written: ymd, mdy or dmy."""
        if days and all(len(parts[0]) == _YEAR for parts in days):
            return "ymd"
        first, second = ([int(parts[i]) for parts in days] for i in (0, 1))
        if any(n > _MONTHS for n in first):
            return "dmy"
        if not any(n > _MONTHS for n in second):
            self.notes.append("no day says whether the month stands first: read as month/day/year")
        return "mdy"

    def _day(self, text: str) -> str:
        """Write a day in ISO 8601; what is none stays as it is, to be rejected."""
        parts = _parts(text)
        if not parts:
            return text
        written = dict(zip(self._order, parts, strict=True))
        year = int(written["y"])
        if len(written["y"]) <= 2:  # noqa: PLR2004 - digits of a year
            year += 1900 if year >= _CENTURY and "'" not in text else 2000
        return f"{year:04}-{int(written['m']):02}-{int(written['d']):02}"


def _parts(text: str) -> tuple[str, str, str] | None:
    match = _DAY.match(text.strip())
    return (match[1], match[2], match[3]) if match else None
