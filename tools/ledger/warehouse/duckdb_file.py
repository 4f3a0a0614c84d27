"""Tables of a DuckDB file, read-only, in one transaction, and without any other file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
from sqlalchemy.dialects import postgresql

from tools.core.errors import SourcesError
from tools.ledger.source import Source
from tools.ledger.warehouse import text_columns
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.statement import EarliestDay, render, rows_of, since
from tools.ledger.warehouse.table_reader import ListedTable, day_columns

_DIALECT: Final = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # DuckDB's is PostgreSQL's
_TABLES: Final = """
    SELECT table_schema, table_name FROM information_schema.tables
    WHERE table_catalog = current_database() ORDER BY ALL
"""


class DuckdbFile:
    """One DuckDB file at one moment."""

    def __init__(self, place: Location, path: Path, connection: duckdb.DuckDBPyConnection) -> None:
        """Open it read-only. Raises SourcesError when it is none, UnreachableError while it is written."""
        self._place, self.engine = place, connection
        with self.errors():
            # Without files of others: a query sees nothing of this machine but this database.
            self.connection = duckdb.connect(
                str(path),
                read_only=True,
                config={"enable_external_access": False, "lock_configuration": True},
            )
            self.connection.execute("BEGIN TRANSACTION READ ONLY")
            size = path.stat().st_size
        self.version = f"{size:,} bytes of {path.name}, as it was opened"

    def open(self, source: Source) -> DuckdbRows:
        """Look at a table or query."""
        return DuckdbRows(self, source)

    def tables(self) -> list[ListedTable]:
        """List its tables and views."""
        with self.errors():
            listed = self.connection.execute(_TABLES).fetchall()
        return [
            ListedTable(name if schema == "main" else f"{schema}.{name}", None) for schema, name in listed
        ]

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Say what DuckDB says as an error of ours."""
        try:
            yield
        except duckdb.Error as error:
            message = self._place.without_credentials(str(error))
            if "lock" in message.casefold() and isinstance(error, duckdb.IOException):
                raise self._place.away("another program writes this file") from None
            raise self._place.refusal("DuckDB", message) from None


class DuckdbRows:
    """A table or query of a DuckDB file."""

    def __init__(self, file: DuckdbFile, source: Source) -> None:
        self._file, self._source, self.version = file, source, file.version
        with file.errors():
            schema = self._run(render(rows_of(source).limit(0), _DIALECT)).schema
        self.names: Sequence[str] = schema.names
        self.dated = day_columns(schema)

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Read it."""
        with self._file.errors():
            rows = self._run(render(since(rows_of(self._source), floor), _DIALECT))
        yield from text_columns.from_arrow(self._file.engine, rows, self._source.decimal_mark)

    def _run(self, statement: str) -> pa.RecordBatchReader:
        connection = self._file.connection
        parsed = connection.extract_statements(statement)
        if len(parsed) != 1:
            raise SourcesError("is more than one statement.", place="query", remedy="Write one SELECT.")
        return connection.sql(parsed[0]).to_arrow_reader(text_columns.BATCH)
