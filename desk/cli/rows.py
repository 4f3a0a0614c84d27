"""Rows for readers and for programs: a table, JSON or CSV of the same columns."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any

from desk.cli.screen import err, out, plain_utf8
from desk.cli.table import TableColumn, laid_out
from desk.views.safe_text import csv_text, json_text
from tools.core.errors import UsageError

Row = Mapping[str, Any]
SCREENFUL = 50


class Form(StrEnum):
    """How rows leave."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


@dataclass(frozen=True)
class Listing:
    """What a command lists."""

    name: str
    columns: tuple[TableColumn, ...]
    nothing: str


def form_of(as_json: bool, as_csv: bool) -> Form:
    """Give the form that --json and --csv ask for. Raises UsageError for both."""
    if as_json and as_csv:
        raise UsageError("--json and --csv exclude each other.")
    return Form.JSON if as_json else Form.CSV if as_csv else Form.TABLE


def write(listing: Listing, rows: Iterable[Row], form: Form, limit: int | None = None) -> None:
    """Write rows to standard output: all of them, or `limit`; a table shows a screenful.

    rows: a mapping each with the listing's names; money as decimal text. limit: 0 is all.
    """
    if limit is None:
        limit = SCREENFUL if form is Form.TABLE else 0
    if form is Form.TABLE:
        _table(listing, rows, limit)
        return
    plain_utf8()
    chosen = islice(rows, limit) if limit else rows
    (_json if form is Form.JSON else _csv)(listing, chosen)


def _json(listing: Listing, rows: Iterable[Row]) -> None:
    names = [column.name for column in listing.columns]
    write_text, glue = sys.stdout.write, "[\n"
    for row in rows:
        write_text(glue + json_text({name: plain(row.get(name)) for name in names}))
        glue = ",\n"
    write_text("[]\n" if glue == "[\n" else "\n]\n")


def _csv(listing: Listing, rows: Iterable[Row]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([column.name for column in listing.columns])
    for row in rows:
        writer.writerow([_csv_cell(column, plain(row.get(column.name))) for column in listing.columns])


def _csv_cell(column: TableColumn, value: object) -> str:
    if value is None:
        return ""
    if column.kind in {"money", "number", "share"}:
        return str(value)  # ours: a minus is a minus
    return csv_text("; ".join(map(str, value)) if isinstance(value, list) else str(value))


def _table(listing: Listing, rows: Iterable[Row], limit: int) -> None:
    first_rows = list(islice(rows, limit + 1) if limit else rows)
    shown = first_rows[:limit] if limit else first_rows
    if not shown:
        err().print(listing.nothing, style="quiet")
        return
    out().print(laid_out(listing.columns, shown, out().width), soft_wrap=True)
    if len(first_rows) > len(shown):
        err().print(f"The first {len(shown)}; --limit 0 shows all, --json and --csv give all.", style="quiet")


def plain(value: object) -> Any:  # noqa: ANN401 - any value of a row
    """Give a value as JSON takes it: dates as ISO text, decimals as text."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
