"""What a file holds: its columns by name, what their values are, and its first lines in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.core.errors import SourcesError
from tools.ledger.guess.amounts import amount, is_any_amount
from tools.ledger.guess.dates import is_any_day
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.headerless import begins_otherwise, is_no_header, is_row, name_columns
from tools.ledger.guess.lines import Lines
from tools.ledger.guess.preamble import preamble, titles
from tools.ledger.guess.vocabulary import words
from tools.ledger.readers import archive, positional_text, workbook
from tools.ledger.readers import open_file as opening
from tools.ledger.readers.carried_cells import HEADING
from tools.ledger.readers.cell_batches import trimmed
from tools.ledger.readers.file_format import WORKBOOKS, format_of
from tools.ledger.sources import Source

MAX_ROWS: Final = 200_000
_PARTIES: Final = frozenset("vendor supplier customer client payee payer party merchant".split())


@dataclass(frozen=True)
class FileProfile:
    """One file (or several of one make): its columns in order; `joined`: those made of which others.

    last_day_why: what says the year of days that have none. both_sides: where lines book a debit and a
    credit, each column that is made of what either side has.
    """

    paths: tuple[Path, ...]
    columns: tuple[FileColumn, ...]
    rows: int
    skip_lines: int
    sheet: str | None = None
    has_header: bool = True
    form: str = "text"
    lines: tuple[tuple[str, ...], ...] = ()
    asides: Mapping[str, int] = field(default_factory=dict)
    headings: str | None = None
    text_below: str | None = None
    titles: tuple[str, ...] = ()
    overlapping: bool = False
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last_day_why: str = ""
    both_sides: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where it lies: its first file, and the sheet of a workbook."""
        return self.paths[0].name + (f", sheet {self.sheet}" if self.sheet else "")

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(column.name for column in self.columns)

    @property
    def heads_parties(self) -> bool:
        """Whether its headings name parties, as the column says that they stand in: Vendor, Customer."""
        return self.headings is not None and bool(_PARTIES & set(words(self.headings)))

    def column(self, name: str) -> FileColumn:
        """Give a column by its name."""
        return next(column for column in self.columns if column.name == name)

    def amounts(self, name: str, mark: str) -> list[Decimal]:
        """Read a column's amounts line by line; what is none is 0."""
        at = self.names.index(name)
        return [amount(line[at], mark) or Decimal(0) for line in self.lines]


def profiles(connection: duckdb.DuckDBPyConnection, path: Path) -> list[FileProfile]:
    """Look at a file, or at each sheet of a workbook; sheets that hold no table are left out.

    Raises SourcesError where it is of no format that is read.
    """
    real = archive.real(path)
    sheets = workbook.sheets(real) if format_of(real) in WORKBOOKS else [None]
    return [file_profile for sheet in sheets if (file_profile := _look(connection, path, sheet))]


def profile(
    connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None = None
) -> FileProfile | None:
    """Look at a file; None when it holds no table. Looks at the first 200,000 rows."""
    try:
        return _look(connection, path, sheet)
    except SourcesError:
        return None  # not what its suffix says


def _look(connection: duckdb.DuckDBPyConnection, path: Path, sheet: str | None) -> FileProfile | None:
    real = archive.real(path)
    form = format_of(real)
    skip = preamble(real, sheet) if form in ("text", *WORKBOOKS) else 0
    source = Source(kind="table", path=path.name, skip_lines=skip, sheet=sheet)
    opened = opening.open_part(connection, source, path)
    if not opened.names:
        return None
    no_header = is_no_header(opened.names)
    if form != "text" or not (no_header or is_row(opened.names, is_any_day, is_any_amount)):
        return _profile(path, opened, skip, sheet, form)
    nameless = _nameless(connection, path, source, len(opened.names))
    is_posting = is_row(opened.names, is_any_day, is_any_amount)
    if begins_otherwise(nameless.lines, is_any_day) or (no_header and not is_posting):
        # The first line is of the account: 1;Giro;31.01.2025;;1.234,56
        nameless = _nameless(
            connection, path, source.model_copy(update={"skip_lines": skip + 1}), len(opened.names)
        )
    columns = tuple(
        replace(column, name=name)
        for column, name in zip(nameless.columns, name_columns(nameless.columns), strict=True)
    )
    return replace(nameless, columns=columns, has_header=False)


def _nameless(connection: duckdb.DuckDBPyConnection, path: Path, source: Source, width: int) -> FileProfile:
    """Look at a text file without a header: its columns have numbers for names."""
    numbered = source.model_copy(update={"names": [f"Column {i + 1}" for i in range(width)]})
    opened = opening.open_part(connection, numbered, path)
    return _profile(path, opened, source.skip_lines, source.sheet, "text")


def _profile(path: Path, opened: opening.OpenFile, skip: int, sheet: str | None, form: str) -> FileProfile:
    """Count the values of each column over the lines that are postings; keep the first lines in order."""
    batches = list(first_batches(trimmed(opened.batches(), len(opened.names))))
    lines = _lines(opened.names, batches)
    if (headed := lines.grouped_by()) is not None:
        lines = _lines(opened.names, batches, headed)
    columns = tuple(
        FileColumn(name, counter, lines.rows)
        for name, counter in zip(opened.names, lines.counts, strict=True)
    )
    headings = lines.headings()
    if headings is not None:
        columns = (*columns, FileColumn(HEADING, Counter(lines.under), lines.rows))
        lines.samples = [(*line, name) for line, name in zip(lines.samples, lines.under, strict=True)]
    return FileProfile(
        (path,), columns, lines.rows, skip, sheet, form=form, lines=tuple(lines.samples),
        asides=dict(lines.asides), headings=headings,
        text_below=lines.text_below(), titles=_titles(path, skip, sheet, form),
    )  # fmt: skip


def _lines(names: Sequence[str], batches: Iterable[pa.RecordBatch], headed: str | None = None) -> Lines:
    lines = Lines(names, headed)
    for batch in batches:
        lines.take(batch)
    return lines


def _titles(path: Path, skip: int, sheet: str | None, form: str) -> tuple[str, ...]:
    """Give the lines before the header, as one text each."""
    real = archive.real(path)
    if form == "positional":
        return positional_text.titles(real)
    if not skip:
        return ()
    if form in WORKBOOKS:
        return tuple(" ".join(row) for row in workbook.first_rows(real, sheet, skip))
    return titles(real, skip)


def first_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Give the batches that are looked at."""
    rows = 0
    for batch in batches:
        yield batch
        rows += batch.num_rows
        if rows >= MAX_ROWS:
            return
