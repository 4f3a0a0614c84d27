"""Spreadsheets in Excel 2003's XML, as reporting tools write them under .xls, as the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from defusedxml.ElementTree import iterparse

from tools.core import bounded_xml, settings
from tools.core.errors import SourcesError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_SS: Final = f"{{{NAMESPACE}}}"
_WIDEST: Final = 16_384  # columns that a sheet of Excel has
_SPARSE: Final = 32  # cells for each element of the file that is allowed: most of a sheet may be empty


class SpreadsheetXml:
    """The worksheets of a file."""

    def __init__(self, path: Path) -> None:
        """Read all of them. Raises SourcesError for one that is too large, ParseError for broken XML."""
        bounded_xml.check_file(path)
        self._path, self._cells = path, 0
        self._sheets: dict[str, list[list[Any]]] = {}
        for _, element in iterparse(str(path), forbid_dtd=True):
            if element.tag == f"{_SS}Worksheet":
                name = element.get(f"{_SS}Name") or f"Sheet{len(self._sheets) + 1}"
                self._sheets[name] = list(self._bounded(_rows(element)))
                element.clear()

    def sizes(self) -> dict[str, int]:
        """Give the rows of each sheet with cells."""
        return {name: len(rows) for name, rows in self._sheets.items() if rows}

    def values(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Give a sheet's rows."""
        yield from self._sheets[sheet]

    def _bounded(self, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
        """Count cells, those that are not written too: a few bytes may stand for thousands."""
        most = _SPARSE * settings.load().xml_elements
        for row in rows:
            self._cells += len(row)
            if self._cells > most:
                remedy = "Split it, or raise TIEOUT_XML_ELEMENTS."
                raise SourcesError(f"has more than {most:,} cells.", place=str(self._path), remedy=remedy)
            yield row


def _rows(sheet: Element) -> Iterator[list[Any]]:
    for row in sheet.iter(f"{_SS}Row"):
        cells: list[Any] = []
        for cell in row.iter(f"{_SS}Cell"):
            index = cell.get(f"{_SS}Index")  # cells before it are empty and not written
            cells += [None] * (_within(index) - 1 - len(cells)) if index and index.isdecimal() else []
            cells.append(_value(cell.find(f"{_SS}Data")))
            cells += [None] * _within(cell.get(f"{_SS}MergeAcross") or "0")
        yield cells


def _within(columns: str) -> int:
    """Read a number of columns. Raises ValueError for more than a sheet has."""
    number = int(columns)
    if number > _WIDEST:
        raise ValueError(f"column {columns} is beyond the last of a sheet ({_WIDEST:,})")
    return number


def _value(data: Element | None) -> Any:  # noqa: ANN401 - what a cell holds
    """Give a cell's text, and a day or a number as one."""
    text = "" if data is None else "".join(data.itertext()).strip()
    kind = data.get(f"{_SS}Type") if data is not None and text else None
    if kind == "DateTime":
        return datetime.fromisoformat(text.removesuffix("Z"))
    return Decimal(text) if kind == "Number" else text or None
