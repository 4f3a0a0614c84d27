"""Tables of an SQLite file, read-only and in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import quoted_name

from tools.ledger.source import Source
from tools.ledger.warehouse import text_columns
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.statement import EarliestDay, render, rows_of
from tools.ledger.warehouse.table_reader import ListedTable

_DIALECT: Final = sqlite.dialect(paramstyle="qmark")
_ISO: Final = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*"
_COUNTER: Final = slice(24, 28)  # of the file's header: how often it was changed
_BUSY_SECONDS: Final = 10.0
_AWAY: Final = ("locked", "busy", "disk I/O error")


class SqliteFile:
    """One SQLite file. Its first read fixes the moment that all others see."""

    def __init__(self, place: Location, path: Path) -> None:
        """Open it read-only. Raises SourcesError when it is none, UnreachableError when it is locked."""
        self._place = place
        with self._errors():
            self._connection = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro",
                uri=True,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            self._connection.execute("PRAGMA query_only = ON")
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            with path.open("rb") as file:
                changes = int.from_bytes(file.read(_COUNTER.stop)[_COUNTER])
            self.version = f"change {changes} of {path.name}"

    def open(self, source: Source) -> SqliteRows:
        """Look at a table or query."""
        return SqliteRows(self, source)

    def tables(self) -> list[ListedTable]:
        """List its tables and views."""
        query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
        return [ListedTable(name, None) for (name,) in self.execute(f"{query} ORDER BY name")]

    def execute(self, statement: str) -> sqlite3.Cursor:
        """Run one statement."""
        with self._errors():
            return self._connection.execute(statement)

    def fetch(self, cursor: sqlite3.Cursor) -> list[tuple[Any, ...]]:
        """Give the next rows of a statement."""
        with self._errors():
            return cursor.fetchmany()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            message = self._place.without_credentials(str(error))
            if any(word in message for word in _AWAY):
                raise self._place.away(message) from None
            raise self._place.refusal("SQLite", message, f"Look at {self._place.written}.") from None


class SqliteRows:
    """A table or query of an SQLite file; days are texts there, so that a type says little."""

    def __init__(self, file: SqliteFile, source: Source) -> None:
        self._file, self._source, self.version = file, source, file.version
        described = file.execute(render(rows_of(source).limit(0), _DIALECT)).description
        self.names: Sequence[str] = [column[0] for column in described]
        self.dated = frozenset(self.names)  # batches() looks at each value instead

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Read it."""
        cursor = self._file.execute(render(_since(rows_of(self._source), floor), _DIALECT))
        cursor.arraysize = text_columns.BATCH
        yield from text_columns.from_rows(self._rows(cursor), len(self.names), self._source.decimal_mark)

    def _rows(self, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        while rows := self._file.fetch(cursor):
            yield from rows


def _since(rows: sa.Select[Any], floor: EarliestDay | None) -> sa.Select[Any]:
    """Leave out what is certainly an earlier day: a text in ISO 8601 before it."""
    if floor is None:
        return rows
    column: sa.ColumnClause[str] = sa.column(quoted_name(floor.column, quote=True), sa.String)
    is_iso = sa.func.coalesce(sa.func.glob(_ISO, column), 0)
    return rows.where(sa.or_(is_iso == 0, column >= floor.day.isoformat()))
