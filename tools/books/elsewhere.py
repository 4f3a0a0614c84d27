"""What an engine beside DuckDB offers, so that the tests of the books run on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa


@dataclass(frozen=True)
class LaidTable:
    """A table as it is laid out for an engine. columns: name -> our column type (tools.books.tables).

    file: its Parquet, where it has one. batches: its rows in order, bounded in memory.
    """

    name: str
    columns: Mapping[str, str]
    batches: Callable[[], pa.RecordBatchReader]
    file: Path | None = None


class BookEngine(Protocol):
    """What runs tests: an engine that has the books. Queries are DuckDB's dialect, $names are bound."""

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a table that later queries of this session name."""
        ...

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query.

        Raises UnsupportedError where the engine cannot say it, UnreachableError where it is away, and
        EngineError with the engine's own words for what else went wrong.
        """
        ...

    def cancel(self) -> None:
        """Stop what runs now; called from another thread."""
        ...


class Elsewhere(BookEngine, Protocol):
    """An engine beside DuckDB, which is given the tables of the books under their own names."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def hold(self, table: LaidTable) -> None:
        """Make a table of the snapshot there, once for all who test this run."""
        ...

    def put(self, table: LaidTable) -> None:
        """Make a table there that only this session sees."""
        ...

    def close(self) -> None:
        """End the session; what it put and kept is gone."""
        ...
