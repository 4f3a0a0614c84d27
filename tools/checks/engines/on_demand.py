"""The books on another engine, each table carried there when a query first names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from tools.books import tables
from tools.books.elsewhere import Elsewhere, LaidTable
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

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a table that later queries name."""
        self._carry(sql)
        self._engine.keep(table, sql, parameters)

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query there."""
        self._carry(sql)
        return self._engine.query(sql, parameters)

    def cancel(self) -> None:
        """Stop what runs there now, and let nothing more run."""
        self._stopped = True
        self._engine.cancel()

    def _carry(self, sql: str) -> None:
        if self._stopped:
            raise EngineError("stopped: the check took too long.", place=self.name)
        for name in sorted(tables_of(sql) - self._there):
            if name in _SNAPSHOT:
                self._engine.hold(laid(self._books, name))
            elif name in tables.RECONCILED:
                self._engine.put(laid(self._books, name))
            self._there.add(name)


def laid(books: Books, name: str) -> LaidTable:
    """Lay a table of the books out for an engine, each column of its declared type."""
    columns = {**_SNAPSHOT, **tables.RECONCILED}[name]
    listed = ", ".join(
        f"CAST({quoted(column)} AS {kind}) AS {quoted(column)}" for column, kind in columns.items()
    )
    select = f"SELECT {listed} FROM {quoted(name)}"  # noqa: S608 - quoted
    file = books.folder / f"{name}.parquet"
    whole = name in tables.CANONICAL and file.is_file()
    return LaidTable(
        name, columns, lambda: books.connection.sql(select).to_arrow_reader(), file if whole else None
    )
