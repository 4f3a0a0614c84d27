"""Sources of kind `table`: any table, row for row, for tests that need no canonical columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from tools.books.engine import quoted
from tools.ledger.readers.csv_records import RAW
from tools.ledger.sources import Source
from tools.ledger.staged import StagedFile, rows_at, save

_OURS: Final = frozenset(
    "row_key file line at_source at_file at_line at_code at_amount outcome reason raw key_hash".split()
)


def write(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile], path: Path) -> None:
    """Write the table of one source: row_key, its cells, file, line."""
    rows = connection.read_parquet(rows_at(staged), union_by_name=True)
    rows.create_view("staged", replace=True)
    cells = "".join(f", {quoted(column)}" for column in rows.columns if column not in _OURS)
    select = f"""
        SELECT concat(at_source, ':', key_hash, '-', row_number() OVER (
                 PARTITION BY key_hash ORDER BY at_file, at_line)) AS row_key{cells},
               at_file AS file, at_line AS line
        FROM staged WHERE outcome = 'row'
    """  # noqa: S608 - quoted names
    save(connection, select, path)


def table_query(
    source: Source, cells: Mapping[str, str], *, source_name: str, file: str
) -> tuple[str, dict[str, Any]]:
    """Write the SELECT that stages a file: its cells as they are written, named as in the file.

    A column of the file that is called like one of ours gets "(cell)" behind its name.
    """
    values: dict[str, Any] = {"source": source_name, "file": file}
    named, conditions = [], ["TRUE"]
    for i, (column, cell) in enumerate(sorted(cells.items())):
        values[f"n{i}"] = f"{column}="
        named.append(f"$n{i} || {cell}")
    for i, (column, accepted) in enumerate(source.where.items()):
        values[f"w{i}"] = accepted
        conditions.append(f"list_contains($w{i}, {cells[column]})")
    for i, (column, excluded) in enumerate(source.where_not.items()):
        values[f"l{i}"] = excluded
        conditions.append(f"NOT coalesce(list_contains($l{i}, {cells[column]}), FALSE)")
    columns = ", ".join(f"{cell} AS {quoted(own_name(column))}" for column, cell in cells.items())
    listed = ", ".join(cells.values())
    sql = f"""
        SELECT {columns}, $source AS at_source, $file AS at_file, line AS at_line,
               CAST(NULL AS VARCHAR) AS at_code, CAST(NULL AS BIGINT) AS at_amount,
               CASE WHEN aside IS NOT NULL THEN 'filtered' WHEN problem IS NOT NULL THEN 'rejected'
                    WHEN {" AND ".join(conditions)} THEN 'row' ELSE 'filtered' END AS outcome,
               coalesce(aside, problem) AS reason,
               CASE WHEN problem IS NOT NULL
                    THEN coalesce(raw, left(concat_ws('|', {listed}), {RAW})) END AS raw,
               left(sha256(concat_ws(chr(31), {", ".join(named)})), 20) AS key_hash
        FROM batch
    """  # noqa: S608 - names are quoted, values are bound
    return sql, values


def own_name(column: str) -> str:
    """Name a file's column in the snapshot, apart from ours."""
    return f"{column} (cell)" if column.casefold() in _OURS else column
