"""Bank statements in ISO 20022's camt.053, entry by entry; `line` is the number of the entry in its file.

Read with defusedxml: entities and external parts are refused. A file that breaks off in the middle gives the
entries before that, and one rejected row for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]  # it publishes no types
from defusedxml.ElementTree import ParseError, iterparse, tostring  # type: ignore[import-untyped]  # it publishes no types

from tools.core import bounded_xml
from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import STATEMENT, Row

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SUFFIXES: Final = (".xml", ".camt", ".c53")
_SIGNS: Final = {"CRDT": "", "DBIT": "-"}


class Camt:
    """A camt.053 file."""

    names = STATEMENT

    def __init__(self, path: Path) -> None:
        """Read its head. Raises SourcesError when it is no camt.053, or declares entities."""
        self._path = path
        self.notes: list[str] = []
        bounded_xml.check_file(path)
        try:
            known = any(_local(element) == "BkToCstmrStmt" for _, element in self._elements())
        except DefusedXmlException as error:
            raise SourcesError(
                f"refused: {error}", place=str(path), remedy="Ask the bank for another."
            ) from None
        except ParseError:
            known = False
        if not known:
            remedy = "Name another file, or a CSV."
            raise SourcesError("is no bank statement in camt.053.", place=str(path), remedy=remedy)

    def rows(self) -> Iterator[Row]:
        """Give its entries."""
        at, statement = 0, _Statement()
        try:
            for begins, element in self._elements():
                name = _local(element)
                if name == "Ntry" and not begins:
                    at += 1
                    yield _entry(element, at, statement.account)
                if name == "Stmt" and begins:
                    statement = _Statement()
                elif not begins:
                    self.notes += statement.take(name, element)
        except ParseError as error:
            yield Row(at + 1, (), f"the file breaks off here: {error}")

    def _elements(self) -> Iterator[tuple[bool, Element]]:
        """Give each element when it begins and when it ends."""
        with self._path.open("rb") as file:
            for event, element in iterparse(file, events=("start", "end")):
                yield event == "start", element


class _Statement:
    """One statement of a file while it is read: its account, its balances and what moved."""

    def __init__(self) -> None:
        self.account = ""
        self._balances: dict[str, Decimal] = {}
        self._moved = Decimal(0)

    def take(self, name: str, element: Element) -> list[str]:
        """Take an element that ended; give what is odd about the statement, at its end."""
        if name == "Acct" and not self.account:
            self.account = _first(element, "Id", "IBAN") or _first(element, "Id", "Othr", "Id")
        elif name == "Bal":
            self._balances[_first(element, "Tp", "CdOrPrtry", "Cd")] = _signed(element)
        elif name == "Ntry":
            self._moved += _signed(element)
            element.clear()
        return self._odd() if name == "Stmt" else []

    def _odd(self) -> list[str]:
        opening = self._balances.get("OPBD", self._balances.get("PRCD"))
        closing = self._balances.get("CLBD")
        if opening is None or closing is None or opening + self._moved == closing:
            return []
        return [f"opening {opening} and entries of {self._moved} are not the closing {closing}"]


def _entry(entry: Element, at: int, account: str) -> Row:
    side = _first(entry, "CdtDbtInd")
    amount = _child(entry, "Amt")
    if side not in _SIGNS or amount is None:
        return Row(at, (), "neither credit nor debit" if amount is not None else "no amount", _raw(entry))
    party = ("Dbtr", "UltmtDbtr") if side == "CRDT" else ("Cdtr", "UltmtCdtr")
    texts = [*_all(entry, "Ustrd"), *_all(entry, "AddtlTxInf"), *_all(entry, "AddtlNtryInf")]
    names = [name for one in party for name in _all(entry, one, "Nm") or _all(entry, one, "Pty", "Nm")]
    ids = [*_all(entry, "AcctSvcrRef"), *_all(entry, "NtryRef")]
    references = [one for one in (*_all(entry, "EndToEndId"), *_all(entry, "Ref")) if one != "NOTPROVIDED"]
    cells = {
        "txn_id": ids[0] if ids else "",
        "posted_on": _day(entry, "BookgDt"),
        "value_on": _day(entry, "ValDt"),
        "amount": _SIGNS[side] + (amount.text or "").strip(),
        "currency": amount.get("Ccy", ""),
        "vendor_name": names[0] if names else "",
        "reference": references[0] if references else "",
        "description": " ".join(dict.fromkeys(texts)),
        "account": account,
        "type": "/".join(_all(entry, "BkTxCd", "Domn", "Cd") or _all(entry, "BkTxCd", "Prtry", "Cd")),
        "status": _first(entry, "Sts", "Cd") or _first(entry, "Sts"),
    }
    return Row(at, [cells[name] for name in STATEMENT])


def _signed(element: Element) -> Decimal:
    try:
        size = Decimal(_first(element, "Amt"))
    except InvalidOperation:
        return Decimal(0)
    return -size if _first(element, "CdtDbtInd") == "DBIT" else size


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if _local(one) == name), None)


def _first(element: Element, *path: str) -> str:
    """Give the text at the end of a path of children, "" where there is none."""
    held: Element | None = element
    for name in path:
        held = _child(held, name) if held is not None else None
    return (held.text or "").strip() if held is not None else ""


def _all(element: Element, name: str, *path: str) -> list[str]:
    """Give the texts at the end of a path that begins anywhere below, those that are there."""
    found = (_first(one, *path) for one in element.iter() if _local(one) == name)
    return [text for text in found if text]


def _day(entry: Element, name: str) -> str:
    return _first(entry, name, "Dt") or _first(entry, name, "DtTm")[:10]


def _raw(entry: Element) -> str:
    return str(tostring(entry, encoding="unicode"))
