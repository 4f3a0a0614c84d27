"""Bank and card statements in OFX and QFX, 1.x (SGML) and 2.x (XML), transaction by transaction.

OFX 1.x leaves its values' end tags out, so that no XML parser reads it; tags and the text behind them are all
that it takes for both. `line` is where a transaction begins.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import STATEMENT, Row
from tools.ledger.readers.text_blocks import TextFile

SUFFIXES: Final = (".ofx", ".qfx")
_TAG: Final = re.compile(r"<(/?)([A-Za-z0-9_.]+)>([^<\r\n]*)")
_DAY: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})(\d{6})?(\.\d+)?(\[.*\])?$")
_COMMA: Final = re.compile(r"^[+-]?\d+,\d{1,2}$")  # a decimal comma, as some banks write it
_ENDS: Final = frozenset(("STMTTRN", "BANKTRANLIST", "OFX"))


class Ofx:
    """An OFX file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its head. Raises SourcesError when it is no OFX file."""
        self._path = path
        self.notes: list[str] = []
        head, _ = next(TextFile(path).blocks())
        if b"<OFX>" not in head.upper():
            raise SourcesError("is no OFX file.", place=str(path), remedy="Name another file, or a CSV.")

    def rows(self) -> Iterator[Row]:
        """Give its transactions."""
        about: dict[str, str] = {}
        held: dict[str, str] | None = None
        began = 0
        for line, closes, tag, text in self._tags():
            if tag in _ENDS and held is not None:
                yield _row(began, held, about)
                held = None
            if tag == "STMTTRN" and not closes:
                held, began = {}, line
            elif text and not closes:
                (about if held is None else held).setdefault(tag, text)
            if tag in ("STMTRS", "CCSTMTRS") and not closes:
                about = {}
        if held is not None:
            yield Row(began, (), "the file breaks off in this transaction", str(held))

    def _tags(self) -> Iterator[tuple[int, bool, str, str]]:
        line = 0
        for data, _last in TextFile(self._path).blocks():
            for text in data.decode().split("\n"):
                line += 1
                for match in _TAG.finditer(text):
                    yield line, bool(match[1]), match[2].upper(), html.unescape(match[3]).strip()
            line -= 1  # a block ends with its last line's end


def _row(line: int, held: dict[str, str], about: dict[str, str]) -> Row:
    amount = held.get("TRNAMT", "")
    cells = {
        "txn_id": held.get("FITID", ""),
        "posted_on": _day(held.get("DTPOSTED", "")),
        "value_on": _day(held.get("DTAVAIL", "")),
        "amount": amount.replace(",", ".") if _COMMA.match(amount) else amount,
        "currency": held.get("CURSYM") or about.get("CURDEF", ""),
        "vendor_name": held.get("NAME", ""),
        "reference": held.get("CHECKNUM") or held.get("REFNUM", ""),
        "description": held.get("MEMO", ""),
        "account": about.get("ACCTID", ""),
        "type": held.get("TRNTYPE", ""),
    }
    return Row(line, [cells.get(name, "") for name in STATEMENT])


def _day(text: str) -> str:
    """Write a moment as an ISO day; what is none stays as it is, to be rejected."""
    match = _DAY.match(text)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else text
