"""Payments as a bank is told to make them: ISO 20022's pain.001; `line` is the payment's number in its file.

What was ordered is the company's own list of payments: the bank may have refused one since, which its
statement shows. Each payment has its batch's day of execution and paying account. The counts and sums of the
file and of each batch prove that none was lost. Read with defusedxml: entities are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse, tostring

from tools.core import bounded_xml
from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import Proof, Row
from tools.ledger.readers.xml_paths import at_path, child_of, decimal_of, local_name, text_at, texts_at

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

COLUMNS: Final[Sequence[str]] = (
    "txn_id", "posted_on", "amount", "currency", "vendor_name", "bank_account", "reference", "invoice_no",
    "description", "account", "journal_id",
)  # fmt: skip
MESSAGES: Final = ("CstmrCdtTrfInitn", "pain.001.001.02")
_PAYMENT: Final = "CdtTrfTxInf"
_TOTALS: Final = ("GrpHdr", "PmtInf")  # say how many payments there are, and their sum
_UNSAID: Final = "NOTPROVIDED"


@dataclass
class _Tally:
    """What was read of a file or of a batch, and what it says of itself."""

    line: int = 1
    header: Element | None = None
    count: int = 0
    total: Decimal = Decimal(0)
    currencies: set[str] = field(default_factory=set)

    def take(self, amount: Element | None) -> None:
        """Count a payment."""
        self.count += 1
        if amount is not None:
            self.total += decimal_of(amount.text) or Decimal(0)
            self.currencies.add(amount.get("Ccy", ""))

    def proofs(self, account: str) -> Iterator[Proof]:
        """Hold what was said against what was read."""
        said = [
            (text_at(self.header, name) if self.header is not None else "") for name in ("CtrlSum", "NbOfTxs")
        ]
        currency = min(self.currencies) if len(self.currencies) == 1 else ""
        read = (("sum of payments", self.total, currency), ("number of payments", Decimal(self.count), ""))
        for text, (subject, actual, code) in zip(said, read, strict=True):
            if (expected := decimal_of(text)) is not None:
                yield Proof(self.line, account, code, subject, expected, actual)


class Pain:
    """A pain.001 file."""

    names = COLUMNS

    def __init__(self, path: Path) -> None:
        """Look whether it holds payments. Raises SourcesError when it does not, or declares entities."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        bounded_xml.check_file(path)
        try:
            is_order = any(local_name(element) in MESSAGES for _, element in self._elements())
        except DefusedXmlException as error:
            raise SourcesError(f"refused: {error}", place=str(path), remedy="Export it again.") from None
        except ParseError:
            is_order = False
        if not is_order:
            remedy = "Export the payments again, or as CSV."
            raise SourcesError("holds no payments in pain.001.", place=str(path), remedy=remedy)

    def rows(self) -> Iterator[Row]:
        """Give its payments."""
        whole, batch = _Tally(), _Tally()
        try:
            for begins, element in self._elements():
                name = local_name(element)
                if name == "PmtInf" and begins:
                    batch = _Tally(whole.count + 1, element)
                elif name == _PAYMENT and not begins:
                    amount = _amount(element)
                    whole.take(amount)
                    batch.take(amount)
                    yield _row(element, whole.count, batch)
                    element.clear()
                elif name in _TOTALS and not begins:
                    self._end(name, element, whole, batch)
        except ParseError as error:
            yield Row(whole.count + 1, (), f"the file breaks off here: {error}")
            return
        self.proofs += whole.proofs("")

    def _end(self, name: str, element: Element, whole: _Tally, batch: _Tally) -> None:
        """Take what a header says that has ended; hold a batch against what it says."""
        if name == "GrpHdr":
            whole.header = element
            return
        self.proofs += batch.proofs(_account(element, "DbtrAcct"))
        element.clear()

    def _elements(self) -> Iterator[tuple[bool, Element]]:
        with self._path.open("rb") as file:
            for event, element in iterparse(file, events=("start", "end")):
                yield event == "start", element


def _row(payment: Element, at: int, batch: _Tally) -> Row:
    order, amount = batch.header, _amount(payment)
    if amount is None or decimal_of(amount.text) is None:
        reason = "no amount" if amount is None else f"'{amount.text}' is no amount"
        return Row(at, (), reason, str(tostring(payment, encoding="unicode")))
    day = "" if order is None else _day(order)
    if order is None or not day:
        return Row(at, (), "its batch has no day of execution", str(tostring(payment, encoding="unicode")))
    number = text_at(payment, "PmtId", "UETR") or _said(payment, "InstrId")
    batch_id = text_at(order, "PmtInfId")
    cells = {
        "txn_id": number or f"{batch_id or 'batch'}/{at}",
        "posted_on": day,
        "amount": (amount.text or "").strip(),
        "currency": amount.get("Ccy", ""),
        "vendor_name": text_at(payment, "Cdtr", "Nm") or text_at(payment, "UltmtCdtr", "Nm"),
        "bank_account": _account(payment, "CdtrAcct"),
        "reference": _said(payment, "EndToEndId"),
        "invoice_no": next(iter(texts_at(payment, "RfrdDocInf", "Nb")), ""),
        "description": " ".join([*texts_at(payment, "Ustrd"), *texts_at(payment, "CdtrRefInf", "Ref")]),
        "account": _account(order, "DbtrAcct"),
        "journal_id": batch_id,
    }
    return Row(at, [cells[name] for name in COLUMNS])


def _amount(payment: Element) -> Element | None:
    """Give the amount that is sent, or that the account is charged for one in another currency."""
    instructed = at_path(payment, "Amt", "InstdAmt")
    return at_path(payment, "Amt", "EqvtAmt", "Amt") if instructed is None else instructed


def _day(order: Element) -> str:
    """Give the day of execution, which later versions wrap."""
    day = child_of(order, "ReqdExctnDt")
    if day is None:
        return ""
    return (text_at(day, "Dt") or text_at(day, "DtTm") or (day.text or "").strip())[:10]


def _account(element: Element, name: str) -> str:
    return text_at(element, name, "Id", "IBAN") or text_at(element, name, "Id", "Othr", "Id")


def _said(payment: Element, name: str) -> str:
    text = text_at(payment, "PmtId", name)
    return "" if text == _UNSAID else text
