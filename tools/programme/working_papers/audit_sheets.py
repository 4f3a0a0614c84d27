"""An audit as sheets of a workbook: what it read, its tests and queries, what it found; ISA 240.

write(book, audit, paper, styles) -> list[str]      the names of the sheets, each linked with the paper's
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

_LONGEST: Final = 30_000  # characters: a cell takes 32,767
_MOST_ROWS: Final = 100_000
_WIDE: Final = frozenset("title reason source requirement query summary vendor sha256 tests tasks".split())
_DECIDED: Final = "flags proposed noted approved rejected skipped unreviewed"
_ROW: Final = "txn_id posted_on vendor"
COLUMNS: Final = {
    name: columns.split()
    for name, columns in (
        ("sources", "source currency files rows rejected left_out left_out_why sum"),
        ("control_totals", "source file currency rows rejected filtered outside sum sha256"),
        ("tests", "check test title status findings reason source parameters"),
        ("queries", "check test query"),
        ("cases", f"case_id title severity exposure currency {_DECIDED}"),
        ("flags", f"flag_id case_id severity status review source {_ROW} exposure currency summary"),
        ("ageing", "pair age currency breaks amount"),
        ("breaks", f"pair side reason {_ROW} amount difference currency age_days file line row_key"),
    )
}
_MONEY: Final = {"sum", "exposure", "amount", "difference"}
_ISA: Final = ("paragraph", "requirement", "covered", "tasks", "tests", "not_run", "findings")


class Styles(NamedTuple):
    """Formats of a workbook."""

    bold: Any
    wrapped: Any


def write(book: Any, audit: Mapping[str, Any], paper: str, styles: Styles) -> list[str]:  # noqa: ANN401 - untyped library
    """Add an audit's sheets; paper: the sheet of the task that ran it."""
    names = []
    for key, columns in COLUMNS.items():
        name = f"{audit['task']} {key.replace('_', ' ')}"[:31]
        rows = _queries(audit["tests"]) if key == "queries" else audit[key]
        sheet = book.add_worksheet(name)
        sheet.write_url(0, 0, f"internal:'{paper}'!A1", string=f"{audit['task']}: audit {audit['run_id']}")
        _rows(sheet, columns, rows, styles)
        names.append(name)
    return names


def isa_240(book: Any, coverage: Sequence[Mapping[str, Any]], styles: Styles) -> None:  # noqa: ANN401 - as above
    """Add the sheet that says what answers each requirement of ISA 240."""
    sheet = book.add_worksheet("ISA 240")
    sheet.write_url(0, 0, "internal:'Index'!A1", string="Back to the index")
    _rows(sheet, _ISA, coverage, styles)


def _rows(sheet: Any, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], styles: Styles) -> None:  # noqa: ANN401 - as above
    sheet.write_row(1, 0, [column.replace("_", " ").capitalize() for column in columns], styles.bold)
    sheet.freeze_panes(2, 0)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, 44 if column in _WIDE else 15)
    listed = iter(rows)
    for line, row in enumerate(islice(listed, _MOST_ROWS), 2):
        for number, column in enumerate(columns):
            _cell(sheet, line, number, row.get(column), money=column in _MONEY, styles=styles)
    if more := sum(1 for _ in listed):
        sheet.write(_MOST_ROWS + 2, 0, f"{more} more are in report.json.", styles.bold)


def _cell(sheet: Any, line: int, column: int, value: Any, *, money: bool, styles: Styles) -> None:  # noqa: ANN401 - as above
    if value is None:
        return
    if money or (isinstance(value, int | float) and not isinstance(value, bool)):
        sheet.write_number(line, column, float(value))
    elif isinstance(value, bool):
        sheet.write(line, column, "yes" if value else "no")
    elif isinstance(value, list):
        sheet.write(line, column, ", ".join(map(str, value))[:_LONGEST], styles.wrapped)
    elif isinstance(value, Mapping):
        sheet.write(line, column, ", ".join(f"{name} = {each}" for name, each in value.items())[:_LONGEST])
    else:
        sheet.write(line, column, str(value)[:_LONGEST], styles.wrapped)


def _queries(tests: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Give each query in pieces that a cell takes."""
    for test in tests:
        query = str(test["query"])
        for at in range(0, len(query), _LONGEST):
            yield {"check": test["check"], "test": test["test"], "query": query[at : at + _LONGEST]}
