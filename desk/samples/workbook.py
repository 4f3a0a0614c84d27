"""A sample as a workbook: auditors fill in what is right, row by row, and hand it back.

render(rows, plan, currency) -> bytes      sheets "Sample" (with the empty column "Audited") and "Plan"
read(path) -> Returned                      from any program that keeps XLSX
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from desk.views.safe_text import csv_text
from tools.core import money
from tools.core.errors import RunError

SHEET: Final = "Sample"
PLAN: Final = "Plan"
ROW, AUDITED = "Row", "Audited"
_COLUMNS: Final = (
    ("Date", "posted_on", 11), ("Source", "source", 14), ("Id", "txn_id", 16), ("Vendor", "vendor_name", 28),
    ("Reference", "reference", 16), ("Description", "description", 36), ("File", "file", 22),
    ("Line", "line", 7),
)  # fmt: skip


@dataclass(frozen=True)
class Returned:
    """A workbook that came back: which sample it is, and what was held right, by row."""

    place: str
    run_id: str
    sample_id: str
    audited: Mapping[str, Decimal]


def render(rows: Sequence[Mapping[str, Any]], plan: Mapping[str, Any], currency: str) -> bytes:
    """Give a sample as XLSX. rows: selected ones, with the columns of the books; plan: its figures."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True})
        digits = money.exponent(currency)
        amount = book.add_format({"num_format": "#,##0" + ("." + "0" * digits if digits else "")})
        _rows(book.add_worksheet(SHEET), rows, currency, bold, amount)
        sheet = book.add_worksheet(PLAN)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 1, 70)
        for number, (name, value) in enumerate(plan.items()):
            sheet.write(number, 0, name.replace("_", " ").capitalize(), bold)
            sheet.write(number, 1, str(value))
    return buffer.getvalue()


def _rows(sheet: Any, rows: Sequence[Mapping[str, Any]], currency: str, bold: Any, amount: Any) -> None:  # noqa: ANN401 - untyped library
    heads = [head for head, _, _ in _COLUMNS]
    sheet.write_row(0, 0, [*heads, f"Booked {currency}", AUDITED, "Note", ROW], bold)
    for column, (_, _, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
    after = len(_COLUMNS)
    sheet.set_column(after, after + 1, 16, amount)
    sheet.set_column(after + 2, after + 3, 30)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, 1):
        for column, (_, name, _) in enumerate(_COLUMNS):
            value = row.get(name)
            sheet.write(number, column, value if isinstance(value, int) else csv_text(str(value or "")))
        sheet.write_number(number, after, float(money.to_decimal(int(row["amount_minor"]), currency)), amount)
        sheet.write(number, after + 3, str(row["row_key"]))


def read(path: Path) -> Returned:
    """Read a workbook that came back. Raises RunError naming the cell that can't be read."""
    import openpyxl

    try:
        with closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
            sheets = {name: list(book[name].iter_rows(values_only=True)) for name in book.sheetnames}
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken part leads to
        raise RunError(f"cannot be read as a workbook ({error}).", place=str(path)) from None
    if SHEET not in sheets or PLAN not in sheets:
        raise RunError(f"has no sheets '{SHEET}' and '{PLAN}'.", place=str(path), remedy=_REMEDY)
    plan = {str(row[0]): str(row[1]) for row in sheets[PLAN] if len(row) > 1 and row[0]}
    if not {"Sample", "Audit"} <= plan.keys():
        raise RunError("does not say which sample it is.", place=f"{path}, {PLAN}", remedy=_REMEDY)
    return Returned(str(path), plan["Audit"], plan["Sample"], dict(_audited(path, sheets[SHEET])))


_REMEDY: Final = "Fill in the workbook that 'tieout sample select' wrote."


def _audited(path: Path, rows: Sequence[Sequence[Any]]) -> Iterator[tuple[str, Decimal]]:
    heads = [str(cell or "") for cell in rows[0]] if rows else []
    if ROW not in heads or AUDITED not in heads:
        raise RunError(f"has no columns '{ROW}' and '{AUDITED}'.", place=f"{path}, {SHEET}", remedy=_REMEDY)
    key_at, audited_at = heads.index(ROW), heads.index(AUDITED)
    for number, row in enumerate(rows[1:], 2):
        key, value = row[key_at], row[audited_at]
        if key is None or value is None or value == "":
            continue
        amount = number_of(str(value))
        if amount is None:
            raise RunError(f"'{value}' is no amount.", place=f"{path}, {SHEET}, line {number}, {AUDITED}")
        yield str(key), amount


def number_of(text: str) -> Decimal | None:
    """Give a number written with or without commas between thousands; None for what is none."""
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
