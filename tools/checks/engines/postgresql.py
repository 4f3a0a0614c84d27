"""The tests of the books on PostgreSQL: tables copied in, text carried by sqlglot, values bound."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Self

import psycopg
import pyarrow as pa
import pyarrow.csv as pa_csv

from tools.books.engine import bound, quoted
from tools.checks.engines.carried import carried
from tools.core.errors import EngineError, UnreachableError

# Text compares by its bytes, as in DuckDB, whatever the database's locale is.
_TYPES: Final = {"VARCHAR": 'TEXT COLLATE "C"', "DOUBLE": "DOUBLE PRECISION"}


class PostgreSQL:
    """One connection whose temporary tables hold the books; other sessions never see them."""

    name = "postgresql"

    def __init__(self, url: str) -> None:
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        try:
            self._connection = psycopg.connect(plain, autocommit=True)
        except psycopg.OperationalError as error:
            raise UnreachableError(str(error).strip(), place="PostgreSQL", remedy="Is it running?") from None

    def put(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Copy a table in, as CSV with quoted text, so that "" and NULL stay two things."""
        declared = ", ".join(f"{quoted(name)} {_TYPES.get(kind, kind)}" for name, kind in columns.items())
        buffer = io.BytesIO()
        pa_csv.write_csv(rows.select(list(columns)), buffer, pa_csv.WriteOptions(include_header=False))
        with self._telling(), self._connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE {quoted(table)} ({declared})".encode())
            with cursor.copy(f"COPY {quoted(table)} FROM STDIN (FORMAT csv)".encode()) as copy:
                copy.write(buffer.getbuffer())
            cursor.execute(f"ANALYZE {quoted(table)}".encode())

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a temporary table."""
        text = f"CREATE TEMP TABLE {quoted(table)} AS {carried(sql, 'postgres')}"
        with self._telling(), psycopg.ClientCursor(self._connection) as cursor:
            cursor.execute(text.encode(), bound(sql, parameters))
            cursor.execute(f"ANALYZE {quoted(table)}".encode())

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query and give its rows. Raises EngineError with the server's own words."""
        with self._telling(), psycopg.ClientCursor(self._connection) as cursor:
            cursor.execute(carried(sql, "postgres").encode(), bound(sql, parameters))
            names = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
        return pa.table({name: [row[at] for row in rows] for at, name in enumerate(names)})

    def close(self) -> None:
        """Close the connection; its temporary tables go with it."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise EngineError(str(error).splitlines()[0], place="PostgreSQL") from None
