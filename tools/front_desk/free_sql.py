"""A person's own SELECT on the newest audited books: parsed, bounded, on a connection that cannot write.

Two walls, each enough by itself: the text's tree (tools.books.read_only_sql), and an engine that holds a copy
of the tables that it names, reaches no file and no setting.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from tools.books import read_only_sql, tables
from tools.books.engine import Books, quoted
from tools.core.digest import digest
from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.front_desk import answering, snapshot
from tools.store import Store, trail

MOST_ROWS: Final = 10_000
MOST_CHARACTERS: Final = 20_000_000
SECONDS: Final = 5.0
TABLES: Final = (*tables.CANONICAL, "flag", "break", "matching")


@dataclass(frozen=True)
class SqlResult:
    """What a SELECT gave. cut: there were more rows than are given. statement: what ran."""

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    cut: bool
    statement: str
    run_id: str
    snapshot_sha256: str
    seconds: float


def run(store: Store, settings: Settings, text: str, *, by: str, most: int = MOST_ROWS) -> SqlResult:
    """Run a person's SELECT, and put it on the trail.

    Raises UsageError for what is no plain SELECT, takes too long, or gives too much.
    """
    statement = read_only_sql.checked(text, TABLES)
    opened = snapshot.open_snapshot(store, settings)
    try:
        opened.refresh_flags(store)
        lock(opened.books, read_only_sql.tables_in(statement))
        started = time.perf_counter()
        columns, rows = _fetched(opened.books.connection, statement, min(most, MOST_ROWS))
        seconds = round(time.perf_counter() - started, 4)
        run_id, sha256 = opened.run.run_id, opened.manifest.sha256
    finally:
        opened.books.close()
    details = {"statement": statement, "run_id": run_id, "rows": len(rows)}
    trail.append(store, trail.DESK, by, "sql run", inputs=digest(statement), details=details)
    shown = rows[:most]
    return SqlResult(columns, shown, len(rows) > len(shown), statement, run_id, sha256, seconds)


def lock(books: Books, names: Collection[str]) -> None:
    """Leave the engine copies of the tables that are read, and no way to anything else."""
    views = [name for name in sorted(names) if name in books.manifest.tables]
    for name in views:
        copied = books.connection.table(name).to_arrow_table()
        books.execute(f"DROP VIEW {quoted(name)}")
        books.connection.from_arrow(copied).to_table(name)
    for statement in (
        "SET python_enable_replacements = false",
        "SET enable_external_access = false",
        "SET lock_configuration = true",
    ):
        books.connection.execute(statement)


def _fetched(
    connection: duckdb.DuckDBPyConnection, statement: str, most: int
) -> tuple[list[str], list[dict[str, Any]]]:
    timer = threading.Timer(SECONDS, connection.interrupt)
    timer.start()
    try:
        relation = connection.sql(statement).limit(most + 1)
        names = [str(name) for name in relation.columns]
        rows = [dict(zip(names, map(answering.json_value, row), strict=True)) for row in relation.fetchall()]
    except duckdb.InterruptException:
        raise _stopped(f"it takes longer than {SECONDS:g} s") from None
    except duckdb.Error as error:
        raise _stopped(str(error).splitlines()[0].rstrip(".")) from None
    finally:
        timer.cancel()
    if sum(len(str(value)) for row in rows for value in row.values()) > MOST_CHARACTERS:
        raise _stopped(f"it gives more than {MOST_CHARACTERS:,} characters")
    return names, rows


def _stopped(why: str) -> UsageError:
    return UsageError(
        f"this statement gave nothing: {why}.", place="sql", remedy="Narrow it, or ask for a figure."
    )
