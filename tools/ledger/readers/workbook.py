"""Workbooks (.xlsx, .xls, .xlsb, .ods) as rows of texts: one sheet, its first filled row the header.

XLSX is read by openpyxl, HTML and XML named .xls by readers of our own, the others by calamine. Dates become
ISO days, numbers their shortest exact text; a formula is the value that was last computed. A cell that
holds an error (#REF!) makes its row a rejected one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from tools.core.bounded_zip import check_workbook
from tools.core.errors import SourcesError
from tools.ledger.readers.file_format import format_of
from tools.ledger.readers.html_book import HtmlBook
from tools.ledger.readers.row_reader import Proof, Row
from tools.ledger.readers.spreadsheet_xml import SpreadsheetXml
from tools.ledger.readers.two_line_header import two_lines
from tools.ledger.suggest import remedy_of

_TABLE: Final = 4  # rows from which on a sheet beside the first may be a table
_PAGE: Final = 20  # rows from which on a sheet is no page of words
_BESIDE: Final = 3  # times the rows of the first sheet


class _Book(Protocol):
    """A workbook, whoever reads it."""

    def sizes(self) -> dict[str, int]:
        """Give the rows of each sheet with cells, in order."""

    def values(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Give a sheet's rows."""


class Workbook:
    """One sheet of a workbook."""

    def __init__(self, path: Path, sheet: str | None, skip: int, decimal_mark: str) -> None:
        """Read its header behind `skip` rows. Raises SourcesError when there is no such workbook or sheet."""
        self._path, self._skip, self._mark = path, skip, decimal_mark
        self.notes: list[str] = []
        self.proofs: list[Proof] = []
        try:
            if zipfile.is_zipfile(path):
                check_workbook(path)
            self._book: _Book = _BOOKS.get(format_of(path), _Calamine)(path)
            self._sheet = self._sheet_name(sheet)
            self._at, self.names = self._header()
        except (SourcesError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - both libraries raise whatever a broken part leads to
            raise SourcesError(
                f"is no workbook that can be read: {error}",
                place=str(path),
                remedy="Take its password off, or save it as .xlsx or as CSV.",
            ) from None

    def rows(self) -> Iterator[Row]:
        """Give the rows under the header; rows without any value are none."""
        line = self._at
        try:
            for line, values in self._values():
                if line > self._at and any(value is not None for value in values):
                    yield self._row(line, values)
        except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken part leads to
            yield Row(line + 1, (), f"the sheet breaks off here: {error}")

    def sizes(self) -> dict[str, int]:
        """Give the rows of each sheet with cells, in order, as the workbook says them."""
        return self._book.sizes()

    def first_rows(self, count: int) -> list[list[str]]:
        """Give the sheet's first rows as texts, header or not, without empty cells behind."""
        rows = [[_text(value, self._mark) for value in values] for _, values in islice(self._values(), count)]
        return [_filled(row) for row in rows]

    def _row(self, line: int, values: Sequence[Any]) -> Row:
        width, texts = len(self.names), [_text(value, self._mark) for value in values]
        while len(texts) > width and not texts[-1].strip():
            texts.pop()
        texts += [""] * (width - len(texts))
        error = next((text for text in texts if text in _ERRORS), None)
        return Row(line, texts, f"holds the error {error}" if error else None, "|".join(texts))

    def _header(self) -> tuple[int, Sequence[str]]:
        """Give the line and the cells of the first filled row; of the second, where both are one header."""
        rows = (
            (line, texts)
            for line, values in self._values()
            if line > self._skip and any(texts := [_text(value, ".") for value in values])
        )
        at, names = next(rows, (0, []))
        below, further = next(rows, (0, []))
        if below == at + 1 and (whole := two_lines(_filled(names), _filled(further))):
            return below, whole
        return at, _filled(names)

    def _sheet_name(self, sheet: str | None) -> str:
        names = list(self._book.sizes())
        if not names:
            raise SourcesError("has no sheet with cells.", place=str(self._path))
        if sheet is not None and sheet not in names:
            raise SourcesError(
                f"has no sheet '{sheet}'.", place=str(self._path), remedy=remedy_of(sheet, names)
            )
        if sheet is None and len(names) > 1:
            self.notes.append(f"read of {len(names)} sheets: '{names[0]}'")
        return str(sheet or names[0])

    def _values(self) -> Iterator[tuple[int, Sequence[Any]]]:
        yield from enumerate(self._book.values(self._sheet), start=1)


class _OpenXml:
    """A workbook in XLSX."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sizes(self) -> dict[str, int]:
        """Give the rows of each sheet with cells, as the workbook says them."""
        with self._open_workbook() as book:
            return {sheet.title: int(sheet.max_row or 0) for sheet in book.worksheets}

    def values(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Give a sheet's rows."""
        with self._open_workbook() as book:
            yield from book[sheet].iter_rows(values_only=True)

    def _open_workbook(self) -> Any:  # noqa: ANN401 - openpyxl has no types
        import openpyxl

        return closing(openpyxl.load_workbook(self._path, read_only=True, data_only=True))


class _Calamine:
    """A workbook in .xls, .xlsb or .ods."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineWorkbook

        self._book = CalamineWorkbook.from_path(str(path))

    def sizes(self) -> dict[str, int]:
        """Give the rows of each sheet with cells."""
        sheets = {name: self._book.get_sheet_by_name(name) for name in self._book.sheet_names}
        return {name: sheet.total_height for name, sheet in sheets.items()}

    def values(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Give a sheet's rows."""
        for row in self._book.get_sheet_by_name(sheet).to_python(skip_empty_area=False):
            yield [None if value == "" else value for value in row]


_BOOKS: Final[dict[str, Callable[[Path], _Book]]] = {
    "xlsx": _OpenXml, "html": HtmlBook, "spreadsheet_xml": SpreadsheetXml
}  # fmt: skip


def _filled(row: list[str]) -> list[str]:
    """Give a row without the empty cells behind its last filled one."""
    return row[: max((i + 1 for i, text in enumerate(row) if text), default=0)]


def first_rows(path: Path, sheet: str | None, count: int) -> list[list[str]]:
    """Give the first rows of a sheet as texts, without empty cells behind. Raises SourcesError."""
    return Workbook(path, sheet, 0, ".").first_rows(count)


def sheets(path: Path) -> list[str | None]:
    """Name the sheets that may hold a table, that with the most rows first where the first is but a page.

    None stands for the first sheet. Raises SourcesError.
    """
    first, *others = Workbook(path, None, 0, ".").sizes().items()
    name, rows = max(others, key=lambda entry: entry[1], default=first)
    is_page = rows >= _PAGE and rows > _BESIDE * first[1]
    beside = [sheet for sheet, size in others if size >= _TABLE and not (is_page and sheet == name)]
    return [name, *beside] if is_page else [None, *beside]


_ERRORS: Final = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


def _text(value: object, mark: str) -> str:
    """Write a cell's value as a CSV would."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float | Decimal):
        digits = f"{Decimal(repr(value)) if isinstance(value, float) else value:f}"
        return (digits.rstrip("0").rstrip(".") if "." in digits else digits).replace(".", mark)
    return str(value)
