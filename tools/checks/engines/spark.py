"""The tests of the books on Spark: Parquet read in, text carried by sqlglot, values bound."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from tools.books.engine import bound
from tools.checks.engines.carried import Dialect, carried
from tools.core.errors import EngineError


class Spark:
    """A session whose temporary views hold the books. Databricks is the same with its own dialect."""

    def __init__(self, session: SparkSession, dialect: Dialect = "spark") -> None:
        self.name, self._session, self._dialect = str(dialect), session, dialect
        self._folder = Path(tempfile.mkdtemp(prefix="tieout-spark-"))

    def put(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Hand a table over as Parquet."""
        path = self._folder / f"{table}.parquet"
        pq.write_table(rows.select(list(columns)), path)
        self._session.read.parquet(str(path)).createOrReplaceTempView(table)

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query once, for the queries that name it."""
        with self._telling():
            frame = self._session.sql(carried(sql, self._dialect), args=bound(sql, parameters))
            frame.cache().createOrReplaceTempView(table)

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query and give its rows. Raises EngineError with Spark's own words."""
        with self._telling():
            return self._session.sql(carried(sql, self._dialect), args=bound(sql, parameters)).toArrow()

    def close(self) -> None:
        """Forget what was cached; the session is the caller's."""
        self._session.catalog.clearCache()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except PySparkException as error:
            raise EngineError(str(error).strip().partition("\n")[0], place=self.name) from None
