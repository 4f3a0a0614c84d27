"""The tests of the books on Spark: Parquet read where it lies, text carried by sqlglot, values bound."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import pyarrow as pa
from pyspark.errors import PySparkException

from tools.books.elsewhere import LaidTable, Tell
from tools.books.engine import bound
from tools.checks.engines.carried import Dialect, carried
from tools.checks.engines.common_parts import cut
from tools.checks.engines.executors import SparkExecutors
from tools.checks.engines.spark_errors import explained, is_classic
from tools.checks.engines.spark_watch import watched

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TYPES: Final = {
    "VARCHAR": "STRING",
    "INTEGER": "INT",
    "TIMESTAMP": "TIMESTAMP_NTZ",
}


class Spark:
    """A session whose temporary views are the books. Databricks is the same with its own dialect.

    shared: a folder that this process and the cluster see under one path, as they see the snapshot's Parquet;
    None where they share none, and rows are sent.
    answers: whether the cluster is there, asked after an error. tell: who hears of its executors' stages.
    """

    def __init__(
        self,
        session: SparkSession,
        dialect: Dialect = "spark",
        *,
        shared: Path | None = None,
        answers: Callable[[], bool] = lambda: True,
        tell: Tell = lambda _: None,
    ) -> None:
        self.name, self._session, self._dialect = str(dialect), session, dialect
        self._shared, self._answers, self._tell = shared, answers, tell
        self._group = f"tieout-{uuid.uuid4().hex}"

    @property
    def executors(self) -> SparkExecutors | None:
        """The cluster's executors, where they see this process's files."""
        if self._shared is None:
            return None
        return SparkExecutors(self._session, self.name, self._answers, group=self._group, tell=self._tell)

    def hold(self, table: LaidTable) -> None:
        """Read a table of the snapshot where it lies."""
        with self._explained():
            if table.file is None or self._shared is None:
                self.put(table)
                return
            frame = self._session.read.parquet(table.file.absolute().as_uri())
            self._view(table, frame)

    def put(self, table: LaidTable) -> None:
        """Send a table over."""
        with self._explained():
            rows = table.batches().read_all()
            schema = ", ".join(f"{_quoted(n)} {_TYPES.get(kind, kind)}" for n, kind in table.columns.items())
            frame = self._session.createDataFrame(rows, schema=schema)
            self._view(table, frame)

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query once, for the queries that name it.

        Written and read again it is a table like any other, and where no folder is shared its rows are kept
        by the executors: a query over a view is planned with the view's own query inside it, which takes
        Spark longer with each view upon a view (63 s for a test, or 2).
        """
        with self._explained(), self._cut(sql, parameters) as frame:
            self._lay_out(table, frame)

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query and give its rows, as the Protocol says."""
        with self._explained(), self._cut(sql, parameters) as frame:
            return frame.toArrow()

    def cancel(self) -> None:
        """Stop what runs there now."""
        if is_classic(self._session):
            self._session.sparkContext.cancelJobGroup(self._group)
        else:
            self._session.interruptAll()

    def close(self) -> None:
        """End a remote session, and with it what it keeps."""
        if not is_classic(self._session):
            with suppress(PySparkException, OSError):  # the cluster may be gone
                self._session.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _cut(self, sql: str, parameters: Mapping[str, Any]) -> Iterator[DataFrame]:
        """Give a query's frame, over its costly common parts, which are laid out while this is open."""
        self._named_job()
        query = cut(sql)
        try:
            for name, part in query.parts:
                self._lay_out(name, self._frame(part, parameters))
            yield self._frame(query.rest, parameters)
        finally:
            for name, _ in query.parts:
                self._session.catalog.dropTempView(name)

    def _frame(self, sql: str, parameters: Mapping[str, Any]) -> DataFrame:
        return self._session.sql(carried(sql, self._dialect), args=bound(sql, parameters))

    def _lay_out(self, table: str, frame: DataFrame) -> None:
        if self._shared is None:
            frame = frame.localCheckpoint()
        else:
            file = (self._shared / f"{table}-{uuid.uuid4().hex}").absolute().as_uri()
            frame.write.parquet(file)
            frame = self._session.read.schema(frame.schema).parquet(file)
        frame.createOrReplaceTempView(table)

    def _view(self, table: LaidTable, frame: DataFrame) -> None:
        typed = [
            f"CAST({_quoted(name)} AS {_TYPES.get(kind, kind)}) AS {_quoted(name)}"
            for name, kind in table.columns.items()
        ]
        frame.selectExpr(*typed).createOrReplaceTempView(table.name)

    def _named_job(self) -> None:
        if is_classic(self._session):
            self._session.sparkContext.setJobGroup(self._group, "tests of the books", interruptOnCancel=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        with explained(self._session, self.name, self._answers):
            if not is_classic(self._session):
                yield
                return
            with watched(self._session.sparkContext, self._answers):
                yield


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
