"""XLSX workbooks as rows of texts: one sheet, its first filled row the header.

Dates become ISO days, numbers their shortest exact text; a formula is the value that was last computed. A
cell that holds an error (#REF!) makes its row a rejected one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tools.core.bounded_zip import check_workbook
from tools.core.errors import SourcesError
from tools.ledger.readers.row_reader import Row
from tools.ledger.suggest import meant

SUFFIXES: Final = (".xlsx", ".xlsm")
_TABLE: Final = 4  # rows from which on a sheet beside the first may be a table
_PAGE: Final = 20  # rows from which on a sheet is no page of words
_BESIDE: Final = 3  # times the rows of the first sheet


class Workbook:
    """One sheet of a workbook."""

    def __init__(self, path: Path, sheet: str | None, skip: int, decimal_mark: str) -> None:
        """Read its header behind `skip` rows. Raises SourcesError when there is no such workbook or sheet."""
        self._path, self._skip, self._mark = path, skip, decimal_mark
        self.notes: list[str] = []
        try:
            check_workbook(path)
            self._sheet = self._named(sheet)
            self._at, self.names = self._header()
        except (SourcesError, OSError):
            raise
        except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken part leads to
            raise SourcesError(
                f"is no XLSX workbook: {error}", place=str(path), remedy="Save it as .xlsx or as CSV."
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
        with self._opened() as book:
            return {sheet.title: int(sheet.max_row or 0) for sheet in book.worksheets}

    def first_rows(self, count: int) -> list[list[str]]:
        """Give the sheet's first rows as texts, header or not, without empty cells behind."""
        rows = [[_text(value, self._mark) for value in values] for _, values in islice(self._values(), count)]
        return [row[: max((i + 1 for i, text in enumerate(row) if text), default=0)] for row in rows]

    def _row(self, line: int, values: Sequence[Any]) -> Row:
        width, texts = len(self.names), [_text(value, self._mark) for value in values]
        while len(texts) > width and not texts[-1].strip():
            texts.pop()
        texts += [""] * (width - len(texts))
        error = next((text for text in texts if text in _ERRORS), None)
        return Row(line, texts, f"holds the error {error}" if error else None, "|".join(texts))

    def _header(self) -> tuple[int, Sequence[str]]:
        for line, values in self._values():
            texts = [_text(value, ".") for value in values]
            if line > self._skip and any(texts):
                while not texts[-1]:
                    texts.pop()
                return line, texts
        return 0, ()

    def _named(self, sheet: str | None) -> str:
        with self._opened() as book:
            names = book.sheetnames
        if sheet is not None and sheet not in names:
            raise SourcesError(f"has no sheet '{sheet}'.", place=str(self._path), remedy=meant(sheet, names))
        if sheet is None and len(names) > 1:
            self.notes.append(f"read of {len(names)} sheets: '{names[0]}'")
        return str(sheet or names[0])

    def _values(self) -> Iterator[tuple[int, Sequence[Any]]]:
        with self._opened() as book:
            yield from enumerate(book[self._sheet].iter_rows(values_only=True), start=1)

    def _opened(self) -> Any:  # noqa: ANN401 - openpyxl has no types
        import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 - slow to import

        return closing(openpyxl.load_workbook(self._path, read_only=True, data_only=True))


def first_rows(path: Path, sheet: str | None, count: int) -> list[list[str]]:
    """Give the first rows of a sheet as texts, without empty cells behind. Raises SourcesError."""
    return Workbook(path, sheet, 0, ".").first_rows(count)


def sheets(path: Path) -> list[str | None]:
    """Name the sheets that may hold a table, that with the most rows first where the first is but a page.

    None stands for the first sheet. Raises SourcesError.
    """
    first, *others = Workbook(path, None, 0, ".").sizes().items()
    name, rows = max(others, key=lambda one: one[1], default=first)
    is_page = rows >= _PAGE and rows > _BESIDE * first[1]
    beside = [other for other, held in others if held >= _TABLE and not (is_page and other == name)]
    return [name, *beside] if is_page else [None, *beside]


_ERRORS: Final = frozenset(("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"))


def _text(value: Any, mark: str) -> str:  # noqa: ANN401 - what a cell holds
    """Write a cell's value as a CSV would."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        digits = f"{Decimal(repr(value)):f}"
        return (digits.rstrip("0").rstrip(".") if "." in digits else digits).replace(".", mark)
    return str(value)
