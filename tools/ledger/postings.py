"""The txn table: row keys, scope and what is derived of a posting, over all files of all sources."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from tools.books import tables
from tools.books.engine import quoted
from tools.core.clock import clock
from tools.ledger import audited_before
from tools.ledger.days import EPOCH
from tools.ledger.declaration import Sources
from tools.ledger.staged import save
from tools.ledger.stray_days import first_stray
from tools.ledger.window import Window

_DAY: Final = "CAST(datediff('day', DATE '1970-01-01', {}) AS BIGINT)"
_WINDOW: Final = ("from_day", "history_day", "to_day", "today", "again_day", "before_all")
_REPEATS: Final = """
    CREATE OR REPLACE TEMP TABLE repeats AS
    SELECT s.at_source, s.at_file, s.at_line, s.key_hash,
           row_number() OVER (
               PARTITION BY s.at_source, s.key_hash ORDER BY s.rest_hash, s.at_file, s.at_line) AS occurrence
    FROM staged s
    SEMI JOIN (SELECT at_source, key_hash FROM staged WHERE outcome = 'row'
               GROUP BY at_source, key_hash HAVING count(*) > 1) d
      ON d.at_source = s.at_source AND d.key_hash = s.key_hash
    WHERE s.outcome = 'row'
"""
# Sources that write dates as moments know no hour: their times are all midnight.
_IDLE_TIMES: Final = """
    CREATE OR REPLACE TEMP TABLE idle_times AS
    SELECT at_source FROM staged WHERE outcome = 'row' AND posted_at IS NOT NULL
    GROUP BY at_source HAVING max(CAST(posted_at AS TIME)) = TIME '00:00:00'
"""
_DAYS: Final = f"""
    SELECT at_source, {_DAY.format("posted_on")} AS day, count(*) AS n FROM staged
    WHERE outcome = 'row' AND posted_on IS NOT NULL GROUP BY ALL
"""  # noqa: S608 - fixed text
_POSTINGS: Final = """
    WITH keyed AS (
        SELECT s.*, concat(s.at_source, ':', s.key_hash, '-', coalesce(r.occurrence, 1)) AS key,
               n.key AS name_key, {day} AS day
        FROM staged s
        LEFT JOIN name_keys n ON n.name = s.vendor_name
        LEFT JOIN repeats r
          ON r.at_source = s.at_source AND r.at_file = s.at_file AND r.at_line = s.at_line
         AND r.key_hash = s.key_hash
        WHERE s.outcome = 'row'
    ),
    scoped AS (
        SELECT keyed.*, CASE
            WHEN keyed.day > w.to_day AND keyed.day <= w.today
             AND coalesce(keyed.day < y.from_day, TRUE) THEN NULL
            WHEN coalesce(keyed.day, w.before_all) >= w.again_day THEN 'window'
            WHEN o.row_key IS NOT NULL AND k.audited THEN 'open'
            WHEN k.audited THEN CASE WHEN coalesce(keyed.day >= w.history_day, TRUE) THEN 'history' END
            WHEN keyed.day IS NULL OR w.from_day IS NULL OR keyed.day >= w.from_day THEN 'window'
            WHEN o.row_key IS NOT NULL THEN 'open'
            WHEN k.row_key IS NULL AND keyed.day >= l.first_day THEN 'window'  -- late: it was not there
            WHEN keyed.day >= w.history_day THEN 'history' END AS in_scope
        FROM keyed
        JOIN windows w ON w.source = keyed.at_source
        LEFT JOIN stray y ON y.at_source = keyed.at_source
        LEFT JOIN open_items o ON o.row_key = keyed.key
        LEFT JOIN seen k ON k.row_key = keyed.key
        LEFT JOIN seen_since l ON l.source = keyed.at_source
    )
    SELECT {columns}
    FROM scoped s LEFT JOIN idle_times i ON i.at_source = s.at_source
    WHERE s.in_scope IS NOT NULL
"""
_DERIVED: Final = {
    "row_key": "s.key",
    "source": "s.at_source",
    "kind": "s.at_kind",
    "file": "s.at_file",
    "line": "s.at_line",
    "scope": "s.in_scope",
    "entity": "$entity",
    "posted_day": "s.day",
    "due_day": _DAY.format("s.due_on"),
    "entered_day": _DAY.format("s.entered_on"),
    "posted_at": "CASE WHEN i.at_source IS NULL THEN s.posted_at END",
    "posted_hour": "CASE WHEN i.at_source IS NULL THEN CAST(hour(s.posted_at) AS INTEGER) END",
    "vendor_key": "s.name_key",
}


def write(connection: duckdb.DuckDBPyConnection, entity: str, path: Path) -> None:
    """Write the txn table out of the views `staged`, `name_keys`, `windows`, `open_items` and `seen`.

    Rows of one content are numbered by their other cells and then by place; row_key is source, hash of
    the content (txn_id included) and that number.
    """
    connection.execute(_REPEATS)
    connection.execute(_IDLE_TIMES)
    _register_stray(connection)
    columns = ", ".join(f"{_DERIVED.get(n, f's.{quoted(n)}')} AS {quoted(n)}" for n in tables.TXN)
    query = _POSTINGS.format(columns=columns, day=_DAY.format("s.posted_on"))
    save(connection, query, path, {"entity": entity})


def _register_stray(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `stray`: of each source that has stray days, the first of them."""
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for source, day, n in connection.execute(_DAYS).fetchall():
        counts[source][day] = n
    strays = {source: first_stray(days) for source, days in counts.items()}
    rows = [{"at_source": source, "from_day": day} for source, day in strays.items() if day is not None]
    schema = pa.schema([("at_source", pa.string()), ("from_day", pa.int64())])
    connection.register("stray", pa.Table.from_pylist(rows, schema=schema))


def register_window(connection: duckdb.DuckDBPyConnection, window: Window, sources: Sources) -> None:
    """Make the views `windows`, `open_items` and those of tools.ledger.seen."""
    # What is dated after today, or long after all else, is in any window: a test has to see it.
    today = clock().now().date()
    rows = [
        {
            "source": name,
            "from_day": _number(window.starts(name)),
            "history_day": _number(window.history_starts(name)),
            "to_day": _number(window.to_day),
            "today": _number(today),
            "again_day": _number(window.again),
            "before_all": _number(date.min),
        }
        for name in sources.sources
    ]
    kinds = [
        ("source", pa.string()),
        *((n, pa.int64()) for n in _WINDOW),
    ]
    connection.register("windows", pa.Table.from_pylist(rows, schema=pa.schema(kinds)))
    audited_before.register(connection, window.audited, sources)
    connection.register("open_items", pa.table({"row_key": pa.array(sorted(window.open_items), pa.string())}))


def _number(day: date | None) -> int | None:
    return None if day is None else (day - EPOCH).days
