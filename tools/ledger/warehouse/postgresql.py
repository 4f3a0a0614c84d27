"""Tables of PostgreSQL, read as Arrow by ADBC inside one REPEATABLE READ, READ ONLY transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import duckdb
import pyarrow as pa
from sqlalchemy.dialects import postgresql

from tools.core.errors import SourcesError, UnreachableError
from tools.ledger.source import Source
from tools.ledger.warehouse import text_columns
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.statement import EarliestDay, render, rows_of, since
from tools.ledger.warehouse.table_reader import ListedTable

_DIALECT: Final = postgresql.dialect(paramstyle="named")  # type: ignore[no-untyped-call]  # SQLAlchemy's own
_PINNED: Final = """
    SELECT pg_current_snapshot()::text,
           CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text
"""
_TABLES: Final = """
    SELECT n.nspname::text, c.relname::text,
           CASE WHEN c.relkind IN ('r', 'p') AND c.reltuples >= 0 THEN c.reltuples::bigint END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
      AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg_%'
      AND has_table_privilege(c.oid, 'SELECT')
    ORDER BY 1, 2
"""
# Of a driver's message where it has no SQLSTATE: the connection broke, or there is none.
_AWAY: Final = (
    "could not connect", "connection to server", "server closed the connection", "terminating connection",
    "no connection to the server", "SSL connection has been closed", "could not receive data",
    "the database system is", "could not translate host name", "connection timeout", "timeout expired",
)  # fmt: skip
_FOR_GOOD: Final = ("authentication failed", "does not exist", "no pg_hba.conf entry", "no password supplied")
_TIMEOUTS: Final = {
    "connect_timeout": "10",
    "tcp_user_timeout": "30000",
    "application_name": "tieout",
}


class Postgresql:
    """One database of a PostgreSQL server, at one moment."""

    def __init__(self, place: Location, connection: duckdb.DuckDBPyConnection) -> None:
        """Connect, and begin the transaction. Raises UnreachableError, SourcesError when it is refused."""
        self._place, self.engine = place, connection
        with self.errors():
            self._connection = adbc.connect(_with_timeouts(place.url))
            with self._connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot, position = self._rows(_PINNED)[0]
        self.version = f"snapshot {snapshot}, log {position}"

    def open(self, source: Source) -> PostgresqlRows:
        """Look at a table or query."""
        return PostgresqlRows(self, source)

    def tables(self) -> list[ListedTable]:
        """List the tables and views of every schema that may be read."""
        return [
            ListedTable(name if schema == "public" else f"{schema}.{name}", rows)
            for schema, name, rows in self._rows(_TABLES)
        ]

    def cursor(self) -> Any:  # noqa: ANN401 - the driver publishes no types
        """Give a cursor of the one transaction."""
        return self._connection.cursor()

    def close(self) -> None:
        """End the transaction; a connection that broke is closed already."""
        try:
            self._connection.close()
        except adbc.Error as error:
            with self.errors():
                raise error from None

    def _rows(self, statement: str) -> Sequence[tuple[Any, ...]]:
        with self.errors(), self._connection.cursor() as cursor:
            cursor.execute(statement)
            rows: Sequence[tuple[Any, ...]] = cursor.fetchall()
            return rows

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Say what the driver says as an error of ours: worth another try, or to be put right."""
        try:
            yield
        except (adbc.Error, OSError) as error:
            raise self._worded(str(error), str(getattr(error, "sqlstate", "") or "")) from None

    def _worded(self, message: str, state: str) -> SourcesError | UnreachableError:
        text = self._place.without_credentials(message)
        lost = state.startswith(("08", "57P", "53")) or any(word in text for word in _AWAY)
        if lost and not any(word in text for word in _FOR_GOOD):
            return self._place.away(text)
        return self._place.refusal("PostgreSQL", text)


class PostgresqlRows:
    """A table or query of PostgreSQL."""

    def __init__(self, database: Postgresql, source: Source) -> None:
        self._database, self._source, self.version = database, source, database.version
        with database.errors(), database.cursor() as cursor:
            cursor.execute(render(rows_of(source).limit(0), _DIALECT))
            schema = cursor.fetch_arrow_table().schema
        self.names: Sequence[str] = schema.names
        self.dated = frozenset(f.name for f in schema if pa.types.is_temporal(f.type))

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Read it, as the server sends it."""
        database = self._database
        with database.cursor() as cursor:
            with database.errors():
                cursor.execute(render(since(rows_of(self._source), floor), _DIALECT))
                rows = cursor.fetch_record_batch()
            yield from text_columns.from_arrow(
                database.engine, rows, self._source.decimal_mark, database.errors
            )


def _with_timeouts(url: str) -> str:
    """Say how long to wait for a server that does not answer, where the URL does not."""
    more = "&".join(f"{name}={value}" for name, value in _TIMEOUTS.items() if f"{name}=" not in url)
    return f"{url}{'&' if '?' in url else '?'}{more}"
