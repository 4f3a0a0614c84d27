"""The tests of the books on PostgreSQL: tables copied in once a run, text carried, values bound."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final, Self

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from psycopg import errors, sql

from tools.books.elsewhere import Executors, LaidTable
from tools.books.engine import bound, quoted
from tools.checks.engines.carried import carried
from tools.core.engine_choice import without_secret
from tools.core.errors import EngineError, TieoutError, UnreachableError, UnsupportedError
from tools.store import failures

# Text compares by its bytes, as in DuckDB, whatever the database's locale is.
_TYPES: Final = {"VARCHAR": 'TEXT COLLATE "C"', "DOUBLE": "DOUBLE PRECISION"}
_ARROW: Final = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int64(),
    23: pa.int64(),
    25: pa.string(),
    701: pa.float64(),
    1043: pa.string(),
    1082: pa.date32(),
}
_UNSUPPORTED: Final = (
    psycopg.NotSupportedError,
    errors.SyntaxError,
    errors.UndefinedFunction,
    errors.DatatypeMismatch,
)
# The tables have no index, so that a nested loop reads one again for each row of another; of what a query
# makes itself the planner takes one row to come, and would choose it.
_SESSION: Final = {"enable_nestloop": "off", "jit": "off", "work_mem": "64MB"}
_NUMERIC: Final = 1700
_DIGITS: Final = 38  # of DuckDB's own decimals
_AWAY: Final = (psycopg.OperationalError, psycopg.InterfaceError)


class PostgreSQL:
    """One session over the schema that has a run's books; what it keeps, other sessions never see."""

    name = "postgresql"
    executors: Executors | None = None

    def __init__(self, url: str, schema: str) -> None:
        self._place, self._schema = without_secret(url), sql.Identifier(schema)
        self._named = schema
        with self._explained():
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
            self._run(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(self._schema))
            self._run(sql.SQL("SET search_path TO pg_temp, {}, public").format(self._schema))
            for name, value in _SESSION.items():
                self._run(sql.SQL("SET {} TO {}").format(sql.Identifier(name), sql.Literal(value)))

    def hold(self, table: LaidTable) -> None:
        """Copy a table of the snapshot into the run's schema, whole or not at all, unless it is there."""
        whole = sql.SQL(".").join((self._schema, sql.Identifier(table.name)))
        with self._explained(), self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{self._named}.{table.name}"]
            )
            cursor.execute("SELECT to_regclass(%s)", [f"{quoted(self._named)}.{quoted(table.name)}"])
            if cursor.fetchone() != (None,):
                return
            self._fill(table, sql.SQL("CREATE UNLOGGED TABLE {}").format(whole), whole)

    def put(self, table: LaidTable) -> None:
        """Copy a table into this session."""
        name = sql.Identifier(table.name)
        with self._explained():
            self._fill(table, sql.SQL("CREATE TEMP TABLE {}").format(name), name)

    def keep(self, table: str, query: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a temporary table."""
        name = sql.Identifier(table)
        text = f"CREATE TEMP TABLE {quoted(table)} AS {carried(query, 'postgres')}"
        with self._explained(), psycopg.ClientCursor(self._connection) as cursor:
            cursor.execute(text.encode(), bound(query, parameters))
            self._run(sql.SQL("ANALYZE {}").format(name))

    def query(self, query: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query and give its rows, as the Protocol says."""
        with self._explained(), psycopg.ClientCursor(self._connection) as cursor:
            cursor.execute(carried(query, "postgres").encode(), bound(query, parameters))
            columns = cursor.description or []
            rows = cursor.fetchall()
        arrays = [_array([row[at] for row in rows], column.type_code) for at, column in enumerate(columns)]
        return pa.Table.from_arrays(arrays, names=[column.name for column in columns])

    def cancel(self) -> None:
        """Stop the statement that runs now."""
        self._connection.cancel_safe(timeout=5)

    def close(self) -> None:
        """Close the connection; its temporary tables go with it."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, statement: sql.Composed) -> None:
        self._connection.execute(statement)

    def _fill(self, table: LaidTable, create: sql.Composed, name: sql.Composable) -> None:
        """Copy rows in as CSV with quoted text, so that "" and NULL stay two things."""
        columns = ((sql.Identifier(column), kind) for column, kind in table.columns.items())
        declared = sql.SQL(", ").join(
            sql.SQL("{} {}").format(column, sql.SQL(_TYPES.get(kind, kind))) for column, kind in columns
        )
        self._run(sql.SQL("{} ({})").format(create, declared))
        text = sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(name)
        with self._connection.cursor() as cursor, cursor.copy(text) as copy:
            for batch in table.batches():
                copy.write(_csv(batch))
        self._run(sql.SQL("ANALYZE {}").format(name))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise explained(error, self._place) from None


def explained(error: psycopg.Error, place: str) -> TieoutError:
    """Give an error of ours for the driver's: not sayable there, away, or the server's own words."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if isinstance(error, _UNSUPPORTED):
        return UnsupportedError(f"{text}.", place=place)
    if isinstance(error, errors.InsufficientPrivilege):
        remedy = "Let its user make schemas there: GRANT CREATE ON DATABASE ... TO ...."
        return EngineError(f"{text}.", place=place, remedy=remedy)
    if isinstance(error, _AWAY) and not isinstance(error, errors.QueryCanceled):
        ours = failures.of(error, place, "PostgreSQL")
        return ours or UnreachableError(f"{text}.", place=place, remedy="Try again when it is back.")
    return EngineError(f"{text}.", place=place)


def _array(values: list[Any], type_code: int) -> pa.Array:
    return numbers(values) if type_code == _NUMERIC else pa.array(values, _ARROW.get(type_code))


def numbers(values: list[Decimal | None]) -> pa.Array:
    """Lay out decimals so that their text here is the server's: 0.7 is "0.7", where of one digit it is ".7".

    Of more than 38 digits they are the floats next to them.
    """
    finite = [value.as_tuple() for value in values if value is not None and value.is_finite()]
    scale = max((-int(value.exponent) for value in finite), default=0)
    whole = max((len(value.digits) + int(value.exponent) for value in finite), default=0)
    scale = max(scale, 0)
    if max(whole, 1) + scale > _DIGITS or len(finite) < sum(value is not None for value in values):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    return pa.array(values, pa.decimal128(_DIGITS, scale))


def _csv(batch: pa.RecordBatch) -> memoryview:
    buffer = io.BytesIO()
    pa_csv.write_csv(_without_nul(batch), buffer, pa_csv.WriteOptions(include_header=False))
    return buffer.getbuffer()


def _without_nul(batch: pa.RecordBatch) -> pa.Table:
    """Leave out the character that PostgreSQL's text cannot hold."""
    columns = [
        pc.replace_substring(column, "\0", "") if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.Table.from_arrays(columns, names=batch.schema.names)
