"""Exports of one account that overlap: a row that several files hold is read once.

Rows are counted file by file: two equal coffees on one day in one file are two, and the same two in the next
month's export are those. Needs nothing of the bank but that it writes a row alike each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from tools.ledger.sources import Sources
from tools.ledger.staged import StagedFile, rows_at, save

WHY: Final = "overlap"
_REPEATED: Final = """
    CREATE OR REPLACE TEMP TABLE repeated AS
    WITH numbered AS (
        SELECT at_file, at_line, key_hash, row_number() OVER (
                   PARTITION BY at_file, key_hash ORDER BY at_line) AS occurrence
        FROM read_parquet($paths, union_by_name = true) WHERE outcome = 'row'
    )
    SELECT at_file, at_line, key_hash FROM numbered
    QUALIFY row_number() OVER (PARTITION BY key_hash, occurrence ORDER BY at_file) > 1
"""
_MARKED: Final = """
    SELECT s.* REPLACE (CASE WHEN r.at_file IS NULL THEN s.outcome ELSE 'filtered' END AS outcome,
                        CASE WHEN r.at_file IS NULL THEN s.reason ELSE $why END AS reason)
    FROM read_parquet($path) s
    LEFT JOIN repeated r ON r.at_file = s.at_file AND r.at_line = s.at_line AND r.key_hash = s.key_hash
"""


def leave_out(connection: duckdb.DuckDBPyConnection, sources: Sources, staged: Sequence[StagedFile]) -> None:
    """Mark rows that an earlier file (by name) of an overlapping source holds too as left out."""
    for name, source in sources.sources.items():
        parts = [part for part in staged if part.source == name]
        if not source.overlapping or len(parts) < 2 or not source.is_transactions:  # noqa: PLR2004 - one alone has no other
            continue
        connection.execute(_REPEATED, {"paths": rows_at(parts)})
        for path in map(Path, rows_at(parts)):
            marked = path.with_suffix(".marked")
            save(connection, _MARKED, marked, {"path": str(path), "why": WHY})
            marked.replace(path)
