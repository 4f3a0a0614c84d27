"""Bank, card and investment statements in OFX and QFX, 1.x (SGML) and 2.x (XML), transaction by transaction.

OFX 1.x leaves its values' end tags out, so that no XML parser reads it; tags and the text behind them are all
that it takes for both. What is commented out is none. `line` is where a transaction begins. Trades of an
investment account move no cash of their own: they are left out, and counted.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from tools.core.errors import SourcesError
from tools.core.money import exponent
from tools.ledger.readers.row_reader import BANK, CARD, INVESTMENT, STATEMENT, Proof, Row
from tools.ledger.readers.text_blocks import whole_text

_TAG: Final = re.compile(r"<(/?)([A-Za-z0-9_.]+)(?:\s[^<>]*)?/?>([^<]*)")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)
_DAY: Final = re.compile(r"^(\d{4})(\d{2})(\d{2})(\d{2,6})?(\.\d+)?\s*(\[.*\]|[+-]\d{4}|Z)?$")
_COMMA: Final = re.compile(
    r"^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}$"
)  # a decimal comma, as some banks write it
_GROUPED: Final = re.compile(r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$")
_STATEMENTS: Final = {"STMTRS": BANK, "CCSTMTRS": CARD, "INVSTMTRS": INVESTMENT}
_TRADES: Final = re.compile(
    r"(BUY|SELL)(DEBT|MF|OPT|OTHER|STOCK)|INCOME|INVEXPENSE|REINVEST|RETOFCAP|SPLIT|CLOSUREOPT|JRNLFUND|JRNLSEC"
    r"|MARGININTEREST|TRANSFER"
)
_ENDS: Final = frozenset(("STMTTRN", "BANKTRANLIST", "INVTRANLIST", "OFX"))


class Ofx:
    """An OFX file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its text. Raises SourcesError when it is no OFX file."""
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        text = whole_text(path)
        self._text = _COMMENT.sub(lambda part: "\n" * part[0].count("\n"), text)
        if "<OFX>" not in self._text.upper():
            raise SourcesError("is no OFX file.", place=str(path), remedy="Name another file, or a CSV.")

    def rows(self) -> Iterator[Row]:
        """Give its transactions."""
        about: dict[str, str] = {}
        entry: dict[str, str] | None = None
        began = 0
        for line, closes, tag, text in self._tags():
            if tag in _ENDS and entry is not None:
                yield _row(began, entry, about)
                entry = None
            if tag == "STMTTRN" and not closes:
                entry, began = {}, line
            elif text and not closes:
                (about if entry is None else entry).setdefault(tag, text)
            if tag in _STATEMENTS and not closes:
                about = {"": _STATEMENTS[tag]}
            elif tag in _STATEMENTS or (tag == "LEDGERBAL" and closes):
                self._prove(line, about)
            if _TRADES.fullmatch(tag) and not closes:
                yield Row(line, (), aside="investment trade", raw=tag)
        if entry is not None:
            yield Row(began, (), "the file breaks off in this transaction", str(entry))

    def _prove(self, line: int, about: dict[str, str]) -> None:
        """Note the balance that the statement closes with; OFX says none that it opens with."""
        try:
            closing = Decimal(_amount(about.pop("BALAMT", "")))
        except InvalidOperation:
            return
        account, currency = about.get("ACCTID", ""), about.get("CURDEF", "")
        self.proofs.append(Proof(line, account, currency, "closing balance", closing, None))

    def _tags(self) -> Iterator[tuple[int, bool, str, str]]:
        line, before = 1, 0
        for match in _TAG.finditer(self._text):
            line += self._text.count("\n", before, match.start())
            before = match.start()
            yield line, bool(match[1]), match[2].upper(), " ".join(html.unescape(match[3]).split())


def _row(line: int, entry: dict[str, str], about: dict[str, str]) -> Row:
    cells = {
        "txn_id": entry.get("FITID", ""),
        "posted_on": _day(entry.get("DTPOSTED", "")),
        "value_on": _day(entry.get("DTAVAIL", "")),
        "amount": _amount(entry.get("TRNAMT", "")),
        "currency": entry.get("CURSYM") or about.get("CURDEF", ""),
        "vendor_name": entry.get("NAME", ""),
        "reference": entry.get("CHECKNUM") or entry.get("REFNUM", ""),
        "description": entry.get("MEMO", ""),
        "account": about.get("ACCTID", ""),
        "type": entry.get("TRNTYPE", ""),
        "account_kind": about.get("", BANK),
    }
    if cells["account_kind"] == INVESTMENT:
        cells["account_kind"] = BANK  # its cash
    problem = _fraction(cells["amount"], cells["currency"])
    return Row(line, [cells.get(name, "") for name in STATEMENT], problem, problem and str(entry))


def _fraction(amount: str, currency: str) -> str | None:
    """Say that an amount is finer than its currency: no bank moves that, and rounding would hide it."""
    finer = amount.partition(".")[2][exponent(currency) :].strip("0")
    return f"amount: '{amount}' is finer than a minor unit of {currency}" if finer.isdigit() else None


def _amount(text: str) -> str:
    if _COMMA.match(text):
        return text.replace(".", "").replace(",", ".")
    return text.replace(",", "") if _GROUPED.match(text) else text


def _day(text: str) -> str:
    """Write a moment as an ISO day; what is none stays as it is, to be rejected."""
    match = _DAY.match(text)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else text
