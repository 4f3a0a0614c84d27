"""Spreadsheets in Excel 2003's XML, as reporting tools write them under .xls, as the sheets of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from defusedxml.ElementTree import iterparse  # type: ignore[import-untyped]  # it publishes no types

from tools.core import bounded_xml

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_SS: Final = f"{{{NAMESPACE}}}"


class SpreadsheetXml:
    """The worksheets of a file."""

    def __init__(self, path: Path) -> None:
        """Read all of them. Raises SourcesError for one that is too large, ParseError for broken XML."""
        bounded_xml.check_file(path)
        self._sheets: dict[str, list[list[Any]]] = {}
        for _, element in iterparse(str(path), forbid_dtd=True):
            if element.tag == f"{_SS}Worksheet":
                name = element.get(f"{_SS}Name") or f"Sheet{len(self._sheets) + 1}"
                self._sheets[name] = list(_rows(element))
                element.clear()

    def sizes(self) -> dict[str, int]:
        """Give the rows of each sheet with cells."""
        return {name: len(rows) for name, rows in self._sheets.items() if rows}

    def values(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Give a sheet's rows."""
        yield from self._sheets[sheet]


def _rows(sheet: Element) -> Iterator[list[Any]]:
    for row in sheet.iter(f"{_SS}Row"):
        cells: list[Any] = []
        for cell in row.iter(f"{_SS}Cell"):
            index = cell.get(f"{_SS}Index")  # cells before it are empty and not written
            cells += [None] * (int(index) - 1 - len(cells)) if index and index.isdecimal() else []
            cells.append(_value(cell.find(f"{_SS}Data")))
            cells += [None] * int(cell.get(f"{_SS}MergeAcross") or 0)
        yield cells


def _value(data: Element | None) -> Any:  # noqa: ANN401 - what a cell holds
    """Give a cell's text, and a day or a number as one."""
    text = "" if data is None else "".join(data.itertext()).strip()
    kind = data.get(f"{_SS}Type") if data is not None and text else None
    if kind == "DateTime":
        return datetime.fromisoformat(text.removesuffix("Z"))
    return float(text) if kind == "Number" else text or None
