"""The files: rows as CSV text, byte for byte the same wherever they are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from samples.expected import FOUND, TEMPTS
from samples.model import Label, Row
from samples.people import Employee
from samples.vendors import Vendor

MONEY: Final = frozenset(
    {
        "amount",
        "balance",
        "opening",
        "movement",
        "closing",
        "debit",
        "credit",
        "limit",
        "unit_cost",
        "stock_value",
    }
)
_UNWRITTEN: Final = frozenset(
    "category median sigma a_month terms method currency prefix billed".split()
)  # of a vendor: how it bills


def text(name: str, value: object) -> str:
    """Write one cell: minor units as decimal text, dates in ISO format."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if name in MONEY and isinstance(value, int):
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d}"
    return str(value)


def cells(row: Row) -> dict[str, str]:
    """Give a row's cells as text, in the order of its file's columns."""
    named = [item.name for item in fields(row) if not item.metadata.get("hidden")]
    return {name: text(name, getattr(row, name)) for name in named} | row.raw


def posting_cells(row: Row) -> dict[str, str]:
    """Give a journal line's cells, its amount as debit or credit."""
    fields_text = cells(row)
    amount = fields_text.pop("amount")
    credit = amount.startswith("-")
    sides = {"debit": "" if credit else amount, "credit": amount[1:] if credit else ""}
    order = [*[*fields_text][:9], "debit", "credit", *[*fields_text][9:]]
    return {name: (sides | fields_text)[name] for name in order}


def vendor_cells(vendor: Vendor) -> dict[str, str]:
    """Give a vendor's cells."""
    return {f.name: text(f.name, getattr(vendor, f.name)) for f in fields(vendor) if f.name not in _UNWRITTEN}


def employee_cells(employee: Employee) -> dict[str, str]:
    """Give an employee's cells."""
    return {f.name: text(f.name, getattr(employee, f.name)) for f in fields(employee)}


def write(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as CSV with a header and Unix line ends."""
    lines = [{name: text(name, value) for name, value in row.items()} for row in rows]
    into = io.StringIO()
    writer = csv.DictWriter(into, fieldnames=list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    path.write_text(into.getvalue(), encoding="utf-8", newline="\n")


def labels(marks: Iterable[Label], files: Mapping[str, list[Row]]) -> list[dict[str, str]]:
    """Give the labels' cells, one line a test: file, line and id of each row (a source: only its name)."""
    places = _places(files)
    lines = [
        {
            **place,
            "expect": label.expect,
            "kind": label.kind,
            "test": test,
            "group": label.group,
            "note": label.note,
        }
        for label in marks
        for row in getattr(label.row, "postings", None) or [label.row]
        if (place := {"file": "", "line": "", "txn_id": row} if isinstance(row, str) else places.get(id(row)))
        for test in (TEMPTS if label.expect == "quiet" else FOUND)[label.kind]
    ]
    return sorted(lines, key=lambda cell: (cell["file"], int(cell["line"] or 0), cell["test"], cell["kind"]))


def _places(files: Mapping[str, list[Row]]) -> dict[int, dict[str, str]]:
    places = {}
    for name, rows in files.items():
        for line, row in enumerate(rows, 2):
            first = next(iter(cells(row).values()))
            places[id(row)] = {"file": name, "line": str(line), "txn_id": first}
    return places
