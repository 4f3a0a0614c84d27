"""What another engine has to offer so that the tests of the books can run on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pyarrow as pa


class Elsewhere(Protocol):
    """An engine that holds the canonical tables under their own names. Queries are DuckDB's dialect."""

    name: str

    def put(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Make a table of our column types (tools.tables) and fill it."""
        ...

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a table that later queries name."""
        ...

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query. Raises EngineError with the engine's own words."""
        ...
