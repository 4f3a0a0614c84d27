"""Which reader a file has: by what its bytes are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.core.errors import SourcesError
from tools.ledger.readers import (
    archive,
    bai2,
    camt,
    datev,
    file_parts,
    iif,
    labelled_text,
    mt940,
    ofx,
    pain,
    paper,
    positional_text,
    qif,
    sie,
    workbook,
)
from tools.ledger.readers.both_sides import BothSides, added_columns
from tools.ledger.readers.carried_cells import HEADING, Carrier
from tools.ledger.readers.cell_batches import schema, trimmed
from tools.ledger.readers.csv_file import CsvFile
from tools.ledger.readers.file_format import WORKBOOKS, format_of
from tools.ledger.readers.file_parts import FilePart
from tools.ledger.readers.parquet_file import ParquetFile
from tools.ledger.readers.row_reader import Reader, RowFile
from tools.ledger.readers.text_below import TextBelow
from tools.ledger.sources import Source
from tools.ledger.warehouse.source_rows import SourceRows

OpenFile = CsvFile | ParquetFile | RowFile | SourceRows
_READERS: Final[Mapping[str, Callable[[Path], Reader]]] = {
    "camt": camt.Camt, "pain": pain.Pain, "bai2": bai2.Bai2, "ofx": ofx.Ofx, "mt940": mt940.Mt940,
    "qif": qif.Qif, "iif": iif.Iif, "datev": datev.Datev, "sie": sie.Sie,
    "labelled": labelled_text.LabelledText, "positional": positional_text.PositionalText,
}  # fmt: skip


_NONE: Final = {
    "bytes": "is no text, no table and no statement.",
    "zip": "is an archive in an archive, or one whose name does not end in .zip.",
    "iwork": "is a document of Apple's Numbers.",
    "markup": "is HTML or XML that is no bank statement.",
}


def attach(
    connection: duckdb.DuckDBPyConnection, file: OpenFile, source: Source, width: int, *, trim: bool = True
) -> None:
    """Make `batch` of a file's rows, to be read once: c0 .. cN as texts, line, problem, raw, aside.

    Cells that the source carries down are filled; the column `heading` is the last one, where there is one.
    """
    rows = trimmed(file.batches(), width) if trim else file.batches()
    batch_schema = schema(width)
    if source.text_below:
        rows = TextBelow(file.names, source.text_below).batches(rows)
    if source.fill_down or source.headings:
        rows = Carrier(file.names, source.fill_down, source.headings).batches(rows)
        batch_schema = schema(width + 1) if source.headings else batch_schema
    if source.both_sides:
        names = [*file.names, HEADING] if source.headings else list(file.names)
        rows = BothSides(names, source.both_sides).batches(rows)
        batch_schema = schema(len(names) + len(added_columns(source.both_sides)))
    connection.register("batch", pa.RecordBatchReader.from_batches(batch_schema, rows))


def parts(source: Source, path: Path, size: int) -> list[FilePart]:
    """Cut a large file into parts that are read apart; none where it is read as a whole.

    Raises OSError when it is away.
    """
    whole = source.carries_cells or paper.is_named(source.columns)
    return [] if whole else file_parts.cut(path, behind=source.skip_lines, size=size)


def open_part(
    connection: duckdb.DuckDBPyConnection, source: Source, path: Path, part: FilePart | None = None
) -> OpenFile:
    """Open a file of a source, or a part of one that `parts` cut.

    Raises SourcesError for a format that is not read, OSError when away.
    """
    real = archive.real(path)
    if paper.is_named(source.columns):
        return RowFile(real, paper.Paper(real))
    form = format_of(real)
    if form == "parquet":
        return ParquetFile(connection, real, source.decimal_mark, part)
    if form in _NONE:
        raise SourcesError(
            _NONE[form], place=str(path), remedy="Export it as CSV, XLSX or in a bank's format."
        )
    if form in WORKBOOKS:
        reader = workbook.Workbook(real, source.sheet, source.skip_lines, source.decimal_mark)
        return RowFile(real, reader)
    if form in _READERS and not source.names:
        return RowFile(real, _READERS[form](real))
    return CsvFile(real, source.delimiter, source.skip_lines, source.names or (), part=part)
