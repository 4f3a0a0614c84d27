"""The books on another engine, each table carried there when a query first names it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pyarrow as pa

from tools.books import check_tables, tables
from tools.books.elsewhere import Elsewhere, LaidTable, Stage
from tools.books.engine import Books, quoted
from tools.checks.engines.carried import tables_of
from tools.core.errors import EngineError

_SNAPSHOT: Final = {**tables.CANONICAL, "cell": tables.CELL}


class OnDemand:
    """An engine that is given what it lacks of the books before each query."""

    def __init__(self, engine: Elsewhere, books: Books) -> None:
        self.name, self._engine, self._books = engine.name, engine, books
        self._there: set[str] = set()
        self._stopped = False
        self._spent: dict[str, list[float]] = {}

    @property
    def stages(self) -> list[Stage]:
        """What was done there so far: tables carried and queries run, each with the seconds of all."""
        return [Stage(name, len(spent), round(sum(spent), 2)) for name, spent in self._spent.items()]

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a table that later queries name."""
        self._carry(sql)
        with self._timed("queries"):
            self._engine.keep(table, sql, parameters)

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query there."""
        self._carry(sql)
        with self._timed("queries"):
            return self._engine.query(sql, parameters)

    def cancel(self) -> None:
        """Stop what runs there now, and let nothing more run."""
        self._stopped = True
        self._engine.cancel()

    def _carry(self, sql: str) -> None:
        if self._stopped:
            raise EngineError("stopped: the check took too long.", place=self.name)
        for name in sorted(tables_of(sql) - self._there):
            if name in _SNAPSHOT or name in check_tables.RECONCILED:
                hold = self._engine.hold if name in _SNAPSHOT else self._engine.put
                with self._timed("carrying tables"):
                    hold(laid(self._books, name))
            self._there.add(name)

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self._spent.setdefault(stage, []).append(time.perf_counter() - started)


def laid(books: Books, name: str) -> LaidTable:
    """Lay a table of the books out for an engine, each column of its declared type."""
    columns = {**_SNAPSHOT, **check_tables.RECONCILED}[name]
    listed = ", ".join(
        f"CAST({quoted(column)} AS {kind}) AS {quoted(column)}" for column, kind in columns.items()
    )
    select = f"SELECT {listed} FROM {quoted(name)}"  # noqa: S608 - quoted
    file = books.folder / f"{name}.parquet"
    whole = name in tables.CANONICAL and file.is_file()
    return LaidTable(
        name, columns, lambda: books.connection.sql(select).to_arrow_reader(), file if whole else None
    )
