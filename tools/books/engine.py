"""Where SQL runs: DuckDB over the snapshot's Parquet, a connection for each who opens it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tools.books import arrow_alone, cell_view, manifest, tables
from tools.books.elsewhere import BookEngine, Machines
from tools.books.engine_pool import PooledConnection, check_out
from tools.books.manifest import Manifest
from tools.core.errors import RunError
from tools.core.refs import Ref
from tools.core.settings import Settings

_NAMED = re.compile(r"\$([A-Za-z_]\w*)")
_MOST_PARSED = 1_000
_PARSED: dict[str, duckdb.Statement | str] = {}
arrow_alone.leave_pandas()


class Books:
    """The canonical tables of one run, open for queries.

    Tables that the snapshot lacks exist and are empty, so that every query binds;
    whether a column holds anything is asked of `has`. Opens its own connection: never share it
    between threads.
    """

    def __init__(self, pooled: PooledConnection, manifest: Manifest, folder: Path) -> None:
        self.connection, self.manifest, self.folder = pooled.connection, manifest, folder
        self._pooled = pooled
        self.elsewhere: BookEngine | None = None  # where the tests of the books run instead, if anywhere
        self.machines: Machines | None = None  # what matches their pairs instead, if anything

    @classmethod
    def open(cls, folder: Path, settings: Settings) -> Books:
        """Open the snapshot in `folder`. Raises RunError when there is none, or a table of it is no table."""
        contents = manifest.read(folder)
        if missing := [name for name in contents.tables if not (folder / f"{name}.parquet").is_file()]:
            raise _damaged(folder / f"{missing[0]}.parquet", "it is missing")
        pooled = check_out(settings, spill=folder.parent / "spill")
        try:
            books = cls(pooled, contents, folder)
            books._attach_tables()
        except BaseException:
            pooled.close()
            raise
        return books

    def _attach_tables(self) -> None:
        connection, contents, folder = self.connection, self.manifest, self.folder
        for name, columns in tables.CANONICAL.items():
            _view(connection, name, columns, folder / f"{name}.parquet")
        for name in sorted(set(contents.tables) - set(tables.CANONICAL)):
            _view(connection, name, {}, folder / f"{name}.parquet")
        of_cells = [name for name, kind in contents.sources.items() if kind == "table"]
        cell_view.attach(connection, folder, of_cells)

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Work on one thread meanwhile: each holds its own part of what a query keeps in memory."""
        (threads,) = self.connection.execute("SELECT current_setting('threads')").fetchall()[0]
        self.connection.execute("SET threads = 1")
        try:
            yield
        finally:
            self.connection.execute("SET threads = $threads", {"threads": threads})

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> pa.Table:
        """Run one statement with bound $parameters and give its rows as Arrow."""
        return self._relation(sql, parameters).to_arrow_table()

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a table that later queries of this connection name."""
        self.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(table)} AS {sql}", parameters)

    def cancel(self) -> None:
        """Stop what runs now, here and elsewhere; called from another thread."""
        self.connection.interrupt()
        if self.elsewhere is not None:
            self.elsewhere.cancel()

    def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one statement and give its rows as dicts: for few rows."""
        rows: list[dict[str, Any]] = self.query(sql, parameters).to_pylist()
        return rows

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> int:
        """Run one statement for its effect; give how many rows it changed."""
        result = self.connection.execute(parsed(self.connection, sql), bound(sql, parameters)).fetchall()
        return int(result[0][0]) if result and isinstance(result[0][0], int) else 0

    def count(self, table: str) -> int:
        """Count the rows of one of our own tables."""
        return self.execute(f"SELECT count(*) FROM {quoted(table)}")  # noqa: S608 - quoted

    def has(self, need: str, kinds: Sequence[str] = ()) -> bool:
        """Say whether a needed column holds any value: "posted_on", or "vendor.bank_account".

        With kinds, a txn column must be filled for at least one of them.
        """
        table, _, column = need.rpartition(".")
        if table and table != "txn":
            return column in self.manifest.present.get(table, [])
        needed = kinds or self.manifest.kinds()
        return any(column in self.manifest.present.get(f"txn:{kind}", []) for kind in needed)

    def create(self, table: str, columns: Mapping[str, str]) -> None:
        """Make an empty result table (one of tools.tables) in this connection."""
        self.execute(f"CREATE OR REPLACE TABLE {quoted(table)} ({_declared(columns)})")

    def export(self, select: str, path: Path, parameters: Mapping[str, Any] | None = None) -> int:
        """Write a SELECT's rows to Parquet, and give how many. The SELECT sorts where order matters."""
        self._relation(select, parameters).write_parquet(str(path), compression="zstd")
        return int(pq.read_metadata(path).num_rows)

    def digest(self, table: str) -> str:
        """Give the SHA-256 over the sorted rows of one of our own tables, a batch after the other."""
        rows = self.connection.sql(f"SELECT CAST(t AS VARCHAR) AS r FROM {quoted(table)} t ORDER BY r")  # noqa: S608 - quoted
        digest, between = hashlib.sha256(), b""
        for batch in rows.to_arrow_reader():
            whole = pa.ListArray.from_arrays(pa.array([0, len(batch)], pa.int32()), batch["r"])
            digest.update(between + pc.binary_join(whole, "\n")[0].as_buffer())
            between = b"\n"
        return digest.hexdigest()

    def ref(self, path: Path, uri: str) -> Ref:
        """Refer to a Parquet file that will be found under `uri` in the workspace."""
        self.connection.read_parquet(str(path)).create_view("referred", replace=True)
        return Ref(uri=uri, sha256=self.digest("referred"), rows=self.count("referred"))

    def _relation(self, sql: str, parameters: Mapping[str, Any] | None) -> duckdb.DuckDBPyRelation:
        return self.connection.sql(parsed(self.connection, sql), params=bound(sql, parameters))

    def close(self) -> None:
        """Close the connection."""
        self._pooled.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def parsed(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement | str:
    """Give a statement as read once in this process: of few rows, reading its text is what takes long."""
    statement = _PARSED.get(sql)
    if statement is None:
        statements = connection.extract_statements(sql)
        statement = statements[0] if len(statements) == 1 else sql
        if len(_PARSED) >= _MOST_PARSED:
            _PARSED.clear()
        _PARSED[sql] = statement
    return statement


def bound(sql: str, parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give the parameters that a statement names: DuckDB refuses one too many."""
    named = set(_NAMED.findall(sql))
    return {name: value for name, value in (parameters or {}).items() if name in named}


def quoted(identifier: str) -> str:
    """Quote an identifier for SQL. Values are never quoted: they are bound."""
    return '"' + identifier.replace('"', '""') + '"'


def _declared(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(name)} {kind}" for name, kind in columns.items())


def _damaged(path: Path, why: str) -> RunError:
    return RunError(
        f"a table of the books cannot be read: {why.rstrip('.')}.",
        place=str(path),
        remedy="Put it back from a backup of the workspace, or give the run up (tieout abandon).",
    )


def _view(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str], path: Path) -> None:
    if path.is_file():
        file = str(path).replace("'", "''")  # a view's text binds no values
        fields = ", ".join(["*", *(_lacking(columns, path) if columns else ())])
        try:
            connection.execute(f"CREATE VIEW {quoted(name)} AS SELECT {fields} FROM read_parquet('{file}')")  # noqa: S608 - quoted
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            raise _damaged(path, str(error).splitlines()[0]) from None
        return
    connection.execute(parsed(connection, f"CREATE TABLE {quoted(name)} ({_declared(columns)})"))


def _lacking(columns: Mapping[str, str], path: Path) -> list[str]:
    """Give the columns that a table of an earlier version lacks, empty: a run begun then can go on."""
    try:
        there = set(pq.read_schema(path).names)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(path, str(error).splitlines()[0]) from None
    return [f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in columns.items() if name not in there]
