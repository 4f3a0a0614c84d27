"""Control totals: what was read of each file, kept as proof that nothing is missing, and checked again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tools.core.errors import SourcesError
from tools.ledger import files
from tools.ledger.readers import archive
from tools.ledger.sources import TRANSACTIONS, Sources
from tools.ledger.staged import StagedFile, rows_at, save

_REJECTED: Final = """
    SELECT at_source AS source, at_file AS file, at_line AS line, reason, raw
    FROM every e
    WHERE outcome = 'rejected' AND NOT EXISTS (
        SELECT 1 FROM seen_rejected s
        WHERE s.source = e.at_source AND s.reason = e.reason AND s.raw IS NOT DISTINCT FROM e.raw)
    ORDER BY source, file, line
"""
_FILTERED: Final = """
    SELECT at_source AS source, at_file AS file, reason AS why, count(*) AS rows
    FROM every WHERE outcome = 'filtered' GROUP BY ALL ORDER BY ALL
"""
_TOTALS: Final = """
    WITH totals AS (
        SELECT at_source, at_file, at_code, count(*) AS rows,
               count(*) FILTER (WHERE outcome = 'rejected') AS rejected,
               count(*) FILTER (WHERE outcome = 'filtered') AS filtered,
               sum(at_amount) FILTER (WHERE outcome = 'row') AS total
        FROM every GROUP BY at_source, at_file, at_code
    ), kept AS (
        SELECT source, file, currency, count(*) AS rows FROM inside GROUP BY source, file, currency
    )
    SELECT f.source, f.file, f.sha256, t.at_code AS currency, coalesce(t.rows, 0) AS rows,
           coalesce(t.rejected, 0) AS rejected, coalesce(t.filtered, 0) AS filtered,
           CASE WHEN f.is_posting AND t.rows IS NOT NULL
                THEN t.rows - t.rejected - t.filtered - coalesce(k.rows, 0) ELSE 0 END AS outside,
           TRY_CAST(t.total AS BIGINT) AS sum_minor
    FROM read_files f
    LEFT JOIN totals t ON t.at_source = f.source AND t.at_file = f.file
    LEFT JOIN kept k ON k.source = f.source AND k.file = f.file AND k.currency IS NOT DISTINCT FROM t.at_code
    ORDER BY f.source, f.file, currency
"""


def write(connection: duckdb.DuckDBPyConnection, staged: Sequence[StagedFile], folder: Path) -> None:
    """Write the tables rejected, left_out and control_total; txn is written already, where there is one.

    A line that an earlier run rejected counts in the totals, and is not reported again.
    """
    common = "at_source, at_file, at_line, at_code, at_amount, outcome, reason, raw"
    rows = connection.read_parquet(rows_at(staged), union_by_name=True)
    rows.project(common).create_view("every", replace=True)
    connection.register("read_files", pa.Table.from_pylist([_file(file) for file in staged]))
    inside = folder / "txn.parquet"
    nothing = "SELECT '' AS source, '' AS file, '' AS currency LIMIT 0"
    postings = connection.read_parquet(str(inside)) if inside.is_file() else connection.sql(nothing)
    postings.create_view("inside", replace=True)
    save(connection, _REJECTED, folder / "rejected.parquet")
    save(connection, _FILTERED, folder / "left_out.parquet")
    save(connection, _TOTALS, folder / "control_total.parquet")


def recheck(sources: Sources, folder: Path) -> list[str]:
    """Hold the files against the control totals of a snapshot, and say what has changed since.

    A database is not asked again: what was read of it is pinned by its version.
    Each problem names the file: changed, gone, or come since. Raises UnreachableError when a file is away.
    """
    totals = pq.read_table(folder / "control_total.parquet", columns=["source", "file", "sha256"]).to_pylist()
    before = {
        (row["source"], row["file"]): row["sha256"]
        for row in totals
        if not sources.sources[row["source"]].url
    }
    current = _digests(sources)
    return [
        f"{source}: {file} {change}"
        for source, file in sorted(before.keys() | current.keys())
        if (change := _change(before.get((source, file)), current.get((source, file))))
    ]


def _digests(sources: Sources) -> dict[tuple[str, str], str]:
    digests = {}
    for name, source in sources.sources.items():
        if source.url:
            continue
        try:
            paths = files.find(name, source, sources.base, sources.within)
        except SourcesError:
            continue
        for path in paths:
            with files.reached(str(path)), archive.real(path).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            digests[name, files.label(path, sources.base)] = digest
    return digests


def _change(before: str | None, current: str | None) -> str:
    if current is None:
        return "is gone since it was read."
    if before is None:
        return "has come since the sources were read."
    return "" if before == current else "has changed since it was read."


def _file(file: StagedFile) -> dict[str, str | bool]:
    return {
        "source": file.source,
        "file": file.file,
        "sha256": file.sha256,
        "is_posting": file.kind in TRANSACTIONS,
    }
