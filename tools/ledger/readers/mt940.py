"""Bank statements in SWIFT MT940 and MT942, transaction by transaction; `line` is that of its :61: field.

Fields are read by the library mt-940, one transaction at a time, so that a damaged one is rejected alone. A
reversal (RC, RD) goes the other way; the day is the entry date, whose year the value date tells. Structured
information (:86: with ?20 or /NAME/) gives the party and the purpose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from mt940 import Options
from mt940.models import Transactions

from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import BANK, STATEMENT, Proof, Row
from tools.ledger.readers.text_blocks import TextFile

_FIELD: Final = re.compile(r"^:(\d{2}[A-Z]?|NS):")
_END: Final = re.compile(r"^-?\}?\s*$|^-\}")
_SLASHED: Final = re.compile(r"/([A-Z]{3,4})/")
_COUNTERPARTY: Final = 3  # parts of /CNTP/ up to its name: account, bank, name, city
_UNSTRUCTURED: Final = re.compile(r"^(?:USTD|STRD/[^/]*/[^/]*|STRD)/+")
# Where an interim report, which has no balances, names its currency: the floor limit, the sums.
_SUMS: Final = re.compile(r"^:(?:34F:|90[CD]:\d*)([A-Z]{3})", re.MULTILINE)
_NO_DAY: Final = re.compile(r"^(:6\d[A-Z]?:R?[CD])000000", re.MULTILINE)
_DAY: Final = re.compile(r"^:61:(\d{6})")
_LOOSE: Final = "loose_currency"
_OPENING: Final = ("final_opening_balance", "intermediate_opening_balance", "opening_balance")
_CLOSING: Final = ("final_closing_balance", "intermediate_closing_balance", "closing_balance")


@dataclass
class _Statement:
    """One statement: the text of its head, of each transaction with the line it begins on, of its end."""

    head: list[str] = field(default_factory=list)
    entries: list[tuple[int, list[str]]] = field(default_factory=list)
    line: int = 0


def _dated(head: str, statement: _Statement) -> str:
    """Give a balance whose day is 000000 that of the first transaction: its money and currency are read."""
    day = _DAY.match(statement.entries[0][1][0]) if statement.entries else None
    return _NO_DAY.sub(rf"\g<1>{day[1]}", head) if day else head


class Mt940:
    """An MT940 file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Look for its first statement. Raises SourcesError when there is none."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        if next(self._statements(), None) is None:
            raise SourcesError(
                "is no MT940 statement.", place=str(path), remedy="Name another file, or a CSV."
            )

    def rows(self) -> Iterator[Row]:
        """Give its transactions."""
        for statement in self._statements():
            yield from self._rows(statement)

    def _rows(self, statement: _Statement) -> Iterator[Row]:
        head = _dated("\n".join(statement.head), statement)
        try:
            about = {**_parsed(head).data, _LOOSE: _loose_currency(head)}
        except (RuntimeError, ValueError, ArithmeticError, TypeError) as error:
            yield Row(statement.line, (), f"the statement's head cannot be read: {error}", head)
            about = {}
        moved = Decimal(0)
        for line, texts in statement.entries:
            row, amount = _row(line, "\n".join(texts), about)
            moved += amount
            yield row
        opening, closing = _balance(about, _OPENING), _balance(about, _CLOSING)
        if opening is not None and closing is not None:
            self.proofs.append(
                Proof(
                    statement.line, _account(about), _currency(about), "closing balance", closing,
                    opening + moved, opening,
                )
            )  # fmt: skip

    def _statements(self) -> Iterator[_Statement]:
        statement: _Statement | None = None
        open_text: list[str] | None = None
        for line, text in self._lines():
            tag = _FIELD.match(text)
            name = tag[1] if tag else ""
            if name == "20" or (name in ("25", "60F") and statement is None):
                if statement:
                    yield statement
                statement = _Statement(line=line)
            if statement is None:
                continue
            if name == "61":
                statement.entries.append((line, [text]))
                open_text = statement.entries[-1][1]
            elif name and (name != "86" or not statement.entries or open_text is statement.head):
                statement.head.append(text)
                open_text = statement.head
            elif _END.match(text):
                open_text = None
            elif open_text is not None:
                open_text.append(text)
        if statement:
            yield statement

    def _lines(self) -> Iterator[tuple[int, str]]:
        line = 0
        for data, _last in TextFile(self._path).blocks():
            for text in data.decode().split("\n"):
                line += 1
                yield line, re.sub(r"^\{.*\{4:|^:(?=:\d\d)", "", text.rstrip("\r\x03\x01 "))
            line -= 1  # a block ends with its last line's end


def _parsed(text: str) -> Transactions:
    parsed = Transactions(options=Options.all())
    parsed.parse(text)
    return parsed


def _row(line: int, text: str, about: dict[str, Any]) -> tuple[Row, Decimal]:
    day = about.get(_OPENING[0]) or about.get(_OPENING[1])
    mark = f":60F:C{day.date:%y%m%d}{day.amount.currency}0,\n" if day else ""
    try:
        parsed = _parsed(mark + text)
        entry = parsed[0].data if len(parsed) else {}
        amount = Decimal(entry["amount"].amount)
    except (RuntimeError, ValueError, ArithmeticError, TypeError, KeyError) as error:
        return Row(line, (), f"the transaction cannot be read: {error}", text), Decimal(0)
    slashed = _slashed(text)
    reference = entry.get("customer_reference") or ""
    remitted = _UNSTRUCTURED.sub("", slashed.get("REMI", ""))
    purpose = entry.get("purpose") or remitted or entry.get("additional_purpose")
    loose = entry.get("transaction_details") or entry.get("extra_details") or ""
    cells = {
        "txn_id": entry.get("bank_reference") or "",
        "posted_on": (entry.get("entry_date") or entry["date"]).isoformat(),
        "value_on": entry["date"].isoformat(),
        "amount": f"{amount:f}",
        "currency": _currency(about) or entry.get("currency") or "",
        "vendor_name": entry.get("applicant_name") or slashed.get("NAME") or _counterparty(slashed),
        "reference": entry.get("end_to_end_reference") or ("" if reference == "NONREF" else reference),
        "description": " ".join(filter(None, (entry.get("posting_text"), purpose or loose))),
        "account": _account(about),
        "type": entry.get("id") or "",
        "status": entry.get("status") or "",
        "account_kind": BANK,
    }
    return Row(line, [" ".join(str(cells[name]).split()) for name in STATEMENT]), amount


def _slashed(text: str) -> dict[str, str]:
    """Read information written as /NAME/Oak Client/REMI/invoice 7."""
    _, _, details = text.partition(":86:")
    parts = _SLASHED.split(details.replace("\n", ""))
    return {key: value.strip("/ ") for key, value in zip(parts[1::2], parts[2::2], strict=False)}


def _counterparty(slashed: dict[str, str]) -> str:
    """Give the name out of /CNTP/account/bank/name/city/."""
    parts = slashed.get("CNTP", "").split("/")
    return parts[_COUNTERPARTY - 1].strip() if len(parts) >= _COUNTERPARTY else ""


def _account(about: dict[str, Any]) -> str:
    return str(about.get("account_identification") or "").strip()


def _currency(about: dict[str, Any]) -> str:
    balance = next((about[name] for name in (*_OPENING, *_CLOSING) if about.get(name)), None)
    return str(balance.amount.currency) if balance else str(about.get(_LOOSE) or "")


def _loose_currency(head: str) -> str:
    match = _SUMS.search(head)
    return match[1] if match else ""


def _balance(about: dict[str, Any], names: tuple[str, ...]) -> Decimal | None:
    balance = next((about[name] for name in names if about.get(name)), None)
    return None if balance is None else Decimal(balance.amount.amount)
