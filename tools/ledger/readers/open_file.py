"""Which reader a file has: by its suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from tools.ledger.readers import bai2, camt, ofx, parquet_file, workbook
from tools.ledger.readers.csv_file import CsvFile
from tools.ledger.readers.parquet_file import ParquetFile
from tools.ledger.readers.row_reader import Reader, RowFile
from tools.ledger.sources import Source

Opened = CsvFile | ParquetFile | RowFile
STATEMENTS: Final = (*camt.SUFFIXES, *bai2.SUFFIXES, *ofx.SUFFIXES)
# All that are no text tables; every other file is read as CSV.
SUFFIXES: Final = (*parquet_file.SUFFIXES, *workbook.SUFFIXES, *STATEMENTS)


def opened(connection: duckdb.DuckDBPyConnection, source: Source, path: Path) -> Opened:
    """Open a file of a source. Raises SourcesError when it is not what its suffix says, OSError when away."""
    suffix = path.suffix.lower()
    if suffix in parquet_file.SUFFIXES:
        return ParquetFile(connection, path, source.decimal_mark)
    reader = _reader(source, path, suffix)
    if reader is not None:
        return RowFile(connection, path, reader)
    return CsvFile(connection, path, source.delimiter, source.skip_lines, source.names or ())


def _reader(source: Source, path: Path, suffix: str) -> Reader | None:
    if suffix in workbook.SUFFIXES:
        return workbook.Workbook(path, source.sheet, source.skip_lines, source.decimal_mark)
    if suffix in camt.SUFFIXES:
        return camt.Camt(path)
    if suffix in bai2.SUFFIXES:
        return bai2.Bai2(path)
    return ofx.Ofx(path) if suffix in ofx.SUFFIXES else None
