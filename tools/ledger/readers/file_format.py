"""What a file is, told by its first bytes and never by its suffix alone."""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from tools.ledger.readers.encodings import DEFAULT
from tools.ledger.readers.labels import is_labelled
from tools.ledger.readers.positions import layout
from tools.ledger.readers.spreadsheet_xml import NAMESPACE
from tools.ledger.readers.text_blocks import TextFile

Format = Literal[
    "parquet", "xlsx", "sheets", "zip", "iwork", "camt", "pain", "ofx", "mt940", "bai2", "qif", "iif",
    "datev", "sie", "text", "markup", "bytes", "paper", "html", "spreadsheet_xml", "labelled",
    "positional",
]  # fmt: skip
STATEMENTS: Final = ("camt", "ofx", "mt940", "bai2", "qif")
BOOKS: Final = ("iif", "datev", "sie")
ORDERS: Final = ("pain",)
# They say themselves what their columns are, how days and amounts are written and whose they are.
FIXED: Final = (*STATEMENTS, *BOOKS, *ORDERS, "paper")
WORKBOOKS: Final = ("xlsx", "sheets", "html", "spreadsheet_xml")
_HEAD: Final = 65_536
_OLE: Final = b"\xd0\xcf\x11\xe0"
_EXCEL_5: Final = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
# In the text of a file's head, in order.
_TEXTS: Final[tuple[tuple[Format, Callable[[str], object]], ...]] = (
    ("ofx", re.compile(r"<OFX>|^\s*OFXHEADER\s*:", re.IGNORECASE | re.MULTILINE).search),
    ("pain", re.compile(r"<(?:\w+:)?(?:CstmrCdtTrfInitn|pain\.001\.001\.02)\b").search),
    ("camt", re.compile(r"<(?:\w+:)?(?:BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)|Document)\b").search),
    ("datev", re.compile(r'\s*"?(?:EXTF|DTVF)"?;').match),
    ("bai2", re.compile(r"\s*01,[^,\n]*,[^,\n]*,\d{6,8},").match),
    ("mt940", re.compile(r"^:?:?(?:\{4:)?\s*:(?:20|25|28C?|60[FM]):", re.MULTILINE).search),
    ("iif", re.compile(r"\s*!(?:HDR|TRNS|ACCNT|CUST|VEND|TIMERHDR|INVITEM)\b").match),
    ("sie", re.compile(r"\s*#FLAGGA\s+[01]\b").match),
    ("qif", re.compile(r"^\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE | re.MULTILINE).search),
    (
        "spreadsheet_xml",
        re.compile(rf"\s*<[^>]*>\s*(?:<[^>]*>\s*){{0,3}}?<(?:\w+:)?Workbook\b[^>]*{NAMESPACE}").match,
    ),
    ("html", re.compile(r"\s*<.*?<table\b|\s*<table\b", re.IGNORECASE | re.DOTALL).match),
    ("labelled", is_labelled),
    ("positional", lambda text: layout(text.splitlines())),
)
_SPOKEN: Final = {
    "camt": "camt", "pain": "pain.001", "ofx": "OFX", "mt940": "MT940", "bai2": "BAI2", "qif": "QIF",
    "iif": "IIF", "datev": "DATEV EXTF", "sie": "SIE", "xlsx": "XLSX", "sheets": "a workbook", "zip": "ZIP",
    "parquet": "Parquet",
    "html": "HTML", "spreadsheet_xml": "Excel's XML", "labelled": "labelled lines",
    "positional": "columns by position",
}  # fmt: skip


_NAMED_TEXT: Final = frozenset({".csv", ".tsv", ".txt"})


def format_of(path: Path) -> Format:
    """Tell a file's format. Raises OSError when it is away."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return _packed(path)
    if head.startswith((_OLE, *_EXCEL_5)):
        return "sheets"
    return _text(path)


def spoken(form: str) -> str:
    """Name a format for a reader."""
    return _SPOKEN.get(form, form)


def _packed(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError):
        return "xlsx" if path.suffix.lower().startswith(".xls") else "bytes"
    if any(name.endswith(".iwa") for name in names):
        return "iwork"
    if "xl/workbook.bin" in names or "content.xml" in names:
        return "sheets"
    is_workbook = any(name.startswith("xl/") for name in names) or path.suffix.lower() == ".xlsx"
    return "xlsx" if is_workbook else "zip"


def _text(path: Path) -> Format:
    head = TextFile(path, _HEAD).head()
    if b"\0" in head:
        mostly = head.count(b"\0") > len(head) // 100 and path.suffix.lower() not in _NAMED_TEXT
        return "bytes" if mostly else "text"  # rows with a NUL are rejected, each with its reason
    text = _decoded(head).lstrip("\ufeff")
    form = next((form for form, speaks in _TEXTS if speaks(text)), None)
    return form or ("markup" if text.lstrip().startswith("<") else "text")


def _decoded(head: bytes) -> str:
    """Read a file's head as text: UTF-8, or one byte a letter, which is enough to tell what a file is."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return head.decode(DEFAULT, "replace")
