"""Bank statements in ISO 20022's camt.052, .053 and .054; `line` is the number of the entry in its file.

Entries are rows; one that books several transactions whose amounts add up to it is a row for each. Pending
entries are left out, and counted. A reversal (RvslInd) has the direction that it says, as the standard wants
it, unless only the other one leads from the opening to the closing balance. Read with defusedxml: entities
and external parts are refused. A file that breaks off in the middle gives the entries before that, and one
rejected row for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse, tostring

from tools.core import bounded_xml
from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import BANK, STATEMENT, Proof, Row
from tools.ledger.readers.xml_paths import at_path, child_of, decimal_of, local_name, text_at, texts_at

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MESSAGES: Final = ("BkToCstmrStmt", "BkToCstmrAcctRpt", "BkToCstmrDbtCdtNtfctn")
_ORDERS: Final = {"CstmrDrctDbtInitn": "direct debits"}
_STATEMENTS: Final = ("Stmt", "Rpt", "Ntfctn")
_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_PENDING: Final = {"PDNG": "pending", "INFO": "for information", "FUTR": "future"}
_OPENINGS: Final = ("OPBD", "PRCD")
_CLOSINGS: Final = ("CLBD",)
_UNSAID: Final = "NOTPROVIDED"


@dataclass
class _Statement:
    """What a statement says of itself: found in a first reading, needed by its entries."""

    account: str = ""
    currency: str = ""
    day: str = ""
    balances: dict[str, Decimal] = field(default_factory=dict)
    moved: Decimal = Decimal(0)
    reversed: Decimal = Decimal(0)
    line: int = 1

    @property
    def opening(self) -> Decimal | None:
        """The balance that it begins with."""
        return next((self.balances[code] for code in _OPENINGS if code in self.balances), None)

    @property
    def closing(self) -> Decimal | None:
        """The balance that it ends with."""
        return next((self.balances[code] for code in _CLOSINGS if code in self.balances), None)

    @property
    def is_turned(self) -> bool:
        """Whether reversals have to go the other way than they say, for the balances to follow."""
        if self.opening is None or self.closing is None or not self.reversed:
            return False
        sum_of_entries = self.opening + self.moved
        return sum_of_entries != self.closing == sum_of_entries - 2 * self.reversed


class Camt:
    """A camt.052, .053 or .054 file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its head. Raises SourcesError when it is no statement, or declares entities."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        bounded_xml.check_file(path)
        try:
            is_statement = any(local_name(element) in _MESSAGES for _, element in self._elements())
        except DefusedXmlException as error:
            raise SourcesError(
                f"refused: {error}", place=str(path), remedy="Ask the bank for another."
            ) from None
        except ParseError:
            is_statement = False
        if not is_statement and (order := self._order()):
            raise SourcesError(
                f"holds {order} that were ordered, which the bank may still have refused: no statement.",
                place=str(path),
                remedy="Take the bank's statement (camt.053), which has them once they are booked.",
            )
        if not is_statement:
            remedy = "Name another file, or a CSV."
            raise SourcesError(
                "is no bank statement in camt.052, .053 or .054.", place=str(path), remedy=remedy
            )

    def rows(self) -> Iterator[Row]:
        """Give its entries."""
        statements = iter(self._statements())
        statement, at = _Statement(), 0
        try:
            for begins, element in self._elements():
                name = local_name(element)
                if name in _STATEMENTS and begins:
                    statement = next(statements, _Statement())
                elif name in _STATEMENTS:
                    self._prove(statement)
                    element.clear()
                elif name == "Ntry" and not begins:
                    at += 1
                    yield from _entry(element, at, statement)
                    element.clear()
        except ParseError as error:
            yield Row(at + 1, (), f"the file breaks off here: {error}")

    def _statements(self) -> list[_Statement]:
        """Read what each statement says of itself, as far as the file goes."""
        statements: list[_Statement] = []
        at = 0
        try:
            for begins, element in self._elements():
                name = local_name(element)
                if name in _STATEMENTS and begins:
                    statements.append(_Statement(line=at + 1))
                elif statements and not begins:
                    at += name == "Ntry"
                    _take(statements[-1], name, element)
        except ParseError:
            pass  # rows() says where it breaks off
        return statements

    def _order(self) -> str:
        """Say what a file of orders to a bank holds; nothing for any other."""
        try:
            return next(
                (_ORDERS[name] for _, e in self._elements() if (name := local_name(e)) in _ORDERS), ""
            )
        except ParseError:
            return ""

    def _elements(self) -> Iterator[tuple[bool, Element]]:
        """Give each element when it begins and when it ends."""
        with self._path.open("rb") as file:
            for event, element in iterparse(file, events=("start", "end")):
                yield event == "start", element

    def _prove(self, statement: _Statement) -> None:
        """Hold the closing balance against the opening one and the entries."""
        opening, closing = statement.opening, statement.closing
        if closing is None:
            return
        moved = statement.moved - (2 * statement.reversed if statement.is_turned else 0)
        actual = None if opening is None else opening + moved
        if statement.is_turned:
            self.notes.append("reversals go the other way than they say: so the balances follow")
        proof = Proof(
            statement.line, statement.account, statement.currency, "closing balance", closing, actual, opening
        )
        self.proofs.append(proof)


def _take(statement: _Statement, name: str, element: Element) -> None:
    """Take what an element that ended says of its statement."""
    if name == "Acct" and not statement.account:
        statement.account = text_at(element, "Id", "IBAN") or text_at(element, "Id", "Othr", "Id")
        statement.currency = text_at(element, "Ccy")
    elif name == "Bal":
        code = text_at(element, "Tp", "CdOrPrtry", "Cd")
        statement.balances.setdefault(code, _signed(element))
        amount = child_of(element, "Amt")
        statement.currency = statement.currency or (amount.get("Ccy", "") if amount is not None else "")
        if code in _CLOSINGS:
            statement.day = _day(element, "Dt")
    elif name in ("CreDtTm", "ToDtTm") and not statement.day:
        statement.day = (element.text or "").strip()[:10]
    elif name == "Ntry":
        if _status(element) not in _PENDING and text_at(element, "CdtDbtInd") in _SIGNS:
            statement.moved += _signed(element)
            statement.reversed += _signed(element) if _is_reversal(element) else 0
        element.clear()


def _entry(entry: Element, at: int, statement: _Statement) -> Iterator[Row]:
    side, amount = text_at(entry, "CdtDbtInd"), child_of(entry, "Amt")
    size = None if amount is None else decimal_of(amount.text)
    if side not in _SIGNS or amount is None or size is None:
        reason = "no amount" if amount is None else f"'{amount.text}' is no amount"
        yield Row(at, (), reason if side in _SIGNS else "neither credit nor debit", _raw(entry))
        return
    status = _status(entry)
    turns = -1 if statement.is_turned and _is_reversal(entry) else 1
    day = _day(entry, "BookgDt") or _day(entry, "ValDt") or statement.day
    if not day:
        yield Row(at, (), "has no date, and its statement has none", _raw(entry))
        return
    common = {
        "posted_on": day,
        "value_on": _day(entry, "ValDt"),
        "currency": amount.get("Ccy", "") or statement.currency,
        "account": statement.account,
        "type": "/".join(texts_at(entry, "BkTxCd", "Domn", "Cd") or texts_at(entry, "BkTxCd", "Prtry", "Cd")),
        "status": status,
        "account_kind": BANK,
    }
    ids = [*texts_at(entry, "AcctSvcrRef"), *texts_at(entry, "NtryRef")]
    own = text_at(entry, "AcctSvcrRef") or text_at(entry, "NtryRef") or (ids[0] if ids else "")
    parts = _parts(entry, size, side, amount.get("Ccy", ""))
    for number, (part, value) in enumerate(parts or [(entry, size * _SIGNS[side])], start=1):
        cells = {**common, **_details(part, value), "amount": f"{value * turns:f}"}
        cells["txn_id"] = f"{own or f'entry {at}'}/{number}" if parts else own
        if parts and not cells["description"]:
            cells["description"] = " ".join(texts_at(entry, "AddtlNtryInf"))
        aside = _PENDING.get(status)
        yield Row(at, [cells[name] for name in STATEMENT], aside=aside)


def _parts(entry: Element, size: Decimal, side: str, currency: str) -> list[tuple[Element, Decimal]]:
    """Give the transactions of an entry, where there are several and their amounts add up to it."""
    details = [element for element in entry.iter() if local_name(element) == "TxDtls"]
    parts = []
    for detail in details:
        amount = child_of(detail, "Amt")
        amount = at_path(detail, "AmtDtls", "TxAmt", "Amt") if amount is None else amount
        value = None if amount is None else decimal_of(amount.text)
        if amount is None or value is None or amount.get("Ccy", currency) != currency:
            return []
        parts.append((detail, value * _SIGNS.get(text_at(detail, "CdtDbtInd"), _SIGNS[side])))
    return parts if len(parts) > 1 and sum(value for _, value in parts) == size * _SIGNS[side] else []


def _details(part: Element, value: Decimal) -> dict[str, str]:
    """Give who is on the other side of a transaction, and what it is for."""
    sides = ("Dbtr", "UltmtDbtr") if value > 0 else ("Cdtr", "UltmtCdtr")
    texts = [*texts_at(part, "Ustrd"), *texts_at(part, "AddtlTxInf"), *texts_at(part, "AddtlNtryInf")]
    names = [
        name for side in sides for name in texts_at(part, side, "Nm") or texts_at(part, side, "Pty", "Nm")
    ]
    references = [
        reference
        for reference in (*texts_at(part, "EndToEndId"), *texts_at(part, "Ref"))
        if reference != _UNSAID
    ]
    return {
        "vendor_name": names[0] if names else "",
        "reference": references[0] if references else "",
        "description": " ".join(dict.fromkeys(texts)),
    }


def _status(entry: Element) -> str:
    return text_at(entry, "Sts", "Cd") or text_at(entry, "Sts")


def _is_reversal(entry: Element) -> bool:
    return text_at(entry, "RvslInd").casefold() in ("true", "1")


def _signed(element: Element) -> Decimal:
    size = decimal_of(text_at(element, "Amt")) or Decimal(0)
    return -size if text_at(element, "CdtDbtInd") == "DBIT" else size


def _day(entry: Element, name: str) -> str:
    return text_at(entry, name, "Dt")[:10] or text_at(entry, name, "DtTm")[:10]


def _raw(entry: Element) -> str:
    return str(tostring(entry, encoding="unicode"))
