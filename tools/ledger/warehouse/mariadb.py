"""Tables of MariaDB and MySQL, streamed inside one consistent, read-only snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pymysql
from pymysql.constants import FIELD_TYPE
from pymysql.converters import encoders
from pymysql.cursors import SSCursor
from sqlalchemy.dialects import mysql

from tools.ledger.source import Source
from tools.ledger.warehouse import text_columns
from tools.ledger.warehouse.location import Location
from tools.ledger.warehouse.statement import EarliestDay, render, rows_of, since
from tools.ledger.warehouse.table_reader import ListedTable

_DIALECT: Final = mysql.dialect(paramstyle="qmark")
_DATED: Final = (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP, FIELD_TYPE.NEWDATE)
_FRACTIONAL: Final = (FIELD_TYPE.DECIMAL, FIELD_TYPE.NEWDECIMAL, FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE)
# CR_CONNECTION_ERROR, CR_CONN_HOST_ERROR, CR_SERVER_GONE, CR_SERVER_LOST, shutdown, too many, killed, lock.
_AWAY: Final = (2002, 2003, 2006, 2013, 1053, 1040, 1203, 1205, 1927, 1969)
_TABLES: Final = """
    SELECT table_name, table_rows FROM information_schema.tables
    WHERE table_schema = DATABASE() ORDER BY table_name
"""
_SECONDS: Final = 30


class Mariadb:
    """One database of a MariaDB server, at one moment."""

    def __init__(self, place: Location) -> None:
        """Connect, and take the snapshot. Raises UnreachableError, SourcesError when it is refused."""
        self._place = place
        parts = urlsplit(place.url)
        with self.errors():
            # Without converters: each value comes as the text that the server sends.
            self._connection = pymysql.connect(
                host=parts.hostname or "127.0.0.1",
                port=parts.port or 3306,
                user=unquote(parts.username or ""),
                password=unquote(parts.password or ""),
                database=parts.path.strip("/"),
                charset="utf8mb4",
                conv=dict(encoders),
                cursorclass=SSCursor,
                connect_timeout=10,
                read_timeout=_SECONDS,
                autocommit=False,
            )
            self.rows("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            self.rows("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
            moment, position = self.rows("SELECT NOW(6), @@GLOBAL.gtid_current_pos")[0]
        self.version = f"snapshot of {moment}" + (f", position {position}" if position else "")

    def open(self, source: Source) -> MariadbRows:
        """Look at a table or query."""
        return MariadbRows(self, source)

    def tables(self) -> list[ListedTable]:
        """List the tables and views of the database."""
        return [ListedTable(name, int(rows) if rows else None) for name, rows in self.rows(_TABLES)]

    def rows(self, statement: str) -> Sequence[tuple[Any, ...]]:
        """Run a statement of few rows."""
        with self.errors(), self.cursor() as cursor:
            cursor.execute(statement)
            return list(cursor.fetchall())

    def cursor(self) -> SSCursor:
        """Give a cursor of the one transaction."""
        return self._connection.cursor()

    def close(self) -> None:
        """End the transaction, if the server is still there."""
        if self._connection.open:
            self._connection.close()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Say what the driver says as an error of ours."""
        try:
            yield
        except (pymysql.MySQLError, OSError) as error:
            number = error.args[0] if error.args else 0
            message = str(error.args[-1] if error.args else error)
            if number in _AWAY or not isinstance(error, pymysql.MySQLError):
                raise self._place.away(message) from None
            raise self._place.refusal("MariaDB", message) from None


class MariadbRows:
    """A table or query of MariaDB."""

    def __init__(self, database: Mariadb, source: Source) -> None:
        self._database, self._source, self.version = database, source, database.version
        with database.errors(), database.cursor() as cursor:
            cursor.execute(render(rows_of(source).limit(0), _DIALECT))
            columns = [(column[0], column[1]) for column in cursor.description or ()]
        self.names: Sequence[str] = [name for name, _ in columns]
        self.dated = frozenset(name for name, kind in columns if kind in _DATED)
        self._fractional = [kind in _FRACTIONAL for _, kind in columns]

    def batches(self, floor: EarliestDay | None) -> Iterator[pa.RecordBatch]:
        """Read it, as the server sends it."""
        with self._database.errors(), self._database.cursor() as cursor:
            cursor.execute(render(since(rows_of(self._source), floor), _DIALECT))
            yield from text_columns.from_rows(self._rows(cursor), len(self.names), self._source.decimal_mark)

    def _rows(self, cursor: SSCursor) -> Iterator[Sequence[Any]]:
        mark = self._source.decimal_mark
        turned = [at for at, is_number in enumerate(self._fractional) if is_number and mark != "."]
        for row in cursor.fetchall_unbuffered():
            if not turned:
                yield row
                continue
            cells = list(row)
            for at in turned:
                cells[at] = cells[at] and cells[at].replace(".", mark)
            yield cells
