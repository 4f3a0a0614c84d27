"""Tables that are nobody's transactions (source kind `table`), as one view of cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from tools.books import tables

PREFIX: Final = "table_"
_OURS: Final = ("row_key", "file", "line")


def attach(connection: duckdb.DuckDBPyConnection, folder: Path, sources: Sequence[str]) -> None:
    """Make the view `cell` (see tables.CELL) over the folder's table_<source>.parquet files.

    Each file has row_key, file, line and the source's own columns as text.
    """
    names = [name for name in sources if (folder / f"{PREFIX}{name}.parquet").is_file()]
    if not names:
        declared = ", ".join(f"{name} {kind}" for name, kind in tables.CELL.items())
        connection.execute(f"CREATE TABLE cell ({declared})")
        return
    connection.execute("CREATE VIEW cell AS " + " UNION ALL ".join(_cells(name) for name in names))


def _cells(name: str) -> str:
    table, text = (PREFIX + name).replace('"', '""'), name.replace("'", "''")
    columns = f"COLUMNS(* EXCLUDE ({', '.join(_OURS)}))"
    unpivoted = f'"{table}" UNPIVOT INCLUDE NULLS (value FOR field IN ({columns}))'
    own = "CASE WHEN field LIKE '% (cell)' THEN left(field, length(field) - 7) ELSE field END"
    return f"SELECT '{text}' AS source, row_key, {own} AS field, value FROM {unpivoted}"  # noqa: S608 - quoted
